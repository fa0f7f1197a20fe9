"""What the mineral catalogue accepts, and the scale class of a mine, which is derived and never typed in."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from registry.kernel.density import Density
from registry.kernel.errors import Invalid
from registry.kernel.fields import Fields
from registry.kernel.quantity import Mass, Quantity, Volume, rate_of, read
from registry.kernel.vocabulary import CapPeriod, Confidence, Kind, MiningMethod, PendingReason, ScaleClass

UNDETERMINED = "待定"
ASSUMPTION = "assumption"
_MARKS = ("V", "P", "R", ASSUMPTION)
_MINERAL_KEYS = ("name", "code", "class", "quantity", "aliases", "code_source", "confidence")
_LINE_KEYS = (
    "applies_to", "line", "method", "unit", "large_from", "small_below", "minimum", "mark", "confidence",
    "source", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """A mineral of the catalogue: its canonical name, and what its quantities are measured by."""

    name: str
    kind: Kind


# Every name, alias and national code with the mineral it means.
Catalogue = Mapping[str, Known]


def named(catalogue: Catalogue, word: str, field: str = "mineral") -> Known:
    """Return the mineral that a document calls by a name, an alias or a code.

    Raises:
        Invalid: the catalogue does not know it.
    """
    if word not in catalogue:
        raise Invalid("mineral_unknown", field, word, accepted="目录中的矿种名称、别名或代码")
    return catalogue[word]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale table as one mineral follows it; thresholds per year, none: always 小型."""

    name: str
    unit: str
    kind: Kind
    large_from: Quantity | None
    small_below: Quantity | None
    minimum: Quantity | None
    mark: str
    confidence: Confidence
    source: str
    note: str | None = None
    method: MiningMethod | None = None

    @property
    def assumed(self) -> bool:
        """Tell whether the table does not list the mineral, so that it follows the most similar one."""
        return self.mark == ASSUMPTION


@dataclass(frozen=True, slots=True)
class Classified:
    """A scale class with the line it rests on; `converted` where the right's own density was needed."""

    scale_class: ScaleClass
    line: Line
    converted: bool = False

    @property
    def label(self) -> str:
        """大型, 中型 or 小型."""
        return self.scale_class.label


@dataclass(frozen=True, slots=True)
class Pending:
    """No class can be derived yet, and why."""

    reason: PendingReason
    line: Line | None = None

    @property
    def label(self) -> str:
        """待定."""
        return UNDETERMINED


def scale_class(
    scale: Quantity | None,
    lines: Sequence[Line],
    density: Density | None = None,
    method: MiningMethod | None = None,
) -> Classified | Pending:
    """Return the class of a yearly production scale, or why there is none.

    Where the line measures volume and the scale is a mass, or the other way round, the density recorded
    for that very right converts, half-even to the litre or gram. 国土资发〔2004〕208号: 大型 at or above
    `large_from`, 小型 below `small_below`, 中型 between them.
    """
    if not lines:
        return Pending(PendingReason.no_line)
    line = next((line for line in lines if line.method in (None, method)), None)
    if line is None:
        return Pending(PendingReason.no_method)
    if line.large_from is None or line.small_below is None:
        return Classified(ScaleClass.small, line)
    if scale is None:
        return Pending(PendingReason.no_scale, line)
    converted = scale.kind is not line.kind
    if converted and density is None:
        return Pending(PendingReason.no_density, line)
    measured = _converted(scale, density) if converted and density else scale
    if measured >= line.large_from:
        return Classified(ScaleClass.large, line, converted)
    small = measured < line.small_below
    return Classified(ScaleClass.small if small else ScaleClass.medium, line, converted)


def _converted(scale: Quantity, density: Density) -> Quantity:
    if isinstance(scale, Mass):
        return density.volume(scale)
    return density.mass(scale) if isinstance(scale, Volume) else scale


@dataclass(frozen=True, slots=True)
class MineralRow:
    """One mineral of the catalogue file, judged."""

    name: str
    code: str | None
    mineral_class: str | None
    kind: Kind
    aliases: tuple[str, ...]
    source: str
    confidence: Confidence
    path: str

    def words(self) -> dict[str, str]:
        """Return every word by which documents may call the mineral, with its path in the file."""
        found = {self.name: f"{self.path}.name"}
        if self.code:
            found[self.code] = f"{self.path}.code"
        return found | {alias: f"{self.path}.aliases[{n}]" for n, alias in enumerate(self.aliases)}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the scale-table file, judged, with the minerals that follow it."""

    line: Line
    minerals: tuple[str, ...]


def read_minerals(rows: object) -> list[MineralRow]:
    """Return the minerals of a parsed catalogue file.

    Raises:
        Invalid: a field cannot be read, or one word would mean two minerals.
    """
    found = [_mineral(row) for row in Fields({"minerals": rows}).rows("minerals", _MINERAL_KEYS)]
    refuse_collisions(found, {})
    return found


def _mineral(row: Fields) -> MineralRow:
    code, group = row.maybe_text("code"), row.maybe_text("class")
    if code is not None and not re.fullmatch(r"[1-9]\d{4}", code, re.ASCII):
        raise row.wrong("code_malformed", "code", accepted="五位数字，如 83907")
    if group is not None and (group not in "123456789" or (code or group)[0] != group):
        raise row.wrong("class_differs", "class", accepted=f"代码 {code or '—'} 的首位数字")
    aliases = row.texts("aliases")
    if len({*aliases, row.text("name")}) <= len(aliases):
        raise row.wrong("catalogue_collision", "aliases", accepted="互不相同的名称", other=row.text("name"))
    return MineralRow(
        row.text("name"), code, group, row.word("quantity", Kind), aliases, row.text("code_source"),
        row.word("confidence", Confidence), row.path,
    )  # fmt: skip


def refuse_collisions(rows: Collection[MineralRow], others: Mapping[str, str]) -> None:
    """Refuse a word that would mean two minerals; `others` are words already taken, with their mineral."""
    taken = dict(others)
    for row in rows:
        for word, path in row.words().items():
            if word in taken:
                raise Invalid(
                    "catalogue_collision", path, word, accepted="未被占用的名称或代码", other=taken[word]
                )
        taken |= dict.fromkeys(row.words(), row.name)


def read_lines(rows: object, catalogue: Catalogue) -> list[LineRow]:
    """Return the lines of a parsed scale-table file.

    Raises:
        Invalid: a field cannot be read, a mineral is unknown, or one has two lines for the same method.
    """
    found = [
        _line(row, catalogue) for row in Fields({"scale_classes": rows}).rows("scale_classes", _LINE_KEYS)
    ]
    follows = sorted((mineral, row.line.method or "") for row in found for mineral in row.minerals)
    for (mineral, method), (following, other) in pairwise(follows):
        if mineral == following and (method == other or not method):
            raise Invalid(
                "scale_line_twice", "scale_classes", mineral, accepted="每个矿种一行，或每种开采方式一行"
            )
    return found


def _line(row: Fields, catalogue: Catalogue) -> LineRow:
    large, small = (_threshold(row, key) for key in ("large_from", "small_below"))
    if (large is None) != (small is None) or (large is not None and small is not None and small > large):
        raise row.wrong(
            "thresholds_crossed", "small_below", accepted="两项都填且不大于 large_from，或两项都不填"
        )
    if row.text("mark") not in _MARKS:
        raise row.wrong("word_unknown", "mark", accepted=", ".join(_MARKS))
    minerals = tuple(
        named(catalogue, word, f"{row.at('applies_to')}[{n}]").name
        for n, word in enumerate(row.texts("applies_to"))
    )
    kind = read("0", row.text("unit"), row.at("unit")).quantity.kind
    method = None if row.maybe_text("method") is None else row.word("method", MiningMethod)
    line = Line(
        row.text("line"), row.text("unit"), kind, large, small, _threshold(row, "minimum"), row.text("mark"),
        row.word("confidence", Confidence), row.text("source"), row.maybe_text("note"), method,
    )  # fmt: skip
    return LineRow(line, minerals)


def _threshold(row: Fields, key: str) -> Quantity | None:
    value = row.maybe_text(key)
    if value is None:
        return None
    rate = rate_of(read(value, row.text("unit"), row.at(key)), row.at("unit"))
    if rate.per is not CapPeriod.year:
        raise row.wrong("wrong_period", "unit", accepted="/年")
    return rate.quantity
