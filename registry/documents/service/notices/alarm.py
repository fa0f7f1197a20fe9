"""预警告知函: what a cap's meter has come to, told to the mines under the cap."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.queries import alarm_numbered
from registry.caps.rules import passed
from registry.documents.rules import attribute
from registry.documents.rules.notices import AlarmReceded
from registry.documents.service.caps import printed
from registry.documents.service.notices.mines import Span, cap_mines
from registry.documents.service.notices.refusing import refuse_alarm
from registry.documents.service.notices.wording import Words, words_of
from registry.documents.service.office import office_called
from registry.documents.service.papers import paper, state_of
from registry.identity.queries import require
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.display import base_rate, chinese_date, office, percent, trimmed
from registry.kernel.errors import NotFound
from registry.kernel.period import Day
from registry.kernel.quantity import LARGEST, Quantity, of_kind, ratio
from registry.kernel.vocabulary import AlarmCode, CapPeriod, MeterSide
from registry.plans.queries import CapFigure, lines_of
from registry.plans.queries import figure as figure_in
from registry.platform import clock
from registry.regions.queries import region
from registry.workflows.cap_status import CapStatus, status
from reports.letters import Letter
from reports.notices import AlarmNotice, Fact

_DAY = len("2025-02-01")


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm of a cap with the cap's state in the year that the alarm is about.

    `figure`, `limit` and `reading` are what stands now, as the cap's page shows it: what the alarm noted
    last may be older. Under a daily cap they are those of the day of its span that lies furthest over.
    """

    alarm: Alarm
    cap: CapStatus
    figure: CapFigure
    place: str
    limit: Quantity
    reading: Quantity
    span: Span | None

    @property
    def per(self) -> CapPeriod:
        """Whether the limit is one of a year or of a day."""
        return self.cap.cap.period

    @property
    def excess(self) -> Quantity:
        """What the reading lies above the limit; negative where there is room."""
        return of_kind(self.limit.kind, self.reading.base - self.limit.base)

    @property
    def share(self) -> str:
        """The reading as a share of the limit."""
        return percent(ratio(self.reading, self.limit))


def alarm_notice_data(session: Session, number: int, actor: Actor = SYSTEM) -> AlarmNotice:
    """Return the letter that tells the mines under a cap what its meter has come to.

    Raises:
        NotFound: there is no such alarm, or it lies outside the jurisdiction.
        NotACapAlarm: see `refuse_alarm`.
        AlarmReceded: see `refuse_alarm`; or the mark is not passed by what stands now.
    """
    alarm = alarm_numbered(session, number, None)
    require(session, actor, "report.print", alarm.region)
    refuse_alarm(alarm)
    told, words = _told(session, alarm), words_of("alarm")
    sender, through = office_called(told.place), _through(session, told)
    return AlarmNotice(
        paper=paper(
            session, words.one("title", mineral=told.cap.cap.mineral), "", sender,
            f"预警告知函 {alarm.id} {told.cap.cap.mineral} {alarm.period}", through,
        ),
        letter=Letter(
            to=words.one("to"),
            says=_says(told, words, through),
            asks=words.several(f"asks_{_side(told)}"),
            sender=sender,
        ),
        facts=_facts(told),
        mines=cap_mines(session, told.cap.cap, told.cap.year, told.span),
        year=told.cap.year.year,
        remarks=_remarks(told, words),
    )  # fmt: skip


def _told(session: Session, alarm: Alarm) -> Told:
    period = alarm.period or ""
    per = CapPeriod.day if len(period) >= _DAY else CapPeriod.year
    found = next(
        (
            one
            for one in status(session, int(period[:4]), alarm.region)
            if (one.cap.region, one.cap.mineral, one.cap.period) == (alarm.region, alarm.mineral, per)
        ),
        None,
    )
    if found is None:
        raise NotFound("cap", f"{alarm.region}/{alarm.mineral}")
    first, _, last = period.partition("/")
    span = Span(first, last or first) if per is CapPeriod.day else None
    figure, reading = _stands(session, alarm, found, span)
    if figure.limit is None or alarm.code not in {
        mark.code for mark in passed(figure.limit, reading, found.marks)
    }:
        raise AlarmReceded(alarm=alarm.id, what=alarm.code.label)
    place = region(session, alarm.region).name
    return Told(alarm, found, figure, place, figure.limit, reading, span)


def _stands(
    session: Session, alarm: Alarm, found: CapStatus, span: Span | None
) -> tuple[CapFigure, Quantity]:
    """Return the figure and the reading, both as they stand now, that the letter tells."""
    if span is None:
        licensed = alarm.side is MeterSide.licensed
        return found.figure, found.licensed.total if licensed else found.used
    lines = lines_of(session, [found.cap]).get(found.cap.id or 0, [])
    days = [
        (figure_in(found.cap, lines, Day(date.fromisoformat(one.period))), of_kind(found.cap.kind, one.used))
        for one in found.readings
        if span.first <= one.period <= span.last
    ]
    furthest = max(days, key=_over, default=None)
    return furthest or (found.figure, of_kind(found.cap.kind, 0))


def _over(day: tuple[CapFigure, Quantity]) -> int:
    """Return what a day lies over its own limit, base units; a day without a limit comes last."""
    found, reading = day
    return -LARGEST if found.limit is None else reading.base - found.limit.base


def _side(told: Told) -> str:
    return "licensed" if told.alarm.side is MeterSide.licensed else "output"


def _through(session: Session, told: Told) -> date | None:
    """Return the last day that the reading knows of: for what is licensed, today."""
    if told.alarm.side is MeterSide.licensed:
        return clock.today(session)
    return told.cap.data_through


def _says(told: Told, words: Words, through: date | None) -> tuple[str, ...]:
    figure, place, mineral = told.figure, told.place, told.cap.cap.mineral
    says = [
        words.one(
            "cap", document=figure.document.title if figure.document else "—",
            clause=figure.line.clause if figure.line else "", region=place, mineral=mineral,
            printed=printed(figure) or office(told.limit, told.per),
        )
    ]  # fmt: skip
    says += [words.one("carried")] if figure.carried_forward else []
    sentence = "day" if told.span else _side(told)
    says.append(
        words.one(
            sentence, year=told.cap.year.year, region=place, mineral=mineral, share=told.share,
            reading=office(told.reading, told.per), through=chinese_date(through) if through else "—",
            period=_days(told.span), passed=_passed(told, words),
        )
    )  # fmt: skip
    meaning = {True: "binding", False: "expected", None: "unlisted"}[figure.binding]
    return (*says, words.one(meaning) + words.one("whole"))


def _days(span: Span | None) -> str:
    if span is None:
        return ""
    first, last = (chinese_date(date.fromisoformat(day)) for day in (span.first, span.last))
    return first if first == last else f"{first}至{last}"


def _passed(told: Told, words: Words) -> str:
    """Return which mark the reading has passed: the one that the alarm is about, the cap where it is that."""
    code = AlarmCode.cap_exceeded if told.excess.base > 0 else told.alarm.code
    shares = [mark.hundredths for mark in told.cap.marks if mark.code is code]
    mark = f"{trimmed(Decimal(shares[0]).scaleb(-2))}%" if shares else ""
    return words.one(code.value, mark=mark, excess=office(told.excess, told.per))


def _facts(told: Told) -> tuple[Fact, ...]:
    figure, over = told.figure, told.excess.base > 0
    left = of_kind(told.limit.kind, abs(told.excess.base))
    document = figure.document.cited if figure.document else None
    clause = f" {figure.line.clause}" if figure.line else ""
    daily, severity = told.per is CapPeriod.day, told.alarm.severity.label
    return (
        Fact("规划数值", printed(figure)),
        Fact("基准数值", base_rate(told.limit, told.per)),
        Fact("属性", attribute(figure.binding)),
        Fact("最高日开采量" if daily else _measured(told), office(told.reading, told.per)),
        Fact("占指标", told.share),
        Fact("超出指标" if over else "指标余量", office(left, told.per)),
        Fact(
            "预警",
            f"第 {told.alarm.id} 号 {told.alarm.code.label}（{severity}，{state_of(told.alarm)}）",
            wide=True,
        ),
        Fact("产生日期", chinese_date(clock.local_day(told.alarm.raised_at))),
        Fact("依据", document and document + clause, wide=True),
    )


def _measured(told: Told) -> str:
    return (told.alarm.side or MeterSide.output).label


def _remarks(told: Told, words: Words) -> tuple[str, ...]:
    remarks = [words.one("remark_output", year=told.cap.year.year)]
    if told.cap.missing_returns:
        remarks.append(words.one("remark_missing", count=len(told.cap.missing_returns)))
    return tuple(remarks)
