"""Reads a plan file: every field is judged here, and an error names where it stands and what is accepted."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from registry.kernel.fields import LONG, Fields, fields
from registry.kernel.period import Term
from registry.kernel.quantity import Quantity, read, read_number
from registry.kernel.units import unit_named
from registry.kernel.vocabulary import CapPeriod, Comparison, Kind, RegionLevel, RestrictionKind
from registry.minerals.rules import Catalogue, Known, named
from registry.plans.rules.commands import (
    CapRow,
    ClauseRow,
    IndicatorRow,
    LoadPlan,
    NoteRow,
    PlannedRow,
    ReserveRow,
    RestrictionRow,
    ZoneRow,
)

DOCUMENT = ("title", "number", "region", "level", "valid_from", "valid_to")
_SECTIONS = ("clauses", "caps", "indicators", "reserves", "restrictions", "zones", "planned_rights", "notes")
CAP = (
    "mineral", "value", "unit", "binding", "period", "clause", "approximate", "valid_from", "valid_to",
)  # fmt: skip
_INDICATOR = (
    "code", "name", "mineral", "value", "unit", "comparison", "printed", "cumulative", "binding", "year",
    "baseline", "baseline_year", "clause",
)  # fmt: skip
FIGURE, _MOST_RIGHTS = 40, 100_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What every row is judged against: the catalogue, the document's clauses and its days."""

    catalogue: Catalogue
    clauses: Mapping[str, str]
    valid_from: date
    valid_to: date

    def clause(self, row: Fields, key: str = "clause") -> str:
        """Return the clause a row cites."""
        cited = row.text(key)
        if cited not in self.clauses:
            raise row.wrong("clause_unknown", key, accepted="、".join(self.clauses)[:300])
        return cited

    def mineral(self, row: Fields) -> tuple[Known, str | None]:
        """Return the mineral of a row, and the document's word where that is another."""
        word = row.text("mineral")
        known = named(self.catalogue, word, row.at("mineral"))
        return known, None if word == known.name else word

    def words(self, row: Fields) -> tuple[str, ...]:
        """Return the minerals of a list as printed; the catalogue has to know each."""
        for number, word in enumerate(row.texts("minerals")):
            named(self.catalogue, word, f"{row.at('minerals')}[{number}]")
        return row.texts("minerals")


def read_plan(source: object, catalogue: Catalogue) -> LoadPlan:
    """Return the plan that a parsed file holds.

    Raises:
        Invalid: names the field by its path, such as `caps[3].value`, the value and what is accepted.
    """
    top = fields(source, "", ("document", *_SECTIONS))
    return read_sections(top, read_document(top, DOCUMENT), catalogue)


def read_document(top: Fields, allowed: tuple[str, ...]) -> Fields:
    """Return the head of a plan: its region and its days are judged here."""
    document = fields(top.values.get("document"), "document", allowed)
    if not re.fullmatch(r"[0-9]{6}", document.text("region")):
        raise document.wrong("region_malformed", "region", accepted="六位行政区划代码，如 500240")
    if document.day("valid_from") > document.day("valid_to"):
        raise document.wrong("dates_reversed", "valid_to", accepted=f"≥ {document.day('valid_from')}")
    return document


def read_sections(top: Fields, document: Fields, catalogue: Catalogue) -> LoadPlan:
    """Return a plan from its head and its sections."""
    clauses = _clauses(top)
    texts = {clause.code: clause.text for clause in clauses}
    frame = Frame(catalogue, texts, document.day("valid_from"), document.day("valid_to"))
    return LoadPlan(
        title=document.text("title"),
        number=document.maybe_text("number"),
        region=document.text("region"),
        level=document.word("level", RegionLevel),
        valid_from=frame.valid_from,
        valid_to=frame.valid_to,
        amends=document.maybe_text("amends"),
        content_hash=_content_hash(top.values),
        clauses=clauses,
        caps=_caps(top, frame),
        indicators=tuple(_indicator(row, frame) for row in top.rows("indicators", _INDICATOR)),
        reserves=_reserves(top, frame),
        restrictions=_restrictions(top, frame),
        zones=_zones(top, frame),
        planned_rights=_planned(top, frame),
        notes=tuple(_note(row, frame) for row in top.rows("notes", ("about", "text"))),
    )


def _content_hash(values: Mapping[str, object]) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode(errors="backslashreplace")).hexdigest()


def _clauses(top: Fields) -> tuple[ClauseRow, ...]:
    found: dict[str, ClauseRow] = {}
    for row in top.rows("clauses", ("id", "text")):
        if row.text("id") in found:
            raise row.wrong("clause_twice", "id", accepted="未用过的条款编号")
        found[row.text("id")] = ClauseRow(row.text("id"), row.text("text", LONG))
    return tuple(found.values())


def _caps(top: Fields, frame: Frame) -> tuple[CapRow, ...]:
    found: list[tuple[str, CapRow]] = []
    for row in top.rows("caps", CAP):
        cap = read_cap(row, frame)
        days = Term(cap.valid_from, cap.valid_to)
        for path, other in found:
            same = (other.mineral, other.period) == (cap.mineral, cap.period)
            if same and days.touches(Term(other.valid_from, other.valid_to)):
                raise row.wrong("cap_twice", "mineral", accepted="同一矿种、同一计量期只有一条", other=path)
        found.append((row.path, cap))
    return tuple(cap for _, cap in found)


def read_cap(row: Fields, frame: Frame) -> CapRow:
    """Return one cap of a plan."""
    known, printed_name = frame.mineral(row)
    period = row.word("period", CapPeriod)
    value, unit = row.maybe_text("value", FIGURE), row.maybe_text("unit", FIGURE)
    kind = known.kind if unit is None else _cap_kind(row, unit, period)
    valid_from, valid_to = row.day("valid_from", frame.valid_from), row.day("valid_to", frame.valid_to)
    if not frame.valid_from <= valid_from <= valid_to <= frame.valid_to:
        accepted = f"{frame.valid_from} – {frame.valid_to}"
        raise row.wrong("dates_outside", "valid_from", accepted=accepted, span=f"{valid_from} – {valid_to}")
    return CapRow(
        mineral=known.name, printed_name=printed_name, period=period, kind=kind, printed_value=value,
        printed_unit=unit, limit=_limit(row, value, unit), binding=row.flag("binding", "约束性", "预期性"),
        approximate=row.flag("approximate") or False, clause=frame.clause(row), valid_from=valid_from,
        valid_to=valid_to,
    )  # fmt: skip


def _cap_kind(row: Fields, unit: str, period: CapPeriod) -> Kind:
    known = unit_named(unit, row.at("unit"))
    if known.per is not period:
        raise row.wrong("wrong_period", "unit", accepted=f"/{period.label}", period=period.value)
    if known.kind is Kind.pieces:
        raise row.wrong("kinds_mixed", "unit", accepted="质量或体积的单位")
    return known.kind


def _limit(row: Fields, value: str | None, unit: str | None) -> Quantity | None:
    if value is None:
        return None
    if unit is None:
        raise row.wrong("value_missing", "unit", accepted="如 矿石万吨/年, 万立方米/年, 立方米/日")
    return read(value, unit, row.at("value")).quantity


def _indicator(row: Fields, frame: Frame) -> IndicatorRow:
    for key in ("value", "baseline"):
        if (figure := row.maybe_text(key, FIGURE)) is not None:
            read_number(figure, row.at(key))
            row.text("unit")
    mineral = frame.mineral(row)[0].name if row.maybe_text("mineral") else None
    return IndicatorRow(
        code=row.text("code"), name=row.maybe_text("name") or row.text("code"), mineral=mineral,
        value=row.maybe_text("value"), unit=row.maybe_text("unit"),
        comparison=row.word("comparison", Comparison), printed=row.maybe_text("printed"),
        cumulative=row.flag("cumulative") or False, binding=row.flag("binding", "约束性", "预期性"),
        year=row.year("year"), baseline=row.maybe_text("baseline"), baseline_year=row.year("baseline_year"),
        clause=frame.clause(row),
    )  # fmt: skip


def _reserves(top: Fields, frame: Frame) -> tuple[ReserveRow, ...]:
    rows = top.rows("reserves", ("mineral", "year", "value", "unit", "clause"))
    return tuple(_reserve(row, frame) for row in rows)


def _reserve(row: Fields, frame: Frame) -> ReserveRow:
    known, printed_name = frame.mineral(row)
    written = read(row.text("value", FIGURE), row.text("unit", FIGURE), row.at("value"))
    if written.unit.per is not None:
        raise row.wrong("rate_not_expected", "unit", accepted=written.unit.stem)
    year = row.year("year")
    if year is None:
        raise row.wrong("not_a_year", "year", accepted="如 2020")
    value, unit = row.text("value"), row.text("unit")
    return ReserveRow(known.name, printed_name, year, value, unit, written.quantity, frame.clause(row))


def _restrictions(top: Fields, frame: Frame) -> tuple[RestrictionRow, ...]:
    rows = [(row, *frame.mineral(row)) for row in top.rows("restrictions", ("mineral", "kind", "clause"))]
    return tuple(
        RestrictionRow(known.name, printed, row.word("kind", RestrictionKind), frame.clause(row))
        for row, known, printed in rows
    )


def _zones(top: Fields, frame: Frame) -> tuple[ZoneRow, ...]:
    rows = top.rows("zones", ("name", "kind", "minerals", "clause"))
    return tuple(ZoneRow(r.text("name"), r.text("kind"), frame.words(r), frame.clause(r)) for r in rows)


def _planned(top: Fields, frame: Frame) -> tuple[PlannedRow, ...]:
    rows = top.rows("planned_rights", ("place", "count", "minerals", "clause"))
    return tuple(
        PlannedRow(r.text("place"), r.whole("count", _MOST_RIGHTS), frame.words(r), frame.clause(r))
        for r in rows
    )


def _note(row: Fields, frame: Frame) -> NoteRow:
    about = frame.clause(row, "about") if row.maybe_text("about") else None
    return NoteRow(about, row.text("text", LONG))
