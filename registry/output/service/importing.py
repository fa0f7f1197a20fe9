"""Imports returns row by row: good rows stay, bad rows are reported, in batches of one transaction each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from registry.alarms.queries import locked_by_keys, public
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid, NotFound, RegistryError, faults_of
from registry.output.rules import FIELDS, Basis, RecordOutput, read_output
from registry.output.service.preparing import Recorded
from registry.output.service.recording import record_many

# Columns in which rejected rows are given back: whoever mends them may send the same table again.
RETURNED = ("原行号", "退回栏目", "退回原因")
BATCH = 500  # SQLite has one writer: a longer transaction would starve the others


@dataclass(slots=True)
class Report:
    """What came of an import so far."""

    accepted: int = 0
    unchanged: int = 0
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    alarms: dict[int, dict[str, Any]] = field(default_factory=dict)

    def public(self) -> dict[str, Any]:
        """Return the report as the contract prints it; sentences are added at the edge.

        A rejected row stands once for each of its faults.
        """
        rejected = sorted(self.rejected, key=lambda row: row["row"])
        return {
            "accepted": self.accepted,
            "unchanged": self.unchanged,
            "rejected": rejected,
            "warnings": self.warnings,
            "alarms": [self.alarms[at] for at in sorted(self.alarms)],
        }


def unread(column: str) -> dict[str, Any]:
    """Return the warning about a column that no field is read from."""
    facts = {"field": column, "value": column, "accepted": ",".join(FIELDS)}
    return {"row": 1, "field": column, "value": column, "code": "column_unknown", "facts": facts}


Row = tuple[int, Mapping[str, str]]


def import_rows(
    session: Session,
    actor: Actor,
    rows: Sequence[Row],
    report: Report,
    *,
    correct: bool = False,
    reason: str | None = None,
    source: str | None = None,
    basis: Basis | None = None,
) -> None:
    """Record one batch of rows in the caller's transaction and add what came of it to the report."""
    numbered = list(_readable(rows, report, correct=correct, reason=reason, source=source))
    results = record_many(session, actor, [command for _, command in numbered], basis)
    for (number, _), result in zip(numbered, results, strict=True):
        if result.error is not None:
            report.rejected += [rejection(number, fault) for fault in faults_of(result.error)]
        elif result.unchanged:
            report.unchanged += 1
        else:
            report.accepted += 1
    _gather_alarms(session, results, report)


def _readable(rows: Iterable[Row], report: Report, **options: Any) -> Iterable[tuple[int, RecordOutput]]:
    for number, fields in rows:
        try:
            yield number, read_output(fields, **options)
        except RegistryError as error:
            report.rejected += [rejection(number, fault) for fault in faults_of(error)]


def _gather_alarms(session: Session, results: Sequence[Recorded], report: Report) -> None:
    session.flush()
    keys = {key for result in results for key in result.alarms}
    for told in public(session, list(locked_by_keys(session, keys).values())):
        report.alarms[told["id"]] = told


def rejection(number: int, error: RegistryError) -> dict[str, Any]:
    """Return one fault of a rejected row: where, what, and which rule; the edge adds the sentence."""
    field_name = error.field if isinstance(error, Invalid) else error.facts.get("field")
    if isinstance(error, NotFound):
        field_name = "right_no" if error.facts["what"] == "right" else str(error.facts["what"])
    return {
        "row": number,
        "field": field_name,
        "value": error.facts.get("value"),
        "code": error.code,
        "facts": error.facts,
    }
