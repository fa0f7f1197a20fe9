"""Finds the right a row is about, and where the row says otherwise than the register."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from registry.greenmine.rules import level_on
from registry.kernel.area import Area
from registry.kernel.quantity import Written
from registry.registration.queries import Record, max_day_of, scale_of
from registry.registration.rows import Place, Values
from registry.reserves.rules import opening_year
from registry.rights.models import MineralRight, Permit
from registry.rights.queries import permits_numbered, right_if_any, rights_by_id
from registry.rights.rules import state_on


def matching(session: Session, values: Values) -> MineralRight | None:
    """Return the right that a row is about: by its own number, else by that of its permit."""
    number, permit = values.get("right_no"), values.get("permit_no")
    if number is not None and (found := right_if_any(session, number)) is not None:
        return found
    held = permits_numbered(session, permit) if permit is not None else []
    return rights_by_id(session, [held[-1].right_id])[held[-1].right_id] if held else None


def contradictions(record: Record, values: Values) -> list[str]:
    """Return the columns in which a row says otherwise than the register.

    What a row leaves open contradicts nothing, so that the printed ledger, which shows less than the
    register knows, can be read back. States and levels are confirmed when the register knows them
    for their day; quantities count by what they are, not by how they were written. Address and
    economic type belong to the holder and may have come from another right.
    """
    known = _known(record, values.get("permit_no"))
    found = [
        name for name in known if values.get(name) not in (None, ()) and known[name] != _plain(values[name])
    ]
    states = values.get("state", ())
    if any(state_on(record.spells, since or record.day) is not state for state, since in states):
        found.append("state")
    level = values.get("green")
    if level is not None and level_on(record.green, values.get("green_date") or record.day) is not level:
        found.append("green")
    return found + list(_of_reserves(record, values))


def _of_reserves(record: Record, values: Values) -> Iterator[str]:
    openings = {
        category: lines[0] for (mineral, category), lines in record.ledger.items() if mineral == record.main
    }
    given = {line.category: (line.amount.kind, line.amount.base) for line in values.get("reserves", ())}
    kept = {category: (entry.kind, entry.amount) for category, entry in openings.items()}
    if any(kept.get(category) != figure for category, figure in given.items()):
        yield "reserves"
    at = values.get("reserves_date")
    if at is not None and any(entry.year != opening_year(at) for entry in openings.values()):
        yield "reserves_date"


def _plain(value: Any) -> Any:
    """Return a value as the register's side of the comparison has it."""
    if isinstance(value, Written):
        return value.quantity
    if isinstance(value, tuple):
        return sorted(value)
    if isinstance(value, Place):
        return value.code
    return str(value) if isinstance(value, Area) else value


def _known(record: Record, permit_no: str | None) -> dict[str, Any]:
    right, version, holder = record.right, record.version, record.holder
    named: list[Permit] = [permit for permit in record.permits if permit.number == permit_no]
    permit = named[-1] if named else record.permit
    return {
        "right_no": right.number, "mine": right.mine, "region": right.region, "township": right.township,
        "kind": right.kind, "mineral": record.main, "associated": record.associated,
        "holder": holder and holder.name, "credit_code": holder and holder.credit_code,
        "valid_from": version.valid_from, "valid_to": version.valid_to, "authority": version.authority,
        "area_km2": version.area_m2, "top_m": version.top_mm, "bottom_m": version.bottom_mm,
        "corners": version.corners, "deposit_scale": version.deposit_scale,
        "density_t_m3": record.density, "permit_no": permit and permit.number,
        "permit_from": permit.valid_from if permit else version.valid_from,
        "permit_to": permit.valid_to if permit else version.valid_to,
        "method": permit and permit.method, "scale": scale_of(permit), "max_day": max_day_of(permit),
    }  # fmt: skip
