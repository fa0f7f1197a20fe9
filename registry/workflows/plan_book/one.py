"""One plan document with everything it says, what amends it, and the versions of its caps over time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from registry.kernel.period import Day
from registry.kernel.quantity import Quantity, of_kind
from registry.kernel.vocabulary import PlanState
from registry.plans.models import Cap, CapLine, PlanDocument
from registry.plans.queries import (
    CapFigure,
    amendments_of,
    document,
    figure,
    lines_in,
    public,
    versions_of,
)
from registry.workflows.plan_book.stood import Decided, Version, decided, stood
from registry.workflows.return_effects import AlarmEffect, alarm_effects


@dataclass(frozen=True, slots=True)
class Change:
    """A line of an amendment against the figure of its first day, as it stood before the amendment came.

    Once the amendment is confirmed or withdrawn, that is what stood then, whatever came later.
    """

    cap: Cap
    line: CapLine
    before: CapFigure

    @property
    def limit(self) -> Quantity | None:
        """The new limit."""
        return None if self.line.limit is None else of_kind(self.cap.kind, self.line.limit)

    @property
    def grows(self) -> Quantity | None:
        """What is added to the limit, negative where it shrinks; None where one of both has no figure."""
        if self.limit is None or self.before.limit is None:
            return None
        return self.limit - self.before.limit


@dataclass(frozen=True, slots=True)
class OnePlan:
    """One document in its public form, and the records around it.

    `changes` and `effects` are an amendment's, `withdrawn` how one was taken back; `versions` holds, by cap,
    every line that it ever had.
    """

    document: PlanDocument
    told: dict[str, Any]
    amends: PlanDocument | None
    amendments: list[PlanDocument]
    changes: list[Change]
    versions: dict[str, list[Version]]
    effects: tuple[AlarmEffect, ...]
    withdrawn: Decided | None

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a second person."""
        return self.document.state is PlanState.entered


def one_plan(session: Session, document_id: int, places: Collection[str] | None) -> OnePlan:
    """Return one document that lies in these regions (in any for None).

    Raises:
        NotFound: there is none.
    """
    found = document(session, document_id, places)
    amends = session.get(PlanDocument, found.amends_id) if found.amends_id else None
    lines = lines_in(session, found)
    caps = list({cap.id: cap for cap, _ in lines}.values())
    versions = versions_of(session, caps) if caps else {}
    is_done = amends is not None and found.state is PlanState.adopted
    return OnePlan(
        document=found,
        told=public(session, found),
        amends=amends,
        amendments=amendments_of(session, found),
        changes=_changes(session, found, lines, versions) if amends else [],
        versions={cap.name: versions.get(cap.id or 0, []) for cap in caps},
        effects=alarm_effects(session, [found.number or found.title]) if is_done else (),
        withdrawn=_withdrawn(session, found),
    )


def _withdrawn(session: Session, found: PlanDocument) -> Decided | None:
    if found.state is not PlanState.withdrawn:
        return None
    return decided(session, {found.id or 0: found}).get(found.id or 0)


def _changes(
    session: Session,
    found: PlanDocument,
    lines: list[tuple[Cap, CapLine]],
    versions: Mapping[int, Sequence[Version]],
) -> list[Change]:
    # what a later amendment left of a line is a copy that was recorded later
    entered = [(cap, line) for cap, line in lines if line.recorded_at in (None, found.confirmed_at)]
    sources = {one.id or 0: one for pairs in versions.values() for _, one in pairs}
    when = {} if found.state is PlanState.entered else decided(session, sources)
    changes = []
    for cap, line in entered:
        there = stood(versions.get(cap.id or 0, []), line, found, when)
        changes.append(Change(cap, line, figure(cap, there, Day(line.valid_from))))
    return changes
