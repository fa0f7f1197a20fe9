"""Imports lists of rights row by row: good rows stay, bad rows are reported, existing rights are facts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from registry.alarms.queries import newest_step
from registry.identity.queries import require
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, RegistryError
from registry.kernel.vocabulary import ReserveCategory, RightKind
from registry.output.service import open_duties
from registry.output.service.importing import RETURNED, rejection
from registry.parties.queries import holder_by_code, holders_named
from registry.platform.tables import Row
from registry.regions.queries import gate
from registry.registration.columns import DERIVED, HEADINGS, KEYS, NEEDED, column_named, is_derived
from registry.registration.matching import contradictions, matching
from registry.registration.queries import alarms_raised, book, records
from registry.registration.rows import Book, Parsed, Values, command_of, read_row
from registry.registration.rules import RightExists, in_kind
from registry.registration.service import grant
from registry.rights.models import MineralRight
from registry.rights.rules import Remark, doubts, parse_permit_number

BATCH = 100  # rows of one transaction: it holds the gate, and everybody else who licenses waits


@dataclass(slots=True)
class Report:
    """What came of an import so far."""

    accepted: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    alarms: dict[int, dict[str, Any]] = field(default_factory=dict)

    def public(self) -> dict[str, Any]:
        """Return the report as the contract prints it; sentences are added at the edge."""
        return {
            "accepted": self.accepted, "unchanged": self.unchanged,
            "rejected": sorted(self.rejected, key=lambda row: row["row"]),
            "warnings": sorted(self.warnings, key=lambda row: row["row"]),
            "alarms": [self.alarms[at] for at in sorted(self.alarms)],
        }  # fmt: skip

    def remark(self, row: int, remarks: Collection[Remark]) -> None:
        """Add the doubts about one row."""
        for one in remarks:
            facts = {"field": one.field, "value": one.value, "accepted": one.accepted}
            told = {"row": row, "field": one.field, "value": one.value, "code": one.code, "facts": facts}
            self.warnings.append(told)


def check_header(rows: Sequence[Row], report: Report) -> None:
    """Refuse a table that lacks a column without which no row can be read; doubt those nobody reads.

    Raises:
        Invalid: `column_missing`, or `column_repeated` when two headings mean the same column.
    """
    titles = list(rows[0].cells) if rows else []
    named = [column for title in titles if (column := column_named(title)) is not None]
    missing = [column for column in NEEDED if rows and column not in named]
    if rows and not set(KEYS) & set(named):
        missing.append(" / ".join(KEYS))
    if missing:
        accepted = ",".join(f"{column}({HEADINGS[column][0]})" for column in HEADINGS)
        raise Invalid("column_missing", "file", "、".join(missing), accepted=accepted)
    if twice := sorted({column for column in named if named.count(column) > 1}):
        raise Invalid("column_repeated", "file", "、".join(twice), accepted="每栏一次")
    passed_over = {title for title in titles if not title or is_derived(title) or title in RETURNED}
    strange = [title for title in titles if column_named(title) is None and title not in passed_over]
    report.remark(1, [Remark("column_unknown", title, title, "、".join(DERIVED)) for title in strange])


def import_batch(
    session: Session, actor: Actor, rows: Sequence[Row], report: Report, source: str | None = None
) -> None:
    """Enter one batch of rows in the caller's transaction, each under a savepoint of its own."""
    gate(session)  # outside the savepoints: a row that is undone must not let go of it
    known, before = book(session, source), newest_step(session)
    entered: list[MineralRight] = []
    for row in rows:
        texts = {column: text for title, text in row.cells.items() if (column := column_named(title))}
        if any(texts.values()) or row.surplus:
            entered += _enter(session, actor, row, read_row(row.number, texts, known), known, report)
    open_duties(session, [right.id or 0 for right in entered])
    for told in alarms_raised(session, before, [right.number for right in entered]):
        report.alarms[told["id"]] = told


def _enter(
    session: Session, actor: Actor, row: Row, parsed: Parsed, known: Book, report: Report
) -> Iterator[MineralRight]:
    """Enter one row; yields the right when it is new."""
    try:
        row.refuse_surplus()
    except Invalid as error:
        parsed.errors.append(error)
    if parsed.errors:
        report.rejected += [rejection(row.number, error) for error in parsed.errors]
        return
    try:
        with session.begin_nested():
            right = _grant_or_compare(session, actor, parsed, known)
    except RegistryError as error:
        report.rejected.append(rejection(row.number, error))
        return
    if right is None:
        report.unchanged += 1
        return
    report.accepted += 1
    report.remark(row.number, _remarks(parsed, known) + _of_holder(session, parsed.values))
    yield right


def _grant_or_compare(session: Session, actor: Actor, parsed: Parsed, known: Book) -> MineralRight | None:
    """Return the right that was added, or None when the register says the same already."""
    right = matching(session, parsed.values)
    if right is None:
        return grant(session, actor, command_of(parsed, known), existing=True, duties=False)
    require(session, actor, "right.import", right.region)
    [record] = records(session, [right], known.today)
    if found := contradictions(record, parsed.values):
        value = parsed.values[found[0]]
        raise RightExists(field=found[0], value=str(value), right=right.number, fields="、".join(found))
    return None


def _remarks(parsed: Parsed, known: Book) -> list[Remark]:
    """Return what is doubtful about a row that was accepted."""
    values = parsed.values
    found = list(parsed.remarks)
    if (text := values.get("permit_no")) is not None:
        number = parse_permit_number(text, demonstration=known.demonstration)
        mineral_class = known.classes.get(values["mineral"])
        found += doubts(number, values["kind"], mineral_class, values.get("permit_from"), set(known.places))
    found += _of_township(parsed) + _of_states(parsed) + _of_reserves(parsed)
    return found + _of_capacity(parsed, known)


def _of_township(parsed: Parsed) -> list[Remark]:
    township, known = parsed.values.get("township", ""), parsed.values["region"].townships
    doubtful = township and known and township not in known
    return [Remark("township_unknown", "township", township, "、".join(known))] if doubtful else []


def _of_holder(session: Session, values: Values) -> list[Remark]:
    """Tell what a row says otherwise of a holder who is on record; the record stands."""
    code, name = values.get("credit_code"), values.get("holder", "")
    holder = holder_by_code(session, code) if code else next(iter(holders_named(session, name)), None)
    kept = {field: getattr(holder, field, None) for field in ("address", "economic_type")}
    return [
        Remark("holder_differs", field, values[field], stands)
        for field, stands in kept.items()
        if stands is not None and values.get(field) not in (None, stands)
    ]


def _of_states(parsed: Parsed) -> list[Remark]:
    undated = [state for state, since in parsed.values.get("state", ()) if since is None]
    return [Remark("state_undated", "state", state.label, f"{state.label}@2024-05-01") for state in undated]


def _of_reserves(parsed: Parsed) -> list[Remark]:
    """Doubt reserves above the resources they are part of: 储量 ≤ 控制 + 探明 (GB/T 17766-2020)."""
    held = {line.category: line.amount.base for line in parsed.values.get("reserves", ())}
    reserves = sum(held.get(c, 0) for c in (ReserveCategory.probable, ReserveCategory.proved))
    resources = sum(held.get(c, 0) for c in (ReserveCategory.indicated, ReserveCategory.measured))
    return [Remark("reserves_above", "reserves", "储量", "≤ 控制 + 探明")] if reserves > resources else []


def _of_capacity(parsed: Parsed, known: Book) -> list[Remark]:
    """Tell where a scale cannot count towards a cap: nothing recorded, or no density to convert it by."""
    values = parsed.values
    if values["kind"] is not RightKind.mining:
        return []
    scale, mineral = values.get("scale"), known.catalogue[values["mineral"]]
    if scale is None:
        return [Remark("scale_unknown", "scale", "", "260 万吨/年")]
    counted = in_kind(scale.quantity, mineral.kind, values.get("density_t_m3"))
    return (
        [] if counted else [Remark("scale_unconverted", "density_t_m3", scale.unit.name, mineral.kind.label)]
    )
