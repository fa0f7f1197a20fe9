"""`registry report alarm-notice`, `missing-notice`, `renewal-notice`, `progress`: what an office sends."""

from typing import Annotated

import typer

from registry.cli.common import AsUser, engine
from registry.cli.printing import Target, print_order, tell
from registry.documents.rules import Order
from registry.kernel.errors import Invalid
from registry.kernel.period import Month, parse_period, parse_year
from registry.kernel.vocabulary import DocumentKind


def alarm_notice(
    alarm: Annotated[str, typer.Argument(help="预警号；仅限总量调控指标的预警")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the letter that tells the mines under a cap what its meter has come to."""
    tell(print_order(engine(), output, as_user, Order(DocumentKind.alarm_notice, alarm)))


def missing_notice(
    right: Annotated[str, typer.Argument(help="矿业权编号，如 SZ-2025-0007")],
    year: Annotated[str, typer.Argument(help="年度")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the letter that reminds a mine of late returns of a year."""
    order = Order(DocumentKind.missing_notice, right, parse_year(year).year)
    tell(print_order(engine(), output, as_user, order))


def renewal_notice(
    right: Annotated[str, typer.Argument(help="矿业权编号，如 SZ-2025-0007")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the letter that reminds a mine to apply for renewal in time."""
    tell(print_order(engine(), output, as_user, Order(DocumentKind.renewal_notice, right)))


def progress(
    month: Annotated[str, typer.Argument(metavar="YEAR-MM", help="月份，如 2025-09")],
    region: Annotated[str, typer.Option(help="行政区代码")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the one page of cap progress by the end of a month."""
    found = parse_period(month, "month")
    if not isinstance(found, Month):
        raise Invalid("not_a_period", "month", month, accepted="如 2025-09")
    order = Order(DocumentKind.progress, region, found.year, f"{found.month:02d}")
    tell(print_order(engine(), output, as_user, order))


def add_to(app: typer.Typer) -> None:
    """Add the commands to `registry report`."""
    app.command("alarm-notice")(alarm_notice)
    app.command("missing-notice")(missing_notice)
    app.command("renewal-notice")(renewal_notice)
    app.command("progress")(progress)
