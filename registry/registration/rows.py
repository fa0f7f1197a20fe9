"""Reads one row of a list of rights: every readable cell as a value, every other one as an error.

An empty cell is unknown. The values carry the names of the columns, so that every message names
the cell it is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from registry.kernel import area
from registry.kernel.corners import parse_area
from registry.kernel.density import parse_density
from registry.kernel.errors import Invalid
from registry.kernel.quantity import Written
from registry.kernel.vocabulary import CapPeriod, GreenLevel, MiningMethod, RightKind, ScaleClass
from registry.minerals.rules import Catalogue, named
from registry.parties.rules import HolderFacts, parse_credit_code
from registry.registration import cells
from registry.registration.rules import GrantRight, PermitFacts
from registry.rights.rules import Remark, parse_permit_number

Values = dict[str, Any]
_REQUIRED = ("mine", "mineral", "kind", "region")
_PERMIT = ("permit_from", "permit_to", "scale", "max_day", "method")


@dataclass(frozen=True, slots=True)
class Place:
    """A region as a row may name it."""

    code: str
    name: str
    letters: str
    townships: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """Name and code, as the register writes them in its sheet."""
        return f"{self.name}（{self.code}）"


@dataclass(frozen=True, slots=True)
class Book:
    """What the reading of rows must know of the register, read once per batch."""

    catalogue: Catalogue
    classes: Mapping[str, str | None]
    places: Mapping[str, Place]
    demonstration: bool
    today: date
    source: str | None = None


@dataclass(slots=True)
class Parsed:
    """One row: its number, what could be read, and what could not."""

    number: int
    values: Values = field(default_factory=dict)
    errors: list[Invalid] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def take(self, name: str, reader: Callable[[], Any]) -> None:
        """Keep what a reader returns under a column's name, or its error."""
        try:
            self.values[name] = reader()
        except Invalid as error:
            self.errors.append(error)


def read_row(number: int, texts: Mapping[str, str], book: Book) -> Parsed:
    """Return one row, given the texts of its cells by column name."""
    parsed = Parsed(number)
    for name, text in texts.items():
        if text and name in _READERS:
            parsed.take(name, partial(_READERS[name], text, name, book))
    for name, unit in (("scale", "scale_unit"), ("max_day", "max_day_unit")):
        if texts.get(name):
            parsed.take(name, partial(cells.rate, texts[name], texts.get(unit, ""), name))
    _settle_scale(parsed)
    _refuse_days_to_come(parsed, book.today)
    if not parsed.errors:
        _check_area(parsed)
    return parsed


def _refuse_days_to_come(parsed: Parsed, today: date) -> None:
    """Refuse what a mine is said to do, or to have reached, from a day that has not come."""
    values = parsed.values
    told = [("state", f"{state.label}@{since}", since) for state, since in values.get("state", ())]
    told.append(("green_date", str(values.get("green_date")), values.get("green_date")))
    for name, text, since in told:
        if since is not None and since > today:
            parsed.errors.append(Invalid("day_in_future", name, text, accepted=f"≤ {today}"))


def _settle_scale(parsed: Parsed) -> None:
    """Move a scale written per day to the day's side: it is the recorded maximum day."""
    scale: Written | None = parsed.values.get("scale")
    if scale is not None and scale.unit.per is CapPeriod.day:
        most: Written = parsed.values.setdefault("max_day", scale)
        del parsed.values["scale"]
        if most.quantity != scale.quantity:
            told = f"{scale.value} {scale.unit.name}"
            parsed.errors.append(
                Invalid("scale_twice", "scale", told, accepted=f"{most.value} {most.unit.name}")
            )


def _check_area(parsed: Parsed) -> None:
    entered, corners = parsed.values.get("area_km2"), parsed.values.get("corners")
    if entered is None or corners is None:
        return
    try:
        if area.differs(entered, corners.square_metres):
            computed = area.square_km(corners.square_metres)
            parsed.remarks.append(Remark("area_differs", "area_km2", area.square_km(entered), computed))
    except Invalid as error:
        parsed.errors.append(error)


def command_of(parsed: Parsed, book: Book) -> GrantRight:
    """Return the command of a row that names no right of the register.

    Raises:
        Invalid: a column without which no right can be entered is empty, or the row contradicts itself.
    """
    values = parsed.values
    missing = [name for name in _REQUIRED if name not in values]
    if missing:
        raise Invalid("field_missing", missing[0], "", accepted="、".join(missing))
    if "permit_no" not in values and (lone := next((n for n in _PERMIT if n in values), None)):
        raise Invalid("field_missing", "permit_no", "", accepted=f"{lone} 属于许可证，须有证号")
    place: Place = values["region"]
    return GrantRight(
        region=place.code, mine=values["mine"], kind=values["kind"], mineral=values["mineral"],
        associated=values.get("associated", ()), number=values.get("right_no"),
        township=values.get("township"), holder=_holder(values),
        valid_from=values.get("valid_from"), valid_to=values.get("valid_to"),
        authority=values.get("authority"), area=values.get("corners"), area_m2=values.get("area_km2"),
        top_mm=values.get("top_m"), bottom_mm=values.get("bottom_m"), permit=_permit(values),
        deposit_scale=values.get("deposit_scale"), density=values.get("density_t_m3"),
        states=values.get("state", ()), green=values.get("green"), green_since=values.get("green_date"),
        reserves=values.get("reserves", ()), reserves_at=values.get("reserves_date"), document=book.source,
    )  # fmt: skip


def _holder(values: Values) -> HolderFacts | None:
    if "holder" not in values:
        if "credit_code" in values:
            raise Invalid("field_missing", "holder", "", accepted=f"{values['credit_code']} 的单位名称")
        return None
    return HolderFacts(
        values["holder"], values.get("credit_code"), values.get("address"), values.get("economic_type")
    )


def _permit(values: Values) -> PermitFacts | None:
    if "permit_no" not in values:
        return None
    return PermitFacts(
        values["permit_no"], values.get("permit_from"), values.get("permit_to"), values.get("scale"),
        values.get("max_day"), values.get("method"), values.get("authority"),
    )  # fmt: skip


def _place(text: str, name: str, book: Book) -> Place:
    found = book.places.get(text) or next(
        (p for p in book.places.values() if text in (p.name, p.written)), None
    )
    if found is None:
        raise Invalid("region_unknown", name, text, accepted="行政区划代码或全称")
    return found


def _permit_no(text: str, name: str, book: Book) -> str:
    return parse_permit_number(text, demonstration=book.demonstration, field=name).text


def _minerals(text: str, name: str, book: Book) -> tuple[str, ...]:
    return tuple(named(book.catalogue, part, name).name for part in cells.several(text))


def _word(kind: Any) -> Callable[[str, str, Book], Any]:
    return lambda text, name, _book: cells.word(kind, text, name)


def _plain(reader: Callable[[str, str], Any]) -> Callable[[str, str, Book], Any]:
    return lambda text, name, _book: reader(text, name)


_name, _day = _plain(cells.name), _plain(cells.day)
_READERS: dict[str, Callable[[str, str, Book], Any]] = {
    "right_no": _name, "permit_no": _permit_no, "permit_from": _day, "permit_to": _day, "holder": _name,
    "credit_code": _plain(parse_credit_code), "address": _name, "economic_type": _name, "mine": _name,
    "region": _place, "township": _name,
    "mineral": lambda text, name, book: named(book.catalogue, text, name).name,
    "associated": _minerals, "kind": _word(RightKind), "method": _word(MiningMethod),
    "area_km2": _plain(area.parse_square_km), "top_m": _plain(area.parse_elevation),
    "bottom_m": _plain(area.parse_elevation), "corners": _plain(parse_area),
    "valid_from": _day, "valid_to": _day,
    "authority": _name, "state": _plain(cells.spells), "green": _word(GreenLevel), "green_date": _day,
    "deposit_scale": _word(ScaleClass), "density_t_m3": _plain(parse_density),
    "reserves": _plain(cells.reserves), "reserves_date": _day,
}  # fmt: skip
