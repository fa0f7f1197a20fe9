"""`registry caps`: the state of every cap, and what a new demand would meet."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import AsJson, AsUser, print_json, print_table, reading, wants_json
from registry.identity.queries import readable
from registry.kernel.display import BASE_UNIT, in_base_unit, office, percent
from registry.kernel.errors import Invalid
from registry.kernel.period import parse_day, parse_year
from registry.kernel.vocabulary import CapState
from registry.platform.clock import today
from registry.regions.queries import names
from registry.workflows.cap_status import CapStatus, public, status
from registry.workflows.what_if import public as told
from registry.workflows.what_if import read_application, what_if

_LARGEST = 2**20
app = typer.Typer(help="规划总量调控指标：状态、试算", no_args_is_help=True)


@app.command("status")
def status_command(
    year: Annotated[str, typer.Option(help="年度；缺省为最近有报表的年度")] = "",
    region: Annotated[str | None, typer.Option(help="行政区代码")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="截至某日日终登记内容：YYYY-MM-DD")] = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Show every cap with both meters."""
    wants_json(as_json)
    wanted = parse_year(year).year if year else None
    day = parse_day(as_of, "as-of") if as_of else None
    with reading(as_user) as (session, actor):
        if day is not None and day > today(session):
            raise Invalid("day_in_future", "as-of", day, accepted=f"≤ {today(session)}")
        found = status(session, wanted, None, day, readable(session, actor, "caps.read", region))
    if as_json:
        print_json([public(one) for one in found])
    else:
        print_caps(found, day)


def print_caps(found: list[CapStatus], as_of: date | None = None) -> None:
    """Print caps as a table for people."""
    title = f"{found[0].year} 年度规划总量调控" if found else "没有已登记的规划指标"
    rows = [_row(one) for one in found]
    columns = (
        "行政区",
        "矿种",
        "属性",
        "指标",
        "合",
        "已许可",
        "许可占比",
        "预占",
        "已开采",
        "占比",
        "状态",
        "数据截至",
        "缺报",
    )
    print_table(
        f"{title}{f'（截至 {as_of} 日终）' if as_of else ''}", columns, rows, right=(3, 4, 5, 6, 7, 8, 9, 12)
    )


def _state(one: CapStatus) -> str:
    """Return the state in words; where nothing is planned, licensed or dug, that is what it says."""
    if one.figure.line is None:
        return "当年尚无规划"
    nothing = not one.readings and one.licensed.total.base == 0 and one.licensed.unknown == 0
    return "无数据" if nothing and one.state is CapState.ok else one.state.label


def _row(one: CapStatus) -> tuple[object, ...]:
    per, line = one.cap.period, one.figure.line
    binding = {True: "约束性", False: "预期性", None: "—"}[one.figure.binding]
    printed = (
        f"{line.printed_value} {line.printed_unit}"
        if line and line.printed_value
        else ("规划未列数值" if line else "—")
    )
    carried = "（沿用）" if one.figure.carried_forward else ""
    return (
        one.cap.region,
        one.cap.mineral,
        binding,
        printed + carried,
        f"{in_base_unit(one.limit)} {BASE_UNIT[one.cap.kind]}" if one.limit else "",
        office(one.licensed.used, per),
        percent(one.ratio(one.licensed.total)),
        office(one.licensed.held, per),
        office(one.used, per),
        percent(one.ratio(one.used)),
        _state(one),
        one.data_through,
        len(one.missing_returns) or "",
    )


@app.command("assess")
def assess_command(
    file: Annotated[Path, typer.Argument(help="JSON：kind, region, mineral, scale, from, to")],
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Weigh one application against every cap in every year of its term, changing nothing."""
    wants_json(as_json)
    asked = read_application(_read_json(file))
    with reading(as_user) as (session, actor):
        found = told(what_if(session, actor, asked), names(session))
    print_json(found)


def _read_json(file: Path) -> Any:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise Invalid("file_too_large", "file", len(content), accepted=f"≤ {_LARGEST // 2**20} MB")
        # numbers stay as they were written: none of them becomes a float
        return json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=str)
    except (OSError, ValueError, RecursionError) as error:
        raise Invalid("file_unreadable", "file", file.name, accepted="JSON (UTF-8)") from error
