"""What is asked of a right that is wanted, as conditions of the database.

What a right is on a day (its permit, its state, its green level) is asked of the database itself, so
that a filter reads no right that the page does not show. Only the scale class is derived outside.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from registry.kernel.spelling import spellings
from registry.kernel.vocabulary import PermitStanding
from registry.platform.keys import among
from registry.workflows.rights_list import today
from registry.workflows.rights_list.tables import HOLDER, LINE, PERMIT, VERSION
from registry.workflows.rights_list.today import RIGHT
from registry.workflows.rights_list.wanted import Wanted

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Sight:
    """The day a list shows, and the latest end of a permit of which a reminder stands on it."""

    day: date
    ending_by: date


@dataclass(frozen=True, slots=True)
class Asked:
    """What a right must be to be wanted, and the values that the statements are given."""

    holds: tuple[Condition, ...]
    given: dict[str, Any]

    def also(self, *holds: Condition, **given: Any) -> "Asked":
        """Return what is asked with more conditions."""
        return Asked((*self.holds, *holds), self.given | given)

    def among(self, rights: Collection[int]) -> "Asked":
        """Return what is asked, of these rights only."""
        return self.also(_OF_CLASS, of_class=rights)

    def behind(self, counted: bool, number: str) -> "Asked":
        """Return what is asked, of what the order of the list puts behind a right only."""
        return self.also(_BEHIND[counted], last=number)


def ask(wanted: Wanted, codes: Collection[str] | None, sight: Sight) -> Asked:
    """Return what is asked of a right that is wanted, but for its scale class."""
    given = {
        "today": sight.day,
        "ending_by": sight.ending_by,
        **{f"text_{at}": _pattern(text) for at, text in enumerate(spellings(wanted.text or ""))},
        "mineral": wanted.mineral,
        "township": wanted.township,
        "state": wanted.state,
        "level": wanted.green,
    }
    return within(codes).also(*_conditions(wanted), **given)


def within(codes: Collection[str] | None) -> Asked:
    """Return what is asked of a right in sight: that it lies in one of these regions, or for None nothing."""
    if codes is None:
        return Asked((), {})
    if len(codes) == 1:  # a county's office; PostgreSQL takes a list apart for every row
        return Asked((_AT,), {"code": next(iter(codes))})
    return Asked((_WITHIN,), {"codes": codes})


def _conditions(wanted: Wanted) -> Iterable[Condition]:
    if wanted.text:
        yield _NAMED[has_case(wanted.text), len(spellings(wanted.text))]
    for name in ("mineral", "township", "state", "green"):
        if getattr(wanted, name):
            yield _IS[name]
    if wanted.permit:
        # a mine that a plan only names has no permit on the books, but is not one without a permit
        yield COUNTED
        yield _STANDS[wanted.permit]


def has_case(text: str) -> bool:
    """Tell whether a text has letters of two cases; Chinese has none, and folding every name takes time."""
    return text.upper() != text.lower()


def _pattern(text: str) -> str:
    """Return the pattern of LIKE for a part of a text, in which no sign stands for others."""
    for sign in ("/", "%", "_"):
        text = text.replace(sign, f"/{sign}")
    return f"%{text}%"


def _named(folded: bool, count: int) -> Condition:
    """Ask for a part of the mine's name, of a number of right or permit, old ones too, or of the holder."""

    def holds(column: ColumnElement[str]) -> Condition:
        like = column.ilike if folded else column.like
        return or_(*(like(bindparam(f"text_{at}"), escape="/") for at in range(count)))

    held = (
        select(VERSION.c.right_id)
        .join(HOLDER, HOLDER.c.id == VERSION.c.holder_id)
        .where(VERSION.c.superseded_at.is_(None), or_(holds(HOLDER.c.name), holds(HOLDER.c.credit_code)))
    )
    return or_(
        holds(RIGHT.c.mine),
        holds(RIGHT.c.number),
        RIGHT.c.id.in_(select(PERMIT.c.right_id).where(holds(PERMIT.c.number))),
        RIGHT.c.id.in_(held),
    )


# Built once: to build a statement takes longer than to send it.
_OWN = LINE.alias()
_AT = RIGHT.c.region == bindparam("code")
_WITHIN = among(RIGHT.c.region, "codes")
_NAMED = {(folded, count): _named(folded, count) for folded in (True, False) for count in (1, 2, 3)}
_IS: dict[str, Condition] = {
    "mineral": RIGHT.c.id.in_(select(_OWN.c.right_id).where(_OWN.c.mineral == bindparam("mineral"))),
    "township": RIGHT.c.township == bindparam("township"),
    "state": RIGHT.c.id.in_(today.rights_in_state),
    "green": RIGHT.c.id.in_(today.rights_at_level),
}
COUNTED = RIGHT.c.counted.is_(True)
_BEYOND = today.rights_beyond(bindparam("ending_by"))
# What rights.rules.permit_standing says.
_STANDS: dict[PermitStanding, Condition] = {
    PermitStanding.none: RIGHT.c.id.not_in(today.rights_permitted),
    PermitStanding.coming: RIGHT.c.id.in_(today.rights_permitted) & RIGHT.c.id.not_in(today.rights_begun),
    PermitStanding.expired: RIGHT.c.id.in_(today.rights_expired),
    PermitStanding.ending: RIGHT.c.id.in_(today.rights_running) & RIGHT.c.id.not_in(_BEYOND),
    PermitStanding.valid: RIGHT.c.id.in_(today.rights_running) & RIGHT.c.id.in_(_BEYOND),
}
_OF_CLASS = among(RIGHT.c.id, "of_class")
_LATER = RIGHT.c.number > bindparam("last")
_NAMED_ONLY = RIGHT.c.counted.is_(False)
# What the order of the list puts behind a right on the books, and behind one that a plan only names.
_BEHIND = {True: or_(_NAMED_ONLY, _LATER), False: and_(_NAMED_ONLY, _LATER)}
