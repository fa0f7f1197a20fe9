"""`registry demo`: plays one reporting year on the real plans, prints what came of it, and serves it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from registry.alarms.queries import alarms, public
from registry.cli.alarms import print_alarms
from registry.cli.caps import print_caps
from registry.cli.common import engine, forget_engine, print_table, progress, reading
from registry.cli.report import Files, print_cap_table, print_inspection, print_municipal, print_permit
from registry.cli.serve import serve
from registry.kernel.quantity import parse_rate
from registry.platform.files import make_folder
from registry.settings import announce, settings
from registry.workflows.cap_status import status
from seed.accounts import Account, furnish
from seed.demonstration import make

# The sheets shown: the quarry that passed the cap, and one whose scale class is open.
YEAR, COUNTY = 2025, "500240"
_PERMITS = ("示例-SZ-2015-0001",)
_INSPECTIONS = ("SZ-2015-0001",)


def demo_command(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="不启动网页")] = False,
    out: Annotated[Path, typer.Option(help="PDF 输出文件夹")] = Path("out"),
    limestone_cap: Annotated[str, typer.Option(help="以另一数值运行建筑石料用灰岩指标，如 “1200 kt/a”")] = "",
    accounts: Annotated[Path, typer.Option(help="演示账户文件")] = Path("var/demo-accounts.json"),
    port: Annotated[int, typer.Option(envvar="PORT", min=0, max=65535, help="网页端口")] = 8000,
) -> None:
    """Play the demonstration year, print caps and alarms, write the PDFs, and serve the page."""
    rate = parse_rate(limestone_cap, "limestone-cap") if limestone_cap else None
    forget_engine()
    if port:
        announce(f"http://127.0.0.1:{port}")
    with progress("演示年度") as advance:
        make(settings().database_url, rate, advance)
    furnished = furnish(settings().database_url, accounts)
    with reading() as (session, _):
        print_caps(status(session))
        print_alarms(public(session, alarms(session)), "当年触发的预警")
    for path in _papers(out):
        typer.echo(f"已打印 {path}")
    _show_accounts(furnished, accounts)
    if not no_serve:
        serve("127.0.0.1", port, 1)


def _show_accounts(accounts: Sequence[Account], path: Path) -> None:
    """Show who may sign in; the tokens are long, so they stay in the file."""
    rows = [(one.name, one.password, one.role.label, one.region) for one in accounts]
    print_table("演示账户", ("用户名称", "密码", "岗位", "行政区"), rows)
    typer.echo(f"密码和接口令牌也保存在 {path}（仅本机当前用户可读）")


def _papers(out: Path) -> list[Path]:
    """Print the first sheets of the demonstration into a folder."""
    make_folder(out)
    permits = [print_permit(engine(), number, out / f"采矿许可证-{number}.pdf") for number in _PERMITS]
    sheets = [print_inspection(engine(), n, YEAR, out / f"年检报告书-{n}-{YEAR}.pdf") for n in _INSPECTIONS]
    table = print_cap_table(engine(), YEAR, COUNTY, out / f"总量调控表-{COUNTY}-{YEAR}.pdf")
    stem = f"年度执行情况报告-{COUNTY}-{YEAR}"
    report = Files(out / f"{stem}.pdf", out / f"{stem}-附表.xlsx", out / f"{stem}-报送函.docx")
    return [*permits, *sheets, table, *print_municipal(engine(), YEAR, COUNTY, report)]
