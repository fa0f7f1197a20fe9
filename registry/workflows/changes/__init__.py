"""What changed in the book since a day: the meters then and now, returns, rights, alarms, plans."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from registry.kernel.period import Year
from registry.platform import clock
from registry.workflows.cap_status import CapStatus, accounts, books, sight_of
from registry.workflows.changes.counting import Tallies, tallies
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

__all__ = [
    "CapChange",
    "ReturnChanged",
    "ReturnsTold",
    "RightChanged",
    "StepTaken",
    "Tallies",
    "beginning",
    "caps_changed",
    "plans_changed",
    "returns_changed",
    "returns_told",
    "rights_changed",
    "steps_taken",
    "tallies",
]


@dataclass(frozen=True, slots=True)
class CapChange:
    """One cap then and now; `then` is None where the book knew no such cap yet."""

    then: CapStatus | None
    now: CapStatus

    @property
    def is_changed(self) -> bool:
        """Whether anything differs that is shown of a cap: a meter, the limit, the state, what is missing."""
        return self.then is None or _told(self.then) != _told(self.now)


def _told(one: CapStatus) -> tuple[object, ...]:
    limit = one.limit.base if one.limit else None
    return (
        limit, one.licensed.total.base, one.used.base, one.uncovered.base, one.data_through, one.state,
        one.figure.line is not None, sorted(one.missing_returns),
    )  # fmt: skip


def beginning(day: date) -> datetime:
    """Return the moment at which a local day begins: what was written since then is new since that day."""
    return clock.end_of_day(day - timedelta(days=1))


def caps_changed(
    session: Session, regions: Collection[str] | None, since: date, year: int | None = None
) -> tuple[int, list[CapChange]]:
    """Return a year and its caps in these regions (in all for None), then and now.

    Then is the end of the day before. The default year is the newest with returns, else this one. Six
    statements.
    """
    now, then = sight_of(session), sight_of(session, since - timedelta(days=1))
    known, newest = accounts(session, regions)
    wanted = Year(year or newest or clock.today(session).year)
    before, _ = accounts(session, regions, then.moment)
    read_then, read_now = books(session, wanted, {then: before, now: known})
    old = {one.cap.name: one for one in read_then.statuses()}
    changed = [CapChange(_known(old.get(one.cap.name)), one) for one in read_now.statuses()]
    return wanted.year, changed


def _known(then: CapStatus | None) -> CapStatus | None:
    """Return a cap's state then; the account of a plan that came later was not known."""
    return then if then is not None and (then.figure.line is not None or then.readings) else None
