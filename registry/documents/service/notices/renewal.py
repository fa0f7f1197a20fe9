"""延续提醒: by which day the renewal of a right's last permit must be applied for, and on what that rests."""

from datetime import date

from sqlmodel import Session

from registry.documents.queries import book_numbered
from registry.documents.rules.notices import NoEnd
from registry.documents.service.facts import facts_of, refuse_named
from registry.documents.service.notices.refusing import last_end
from registry.documents.service.notices.wording import words_of
from registry.documents.service.office import office_called
from registry.documents.service.papers import paper
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import chinese_date
from registry.kernel.vocabulary import RightKind
from registry.platform import clock
from registry.workflows.renewals import application_day, notice_days
from reports.letters import Letter
from reports.notices import Fact, RenewalNotice
from reports.permit import PermitFacts

_PERMITS = {RightKind.mining: "采矿许可证", RightKind.exploration: "勘查许可证"}


def renewal_notice_data(session: Session, number: str, actor: Actor = SYSTEM) -> RenewalNotice:
    """Return the letter that reminds a mine of the day by which it must apply for renewal.

    Raises:
        NotFound: there is no such right, or it lies outside the jurisdiction.
        NotOnTheBooks: a plan only names it.
        NoEnd: neither its last permit nor the right has an end in the register.
    """
    book = book_numbered(session, number)
    right = book.right
    require(session, actor, "report.print", right.region)
    refuse_named(right)
    permit, ends = last_end(book)
    if ends is None:
        raise NoEnd(right=right.number)
    words, today, notice = words_of("renewal"), clock.today(session), notice_days(session)
    called, sender = _PERMITS[right.kind], office_called(book.regions[0].name)
    facts = facts_of(session, book, permit, today)
    told = {
        "mine": right.mine, "number": right.number, "permit": called, "valid_to": chinese_date(ends),
        "notice": notice, "apply_by": chinese_date(application_day(ends, notice)),
        "today": chinese_date(today),
    }  # fmt: skip
    stage, days = stage_of(ends, today, notice)
    authority = facts.authority or words.one("no_authority")
    return RenewalNotice(
        paper=paper(
            session, words.one("title", permit=called), "", sender, f"延续提醒 {right.number}", today
        ),
        letter=Letter(
            to=facts.holder or right.mine,
            says=(words.one(stage, days=days, **told),),
            asks=(words.one(f"ask_{stage}", authority=authority),),
            sender=sender,
        ),
        facts=_facts(facts, application_day(ends, notice), words.one("setting", notice=notice)),
        bases=words.sources(f"bases_{right.kind}"),
    )  # fmt: skip


def stage_of(ends: date, today: date, notice: int) -> tuple[str, int]:
    """Return whether there is time, it is late or over, and the days to or since that day."""
    apply_by = application_day(ends, notice)
    if today > ends:
        return "expired", (today - ends).days
    return ("late", (today - apply_by).days) if today > apply_by else ("due", (apply_by - today).days)


def _facts(facts: PermitFacts, apply_by: date, setting: str) -> tuple[Fact, ...]:
    return (
        Fact("矿山", facts.mine),
        Fact("许可证号", facts.number),
        Fact("矿种", facts.mineral),
        Fact("有效期限", facts.term),
        Fact("登记机关", facts.authority),
        Fact("申请截止日", f"{chinese_date(apply_by)}，{setting}"),
    )
