"""What the figures of the book rest on, as the export writes it: places, minerals, thresholds, duties, aims.

Places, minerals, thresholds and the scale table have no past: they are written as they stand now.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, or_
from sqlmodel import SQLModel, col, func

from registry.alarms.models import Alarm, AlarmStep
from registry.caps.models import Threshold
from registry.greenmine.models import GreenSpell
from registry.kernel.vocabulary import PlanState
from registry.minerals.models import Mineral, ScaleLine, ScaleLineMineral
from registry.output.models import ReturnDuty
from registry.plans.models import Indicator, PlanDocument, PlanReserve
from registry.regions.models import Region
from registry.rights.models import MineralRight, OperatingSpell
from registry.workflows.export.tables import Columns, columns_of, in_order, known, selected

Table = tuple[Columns, Select[Any]]
_RIGHT: tuple[str, Any] = ("right", MineralRight.number)
_PLAN: list[tuple[str, Any]] = [
    ("region", PlanDocument.region),
    ("document", PlanDocument.title),
    ("number", PlanDocument.number),
    ("plan_from", PlanDocument.valid_from),
]


def basis(moment: datetime | None) -> dict[str, Table]:
    """Return columns and statement of each file of what figures rest on, now or at a moment."""
    return {
        "regions": _whole(Region, Region.code),
        "minerals": _whole(Mineral, Mineral.name),
        "thresholds": _whole(Threshold, Threshold.id),
        "scale_lines": _scale_lines(),
        "duties": _duties(moment),
        "states": _spells(OperatingSpell, moment),
        "green": _spells(GreenSpell, moment),
        "indicators": _of_plans(Indicator, moment),
        "plan_reserves": _of_plans(PlanReserve, moment),
        "alarm_steps": _steps(moment),
    }


def _whole(table: type[SQLModel], order: Any) -> Table:
    columns: Columns = columns_of(table, None)
    return columns, selected(columns).order_by(order)


def _scale_lines() -> Table:
    columns: Columns = [
        ("mineral", ScaleLineMineral.mineral),
        ("method", ScaleLineMineral.method),
        ("follows", ScaleLineMineral.id),
        *columns_of(ScaleLine, None, "id"),
    ]
    joined = selected(columns).join(ScaleLine, col(ScaleLine.id) == col(ScaleLineMineral.line_id))
    return columns, joined.order_by(col(ScaleLineMineral.id))


def _duties(moment: datetime | None) -> Table:
    """Return every duty to report, dropped ones too; at a moment, those owed then and what had come."""
    columns: Columns = [_RIGHT, *columns_of(ReturnDuty, moment)]
    if moment is None:
        return columns, in_order(selected(columns), ReturnDuty)
    had_come = col(ReturnDuty.fulfilled_at) < moment
    then: dict[str, Any] = {
        "fulfilled_at": case((had_come, col(ReturnDuty.fulfilled_at))),
        "in_time": case((had_come, col(ReturnDuty.in_time)), else_=False),
    }
    columns = [(name, then.get(name, one)) for name, one in columns]
    statement = in_order(selected(columns), ReturnDuty).where(
        col(ReturnDuty.opened_at) < moment,
        or_(col(ReturnDuty.dropped_at).is_(None), col(ReturnDuty.dropped_at) >= moment),
    )
    return columns, statement


def _spells(table: Any, moment: datetime | None) -> Table:
    columns: Columns = [_RIGHT, *columns_of(table, moment)]
    return columns, known(in_order(selected(columns), table), table, moment)


def _of_plans(table: Any, moment: datetime | None) -> Table:
    columns: Columns = [*_PLAN, *columns_of(table, None, "document_id")]
    statement = (
        selected(columns)
        .join(PlanDocument, col(PlanDocument.id) == table.document_id)
        .where(col(PlanDocument.state) == PlanState.adopted)
        .order_by(table.id)
    )
    if moment is not None:
        adopted = func.coalesce(col(PlanDocument.confirmed_at), col(PlanDocument.entered_at))
        statement = statement.where(adopted < moment)
    return columns, statement


def _steps(moment: datetime | None) -> Table:
    columns: Columns = [("key", Alarm.key), *columns_of(AlarmStep, None)]
    statement = selected(columns).join(Alarm, col(Alarm.id) == col(AlarmStep.alarm_id))
    statement = statement.order_by(col(AlarmStep.id))
    return columns, statement if moment is None else statement.where(col(AlarmStep.at) < moment)
