"""`registry right`: imports and exports rights, records their state and green level."""

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import (
    AsJson,
    AsUser,
    engine,
    print_json,
    print_table,
    progress,
    reading,
    wants_json,
    writing,
)
from registry.cli.output import told
from registry.kernel.period import parse_day
from registry.kernel.vocabulary import GreenLevel, OperatingState
from registry.registration.cells import word
from registry.registration.ledger import ledger
from registry.registration.service import set_green, set_state
from registry.registration.sheet import write_sheet
from registry.workflows.import_rights import import_rights

app = typer.Typer(help="矿业权：导入、台账导出、状态、绿色矿山", no_args_is_help=True)
Number = Annotated[str, typer.Argument(metavar="RIGHT", help="矿业权编号，如 SZ-2025-0007")]
Since = Annotated[str, typer.Option(help="起始日：YYYY-MM-DD")]
Reason = Annotated[str, typer.Option(help="理由（必填）")]


@app.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="CSV 或 XLSX，首个工作表")],
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Import existing rights; good rows stay, bad rows are reported."""
    wants_json(as_json)
    with progress("导入矿业权") as advance:
        found = import_rights(engine(), file, as_user, advance)
    report = _worded(found.public())
    if as_json:
        print_json(report)
    else:
        _tell(report)
    if report["rejected"]:
        raise typer.Exit(1)


def _worded(report: dict[str, Any]) -> dict[str, Any]:
    """Return a report whose rows carry their sentences."""
    return told(report)


def _tell(report: dict[str, Any]) -> None:
    rejected = len({fault["row"] for fault in report["rejected"]})
    counts = f"接收 {report['accepted']} 行，未变 {report['unchanged']} 行，退回 {rejected} 行"
    typer.echo(f"{counts}，提示 {len(report['warnings'])} 条，触发预警 {len(report['alarms'])} 条")
    for title, rows in (("退回的行", report["rejected"]), ("提示", report["warnings"])):
        if rows:
            cells = [(r["row"], r["field"], r["value"], r["code"], r["message"]) for r in rows]
            print_table(title, ("行", "字段", "值", "代码", "说明"), cells, right=(0,))
    if report["alarms"]:
        raised = [
            (a["id"], a["code"].label, a["mineral"], a["right"] or a["caused_by"]) for a in report["alarms"]
        ]
        print_table("触发的预警", ("编号", "事项", "矿种", "触发来源"), raised, right=(0,))


@app.command("export")
def export_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="采矿权台账")],
    region: Annotated[str | None, typer.Option(help="行政区代码；缺省为全部")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Write the register of mining rights as one landscape sheet."""
    wants_json(as_json)
    with reading(as_user) as (session, actor):
        content = ledger(session, actor, region)
    write_sheet(content, file)
    if as_json:
        print_json({"file": str(file), "rights": len(content.lines), "named": len(content.named)})
    else:
        typer.echo(f"{content.title}：{len(content.lines)} 宗，已写入 {file}")


@app.command("state")
def state_command(
    number: Number, state: Annotated[str, typer.Argument(help="、".join(s.label for s in OperatingState))],
    since: Since, reason: Reason = "", as_user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record what a mine does since a day."""
    wants_json(as_json)
    known, day = word(OperatingState, state, "state"), parse_day(since, "since")
    with writing(as_user) as (session, actor):
        right, is_news = set_state(session, actor, number, known, day, reason)
    _done({"right": right.number, "state": known, "since": day, "changed": is_news}, known.label, as_json)


@app.command("green")
def green_command(
    number: Number, level: Annotated[str, typer.Argument(help="、".join(g.label for g in GreenLevel))],
    since: Since, reason: Reason = "", as_user: AsUser = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Record the green-mine level of a mine since a day."""
    wants_json(as_json)
    known, day = word(GreenLevel, level, "green"), parse_day(since, "since")
    with writing(as_user) as (session, actor):
        right, is_news = set_green(session, actor, number, known, day, reason)
    _done({"right": right.number, "green": known, "since": day, "changed": is_news}, known.label, as_json)


def _done(facts: dict[str, Any], label: str, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        unchanged = "" if facts["changed"] else "，登记簿已是如此，未作改动"
        typer.echo(f"{facts['right']}：{label}（{facts['since']} 起{unchanged}）")
