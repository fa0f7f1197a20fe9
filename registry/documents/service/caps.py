"""Caps as papers print them, from the same reading that `caps status` shows."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.documents.rules import attribute
from registry.documents.service.papers import state_of
from registry.kernel.display import base_rate, office, office_unit, percent
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.shown import Shown, short, state_shown
from registry.kernel.vocabulary import AlarmCode, CapPeriod, MeterSide
from registry.minerals.models import Mineral
from registry.minerals.queries import minerals_named
from registry.plans.queries import CapFigure
from registry.workflows.cap_status import CapStatus, meter_of
from reports.caps import CapReading, CapRow, Coverage, DayReading, Side
from reports.confidence import Source


def printed(figure: CapFigure) -> str | None:
    """Return figure and unit as the plan prints them; None where it prints none."""
    line = figure.line
    if line is None or line.printed_value is None:
        return None
    return f"{line.printed_value} {line.printed_unit or ''}{'左右' if line.approximate else ''}".strip()


def code_sources(session: Session, found: Sequence[CapStatus]) -> dict[str, Source]:
    """Return where the national codes of the minerals of caps were found, of those that have one."""
    known = minerals_named(session, {one.cap.mineral for one in found})
    return {name: code_source(one) for name, one in known.items() if one.code}


def code_source(mineral: Mineral) -> Source:
    """Return where the national code of a mineral was found, and how sure that is."""
    return Source("矿种代码", mineral.confidence, mineral.source)


def cap_row(found: CapStatus, region: str, alarms: Sequence[Alarm], source: Source | None = None) -> CapRow:
    """Return a cap with both meters; `alarms` are about this very cap, `source` gives the mineral's code."""
    cap, figure = found.cap, found.figure
    return CapRow(
        region=region,
        mineral=cap.mineral,
        code=found.mineral_code,
        binding=attribute(figure.binding),
        printed=printed(figure),
        base=base_rate(figure.limit, cap.period),
        unit=office_unit(cap.kind, cap.period),
        document=figure.document.title if figure.document else None,
        clause=figure.clause,
        carried_forward=figure.carried_forward,
        licensed=_licensed(found),
        output=_output(found),
        state=_state(found),
        coverage=_coverage(found),
        data_through=found.data_through,
        day=_day(found) if cap.period is CapPeriod.day else None,
        alarms=tuple(_worst(alarms)),
        meter=meter_of(found),
        outlook=_outlook(found),
        code_source=source,
    )


def _outlook(found: CapStatus) -> str | None:
    if found.outlook is None:
        return None
    total = _in_unit(found, of_kind(found.cap.kind, found.outlook.total))
    unit = office_unit(found.cap.kind, found.cap.period)
    return f"年末推算 {total} {unit}（按已报 {found.outlook.months} 个月的月均推算，仅供参考）"


def _worst(alarms: Sequence[Alarm]) -> Iterator[str]:
    """Give the highest alarm of each meter: who has passed the cap has passed the marks below it too."""
    rank = list(AlarmCode)
    for side in (MeterSide.licensed, MeterSide.output, None):
        own = [alarm for alarm in alarms if alarm.side is side and not alarm.receded]
        if own:
            alarm = max(own, key=lambda a: rank.index(a.code))
            about = f"{side.label}" if side else ""
            yield f"{about}{alarm.code.label}（{alarm.severity.label}，{state_of(alarm)}）"


def cap_reading(found: CapStatus, region: str) -> CapReading:
    """Return what the annual inspection says about a cap."""
    cap, figure = found.cap, found.figure
    used = office(found.used, cap.period) if found.readings else None
    return CapReading(
        region=region,
        mineral=cap.mineral,
        printed=printed(figure),
        clause=figure.clause,
        binding=attribute(figure.binding),
        carried_forward=figure.carried_forward,
        used=f"{used}（最高日）" if used and cap.period is CapPeriod.day else used,
        ratio=percent(found.ratio(found.used)) if found.readings else None,
        state=_state(found),
        data_through=found.data_through,
    )


def _has_data(found: CapStatus) -> bool:
    return bool(found.readings) or found.licensed.total.base > 0


def _state(found: CapStatus) -> Shown:
    return state_shown(
        found.state, is_planned=found.figure.line is not None, has_data=_has_data(found)
    )  # fmt: skip


def _in_unit(found: CapStatus, quantity: Quantity | None) -> str | None:
    return None if quantity is None else short(quantity, office_unit(found.cap.kind, found.cap.period))


def _licensed(found: CapStatus) -> Side:
    # With a scale unknown the sum is a lower bound: what is left cannot be said.
    total, known = found.licensed.total, found.licensed.unknown == 0
    ratio = found.ratio(total) if known and _has_data(found) else None
    return Side(
        used=_in_unit(found, found.licensed.used), held=_in_unit(found, found.licensed.held),
        free=_in_unit(found, found.free(total)) if known else None,
        ratio=None if ratio is None else percent(ratio), unknown=found.licensed.unknown,
    )  # fmt: skip


def _output(found: CapStatus) -> Side:
    if not found.readings:
        return Side(None, None, _in_unit(found, found.free(found.used)), None)
    ratio = found.ratio(found.used)
    return Side(
        used=_in_unit(found, found.used), held=None, free=_in_unit(found, found.free(found.used)),
        ratio=None if ratio is None else percent(ratio),
        uncovered=_in_unit(found, found.uncovered) if found.uncovered.base else None,
    )  # fmt: skip


def _coverage(found: CapStatus) -> Coverage:
    came = sum(reading.returns for reading in found.readings)
    return Coverage(
        len(found.coverage.expected), len(found.coverage.reported),
        came + len(found.missing_returns), came, tuple(found.missing_returns),
    )  # fmt: skip


def _day(found: CapStatus) -> DayReading:
    peak = max(found.readings, key=lambda r: r.used, default=None)
    latest = max(found.readings, key=lambda r: r.period, default=None)
    mean = found.mean
    return DayReading(
        peak_day=peak.period if peak else None,
        peak=_in_unit(found, of_kind(found.cap.kind, peak.used)) if peak else None,
        latest_day=latest.period if latest else None,
        latest=_in_unit(found, of_kind(found.cap.kind, latest.used)) if latest else None,
        days_over=len(found.days_over),
        days_missing=len({one.rsplit("/", 1)[1] for one in found.missing_returns}),
        mean=_in_unit(found, mean),
    )
