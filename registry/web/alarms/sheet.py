"""The list of alarms as a sheet, with exact figures in t or m³."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.kernel.display import chinese_date
from registry.kernel.vocabulary import AlarmAct
from registry.platform import clock
from registry.platform.sheets import Cell, Sheet
from registry.web.alarms.rows import AlarmRow
from registry.workflows.alarm_book import Wanted

_COLUMNS = (
    ("编号", 6), ("级别", 6), ("事项", 20), ("行政区", 16), ("矿种", 14), ("矿业权编号", 14), ("矿山", 22),
    ("计量", 10), ("期间", 22), ("读数", 13), ("限值", 13), ("超出（负为余）", 13), ("单位", 6),
    ("触发来源", 34), ("依据文件", 34), ("条款", 18), ("说明", 30), ("产生日", 11), ("处置状态", 9),
    ("回落", 6), ("签收人", 10), ("签收日", 11), ("签收说明", 26), ("办结人", 10), ("办结日", 11),
    ("办结说明", 26),
)  # fmt: skip


def sheet_of(wanted: Wanted, rows: Sequence[AlarmRow], names: Mapping[str, str], now: datetime) -> Sheet:
    """Return what the sheet says, and in its second line what was asked for."""
    day = clock.local_day(now)
    notes = (f"截至：{chinese_date(day)}    共 {len(rows)} 条    筛选：{_asked(wanted, names)}",)
    return Sheet("预警清单", notes, _COLUMNS, [_cells(row, names) for row in rows], now)


def _asked(wanted: Wanted, names: Mapping[str, str]) -> str:
    words = (wanted.code, wanted.severity)
    parts = [wanted.sight.label, *(word.label for word in words if word)]
    parts += [text for text in (wanted.mineral, wanted.text) if text]
    parts += [f"{wanted.year} 年"] if wanted.year else []
    parts += [names[wanted.region]] if wanted.region else []
    return "、".join(parts)


def _cells(row: AlarmRow, names: Mapping[str, str]) -> list[Cell]:
    told = row.told
    taken = _last(told["steps"], AlarmAct.acknowledged)
    closed = _last(told["steps"], AlarmAct.closed)
    return [
        told["id"], row.severity.label, row.code.label, names[told["region"]], told["mineral"], told["right"],
        row.mine, row.side.label if row.side else None, told["period"], _number(told["reading"]),
        _number(told["limit"]), _number(told["excess"]), told["unit"], told["caused_by"], told["document"],
        told["clause"], told["note"], row.raised, row.state.label, "是" if told["receded"] else None,
        *taken, *closed,
    ]  # fmt: skip


def _number(figure: str | None) -> Decimal | None:
    return None if figure is None else Decimal(figure)


def _last(steps: Sequence[Mapping[str, Any]], act: AlarmAct) -> tuple[str | None, date | None, str | None]:
    """Return who took a step last, when, and what they wrote."""
    found = next((step for step in reversed(steps) if step["act"] == act), None)
    if found is None:
        return None, None, None
    return found["actor"], clock.local_day(datetime.fromisoformat(found["at"])), found["note"]
