"""One return with all its revisions: who told it, when and why, what each moved, which alarms it caused."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from registry.caps.models import Meter, Movement
from registry.caps.queries import moves_of
from registry.identity.queries import visible
from registry.identity.rules import Actor
from registry.kernel.errors import NotFound
from registry.output.models import OutputReturn, ReturnDuty
from registry.output.queries import duty_of, revisions_of
from registry.plans.models import Cap
from registry.rights.models import MineralRight
from registry.rights.queries import right_if_any
from registry.workflows.return_effects import (
    AlarmEffect,
    MeterStep,
    alarm_effects,
    causes_of,
    changes_of,
    meter_steps,
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a return and what it moved."""

    row: OutputReturn
    meters: tuple[MeterStep, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A return from its first revision to the one that stands."""

    return_id: str
    right: MineralRight
    revisions: tuple[Revision, ...]
    duty: ReturnDuty | None
    alarms: tuple[AlarmEffect, ...]

    @property
    def standing(self) -> OutputReturn:
        """The revision that stands."""
        return self.revisions[-1].row


def history(session: Session, actor: Actor, number: str, mineral: str, period: str) -> History:
    """Return one return with everything that is known of it.

    Raises:
        NotFound: no such return in the actor's jurisdiction.
    """
    return_id = f"{number}/{mineral}/{period}"
    seen = visible(session, actor, "output.read")
    right = right_if_any(session, number) if return_id.isprintable() else None
    if right is None or (seen is not None and right.region not in seen):
        raise NotFound("return", return_id)
    return_id = f"{right.number}/{mineral}/{period}"
    found = revisions_of(session, right.id or 0, mineral, period)
    if not found:
        raise NotFound("return", return_id)
    moves: dict[int, list[tuple[Movement, Meter, Cap]]] = defaultdict(list)
    for move in moves_of(session, [row.id or 0 for row in found]):
        moves[move[0].return_id].append(move)
    return History(
        return_id,
        right,
        tuple(_revision(session, row, moves[row.id or 0]) for row in found),
        duty_of(session, right.id or 0, mineral, period),
        alarm_effects(session, causes_of(right.number, mineral, period)),
    )


def _revision(session: Session, row: OutputReturn, moves: list[tuple[Movement, Meter, Cap]]) -> Revision:
    """Return a revision with what the caps were when it moved them: a later amendment does not rewrite it."""
    moment = max((move.recorded_at for move, *_ in moves), default=row.recorded_at)
    return Revision(row, meter_steps(session, changes_of(moves), moment + timedelta(microseconds=1)))
