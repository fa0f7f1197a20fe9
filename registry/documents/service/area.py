"""The area of a right as papers print it: its rings with their corner points."""

from registry.documents.queries import RightBook
from registry.documents.rules import corner_label, depth
from registry.kernel.area import Area
from registry.kernel.corners import parse_area
from registry.kernel.vocabulary import Confidence
from reports.confidence import Source
from reports.permit import Corner, Ring

# The grammar (registry/kernel/corners.py) is read from public programs; what these items mean is recalled.
_RING_ITEMS = Source("各圈的标高和说明", Confidence.d, "拐点坐标串尾项的含义凭记忆，数据规范原文未查到")


def area_of(book: RightBook) -> Area | None:
    """Return the area of the right's present version; None where no corner points are recorded."""
    return parse_area(book.version.corners) if book.version and book.version.corners else None


def rings_of(area: Area | None) -> tuple[Ring, ...]:
    """Return the rings with their corner points in metres to the millimetre."""
    if area is None:
        return ()
    return tuple(
        Ring(
            hole=ring.is_hole,
            depth=depth(ring.top_mm, ring.bottom_mm),
            note=ring.note or None,
            corners=tuple(
                Corner(corner_label(label), _metres(north), _metres(east))
                for label, (north, east) in zip(ring.labels, ring.points, strict=True)
            ),
        )
        for ring in area.rings
    )


def ring_source(area: Area | None) -> Source | None:
    """Return the source of what single rings say of themselves; papers print it where there are several."""
    told = area is not None and len(area.rings) > 1
    return _RING_ITEMS if told else None


def _metres(millimetres: int) -> str:
    return f"{millimetres // 1000}.{millimetres % 1000:03d}"
