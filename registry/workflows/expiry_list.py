"""The list of permits that end, counted to the day by which their renewal must be applied for."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from registry.identity.queries import readable
from registry.identity.rules import Actor
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import RenewalStage
from registry.platform import clock
from registry.rights.queries import holder_names
from registry.workflows.renewals import (
    Expiry,
    Stage,
    application_day,
    expiries,
    notice_days,
    reminded_until,
    renewal_stage,
)

MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class ExpiryRow:
    """A permit that ends: its holder, the stage reached, and the days left to apply (negative: too late)."""

    expiry: Expiry
    holder: str | None
    stage: Stage | None
    days_left: int


@dataclass(frozen=True, slots=True)
class ExpiryList:
    """The permits whose application day lies before `until`, the most urgent first."""

    day: date
    notice: int
    until: date
    rows: tuple[ExpiryRow, ...]

    def reached(self, stage: RenewalStage) -> int:
        """Return how many permits have come to a stage and no further."""
        return sum(row.stage is not None and row.stage.at is stage for row in self.rows)


def read_within(text: str) -> int | None:
    """Return how many days ahead an application day may lie; nothing written asks for what is reminded of.

    Raises:
        Invalid: it is no number from 0 to 3,660.
    """
    plain = text.strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 4 and int(plain) <= MOST_DAYS):
        raise Invalid("not_a_whole_number", "within", text, accepted=f"0–{MOST_DAYS}")
    return int(plain)


def expiry_list(
    session: Session, actor: Actor, within: int | None = None, region: str | None = None
) -> ExpiryList:
    """Return the permits of working rights that the actor may read and that must be renewed soon.

    `within` counts days from today to the application day; by default every permit of which a
    reminder stands.

    Raises:
        NotFound: the region does not exist, or the actor may read nothing of it.
    """
    codes = readable(session, actor, "rights.read", region)
    today, notice = clock.today(session), notice_days(session)
    until = application_day(reminded_until(today, notice), notice)
    if within is not None:
        until = today + timedelta(days=within)
    found = expiries(session, today, notice, (until - today).days, codes)
    holders = holder_names(session, [expiry.right_id for expiry in found])
    rows = (
        ExpiryRow(
            expiry, holders.get(expiry.right_id), renewal_stage(expiry.valid_to, today, notice),
            (expiry.apply_by - today).days,
        )
        for expiry in found
    )  # fmt: skip
    return ExpiryList(today, notice, until, tuple(rows))
