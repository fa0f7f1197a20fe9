"""What a return must say; every fault of its fields is told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from registry.kernel.errors import Invalid
from registry.kernel.faults import Faults
from registry.kernel.fields import clean
from registry.kernel.period import Day, Month, parse_period
from registry.kernel.quantity import Written, of_a_mine, read, read_number
from registry.kernel.units import Unit, unit_named

_LONGEST = 2000
_YES = {"1", "true", "yes", "nil", "是", "零报"}
_NO = {"", "0", "false", "no", "否"}
FIELDS = ("right_no", "mineral", "period", "quantity", "unit", "lost", "lost_unit", "nil", "note")


@dataclass(frozen=True, slots=True)
class RecordOutput:
    """What one right reports of one mineral in one period; the only judge of its fields."""

    right: str
    period: Day | Month
    written: Written | None
    mineral: str | None = None
    lost: Written | None = None
    nil: bool = False
    note: str | None = None
    correct: bool = False
    reason: str | None = None
    source: str | None = None


def read_output(
    fields: Mapping[str, str], *, correct: bool = False, reason: str | None = None, source: str | None = None
) -> RecordOutput:
    """Return a command from the texts of a row, a form or a request.

    A quantity of zero is a nil return. Where figure and unit come as one, none of them where nothing is
    told, only the figure is missed.

    Raises:
        Invalid: naming the field, the value and what is accepted; SeveralInvalid with every such fault.
    """
    faults = Faults((*FIELDS, "reason"))
    text = {name: faults.kept(_read_text, fields.get(name), name) or "" for name in FIELDS}
    right = faults.kept(_needed, text["right_no"], "right_no", "如 SZ-2025-0007")
    period = faults.kept(_read_period, text["period"])
    nil = faults.kept(_read_flag, text["nil"])
    figure = _Figure("quantity", "unit", may_be_empty=nil is not False, is_apart="unit" in fields)
    written = _read_pair(faults, text, figure)
    if nil and written is not None and written.quantity.base:
        faults.add(Invalid("nil_with_quantity", "nil", text["quantity"], accepted="0"))
    lost = _read_pair(faults, text, _Figure("lost", "lost_unit" if text["lost_unit"] else "unit"))
    why = faults.kept(_read_reason, reason, is_needed=correct)
    if faults or right is None or period is None:
        raise faults.error()
    return RecordOutput(
        right=right, period=period, written=written, mineral=text["mineral"] or None, lost=lost,
        nil=bool(nil) or (written is not None and written.quantity.base == 0),
        note=text["note"] or None, correct=correct, source=source, reason=why,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Figure:
    """Where a figure and its unit stand, and whether the unit has a place of its own."""

    value: str
    unit: str
    may_be_empty: bool = True
    is_apart: bool = True


def _read_pair(faults: Faults, text: Mapping[str, str], place: _Figure) -> Written | None:
    """Return figure and unit; each is judged by itself, so that both are told where both are wrong."""
    value, unit = text[place.value], text[place.unit]
    if not value and place.may_be_empty:
        return None
    number = faults.kept(_read_figure, value, place.value)
    known = faults.kept(_read_unit, unit, place.unit) if value or place.is_apart else None
    if number is None or known is None:
        return None
    return faults.kept(_read_written, value, known, place.value)


def _read_figure(value: str, field: str) -> Decimal:
    return read_number(_needed(value, field, "如 120.5"), field)


def _read_unit(text: str, field: str) -> Unit:
    unit = unit_named(_needed(text, field, "如 t, kt, 万吨, m³, 万m³"), field)
    if unit.per is not None:
        raise Invalid("rate_not_expected", field, text, accepted=unit.stem)
    return unit


def _read_written(value: str, unit: Unit, field: str) -> Written:
    return of_a_mine(read(value, unit.name, field), field)


def _needed(text: str, field: str, accepted: str) -> str:
    if not text:
        raise Invalid("field_missing", field, "", accepted=accepted)
    return text


def _read_period(text: str) -> Day | Month:
    return parse_period(_needed(text, "period", "如 2025-07, 2025-07-14"))


def _read_flag(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise Invalid("not_a_flag", "nil", text, accepted="true, false, 是, 否")


def _read_text(text: str | None, field: str) -> str:
    return clean((text or "").replace("\r\n", "\n"), field, _LONGEST) or ""


def _read_reason(reason: str | None, *, is_needed: bool) -> str | None:
    return read_reason(reason, "更正须写明理由") if is_needed else _read_text(reason, "reason") or None


def read_reason(reason: str | None, accepted: str) -> str:
    """Return why something that was kept is changed: it has to be said."""
    return _needed(_read_text(reason, "reason"), "reason", accepted)
