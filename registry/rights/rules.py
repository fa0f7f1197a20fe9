"""Pure rules of rights: numbers of permits and rights, operating states, what a permit covers."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from registry.kernel.errors import Invalid
from registry.kernel.period import Period, Term
from registry.kernel.spelling import narrow
from registry.kernel.vocabulary import OperatingState, PermitStanding, RightKind

MINISTRY = "100000"
DEMONSTRATION_MARK = "示例-"
DRAFT_MARK = "草"
_NATIONAL = re.compile(r"([CT])(\d{6})(\d{4})(\d{2})(\d)\d{9}", re.ASCII)
_LEGACY = re.compile(r"([TD])(\d{2})\d(\d{4})(\d{2})(\d{2})\d{6}", re.ASCII)
_RIGHT = re.compile(r"([A-Z0-9]{2,6})-(\d{4})-(\d{4}|[1-9]\d{4,5})", re.ASCII)
_DEMONSTRATION = re.compile(rf"{DEMONSTRATION_MARK}[A-Z0-9]{{2,6}}-\d{{4}}-\d{{4,6}}", re.ASCII)
_LEGACY_MINISTRY = "01"
_ACCEPTED = "C / T + 22 位数字，旧勘查证 T / D + 17 位数字"
# Classes of the mineral code to the class digit of a permit number (confidence D, so it only warns).
_CLASS_DIGIT = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "6": "6", "7": "6", "8": "7", "9": "8"}
_LEGACY_CLASS = {"1": "01", **dict.fromkeys("2345", "02"), **dict.fromkeys("678", "03"), "9": "04"}


@dataclass(frozen=True, slots=True)
class Remark:
    """Something doubtful that does not stop an act: a field, its value, and what was expected."""

    code: str
    field: str
    value: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class PermitNumber:
    """A permit number taken apart as far as its rule is known; a local number has no parts."""

    text: str
    national: bool
    letter: str | None = None
    authority: str | None = None
    year: int | None = None
    month: int | None = None
    mineral_class: str | None = None
    legacy: bool = False


def parse_permit_number(text: str, *, demonstration: bool, field: str = "permit_no") -> PermitNumber:
    """Return a permit number: 23 places, 18 for an old exploration licence, or the demonstration's own.

    Source of the layout: 自然资办发〔2020〕32号 and 国土资发〔2007〕294号. The
    registry records national numbers and never makes one.

    Raises:
        Invalid: a draft (`permit_draft`), a number of a demonstration in a real register
            (`permit_demonstration`), month not 01-12 (`permit_month`), or any other text.
    """
    number = unicodedata.normalize("NFKC", text).strip()
    if DRAFT_MARK in number:
        raise Invalid("permit_draft", field, text, accepted=_ACCEPTED)
    if _DEMONSTRATION.fullmatch(number):
        if not demonstration:
            raise Invalid("permit_demonstration", field, text, accepted=_ACCEPTED)
        return PermitNumber(number, national=False)
    matched = _NATIONAL.fullmatch(number) or _LEGACY.fullmatch(number)
    if matched is None:
        raise Invalid("permit_number", field, text, accepted=_ACCEPTED)
    letter, authority, year, month, group = matched.groups()
    if not 1 <= int(month) <= 12:
        raise Invalid("permit_month", field, text, accepted="01–12")
    return PermitNumber(
        number, True, letter, authority, int(year), int(month), group, legacy=len(number) == 18
    )


def doubts(
    number: PermitNumber,
    kind: RightKind,
    mineral_class: str | None,
    issued: date | None,
    regions: Collection[str],
) -> list[Remark]:
    """Return what is doubtful about a national number; nothing of it refuses the number.

    The number is permanent: its month is that of the first coding, so it may lie long before the
    permit's first day but not after it.
    """
    if not number.national:
        return []
    found = [
        _doubt("permit_letter", number, (number.letter or "?") not in _letters(kind), _letters(kind)),
        _doubt("permit_month_late", number, _is_late(number, issued), str(issued)),
        _doubt("permit_authority", number, not _is_known(number, regions), "GB/T 2260"),
    ]
    expected = (_LEGACY_CLASS if number.legacy else _CLASS_DIGIT).get(mineral_class or "")
    wrong_class = expected is not None and number.letter != "D" and number.mineral_class != expected
    found.append(_doubt("permit_class", number, wrong_class, expected or ""))
    return [remark for remark in found if remark is not None]


def _doubt(code: str, number: PermitNumber, holds: bool, accepted: str) -> Remark | None:
    return Remark(code, "permit_no", number.text, accepted) if holds else None


def _letters(kind: RightKind) -> str:
    return "C" if kind is RightKind.mining else "TD"


def _is_late(number: PermitNumber, issued: date | None) -> bool:
    return issued is not None and (number.year or 0, number.month or 0) > (issued.year, issued.month)


def _is_known(number: PermitNumber, regions: Collection[str]) -> bool:
    authority = number.authority or ""
    if number.legacy:
        return authority == _LEGACY_MINISTRY or authority in {code[:2] for code in regions}
    return authority == MINISTRY or authority in regions


def parse_right_number(text: str, letters: str, field: str = "right_no") -> str:
    """Return the public number of a right, such as SZ-2025-0007, of the region with these letters."""
    number = unicodedata.normalize("NFKC", text).strip().upper()
    matched = _RIGHT.fullmatch(number)
    if matched is None or matched[1] != letters or not 1900 <= int(matched[2]) <= 2999:
        raise Invalid("right_number", field, text, accepted=f"如 {letters}-2025-0007")
    return number


def as_kept(number: str) -> str:
    """Return a right's number as it stands in the register: narrow signs, capitals, no blanks around it."""
    return narrow(number).strip().upper()


def next_number(letters: str, year: int, taken: Collection[str]) -> str:
    """Return the number after the highest that is taken in a year."""
    running = [int(matched[3]) for number in taken if (matched := _RIGHT.fullmatch(number))]
    return f"{letters}-{year:04d}-{max(running, default=0) + 1:04d}"


class Spell(Protocol):
    """What a mine has been doing since a day."""

    @property
    def state(self) -> OperatingState:
        """The state."""

    @property
    def since(self) -> date:
        """The first day."""


def state_on(spells: Sequence[Spell], day: date) -> OperatingState | None:
    """Return the operating state on a day, from spells in order of their first day; None before the first."""
    begun = [spell for spell in spells if spell.since <= day]
    return begun[-1].state if begun else None


class Dated(Protocol):
    """A record with a first and a last day, either of which may be unknown."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day."""


D = TypeVar("D", bound=Dated)


def term_of(record: Dated) -> Term:
    """Return a record's term; an unknown end counts as open on that side."""
    return Term(record.valid_from or date.min, record.valid_to)


def permit_on(permits: Sequence[D], period: Period) -> D | None:
    """Return the permit that covers the whole period, the newest where several do, or None."""
    return next((permit for permit in reversed(permits) if term_of(permit).covers(period)), None)


def permit_touching(permits: Sequence[D], period: Period) -> D | None:
    """Return the newest permit that covers at least a day of the period, or None."""
    return next((permit for permit in reversed(permits) if term_of(permit).touches(period)), None)


def current_permit(permits: Sequence[D], day: date) -> D | None:
    """Return the permit a list shows on a day: the newest that has begun, else the first to come."""
    begun = [permit for permit in permits if permit.valid_from is None or permit.valid_from <= day]
    return begun[-1] if begun else next(iter(permits), None)


def permit_standing(permit: Dated | None, ends: date | None, day: date, ending_by: date) -> PermitStanding:
    """Return how a right stands on a day by the permit that a list shows.

    `ends` is the last end of all its permits, None where one is open; `ending_by` the latest end of
    which the office is reminded already.
    """
    if permit is None:
        return PermitStanding.none
    if permit.valid_from is not None and permit.valid_from > day:
        return PermitStanding.coming
    if permit.valid_to is not None and permit.valid_to < day:
        return PermitStanding.expired
    return PermitStanding.ending if ends is not None and ends <= ending_by else PermitStanding.valid
