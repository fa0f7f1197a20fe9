"""What every command shares: the database, the actor, printing, progress and exit codes."""

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from typer.exceptions import TyperException
from typer.rich_utils import rich_format_error

from registry.identity.queries import actor_named
from registry.identity.rules import Actor
from registry.kernel.errors import Busy, Invalid, NotFound, RegistryError
from registry.platform.db import connect, reader, transaction
from registry.platform.files import FileUnwritable
from registry.platform.migrations import check_ready
from registry.platform.trouble import as_ours, named_errors
from registry.settings import settings
from registry.wording import problem

AsUser = Annotated[str | None, typer.Option("--as", help="以谁的身份执行；缺省为 system")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON")]

# The command line must not know SQL: it hands sessions on, so their type stays opaque here.
_state: dict[str, bool] = {"json": False}


@cache
def opened() -> Any:
    """Return the engine of this process, whatever its database holds."""
    return connect(settings().database_url)


@cache
def engine() -> Any:
    """Return the engine of this process on a book that is ready for this program.

    Raises:
        NotReady, DatabaseOfAnother, DatabaseNewer: it is not.
    """
    check_ready(opened())
    return opened()


def forget_engine() -> None:
    """Close the engine, because the database beneath it may be put in place anew."""
    if opened.cache_info().currsize:
        opened().dispose()
    opened.cache_clear()
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


def check_target(target: Path, form: str) -> None:
    """Refuse a place where no file can be written, before anything is read for it.

    Raises:
        Invalid: the folder of the file does not exist, or the file is a folder.
    """
    if not target.parent.is_dir():
        raise Invalid("folder_missing", "output", target.parent, accepted="已存在的文件夹")
    if target.is_dir():
        raise Invalid("not_a_file", "output", target, accepted=f"{form} 文件名")


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
        table.add_row(*("—" if cell is None else visible_text(str(cell)) for cell in row))
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


def run(app: typer.Typer) -> NoReturn:
    """Run the command line; any error becomes one clear message and the exit code of the contract."""
    _open_streams()
    wants_json("--json" in sys.argv)
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that nothing is left behind
    try:
        with named_errors():
            code = _invoke(app, sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads us has read enough
        code = 0
    except Exception as error:  # the last stop: nobody at a counter reads a traceback
        code = _report(_ours(error))
    _close_stdout()
    raise SystemExit(code)


def _open_streams() -> None:
    """Let both streams take every text, also where a terminal lacks a sign or somebody closed them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 it stays open
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _close_stdout() -> None:
    """Drop what cannot be written any more, or Python would complain of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _invoke(app: typer.Typer, words: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    for word in words:
        if any("\ud800" <= sign <= "\udfff" for sign in word):  # bytes that are no UTF-8
            raise Invalid("control_character", "argv", visible_text(word), accepted="UTF-8")
    try:
        code = app(standalone_mode=False)
    except TyperException as error:
        if _state["json"]:
            raise Invalid("usage", "argv", error.format_message(), accepted="registry … --help") from error
        rich_format_error(cast(Any, error))
        code = error.exit_code
    return code if isinstance(code, int) else 0


def _ours(error: Exception) -> RegistryError:
    """Return any error as one of ours."""
    if isinstance(error, OSError):
        return FileUnwritable(file=error.filename or "-", reason=error.strerror or repr(error))
    return as_ours(error)


def _report(error: RegistryError) -> int:
    """Say what went wrong, and return the exit code for it."""
    told = problem(error)
    if _state["json"]:
        sys.stderr.write(json.dumps(told, ensure_ascii=False, default=str) + "\n")
    else:
        sys.stderr.write(f"{visible_text(told['detail'])}\n")
    return _exit_code(error)


def _exit_code(error: RegistryError) -> int:
    if error.code == "usage":
        return 2
    if isinstance(error, NotFound):
        return 3
    return 4 if isinstance(error, Busy) else 1


def visible_text(text: str) -> str:
    """Return a text without the signs that steer a terminal or turn its reading direction."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "·" for sign in text)
