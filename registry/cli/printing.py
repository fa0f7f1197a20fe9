"""Prints one paper to a file for a command: kept and numbered like every other."""

from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import check_target
from registry.documents.models import Document
from registry.documents.queries import by_number
from registry.documents.rules import Order
from registry.documents.service import issue, kept_bytes, pdf_of
from registry.kernel.errors import NotFound
from registry.platform.db import reader
from registry.platform.files import write_whole

Target = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="PDF 文件；所在文件夹须已存在")]


def print_order(database: Any, target: Path, name: str | None, order: Order) -> Path:
    """Print and keep a paper, unless one that says the same is kept already, and write its bytes whole.

    Raises:
        Invalid: the folder of the file does not exist, or the file is a folder.
    """
    check_target(target, "PDF")
    write_whole(target, kept_bytes(issued(database, name, order)))
    return target


def issued(database: Any, name: str | None, order: Order) -> Document:
    """Print a paper for somebody, or find the one that says the same, and return its record.

    Raises:
        NotFound: there is nothing to print, or not for them.
    """
    number = issue(database, order, name, pdf_of)
    with reader(database) as session:
        document = by_number(session, number)
    if document is None:
        raise NotFound("document", number)
    return document


def tell(written: Path) -> None:
    """Say which file has been written."""
    typer.echo(f"已打印 {written}")
