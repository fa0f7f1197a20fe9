"""The records of the book as the export writes them: rights, returns, movements, reserves, alarms, caps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, null
from sqlalchemy import select as select_columns
from sqlmodel import SQLModel, col

from registry.alarms.models import Alarm
from registry.caps.models import Commitment, Meter, Movement
from registry.output.models import OutputReturn
from registry.parties.models import Holder
from registry.plans.models import Cap, CapLine, PlanDocument
from registry.platform.rows import table_of
from registry.reserves.models import ReserveEntry
from registry.rights.models import MineralRight, Permit, RightMineral, RightVersion

Columns = Sequence[tuple[str, Any]]
_WRITTEN_LATER = ("superseded_at", "end_reason", "dropped_at")


def columns_of(table: type[SQLModel], moment: datetime | None, *without: str) -> list[tuple[str, Any]]:
    """Return the columns of a table; what only a later act writes into a row was not known at the moment."""
    columns = [c for c in table_of(table).c if c.name not in {"right_id", *without}]
    return [(c.name, null() if moment is not None and c.name in _WRITTEN_LATER else c) for c in columns]


def records(moment: datetime | None) -> dict[str, tuple[Columns, Select[Any]]]:
    """Return columns and statement of each file of records, as they stand now or stood at a moment."""
    number: tuple[str, Any] = ("right", MineralRight.number)
    region: tuple[str, Any] = ("region", MineralRight.region)
    cap: list[tuple[str, Any]] = [
        ("region", Cap.region),
        ("mineral", Cap.mineral),
        ("cap_period", Cap.period),
        ("kind", Cap.kind),
    ]
    rights = _rights(moment)
    returns: Columns = [number, region, *columns_of(OutputReturn, moment)]
    movements: Columns = [
        *cap,
        ("period", Meter.period),
        number,
        ("return_period", OutputReturn.period),
        ("revision", OutputReturn.revision),
        *columns_of(Movement, moment, "meter_id", "return_id"),
    ]
    commitments: Columns = [number, *columns_of(Commitment, moment)]
    reserves: Columns = [number, region, *columns_of(ReserveEntry, moment)]
    lines: Columns = [
        *cap,
        ("document", PlanDocument.title),
        ("number", PlanDocument.number),
        *columns_of(CapLine, moment, "cap_id", "document_id"),
    ]
    alarms: Columns = columns_of(Alarm, None)
    return {
        "rights": (rights, known(_rights_statement(rights, moment), RightVersion, moment)),
        "returns": (
            returns,
            known(in_order(selected(returns), OutputReturn), OutputReturn, moment),
        ),
        "movements": (movements, known(_movements(movements), Movement, moment)),
        "commitments": (
            commitments,
            known(in_order(selected(commitments), Commitment), Commitment, moment),
        ),
        "reserves": (
            reserves,
            known(in_order(selected(reserves), ReserveEntry), ReserveEntry, moment),
        ),
        "alarms": (alarms, _raised(selected(alarms), moment)),
        "caps": (lines, known(_caps(lines), CapLine, moment)),
    }


def selected(columns: Columns) -> Select[Any]:
    """Return what reads these columns under their titles."""
    return select_columns(*(column.label(title) for title, column in columns))


def in_order(statement: Select[Any], table: Any) -> Select[Any]:
    """Join the right of each row, where it has one, and keep the order in which rows were written."""
    return statement.outerjoin(MineralRight, col(MineralRight.id) == table.right_id).order_by(table.id)


def _raised(statement: Select[Any], moment: datetime | None) -> Select[Any]:
    statement = statement.order_by(col(Alarm.id))
    return statement if moment is None else statement.where(col(Alarm.raised_at) < moment)


def known(statement: Select[Any], table: Any, moment: datetime | None) -> Select[Any]:
    """Keep what was known at the moment; without one, every revision is written."""
    return statement if moment is None else statement.where(_at(table, moment))


def _at(table: Any, moment: datetime) -> Any:
    known = table.recorded_at < moment
    if not hasattr(table, "superseded_at"):
        return known
    return known & (table.superseded_at.is_(None) | (table.superseded_at >= moment))


def _rights(moment: datetime | None) -> Columns:
    return [
        ("right", MineralRight.number),
        ("region", MineralRight.region),
        ("township", MineralRight.township),
        ("kind", MineralRight.kind),
        ("mine", MineralRight.mine),
        ("counted", MineralRight.counted),
        ("holder", Holder.name),
        ("credit_code", Holder.credit_code),
        ("mineral", RightMineral.mineral),
        ("permit", Permit.number),
        ("permit_from", Permit.valid_from),
        ("permit_to", Permit.valid_to),
        ("scale_kind", Permit.kind),
        ("scale", Permit.scale),
        ("max_day", Permit.max_day),
        ("scale_value", Permit.scale_value),
        ("scale_unit", Permit.scale_unit),
        ("method", Permit.method),
        *columns_of(RightVersion, moment, "holder_id"),
    ]


def _rights_statement(columns: Columns, moment: datetime | None) -> Select[Any]:
    live = col(Permit.superseded_at).is_(None) if moment is None else _at(Permit, moment)
    return (
        selected(columns)
        .select_from(MineralRight)
        .join(RightVersion, col(RightVersion.right_id) == col(MineralRight.id))
        .outerjoin(Holder, col(Holder.id) == col(RightVersion.holder_id))
        .outerjoin(
            RightMineral,
            (col(RightMineral.right_id) == col(MineralRight.id)) & (col(RightMineral.role) == "main"),
        )
        .outerjoin(Permit, (col(Permit.right_id) == col(MineralRight.id)) & live)
        .order_by(col(MineralRight.number), col(RightVersion.version), col(Permit.id))
    )


def _movements(columns: Columns) -> Select[Any]:
    return (
        selected(columns)
        .select_from(Movement)
        .join(Meter, col(Meter.id) == col(Movement.meter_id))
        .join(Cap, col(Cap.id) == col(Meter.cap_id))
        .join(OutputReturn, col(OutputReturn.id) == col(Movement.return_id))
        .join(MineralRight, col(MineralRight.id) == col(OutputReturn.right_id))
        .order_by(col(Movement.id))
    )


def _caps(columns: Columns) -> Select[Any]:
    return (
        selected(columns)
        .select_from(CapLine)
        .join(Cap, col(Cap.id) == col(CapLine.cap_id))
        .join(PlanDocument, col(PlanDocument.id) == col(CapLine.document_id))
        .where(col(CapLine.recorded_at).is_not(None))
        .order_by(col(CapLine.id))
    )
