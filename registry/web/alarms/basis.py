"""What an alarm rests on, as pages tell it: document and clause, in full or as short as a card needs."""

import re

from registry.caps.service.judging import CARRIED
from registry.kernel.vocabulary import AlarmCode

# Their document is the permit that ends; the clause names the law or rule itself.
_CLAUSE_NAMES_ITS_LAW = (AlarmCode.renewal_due, AlarmCode.renewal_overdue)
_LAW = re.compile(r"《(?:中华人民共和国)?([^》]+)》")
_PLAN = re.compile(r"“[^”]+”规划")
_NUMBER = re.compile(r"（([^（）]*〔\d{4}〕[^（）]*号)）")
_ASIDE = re.compile(r"（[^（）]*）$")


def joint(code: AlarmCode) -> str:
    """Return what stands between the document of an alarm and its clause."""
    return "；" if code in _CLAUSE_NAMES_ITS_LAW else " "


def briefly(code: AlarmCode, document: str | None, clause: str | None) -> str | None:
    """Return the clause of an alarm with a short name of the document that has it; None without a clause."""
    if clause is None or document is None or code in _CLAUSE_NAMES_ITS_LAW:
        return clause
    return f"{short_name(document)} {clause}"


def short_name(document: str) -> str:
    """Return a law by its short title, a plan by its period, a reply by its number, else the plain title."""
    carried = CARRIED if document.endswith(CARRIED) else ""
    cited = document.removesuffix(CARRIED)
    if laws := _LAW.findall(cited):
        return str(laws[-1])
    if plan := _PLAN.search(cited):
        return plan[0] + carried
    if number := _NUMBER.search(cited):
        return number[1] + carried
    return _ASIDE.sub("", cited) + carried
