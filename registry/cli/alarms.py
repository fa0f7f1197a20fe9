"""`registry alarms`: lists alarms and takes their steps."""

from typing import Annotated, Any

import typer

from registry.alarms.queries import alarms, public
from registry.alarms.service import handle
from registry.cli.common import AsJson, AsUser, print_json, print_table, reading, wants_json, writing
from registry.identity.queries import visible
from registry.kernel.quantity import LARGEST
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, MeterSide, Severity

app = typer.Typer(help="预警：列表、签收、办结", invoke_without_command=True)
AlarmId = Annotated[int, typer.Argument(metavar="ID", min=1, max=LARGEST)]
Note = Annotated[str, typer.Option(help="办理说明（必填）")]


@app.callback()
def list_command(
    context: typer.Context,
    open_only: Annotated[bool, typer.Option("--open", help="只列未办结且未回落的")] = False,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """List alarms, newest first."""
    if context.invoked_subcommand is not None:
        return
    wants_json(as_json)
    with reading(as_user) as (session, actor):
        found = public(session, alarms(session, visible(session, actor, "alarms.read"), open_only=open_only))
    if as_json:
        print_json(found)
    else:
        print_alarms(found)


def print_alarms(found: list[dict[str, Any]], title: str = "预警") -> None:
    """Print alarms as a table for people."""
    columns = ("编号", "级别", "事项", "矿种", "矿业权", "期间", "读数", "限值", "单位", "触发来源", "状态")
    print_table(f"{title}（{len(found)} 条）", columns, [_row(one) for one in found], right=(0, 6, 7))


def _row(one: dict[str, Any]) -> tuple[object, ...]:
    state = "已回落" if one["receded"] else AlarmState(one["state"]).label
    return (
        one["id"],
        Severity(one["severity"]).label,
        _matter(one),
        one["mineral"] or "",
        one["right"] or "",
        one["period"] or "",
        one["reading"] or "",
        one["limit"] or "",
        one["unit"] or "",
        one["caused_by"] or one["note"] or "",
        state,
    )


def _matter(one: dict[str, Any]) -> str:
    side = f"（{MeterSide(one['meter']).label}）" if one["meter"] == MeterSide.licensed else ""
    return AlarmCode(one["code"]).label + side


@app.command("acknowledge")
def acknowledge(
    alarm_id: AlarmId,
    note: Note = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Say that somebody is looking at an alarm."""
    _step(alarm_id, AlarmAct.acknowledged, note, as_user, as_json)


@app.command("close")
def close(
    alarm_id: AlarmId,
    note: Note = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Close an alarm with what was done about it."""
    _step(alarm_id, AlarmAct.closed, note, as_user, as_json)


def _step(alarm_id: int, act: AlarmAct, note: str, as_user: str | None, as_json: bool) -> None:
    wants_json(as_json)
    with writing(as_user) as (session, actor):
        alarm = handle(session, actor, alarm_id, act, note)
        session.flush()
        told = public(session, [alarm])
    if as_json:
        print_json(told[0])
    else:
        typer.echo(f"预警 {alarm_id}：{act.label}")
