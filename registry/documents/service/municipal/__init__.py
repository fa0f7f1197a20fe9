"""The yearly report to the municipal bureau: frozen data from the same reads that the pages show."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarms
from registry.documents.service.cap_table import notes_of
from registry.documents.service.caps import cap_row, code_sources
from registry.documents.service.municipal.aims import aim, by_mineral, by_scale, mine_line
from registry.documents.service.municipal.gaps import gaps_of, missing_of, pending_of
from registry.documents.service.municipal.months import cap_years
from registry.documents.service.municipal.reserves import balance, plan_reserves
from registry.documents.service.municipal.stories import alarm_stories
from registry.documents.service.municipal.words import Words, words
from registry.documents.service.office import office_called
from registry.documents.service.papers import alarms_of, paper
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import AlarmState, CapState, Confidence, DocumentKind
from registry.output.queries import due_day, missing_lines
from registry.platform.clock import today
from registry.regions.queries import below, lineage, names, region
from registry.workflows.cap_status import CapStatus, status
from registry.workflows.indicators import indicators, mines
from reports.confidence import Source
from reports.municipal import AlarmStory, CoveringLetter, MineLine, MunicipalReport, Summary

__all__ = ["edition_now", "municipal_data", "refuse_early"]
PRELIMINARY, FINAL = DocumentKind.municipal.editions


def edition_now(session: Session, year: int, code: str) -> str:
    """Return the edition that fits now: 定报 once the year is over and no return of it is missing."""
    missing = missing_of(missing_lines(session, below(session, code), today(session)), year)
    return PRELIMINARY if missing or today(session) <= date(year, 12, 31) else FINAL


def refuse_early(session: Session, year: int, edition: str) -> None:
    """Refuse what cannot be said yet.

    Raises:
        Invalid: a 定报 of a year that is not over.
    """
    if edition == FINAL and today(session) <= date(year, 12, 31):
        raise Invalid("edition_too_early", "edition", edition, accepted=PRELIMINARY, year=year)


def municipal_data(
    session: Session, year: int, code: str, edition: str, actor: Actor = SYSTEM
) -> MunicipalReport:
    """Return the report of a region and a year.

    Raises:
        NotFound: there is no such region, or it lies outside the jurisdiction.
        Invalid: a 定报 of a year that is not over.
    """
    place = region(session, code)
    require(session, actor, "report.print", code)
    refuse_early(session, year, edition)
    now, last = today(session), date(year, 12, 31)
    called, places = names(session), below(session, code)
    found = status(session, year, code, with_outlook=True)
    raised = alarms_of(alarms(session, places), year)
    told = indicators(session, code, year, now)
    here = mines(session, places, told.day)
    missing = missing_of(missing_lines(session, places, now), year)
    stories = alarm_stories(session, raised, {at: called[at] for at in places})
    reserves = plan_reserves(session, code, year, told.day)
    lines = tuple(mine_line(mine, called, len(places) > 1) for mine in here)
    through = max((one.data_through for one in found if one.data_through), default=None)
    summary = _summary(found, {at: lineage(session, at) for at in places}, stories, raised, len(here))
    pending = pending_of(now > last, missing, summary.open_alarms, reserves, here)
    codes = code_sources(session, found)
    said = words(year, edition, place.name, called.get(place.parent or "", ""))
    return MunicipalReport(
        paper=paper(
            session, said.title, f"{place.name}（{code}） · {edition}", office_called(place.name),
            f"年度报告（{edition}） {place.name} {year}年", through,
        ),
        region=place.name, year=year, edition=edition, status=said.edition,
        summary=summary,
        caps=tuple(
            cap_row(one, called[one.cap.region], _about(one, raised), codes.get(one.cap.mineral))
            for one in found
        ),
        years=cap_years(session, found, year, called),
        alarms=stories,
        aims=tuple(aim(one) for one in told.answers),
        mines=lines, by_scale=by_scale(here), by_mineral=by_mineral(here),
        balance=balance(session, code, year), plan_reserves=reserves,
        missing=missing, gaps=gaps_of(found, called, here, told.answers, reserves),
        pending=pending if edition == PRELIMINARY else (),
        sources=_sources(session, lines, codes),
        notes=notes_of(session, year, found),
        letter=_letter(said, called.get(place.parent or "")),
    )  # fmt: skip


def _about(found: CapStatus, raised: Sequence[Alarm]) -> list[Alarm]:
    mine = (found.cap.region, found.cap.mineral)
    return [alarm for alarm in raised if alarm.right is None and (alarm.region, alarm.mineral) == mine]


def _summary(
    found: Sequence[CapStatus],
    above: Mapping[str, Collection[str]],
    stories: Sequence[AlarmStory],
    raised: Sequence[Alarm],
    mine_count: int,
) -> Summary:
    states = [one.state for one in found]
    once = list(_topmost(found, above))
    came = sum(reading.returns for one in once for reading in one.readings)
    lacking = sum(len(one.missing_returns) for one in once)
    return Summary(
        caps=len(found),
        exceeded=states.count(CapState.exceeded),
        warning=states.count(CapState.warning),
        near=states.count(CapState.near),
        without_figure=sum(one.limit is None for one in found),
        mines=mine_count,
        returns_expected=came + lacking,
        returns_reported=came,
        alarms=len(stories),
        open_alarms=sum(alarm.state is AlarmState.open and not alarm.receded for alarm in raised),
        handled_alarms=sum(story.handled for story in stories),
    )


def _topmost(found: Sequence[CapStatus], above: Mapping[str, Collection[str]]) -> Iterator[CapStatus]:
    """Give one cap for each mineral and place, so that a return under several caps is counted once."""
    seen: set[tuple[str, str]] = set()
    for one in sorted(found, key=lambda one: len(above[one.cap.region])):
        if not any((place, one.cap.mineral) in seen for place in above[one.cap.region]):
            seen.add((one.cap.region, one.cap.mineral))
            yield one


def _sources(session: Session, lines: Sequence[MineLine], codes: Mapping[str, Source]) -> tuple[Source, ...]:
    """Return the doubtful sources of the report, each once."""
    of_classes = [line.source for line in lines if line.source]
    due = Source(
        "报表应报日", Confidence.d, f"次月 {due_day(session)} 日：未见公开规定，为本登记簿设置，用于判定缺报"
    )
    return tuple(one for one in dict.fromkeys((*of_classes, *codes.values(), due)) if one.doubtful)


def _letter(said: Words, above: str | None) -> CoveringLetter:
    addressee = office_called(above) if above else None
    return CoveringLetter(said.letter_title, addressee, said.opening, said.closing, said.annexes)
