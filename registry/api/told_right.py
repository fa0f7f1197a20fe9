"""A right in the public form of the API: its row of the list, and everything that was entered of it."""

from decimal import Decimal
from typing import Any

from registry.api.told import amount, day, moment, quantity
from registry.kernel.quantity import digits
from registry.minerals.rules import Classified, Pending
from registry.rights.models import Permit, RightVersion
from registry.workflows.right_history import RightHistory
from registry.workflows.rights_list import PermitOfDay, RightRow

_KM2, _METRE, _TONNE = 6, 3, 6  # places between m² and km², mm and m, g and t


def told_row(row: RightRow, year: int) -> dict[str, Any]:
    """Return one right as a list shows it; `year` is that of its output."""
    of_class = row.scale_class
    share = None if row.share is None else f"{row.share:.4f}"
    return {
        "right": row.number, "mine": row.mine, "kind": row.kind, "counted": row.counted,
        "region": row.region, "township": row.township, "source": row.source, "holder": row.holder,
        "mineral": row.mineral, "associated": list(row.associated),
        "permit": _permit_of_day(row.permit) if row.permit else None, "standing": row.standing,
        "scale_class": of_class.scale_class if isinstance(of_class, Classified) else None,
        "scale_pending": of_class.reason if isinstance(of_class, Pending) else None,
        "state": row.state, "green": row.green,
        "output": {
            "year": year, "quantity": quantity(row.output), "through": day(row.through), "share": share,
        },
    }  # fmt: skip


def told_right(found: RightHistory) -> dict[str, Any]:
    """Return one right with everything that was entered of it."""
    return told_row(found.row, found.year) | {
        "minerals": [
            {"mineral": one.mineral, "role": one.role, "counted": one.counted} for one in found.minerals
        ],
        "versions": [_version(one, found) for one in found.versions],
        "permits": [_permit(one) for one in found.permits],
        "states": [
            {"state": one.state, "since": day(one.since), "recorded_at": moment(one.recorded_at)}
            for one in found.spells
        ],
        "greens": [
            {"level": one.level, "since": day(one.since), "recorded_at": moment(one.recorded_at)}
            for one in found.greens
        ],
    }


def _permit_of_day(permit: PermitOfDay) -> dict[str, Any]:
    return {
        "number": permit.number, "valid_from": day(permit.valid_from), "valid_to": day(permit.valid_to),
        "method": permit.method, "scale": quantity(permit.scale), "scale_written": permit.scale_written,
        "max_day": quantity(permit.max_day), "max_day_written": permit.max_day_written,
    }  # fmt: skip


def _permit(row: Permit) -> dict[str, Any]:
    return {
        "number": row.number, "national": row.national, "valid_from": day(row.valid_from),
        "valid_to": day(row.valid_to), "method": row.method, "authority": row.authority,
        "scale": amount(row.kind, row.scale) if row.kind else None,
        "scale_written": _written(row.scale_value, row.scale_unit),
        "max_day": amount(row.kind, row.max_day) if row.kind else None,
        "max_day_written": _written(row.max_day_value, row.max_day_unit),
        "recorded_at": moment(row.recorded_at), "superseded_at": moment(row.superseded_at),
    }  # fmt: skip


def _version(row: RightVersion, found: RightHistory) -> dict[str, Any]:
    holder = found.holders.get(row.holder_id or 0)
    return {
        "version": row.version, "act": row.act, "document": row.document,
        "holder": holder.name if holder else None, "credit_code": holder.credit_code if holder else None,
        "valid_from": day(row.valid_from), "valid_to": day(row.valid_to), "authority": row.authority,
        "area_km2": _figure(row.area_m2, _KM2), "top_m": _figure(row.top_mm, _METRE),
        "bottom_m": _figure(row.bottom_mm, _METRE), "corners": row.corners,
        "deposit_scale": row.deposit_scale, "density_t_m3": _figure(row.density_g_m3, _TONNE),
        "recorded_at": moment(row.recorded_at), "superseded_at": moment(row.superseded_at),
    }  # fmt: skip


def _figure(base: int | None, places: int) -> str | None:
    return None if base is None else digits(Decimal(base).scaleb(-places))


def _written(value: str | None, unit: str | None) -> str | None:
    return f"{value} {unit}" if value and unit else None
