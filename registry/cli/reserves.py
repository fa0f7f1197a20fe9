"""`registry reserves`: the yearly balance of the reserve ledger."""

from typing import Annotated

import typer

from registry.cli.common import AsJson, AsUser, print_json, print_table, reading, wants_json
from registry.identity.queries import readable
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import ReserveCategory
from registry.output.queries import newest_year
from registry.platform import clock
from registry.reserves.queries import balances
from registry.rights.queries import rights_in

app = typer.Typer(help="储量台账", no_args_is_help=True)
_COLUMNS = (
    "right", "deposit", "mineral", "category", "unit", "opening", "extracted", "lost", "explored",
    "reestimated", "transferred", "closing", "cumulative",
)  # fmt: skip
_TITLES = (
    "矿业权", "矿区", "矿种", "类别", "单位", "年初保有", "开采量", "损失量", "勘查增减", "重算增减",
    "划转增减", "年末保有", "累计查明",
)  # fmt: skip


@app.callback()
def reserves() -> None:
    """Keep `balance` a command of its own: others will follow it."""


@app.command("balance")
def balance_command(
    year: Annotated[str, typer.Option(help="年度；缺省为最近有报表的年度")] = "",
    region: Annotated[str | None, typer.Option(help="行政区代码")] = None,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Show the ledger of a year by right, mineral and category; resources and reserves stay apart."""
    wants_json(as_json)
    wanted = parse_year(year).year if year else None
    with reading(as_user) as (session, actor):
        rights = rights_in(session, readable(session, actor, "reserves.read", region))
        shown = wanted or newest_year(session) or clock.today(session).year
        rows = balances(session, rights, shown)
    if as_json:
        print_json(rows)
        return
    cells = [[ReserveCategory(row[c]).label if c == "category" else row[c] for c in _COLUMNS] for row in rows]
    print_table(f"{shown} 年度矿山资源储量变动台账", _TITLES, cells, right=tuple(range(5, 13)))
