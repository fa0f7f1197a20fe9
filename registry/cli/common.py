"""What every command shares: the database, the actor, printing, progress and exit codes."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from registry.identity.queries import actor_named
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, NotFound, RegistryError
from registry.platform.db import connect, reader, transaction
from registry.settings import settings
from registry.wording import problem

AsUser = Annotated[str | None, typer.Option("--as", help="以谁的身份执行；缺省为 system")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]

# The command line must not know SQL: it hands sessions on, so their type stays opaque here.
_state: dict[str, bool] = {"json": False}


@cache
def engine() -> Any:
    """Return the engine of this process."""
    return connect(settings().database_url)


def forget_engine() -> None:
    """Close the engine, because the database beneath it may be put in place anew."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()


@contextmanager
def writing(name: str | None) -> Iterator[tuple[Any, Actor]]:
    """Give one write transaction and its actor."""
    with transaction(engine()) as session:
        yield session, actor_named(session, name)


@contextmanager
def reading(name: str | None = None) -> Iterator[tuple[Any, Actor]]:
    """Give one read transaction and its actor."""
    with reader(engine()) as session:
        yield session, actor_named(session, name)


def wants_json(flag: bool) -> bool:
    """Remember that errors too are to be JSON, and return the flag."""
    _state["json"] = flag
    return flag


def print_json(data: object) -> None:
    """Print one JSON value on stdout."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n")


def print_table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int] = ()
) -> None:
    """Print a table for people; columns whose index is in `right` are right-aligned."""
    table = Table(title=title, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for index, name in enumerate(columns):
        table.add_column(name, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("—" if cell is None else str(cell) for cell in row))
    console().print(table)


def console() -> Console:
    """Return a console on stdout; wide enough for tables when it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False, soft_wrap=False)


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on stderr and give a function that advances it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)


def run(app: Callable[[], object]) -> NoReturn:
    """Run the command line; errors become one clear message and the exit code of the contract."""
    try:
        app()
    except RegistryError as error:
        _report(error)
        raise SystemExit(_exit_code(error)) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    raise SystemExit(0)


def _report(error: RegistryError) -> None:
    told = problem(error)
    if _state["json"]:
        sys.stderr.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
    else:
        sys.stderr.write(f"{told['detail']}\n")


def _exit_code(error: RegistryError) -> int:
    if isinstance(error, NotFound):
        return 3
    return 4 if isinstance(error, Busy) else 1
