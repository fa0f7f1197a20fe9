"""What is typed into the form of an amendment, as the data that an amendment's file would hold."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from registry.kernel.errors import RegistryError, faults_of
from registry.plans.models import Cap, PlanDocument
from registry.request import Form
from registry.web.forms import FORM, field_errors
from registry.wording import say
from registry.wording.marks import _

# The fields of the form; those of a cap carry its number, as in `value-12`.
TEXTS = ("title", "number", "valid_from", "valid_to", "clause", "text", "remark", "value", "unit", "binding")
_BINDING = {"yes": True, "no": False}
# Where an amendment's file has what stands in a field of the form, and what people call it.
_FIELDS = {
    "document.title": ("title", _("文件标题")),
    "document.number": ("number", _("文号")),
    "document.valid_from": ("valid_from", _("数值起始日")),
    "document.valid_to": ("valid_to", _("数值截止日")),
    "clauses[0].id": ("clause", _("条款")),
    "clauses[0].text": ("text", _("条款原文")),
    "notes[0].text": ("remark", _("备注")),
    "caps": (FORM, _("调整后的数值")),
    "scan": ("scan", _("扫描件")),
}
_CAP = re.compile(r"caps\[(\d+)\]\.(value|unit|binding|mineral|clause|valid_from|valid_to|period)")
_PARTS = {"value": _("数值"), "unit": _("单位"), "binding": _("属性")}


def source_of(form: Form, amended: PlanDocument, caps: Sequence[Cap]) -> tuple[dict[str, Any], list[Cap]]:
    """Return what the file of this amendment would hold, and the cap of each of its lines."""
    chosen = [cap for cap in caps if form[f"value-{cap.id}"].strip()]
    remark = form["remark"].strip()
    document = {
        "title": form["title"], "number": form["number"], "region": amended.region, "level": amended.level,
        "valid_from": form["valid_from"], "valid_to": form["valid_to"],
        "amends": amended.number or amended.title,
    }  # fmt: skip
    source = {
        "document": document,
        "clauses": [{"id": form["clause"], "text": form["text"]}],
        "caps": [_line(form, cap) for cap in chosen],
        "notes": [{"about": form["clause"], "text": remark}] if remark else [],
    }
    return source, chosen


def _line(form: Form, cap: Cap) -> dict[str, Any]:
    return {
        "mineral": cap.mineral, "value": form[f"value-{cap.id}"].strip(),
        "unit": form[f"unit-{cap.id}"].strip(), "binding": _BINDING.get(form[f"binding-{cap.id}"]),
        "period": cap.period.value, "clause": form["clause"].strip(),
    }  # fmt: skip


def errors_of(error: RegistryError, caps: Sequence[Cap]) -> Mapping[str, Mapping[str, str]]:
    """Return what is wrong by the fields of the form, in the words of the form."""
    found: dict[str, Mapping[str, str]] = {}
    for fault in faults_of(error):
        for name, told in _error_of(fault, caps).items():
            found.setdefault(name, told)
    return found


def _error_of(error: RegistryError, caps: Sequence[Cap]) -> dict[str, Mapping[str, str]]:
    path = str(error.facts.get("field", ""))
    name, label = _FIELDS.get(path, (FORM, path))
    if matched := _CAP.fullmatch(path):
        cap, part = caps[int(matched[1])], matched[2]
        name = f"{part}-{cap.id}" if part in _PARTS else FORM
        label = f"{cap.mineral}{_PARTS.get(part, '')}"
    [told] = field_errors(error).values()
    if not path or path == "key":
        return {FORM: told}
    return {name: told | {"message": say(error.code, error.facts | {"field": label})}}
