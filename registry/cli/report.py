"""`registry report`: prints papers to PDF files and keeps them; a yearly report also as XLSX and DOCX."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli import notices
from registry.cli.batch import batch_command
from registry.cli.common import AsUser, check_target, engine
from registry.cli.printing import Target, issued, print_order, tell
from registry.documents.rules import Order, read_order
from registry.documents.service import kept_bytes
from registry.documents.service.municipal import edition_now
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import DocumentKind
from registry.platform.db import reader
from registry.platform.files import write_whole

app = typer.Typer(
    help="打印：许可证打印件、登记信息单、年检报告书、总量调控表、年度执行情况报告、函件；批量",
    no_args_is_help=True,
)


app.command("batch")(batch_command)
notices.add_to(app)


@app.command("permit")
def permit_command(
    permit: Annotated[str, typer.Argument(help="许可证号，或矿业权编号")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the sheet of one permit."""
    tell(print_permit(engine(), permit, output, as_user))


@app.command("registration")
def registration_command(
    right: Annotated[str, typer.Argument(help="矿业权编号，如 SZ-2025-0007")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print everything that is registered about a right."""
    tell(print_order(engine(), output, as_user, Order(DocumentKind.registration, right)))


@app.command("inspection")
def inspection_command(
    right: Annotated[str, typer.Argument(help="矿业权编号，如 SZ-2025-0007")],
    year: Annotated[str, typer.Argument(help="年度")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the annual inspection report of one right."""
    tell(print_inspection(engine(), right, parse_year(year).year, output, as_user))


@app.command("caps")
def caps_command(
    year: Annotated[str, typer.Argument(help="年度")],
    region: Annotated[str, typer.Option(help="行政区代码")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the cap table of a year."""
    tell(print_cap_table(engine(), parse_year(year).year, region, output, as_user))


@app.command("municipal")
def municipal_command(
    year: Annotated[str, typer.Argument(help="年度")],
    region: Annotated[str, typer.Option(help="行政区代码")],
    output: Target,
    edition: Annotated[str, typer.Option(help="快报或定报；缺省：年度未结束或有缺报为快报，否则定报")] = "",
    annex: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="附表")] = None,
    letter: Annotated[Path | None, typer.Option(metavar="FILE.docx", help="报送函，可编辑")] = None,
    as_user: AsUser = None,
) -> None:
    """Print the yearly report to the municipal bureau, with its annexes and its letter where wanted."""
    files = Files(output, annex, letter)
    for written in print_municipal(engine(), parse_year(year).year, region, files, edition, as_user):
        tell(written)


@dataclass(frozen=True, slots=True)
class Files:
    """Where the yearly report is written: the paper, and beside it the annexes and the letter."""

    paper: Path
    annex: Path | None = None
    letter: Path | None = None


def print_permit(database: Any, number: str, target: Path, name: str | None = None) -> Path:
    """Print the sheet of one permit to a file and return the file."""
    return print_order(database, target, name, Order(DocumentKind.permit, number))


def print_inspection(database: Any, right: str, year: int, target: Path, name: str | None = None) -> Path:
    """Print the annual inspection sheet of one right to a file and return the file."""
    return print_order(database, target, name, Order(DocumentKind.inspection, right, year))


def print_cap_table(database: Any, year: int, region: str, target: Path, name: str | None = None) -> Path:
    """Print the cap table of a year to a file and return the file."""
    return print_order(database, target, name, Order(DocumentKind.cap_table, region, year))


def print_municipal(
    database: Any, year: int, region: str, files: Files, edition: str = "", name: str | None = None
) -> list[Path]:
    """Print the yearly report in an edition, by default the one that fits now; return what was written.

    Raises:
        Invalid: no such edition, or a folder does not exist; nothing is printed then.
    """
    from registry.documents.service.municipal.enclosed import annex_of, letter_of

    for target, form in ((files.paper, "PDF"), (files.annex, "XLSX"), (files.letter, "DOCX")):
        if target is not None:
            check_target(target, form)
    if not edition:
        with reader(database) as session:
            edition = edition_now(session, year, region)
    order = read_order(DocumentKind.municipal, region, str(year), edition)
    document = issued(database, name, order)
    written = [(files.paper, kept_bytes), (files.annex, annex_of), (files.letter, letter_of)]
    for target, content in written:
        if target is not None:
            write_whole(target, content(document))
    return [target for target, _ in written if target is not None]
