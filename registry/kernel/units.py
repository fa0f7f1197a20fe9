"""The units of plans, permits and returns, each an exact power of ten of its base unit."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import CapPeriod, Kind

# name -> (kind, decimal places of one base unit): 1 t = 10^6 g, 1 m3 = 10^3 l
_STEMS: dict[str, tuple[Kind, int]] = {
    "克": (Kind.mass, 0), "g": (Kind.mass, 0),
    "千克": (Kind.mass, 3), "公斤": (Kind.mass, 3), "kg": (Kind.mass, 3),
    "吨": (Kind.mass, 6), "t": (Kind.mass, 6),
    "千吨": (Kind.mass, 9), "kt": (Kind.mass, 9),
    "万吨": (Kind.mass, 10), "万t": (Kind.mass, 10),
    "百万吨": (Kind.mass, 12), "mt": (Kind.mass, 12),
    "亿吨": (Kind.mass, 14), "亿t": (Kind.mass, 14),
    "升": (Kind.volume, 0), "l": (Kind.volume, 0),
    "立方米": (Kind.volume, 3), "m3": (Kind.volume, 3), "方": (Kind.volume, 3),
    "千立方米": (Kind.volume, 6), "千m3": (Kind.volume, 6),
    "万立方米": (Kind.volume, 7), "万m3": (Kind.volume, 7), "万方": (Kind.volume, 7),
    "亿立方米": (Kind.volume, 11), "亿m3": (Kind.volume, 11),
    "个": (Kind.pieces, 0), "座": (Kind.pieces, 0), "处": (Kind.pieces, 0), "家": (Kind.pieces, 0),
}  # fmt: skip
ACCEPTED = "t, kt, Mt, 万吨, 亿吨, m³, 万立方米, 亿立方米, 个; /年, /日"
_PERIODS = {
    **dict.fromkeys(("年", "a", "yr", "y", "year"), CapPeriod.year),
    **dict.fromkeys(("日", "天", "d", "day"), CapPeriod.day),
}
_MATTER = ("矿石", "原煤", "原油", "金属")
_SHAPE = re.compile(rf"({'|'.join(_MATTER)})?([^/]+?)(?:/([^/]+))?")
_PRINTED = {"m3": "m³", "万m3": "万m³", "亿m3": "亿m³", "千m3": "千m³", "mt": "Mt"}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written: what it measures, its base units as a power of ten, and per what time."""

    name: str
    stem: str
    kind: Kind
    places: int
    per: CapPeriod | None
    matter: str | None

    @property
    def factor(self) -> int:
        """Base units (g, l or pieces) in one unit."""
        factor: int = 10**self.places
        return factor


@lru_cache(maxsize=256)  # a page asks for the same few again and again
def unit_named(name: str, field: str = "unit") -> Unit:
    """Return the unit written as `name`: 万吨, 矿石万吨/年, kt/a, m³/日 and so on.

    Raises:
        Invalid: nobody knows the unit; the accepted ones are listed.
    """
    compact = unicodedata.normalize("NFKC", name).replace(" ", "")
    matched = _SHAPE.fullmatch(compact.lower())
    stem = matched[2] if matched else ""
    per = matched[3] if matched else None
    # "mt" would be a millitonne: only the capital letter means a million tonnes
    wrong_case = stem == "mt" and "Mt" not in compact
    if stem not in _STEMS or wrong_case or (per is not None and per not in _PERIODS):
        raise Invalid("unit_unknown", field, name, accepted=ACCEPTED)
    kind, places = _STEMS[stem]
    matter = matched[1] if matched else None
    return Unit(name.strip(), _PRINTED.get(stem, stem), kind, places, _PERIODS[per] if per else None, matter)
