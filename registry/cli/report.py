"""`registry report`: prints permit sheet, annual inspection and cap table to a PDF file, and keeps them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import AsUser, engine
from registry.documents.queries import by_number
from registry.documents.rules import Order
from registry.documents.service import issue, kept_bytes, pdf_of
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.period import parse_year
from registry.kernel.vocabulary import DocumentKind
from registry.platform.db import reader
from registry.platform.files import write_whole

app = typer.Typer(help="打印：许可证打印件、年检表、总量调控表", no_args_is_help=True)
Target = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="PDF 文件；所在文件夹须已存在")]


@app.command("permit")
def permit_command(
    permit: Annotated[str, typer.Argument(help="许可证号，或矿业权编号")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the sheet of one permit."""
    _tell(print_permit(engine(), permit, output, as_user))


@app.command("inspection")
def inspection_command(
    right: Annotated[str, typer.Argument(help="矿业权编号，如 SZ-2025-0007")],
    year: Annotated[str, typer.Argument(help="年度")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the annual inspection sheet of one right."""
    _tell(print_inspection(engine(), right, parse_year(year).year, output, as_user))


@app.command("municipal")
def municipal_command(
    year: Annotated[str, typer.Argument(help="年度")],
    region: Annotated[str, typer.Option(help="行政区代码")],
    output: Target,
    as_user: AsUser = None,
) -> None:
    """Print the cap table of a year."""
    _tell(print_municipal(engine(), parse_year(year).year, region, output, as_user))


def print_permit(database: Any, number: str, target: Path, name: str | None = None) -> Path:
    """Print the sheet of one permit to a file and return the file."""
    return _print(database, target, name, Order(DocumentKind.permit, number))


def print_inspection(database: Any, right: str, year: int, target: Path, name: str | None = None) -> Path:
    """Print the annual inspection sheet of one right to a file and return the file."""
    return _print(database, target, name, Order(DocumentKind.inspection, right, year))


def print_municipal(database: Any, year: int, region: str, target: Path, name: str | None = None) -> Path:
    """Print the cap table of a year to a file and return the file."""
    return _print(database, target, name, Order(DocumentKind.cap_table, region, year))


def _print(database: Any, target: Path, name: str | None, order: Order) -> Path:
    """Print and keep a paper, unless one that says the same is kept already, and write its bytes whole.

    Raises:
        Invalid: the folder of the file does not exist, or the file is a folder.
    """
    if not target.parent.is_dir():
        raise Invalid("folder_missing", "output", target.parent, accepted="已存在的文件夹")
    if target.is_dir():
        raise Invalid("not_a_file", "output", target, accepted="PDF 文件名")
    number = issue(database, order, name, pdf_of)
    with reader(database) as session:
        document = by_number(session, number)
    if document is None:
        raise NotFound("document", number)
    write_whole(target, kept_bytes(document))
    return target


def _tell(written: Path) -> None:
    typer.echo(f"已打印 {written}")
