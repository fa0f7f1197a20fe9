"""What a form for a return knows before it is sent: whose rights, what stands, what is owed."""

from dataclasses import dataclass

from sqlmodel import Session

from registry.identity.queries import require, visible
from registry.identity.rules import Actor
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.fields import shown
from registry.kernel.vocabulary import CapPeriod, MineralRole
from registry.output.models import OutputReturn
from registry.output.queries import RightChoice, live_returns, newest_returns, open_periods, right_choices
from registry.plans.queries import caps_over
from registry.platform import clock
from registry.regions.queries import lineage
from registry.rights.models import MineralRight, RightMineral
from registry.rights.queries import minerals_of, right_if_any
from registry.rights.rules import as_kept

_SHOWN = 6  # returns that a form shows beside what is typed, to compare it with
_LISTED = 5  # mines of one name that an error lists
PERMISSION = "output.record"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The right that a form is about."""

    right: MineralRight
    minerals: list[RightMineral]
    is_daily: bool
    newest: list[OutputReturn]
    missing: list[tuple[str, str]]

    @property
    def main(self) -> str | None:
        """Its main mineral."""
        return next((line.mineral for line in self.minerals if line.role is MineralRole.main), None)


def own_rights(session: Session, actor: Actor) -> list[RightChoice]:
    """Return the rights that the actor may tell returns of."""
    return right_choices(session, visible(session, actor, PERMISSION))


def number_meant(session: Session, actor: Actor, text: str) -> str:
    """Return the number of the right that a number, the name of its mine or a part of the name means.

    What means none of the actor's rights comes back as it is: whoever reads it as a number refuses it.

    Raises:
        Invalid: several mines are called so; up to five of them are listed with their numbers.
    """
    found = {one.number: one.mine for one in own_rights(session, actor)}
    if not text or text in found:
        return text
    if (kept := as_kept(text)) in found:
        return kept
    called = [number for number, mine in found.items() if mine == text]
    called = called or [number for number, mine in found.items() if text in mine]
    if len(called) > 1:
        listed = "、".join(f"{number}（{found[number]}）" for number in called[:_LISTED])
        more = "等" if len(called) > _LISTED else ""
        raise Invalid("several_mines", "right_no", shown(text), accepted=f"{listed}{more}", count=len(called))
    return called[0] if called else text


def chosen(session: Session, actor: Actor, number: str) -> Chosen:
    """Return the right that a form is about.

    Raises:
        NotFound: no such right in the actor's jurisdiction.
        Forbidden: the actor may see it, but tell no returns of it.
    """
    right = right_if_any(session, number.strip()) if number.isprintable() else None
    if right is None:
        raise NotFound("right", number)
    try:
        require(session, actor, PERMISSION, right.region)
    except NotFound as error:
        raise NotFound("right", number) from error
    key = right.id or 0
    minerals = minerals_of(session, [key]).get(key, [])
    main = [line.mineral for line in minerals if line.role is MineralRole.main]
    caps = caps_over(session, lineage(session, right.region), main)
    return Chosen(
        right, minerals, any(cap.period is CapPeriod.day for cap in caps),
        newest_returns(session, key, _SHOWN), open_periods(session, key, clock.today(session)),
    )  # fmt: skip


def chosen_if_any(session: Session, actor: Actor, number: str) -> Chosen | None:
    """Return the right that a form is about, or None where what was typed names none."""
    try:
        return chosen(session, actor, number) if number.strip() else None
    except (NotFound, Forbidden):
        return None


def standing_return(session: Session, found: Chosen, mineral: str, period: str) -> OutputReturn | None:
    """Return the standing return of a right's mineral in a period, or None; one taken back does not stand."""
    key = (found.right.id or 0, mineral or found.main or "", period)
    row = live_returns(session, [key]).get(key) if f"{mineral}{period}".isprintable() else None
    return None if row is None or row.voided else row


def as_typed(row: OutputReturn) -> dict[str, str]:
    """Return a return as a form has it, to be corrected."""
    return {
        "mineral": row.mineral, "period": row.period, "quantity": "" if row.nil else row.value,
        "unit": "" if row.nil else row.unit, "lost": row.lost_value or "", "lost_unit": row.lost_unit or "",
        "nil": "1" if row.nil else "", "note": row.note or "",
    }  # fmt: skip
