"""`registry output`: records, corrects, takes back and imports returns."""

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.alarms import print_alarms
from registry.cli.common import AsJson, AsUser, engine, print_json, print_table, progress, wants_json, writing
from registry.kernel.display import office
from registry.kernel.quantity import parse, split
from registry.kernel.vocabulary import CapPeriod
from registry.output.rules import on_revision, read_output
from registry.output.service import record_once
from registry.output.service import void as take_back
from registry.regions.queries import names
from registry.wording import say
from registry.workflows.import_returns import import_returns

BasedOn = Annotated[
    int | None, typer.Option("--based-on", min=1, help="更正或作废所依据的修订号；已有新修订的不予登记")
]
app = typer.Typer(help="产量报表：登记、更正、作废、导入", no_args_is_help=True)


# so that a negative quantity is read and refused as one, and not taken for an option
@app.command("record", context_settings={"ignore_unknown_options": True})
def record_command(
    right: Annotated[str, typer.Argument(help="矿业权编号，如 SZ-2025-0007")],
    period: Annotated[str, typer.Argument(help="月份 2025-07，或日期 2025-07-14")],
    qty: Annotated[str, typer.Argument(help="数量和单位，如 “12.5 万吨”；零报可省略")] = "",
    mineral: Annotated[str, typer.Option(help="矿种；缺省为主矿种")] = "",
    lost: Annotated[str, typer.Option(help="损失量和单位")] = "",
    nil: Annotated[bool, typer.Option("--nil", help="零报")] = False,
    correct: Annotated[bool, typer.Option("--correct", help="更正已报数据")] = False,
    reason: Annotated[str, typer.Option(help="更正理由")] = "",
    based_on: BasedOn = None,
    note: Annotated[str, typer.Option(help="备注")] = "",
    key: Annotated[str | None, typer.Option(help="幂等键：重发时返回首次结果")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Record one return of a right."""
    wants_json(as_json)
    figure = dict(zip(("quantity", "unit"), split(qty), strict=True)) if qty else {}
    lost_value, lost_unit = split(lost, "lost") if lost else ("", "")
    fields = {
        "right_no": right, "period": period, **figure, "mineral": mineral, "lost": lost_value,
        "lost_unit": lost_unit, "nil": "true" if nil else "", "note": note,
    }  # fmt: skip
    command = read_output(fields, correct=correct, reason=reason)
    with writing(as_user) as (session, actor):
        told, places = record_once(session, actor, command, key, on_revision(based_on)), names(session)
    _tell(told, places, as_json)


@app.command("void")
def void_command(
    return_id: Annotated[str, typer.Argument(metavar="RETURN", help="报表编号：矿业权/矿种/期间")],
    reason: Annotated[str, typer.Option(help="作废理由")] = "",
    based_on: BasedOn = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Take one return back."""
    wants_json(as_json)
    with writing(as_user) as (session, actor):
        told = take_back(session, actor, return_id, reason, None, on_revision(based_on))
        places = names(session)
    _tell(told, places, as_json, "已作废")


def _moved(meter: dict[str, str], places: dict[str, str]) -> str:
    """Return what a return did to one meter, in the words and units of the pages."""
    region, mineral, per = meter["cap"].split("/")
    period = CapPeriod(per)
    before, after = (office(parse(f"{meter[side]} {meter['unit']}"), period) for side in ("before", "after"))
    when = f"{meter['period']} 年" if period is CapPeriod.year else meter["period"]
    return f"{places.get(region, region)} {mineral} {when}：{before} → {after}"


def _tell(told: dict[str, Any], places: dict[str, str], as_json: bool, done: str = "") -> None:
    if as_json:
        print_json(told)
        return
    same = "（与已登记数据一致，未改动）" if told["unchanged"] else ""
    done = done or f"第 {told['revision']} 次登记"
    typer.echo(f"{told['return']} {done}{same}")
    for meter in told["meters"]:
        typer.echo(f"  {_moved(meter, places)}")
    if told["alarms"]:
        print_alarms(told["alarms"], "触发的预警")


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,
    correct: Annotated[bool, typer.Option("--correct", help="更正已报数据")] = False,
    reason: Annotated[str, typer.Option(help="更正理由")] = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Import returns; good rows stay, bad rows are reported."""
    wants_json(as_json)
    with progress("导入报表") as advance:
        found = import_returns(
            engine(), file, as_user, correct=correct, reason=reason, dry_run=dry_run, advance=advance
        )
    report = told(found.public())
    _tell_report(report, as_json, dry_run)
    if report["rejected"]:
        raise typer.Exit(1)


def told(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report whose rejected rows and warnings carry their sentence."""
    return report | {kind: [_said(row) for row in report[kind]] for kind in ("rejected", "warnings")}


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in row.items() if k != "facts"} | {"message": say(row["code"], row["facts"])}


def _tell_report(report: dict[str, Any], as_json: bool, dry_run: bool) -> None:
    if as_json:
        print_json(report)
        return
    trial = "（试运行，未写入）" if dry_run else ""
    rejected = len({fault["row"] for fault in report["rejected"]})
    counts = f"接收 {report['accepted']} 行，未变 {report['unchanged']} 行，退回 {rejected} 行"
    typer.echo(f"{counts}，触发预警 {len(report['alarms'])} 条{trial}")
    for title, kind in (("退回的行", "rejected"), ("提示", "warnings")):
        if report[kind]:
            rows = [(r["row"], r["field"], r["value"], r["code"], r["message"]) for r in report[kind]]
            print_table(title, ("行", "字段", "值", "代码", "说明"), rows, right=(0,))
    if report["alarms"]:
        print_alarms(report["alarms"], f"触发的预警{trial}")
