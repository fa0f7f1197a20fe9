"""What changed in the book since a day: the meters then and now, returns, rights, alarms, plans."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry.kernel.vocabulary import AlarmAct
from registry.plans.models import PlanDocument
from registry.platform import clock
from registry.workflows.cap_status import CapStatus, status
from registry.workflows.changes.reading import (
    ReturnChanged,
    ReturnsTold,
    RightChanged,
    StepTaken,
    plans_changed,
    returns_changed,
    returns_told,
    rights_changed,
    steps_taken,
)

__all__ = ["CapChange", "Changes", "ReturnChanged", "ReturnsTold", "RightChanged", "StepTaken", "changes"]
MOST = 100  # lines of one list; the others are counted


@dataclass(frozen=True, slots=True)
class CapChange:
    """One cap then and now; `then` is None where the book knew no such cap yet."""

    then: CapStatus | None
    now: CapStatus

    @property
    def is_changed(self) -> bool:
        """Whether a meter, the limit, or what is missing differs."""
        return self.then is None or _told(self.then) != _told(self.now)


def _told(one: CapStatus) -> tuple[object, ...]:
    limit = one.limit.base if one.limit else None
    licensed = one.licensed
    return (
        limit, one.figure.carried_forward, licensed.used.base, licensed.held.base, licensed.unknown,
        [(r.period, r.used, r.uncovered, r.returns) for r in one.readings], sorted(one.missing_returns),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    """What was written since the beginning of a day; lists hold at most `MOST` lines beside their counts."""

    since: date
    year: int
    caps: tuple[CapChange, ...]
    told: tuple[ReturnsTold, ...]
    returns: tuple[ReturnChanged, ...]
    return_count: int
    rights: tuple[RightChanged, ...]
    right_count: int
    steps: tuple[StepTaken, ...]
    step_counts: dict[AlarmAct, int]
    plans: tuple[PlanDocument, ...]


def changes(
    session: Session,
    regions: Collection[str] | None,
    plan_regions: Collection[str] | None,
    since: date,
    year: int | None = None,
) -> Changes:
    """Return what changed in these regions (in all for None) since the beginning of a day.

    The meters are those of a year, the newest with returns by default, as the book said at the end of the
    day before, and as it says now. `plan_regions` are those whose plans may be read.
    """
    before = since - timedelta(days=1)
    moment = clock.end_of_day(before)
    now = status(session, year, visible=regions)
    wanted = now[0].year.year if now else year or clock.today(session).year
    then = {one.cap.name: one for one in status(session, wanted, as_of=before, visible=regions)}
    changed, changed_count = returns_changed(session, regions, moment, MOST)
    rights, right_count = rights_changed(session, regions, moment, MOST)
    steps, step_counts = steps_taken(session, regions, moment, MOST)
    return Changes(
        since, wanted, tuple(CapChange(_known(then.get(one.cap.name)), one) for one in now),
        tuple(returns_told(session, regions, moment)), tuple(changed), changed_count, tuple(rights),
        right_count, tuple(steps), step_counts, tuple(plans_changed(session, plan_regions, moment)),
    )  # fmt: skip


def _known(then: CapStatus | None) -> CapStatus | None:
    """Return a cap's state then; the account of a plan that came later was not known."""
    return then if then is not None and (then.figure.line is not None or then.readings) else None
