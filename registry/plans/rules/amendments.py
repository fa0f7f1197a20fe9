"""Reads an amendment of a plan; every fault of its fields is told at once."""

from datetime import date

from registry.kernel.faults import Faults
from registry.kernel.fields import LONG, Fields, fields
from registry.kernel.quantity import read_number
from registry.minerals.rules import Catalogue
from registry.plans.rules.commands import LoadPlan
from registry.plans.rules.reading import CAP, DOCUMENT, FIGURE, Frame, read_cap, read_document, read_sections


def read_amendment(source: object, catalogue: Catalogue) -> LoadPlan:
    """Return the amendment that a parsed file holds: caps only, with a 文号 and the plan it amends.

    Raises:
        Invalid: as for a plan; also when the 文号, the amended plan or the caps are missing. SeveralInvalid
            with every such fault.
    """
    top = fields(source, "", ("document", "clauses", "caps", "notes"))
    document = fields(top.values.get("document"), "document", (*DOCUMENT, "amends"))
    faults = Faults()
    first, last = _judge_document(document, faults)
    clauses = _judge_clauses(top, faults)
    if not top.rows("caps", CAP):
        faults.add(top.wrong("value_missing", "caps", accepted="至少一条指标"))
    _judge_caps(top, Frame(catalogue, clauses, first or date.min, last or date.max), faults)
    for row in top.rows("notes", ("about", "text")):
        faults.kept(row.text, "text", LONG)
    if faults:
        raise faults.error()
    return read_sections(top, read_document(top, (*DOCUMENT, "amends")), catalogue)


def _judge_document(document: Fields, faults: Faults) -> tuple[date | None, date | None]:
    """Return the first and the last day of an amendment as far as they can be read."""
    for key in ("title", "number", "amends"):
        faults.kept(document.text, key)
    first, last = faults.kept(document.day, "valid_from"), faults.kept(document.day, "valid_to")
    if first is not None and last is not None and first > last:
        faults.add(document.wrong("dates_reversed", "valid_to", accepted=f"≥ {first}"))
        return first, None
    return first, last


def _judge_clauses(top: Fields, faults: Faults) -> dict[str, str]:
    """Return the clauses that can be read, by their number."""
    found = {}
    for row in top.rows("clauses", ("id", "text")):
        number, text = faults.kept(row.text, "id"), faults.kept(row.text, "text", LONG)
        found[number or ""] = text or ""
    return found


def _judge_caps(top: Fields, frame: Frame, faults: Faults) -> None:
    """Judge figure and unit of each cap by themselves; a clause without a number is no fault of its caps."""
    for row in top.rows("caps", CAP):
        own = Faults()
        if value := own.kept(row.maybe_text, "value", FIGURE):
            own.kept(read_number, value, row.at("value"))
        own.kept(read_cap, row, frame)
        for fault in own.found():
            if fault.field != row.at("clause") or "" not in frame.clauses:
                faults.add(fault)
