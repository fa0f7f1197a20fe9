"""The list of rights as a page shows it: figures as an office writes them, filters as they were set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from registry.kernel.display import office_unit, percent, written_rate
from registry.kernel.quantity import Quantity
from registry.kernel.shown import Shown, short
from registry.kernel.vocabulary import CapPeriod, GreenLevel, OperatingState, PermitStanding, ScaleClass
from registry.minerals.rules import UNDETERMINED, Pending
from registry.web.rights.words import STANDINGS
from registry.workflows.rights_list import PENDING, PermitOfDay, RightRow, RightsPage, Wanted

FILTERS = ("q", "mineral", "township", "region", "state", "scale", "green", "permit")
_PERMITS = {"batch_kind": "permit"}
SCALES = (*((one.value, one.label) for one in ScaleClass), (PENDING, UNDETERMINED))


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the right itself, and what its columns say."""

    row: RightRow
    standing: Shown
    scale: str | None
    max_day: str | None
    scale_class: str | None
    pending: str | None
    output: str | None
    share: str | None


def lines(found: RightsPage) -> list[Line]:
    """Return the rows of a page."""
    return [_line(row) for row in found.rows]


def _line(row: RightRow) -> Line:
    of_class = row.scale_class
    return Line(
        row=row,
        standing=STANDINGS[row.standing],
        scale=_rate(row.permit, CapPeriod.year),
        max_day=_rate(row.permit, CapPeriod.day),
        scale_class=of_class.label if of_class else None,
        pending=of_class.reason.label if isinstance(of_class, Pending) else None,
        output=_office(row.output),
        share=None if row.share is None else percent(row.share),
    )


def _rate(permit: PermitOfDay | None, per: CapPeriod) -> str | None:
    if permit is None:
        return None
    yearly = per is CapPeriod.year
    figure = permit.scale if yearly else permit.max_day
    written = permit.scale_written if yearly else permit.max_day_written
    if figure is None:
        return None
    return written or written_rate(None, None, figure.kind, figure.base, per)


def _office(quantity: Quantity | None) -> str | None:
    if quantity is None:
        return None
    unit = office_unit(quantity.kind, CapPeriod.year)
    return f"{short(quantity, unit)} {unit}"


def facts(found: RightsPage, query: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page needs beside its paging."""
    return {
        "found": found,
        "lines": lines(found),
        "wanted": found.wanted,
        "query": query,
        "states": list(OperatingState),
        "scales": SCALES,
        "levels": list(GreenLevel),
        "standings": list(PermitStanding),
        "sheet": address("/rights.xlsx", query),
        "prints": address("/documents", {f"batch_{name}": query[name] for name in query} | _PERMITS),
    }


def address(path: str, query: Mapping[str, str]) -> str:
    """Return an address with the filters that are set."""
    kept = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def scope(wanted: Wanted, names: Mapping[str, str]) -> str:
    """Return in words what was asked for, as the sheet tells it."""
    told = {
        "查找": wanted.text,
        "矿种": wanted.mineral,
        "行政区": names.get(wanted.region or ""),
        "乡镇": wanted.township,
        "状态": wanted.state and wanted.state.label,
        "规模类别": dict(SCALES).get(wanted.scale or ""),
        "绿色矿山": wanted.green and wanted.green.label,
        "许可": wanted.permit and wanted.permit.label,
    }
    return "；".join(f"{name} {value}" for name, value in told.items() if value)
