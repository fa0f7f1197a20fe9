"""`registry plan`: loads plans, shows them, amends them by two people, and takes amendments back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import AsJson, AsUser, print_json, print_table, reading, wants_json, writing
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.quantity import LARGEST
from registry.kernel.strict_yaml import LARGEST_FILE, read_yaml
from registry.kernel.vocabulary import CapPeriod, Comparison, PlanState, RestrictionKind
from registry.minerals.queries import catalogue
from registry.plans.queries import brief, documents, public, readable_places
from registry.plans.rules import read_amendment, read_plan
from registry.plans.service import LARGEST_SCAN, enter_amendment, keep_scan, withdraw_amendment
from registry.regions.queries import chain
from registry.settings import settings
from registry.workflows import adopt_plan

app = typer.Typer(help="规划：导入、查看、调整、确认、撤回", no_args_is_help=True)
PlanFile = Annotated[Path, typer.Argument(metavar="FILE", help="UTF-8 的 YAML 文件")]
DocumentId = Annotated[int, typer.Argument(metavar="ID", max=LARGEST, help="registry plan show 所列的编号")]
_CAP_COLUMNS = ("矿种", "开采总量", "基本单位", "属性", "计量期", "有效期", "条款", "状态")
_INDICATOR_COLUMNS = ("指标", "基期", "目标", "单位", "含义", "属性", "条款")
_BINDING = {True: "约束性", False: "预期性", None: "未印"}


@app.command("import")
def import_command(file: PlanFile, as_user: AsUser = None, as_json: AsJson = False) -> None:
    """Load a plan in force; the same content again changes nothing."""
    wants_json(as_json)
    source = read_yaml(_bytes(file, LARGEST_FILE, "file"))
    with writing(as_user) as (session, actor):
        adoption = adopt_plan.adopt(session, actor, read_plan(source, catalogue(session)))
        told = brief(adoption.document) | {"changed": adoption.changed}
    if as_json:
        print_json(told)
    else:
        typer.echo(f"{_named(told)}：{'已导入' if told['changed'] else '内容相同，未作改动'}")


@app.command("amend")
def amend_command(
    file: PlanFile,
    scan: Annotated[Path | None, typer.Option(help="调整或批复文件的扫描件（PDF、JPEG 或 PNG）")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Enter an amendment (调整 or 批复); it takes effect when another person confirms it."""
    wants_json(as_json)
    source = read_yaml(_bytes(file, LARGEST_FILE, "file"))
    kept = keep_scan(settings().files_dir, _bytes(scan, LARGEST_SCAN, "scan")) if scan else None
    with writing(as_user) as (session, actor):
        command = read_amendment(source, catalogue(session))
        told = brief(enter_amendment(session, actor, command, kept))
    if as_json:
        print_json(told)
    else:
        typer.echo(
            f"{_named(told)}：{_state(told)}；另一人用 registry plan confirm {told['id']} --as 姓名 确认"
        )


@app.command("confirm")
def confirm_command(
    document_id: DocumentId,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Put an amendment in force; nobody confirms what they entered."""
    wants_json(as_json)
    with writing(as_user) as (session, actor):
        told = brief(adopt_plan.confirm(session, actor, document_id))
    if as_json:
        print_json(told)
    else:
        typer.echo(f"{_named(told)}：{_state(told)}")


@app.command("withdraw")
def withdraw_command(
    document_id: DocumentId,
    reason: Annotated[str, typer.Option(help="撤回理由")] = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Take back an amendment that is not confirmed; its number may then be entered again."""
    wants_json(as_json)
    with writing(as_user) as (session, actor):
        told = brief(withdraw_amendment(session, actor, document_id, reason))
    if as_json:
        print_json(told)
    else:
        typer.echo(f"{_named(told)}：{_state(told)}；更正后的文件可用同一文号重新录入")


@app.command("show")
def show_command(
    region: Annotated[str | None, typer.Option(help="行政区代码；缺省为可见的全部")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Show plans with every figure as printed and in base units."""
    wants_json(as_json)
    with reading(as_user) as (session, actor):
        places = _places(session, readable_places(session, actor), region)
        found = [public(session, document) for document in documents(session, places)]
    if as_json:
        print_json(found)
    for one in [] if as_json else found:
        _print(one)


def _places(session: Any, seen: set[str] | None, region: str | None) -> set[str] | None:
    """Return the regions to show: the one that was asked for, or all that the actor may read."""
    if region is None:
        return seen
    if seen is not None and region not in seen:
        raise NotFound("region", region)
    return {chain(session, region)[0].code}


def _bytes(path: Path, most: int, field: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise Invalid("file_unreadable", field, path.name, accepted="可读的文件") from error


def _named(told: dict[str, Any]) -> str:
    return f"{told['region']}《{told['title']}》{told['number'] or '（无文号）'}"


def _state(told: dict[str, Any]) -> str:
    return PlanState(told["state"]).label


def _print(one: dict[str, Any]) -> None:
    typer.echo(f"\n[{one['id']}] {_named(one)}  {one['valid_from']} — {one['valid_to']}  {_state(one)}")
    if one["amends"]:
        typer.echo(
            f"调整《{one['amends']['title']}》；录入 {one['entered_by']}，确认 {one['confirmed_by'] or '—'}"
        )
    _table("总量调控指标", _CAP_COLUMNS, [_cap_row(c, _pending(one)) for c in one["caps"]], right=(1, 2))
    _table("其他指标", _INDICATOR_COLUMNS, [_indicator_row(i) for i in one["indicators"]], right=(1, 2))
    reserves = [
        (
            r["printed_name"] or r["mineral"],
            r["year"],
            _figure(r["printed"]),
            _figure(r["amount"]),
            r["clause"],
        )
        for r in one["reserves"]
    ]
    _table("资源储量", ("矿种", "年度", "印作", "基本单位", "条款"), reserves, right=(2, 3))
    banned = [
        (RestrictionKind(b["kind"]).label, b["printed_name"] or b["mineral"], b["clause"])
        for b in one["restrictions"]
    ]
    _table("禁止和限制矿种", ("类别", "矿种", "条款"), banned)
    zones = [(z["kind"], z["name"], "、".join(z["minerals"]), z["clause"]) for z in one["zones"]]
    _table("分区", ("类别", "名称", "矿种", "条款"), zones)
    planned = [(p["place"], p["count"], "、".join(p["minerals"]), p["clause"]) for p in one["planned_rights"]]
    _table("拟设矿业权", ("地点", "个数", "矿种", "条款"), planned, right=(1,))
    _table("说明", ("条款", "内容"), [(n["about"], n["text"]) for n in one["notes"]])
    _table("条款原文", ("条款", "原文"), [(c["id"], c["text"]) for c in one["clauses"]])


def _table(title: str, columns: tuple[str, ...], rows: list[Any], right: tuple[int, ...] = ()) -> None:
    if rows:
        typer.echo()
        print_table(title, columns, rows, right)


def _pending(told: dict[str, Any]) -> str:
    """Return what is said of a line that has not come into force."""
    return _state(told) if told["state"] == PlanState.withdrawn else "待确认"


def _cap_row(cap: dict[str, Any], pending: str) -> tuple[object, ...]:
    about = "（左右）" if cap["approximate"] else ""
    live = "生效" if cap["in_force"] else ("已被取代" if cap["superseded_at"] else pending)
    name = f"（规划作“{cap['printed_name']}”）" if cap["printed_name"] else ""
    return (
        cap["mineral"] + name, (_figure(cap["printed"]) or "未列数值") + about, _figure(cap["limit"]),
        _BINDING[cap["binding"]], CapPeriod(cap["period"]).label,
        f"{cap['valid_from']} — {cap['valid_to']}", cap["clause"], live,
    )  # fmt: skip


def _indicator_row(one: dict[str, Any]) -> tuple[object, ...]:
    meaning = Comparison(one["comparison"]).label + ("（累计）" if one["cumulative"] else "")
    return (
        one["name"], one["baseline"], one["printed"] or one["value"], one["unit"], meaning,
        _BINDING[one["binding"]], one["clause"],
    )  # fmt: skip


def _figure(figure: dict[str, Any] | None) -> str | None:
    return f"{figure['value']} {figure['unit']}" if figure else None
