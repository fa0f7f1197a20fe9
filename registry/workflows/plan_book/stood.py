"""Which lines of a cap stood when an amendment was decided: what its figures are told against for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from registry.kernel.vocabulary import PlanState
from registry.plans.models import CapLine, PlanDocument
from registry.platform.audit_trail import acts_on

Version = tuple[CapLine, PlanDocument]
_DECIDES = ("plan.confirm", "plan.withdraw")


@dataclass(frozen=True, slots=True)
class Decided:
    """When an amendment was confirmed or withdrawn, by whom and why, and its place among such acts."""

    at: datetime
    place: int
    actor: str
    reason: str | None


def decided(session: Session, documents: Mapping[int, PlanDocument]) -> dict[int, Decided]:
    """Return when each of these documents was decided about, as the audit trail tells it.

    A plan that was loaded, and an amendment that waits, are not among them.
    """
    found: dict[int, Decided] = {}
    for record in sorted({one.number or one.title for one in documents.values()}):
        for act in acts_on(session, record):
            about = act.facts.get("document")
            if act.act in _DECIDES and isinstance(about, int):
                found[about] = Decided(act.at, act.number, act.actor, act.facts.get("reason"))
    return found


def stood(
    versions: Sequence[Version], line: CapLine, source: PlanDocument, when: Mapping[int, Decided]
) -> list[Version]:
    """Return the lines of a cap that stood when a line's amendment was decided, now for one that waits.

    Where the clock stands still, as a demonstration's does, the order of the acts tells which came first.
    """
    own = when.get(source.id or 0)
    moment = None
    if source.state is not PlanState.entered:
        moment = line.recorded_at or (own.at if own else source.entered_at)

    def before(other: CapLine) -> bool:
        theirs = when.get(other.document_id)
        if own is not None and theirs is not None:
            return theirs.place < own.place
        return (other.id or 0) < (line.id or 0)

    def is_there(other: CapLine) -> bool:
        if other.recorded_at is None or other.id == line.id:
            return False
        if moment is None:
            return other.superseded_at is None
        came = other.recorded_at < moment or (other.recorded_at == moment and before(other))
        return came and (other.superseded_at is None or other.superseded_at >= moment)

    return sorted(
        ((other, document) for other, document in versions if is_there(other)),
        key=lambda pair: (pair[0].valid_from, -(pair[0].id or 0)),
    )
