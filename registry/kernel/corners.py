"""Reads corner points in the national text grammar, and says which ring and point is unusable.

    area   := nRings "," ring { "," ring }
    ring   := nPoints "," point{nPoints} top "," bottom "," note "," flag
    point  := pointNo "," X "," Y ","          X = northing, Y = easting, metres
    flag   := "1" counted area | "-1" hole (扣除)

A hole lies inside a counted ring. Counted rings may lie above one another (several levels of one
mine), so their areas are added as they stand. Structure of the grammar: three public parsers of the
national database; the meaning of top, bottom and note is recalled (confidence D).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.kernel.area import BELT, ELEVATIONS, Area, Ring, metres, read_millimetres, square_km
from registry.kernel.errors import Invalid
from registry.kernel.ring import Point, crossing, holds, repeated
from registry.kernel.spelling import narrow

MOST_POINTS = 5_000
_LABEL = re.compile(r"[Jj]?\d{1,6}")
_BELTS = range(13, 46)  # 6-degree belts 13 to 23 and 3-degree belts 24 to 45 cover the country
_NORTHINGS = range(10**9, 65 * 10**8)
_EASTINGS = range(10**8, 9 * 10**8)


def parse_area(text: str, field: str = "corners") -> Area:
    """Return the area written in the national grammar.

    A ring may repeat its first point at its end; it is then read as closed once.

    Raises:
        Invalid: the text does not follow the grammar, or a ring is not simple; names ring and point.
    """
    cursor = _Cursor(iter(_items(text)), field)
    count = cursor.count(1, MOST_POINTS // 3, "rings_unreadable")
    area = Area(tuple(_ring(cursor, number) for number in range(1, count + 1)))
    if (surplus := next(cursor.items, None)) is not None:
        raise cursor.refuse("corners_surplus", surplus, accepted=f"{count}")
    _check_whole(area, cursor)
    return area


def _items(text: str) -> list[str]:
    items = [narrow(item).strip() for item in re.split("[,，]", text.strip())]
    return items[:-1] if items[-1] == "" else items


@dataclass(slots=True)
class _Cursor:
    """Reads item after item and knows at which ring and point it stands."""

    items: Iterator[str]
    field: str
    ring: int = 0
    point: int = 0
    read: int = 0

    def refuse(self, code: str, value: str, accepted: str = "") -> Invalid:
        """Return the refusal that names the ring and the point reached."""
        return Invalid(code, self.field, value, accepted=accepted, ring=self.ring, point=self.point or "—")

    def take(self) -> str:
        """Return the next item."""
        if (item := next(self.items, None)) is None:
            raise self.refuse("corners_cut_short", "", accepted="nPoints,{No,X,Y}…,top,bottom,note,±1")
        return item

    def count(self, least: int, most: int, code: str) -> int:
        """Return the next item as a count between two bounds."""
        item = self.take()
        if not re.fullmatch(r"\d{1,6}", item) or not least <= int(item) <= most:
            raise self.refuse(code, item, accepted=f"{least} – {most}")
        return int(item)

    def length(self, bounds: range, accepted: str) -> int:
        """Return the next item, metres with at most three places, as millimetres."""
        item = self.take()
        return read_millimetres(item, bounds, self.refuse("corner_unreadable", item, accepted))


def _ring(cursor: _Cursor, number: int) -> Ring:
    cursor.ring, cursor.point = number, 0
    count = cursor.count(3, MOST_POINTS - cursor.read, "ring_points")
    cursor.read += count
    labelled = [_point(cursor, place) for place in range(1, count + 1)]
    cursor.point = 0
    top, bottom = _elevation(cursor), _elevation(cursor)
    if top is not None and bottom is not None and top < bottom:
        raise cursor.refuse("elevations_reversed", f"{metres(top)},{metres(bottom)}", accepted="top ≥ bottom")
    note, flag = cursor.take(), cursor.take()
    if flag not in ("1", "+1", "-1"):
        raise cursor.refuse("ring_flag", flag, accepted="1, -1")
    if labelled[0][1] == labelled[-1][1]:
        del labelled[-1]
    labels, points = zip(*labelled, strict=True)
    ring = Ring(labels, points, top, bottom, note, flag == "-1")
    _check_ring(ring, cursor)
    return ring


def _point(cursor: _Cursor, place: int) -> tuple[str, Point]:
    cursor.point = place
    label = cursor.take()
    if not _LABEL.fullmatch(label):
        raise cursor.refuse("corner_number", label, accepted="如 1, J1")
    north = cursor.length(_NORTHINGS, "X 1000000.000 – 6500000.000 m")
    east = cursor.length(range(BELT * 46), "如 Y 36531204.597 / 531204.597 m")
    if east % BELT not in _EASTINGS or (east >= BELT and east // BELT not in _BELTS):
        raise cursor.refuse("corner_unreadable", metres(east), accepted="如 Y 36531204.597 / 531204.597 m")
    return label, (north, east)


def _elevation(cursor: _Cursor) -> int | None:
    item = cursor.take()
    return (
        None if not item else read_millimetres(item, ELEVATIONS, cursor.refuse("ring_elevation", item, "m"))
    )


def _check_ring(ring: Ring, cursor: _Cursor) -> None:
    if len(ring.points) < 3:
        raise cursor.refuse("ring_points", str(len(ring.points)), accepted="≥ 3")
    if (place := repeated(ring.points)) is not None:
        cursor.point = place + 1
        raise cursor.refuse("corner_repeated", ring.labels[place])
    if len({east // BELT for _, east in ring.points}) > 1:
        raise cursor.refuse("belts_mixed", ring.labels[0])
    if (edges := crossing(ring.points)) is not None:
        cursor.point = edges[0] + 1
        raise cursor.refuse("ring_crosses_itself", " / ".join(_edge(ring, edge) for edge in edges))


def _edge(ring: Ring, start: int) -> str:
    return f"{ring.labels[start]}–{ring.labels[(start + 1) % len(ring.labels)]}"


def _check_whole(area: Area, cursor: _Cursor) -> None:
    counted = [ring.points for ring in area.rings if not ring.is_hole]
    for number, ring in enumerate(area.rings, start=1):
        cursor.ring, cursor.point = number, 0
        if ring.points[0][1] // BELT != area.rings[0].points[0][1] // BELT:
            raise cursor.refuse("belts_mixed", ring.labels[0])
        if ring.is_hole and not any(all(holds(outer, p) for p in ring.points) for outer in counted):
            raise cursor.refuse("hole_outside", ring.note or ring.labels[0])
    if area.square_metres <= 0:
        raise cursor.refuse("area_not_plausible", square_km(area.square_metres), accepted="> 0")
