"""Lays out papers in a child process: a page that never ends or crashes takes nothing else with it.

Each process that prints has one child. It is begun anew when it dies or takes too long for a paper, and the
paper is tried once more. It is also begun anew after a day: a machine takes old files away from where its
fonts lie, some after ten days.
"""

import multiprocessing
import os
import signal
import tempfile
from contextlib import suppress
from datetime import timedelta
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock, Thread
from weakref import finalize

from registry.documents.service import Sheet, pdf_of
from registry.kernel.errors import RegistryError
from registry.platform.clock import wall
from registry.platform.trouble import as_ours

LIMIT = 60  # seconds for one paper, its child's start and the fonts' reading included
_DAY = timedelta(days=1)
_FOLDER = "registry-printer-"
_SPAWN = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold


class PrintFailed(RegistryError):
    """The layout died or took too long, twice; nothing was printed."""

    code = "print_failed"


class Printer:
    """The child that lays out papers, one at a time."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._lock = Lock()
        self._child: BaseProcess | None = None
        self._line: Connection | None = None
        self._life: Connection | None = None
        self._sweep: finalize[..., Printer] | None = None
        self._begun = wall()

    def pdf(self, sheet: Sheet) -> bytes:
        """Return the PDF of a sheet.

        Raises:
            PrintFailed: twice the child died or took too long.
            RegistryError: the layout refused the sheet.
        """
        why = ""
        with self._lock:
            for _ in range(2):
                try:
                    return self._ask(sheet)
                except TimeoutError:
                    why = f"超过 {self.limit} 秒"
                except (EOFError, OSError):
                    why = "排版进程中断"
                self._kill()
        raise PrintFailed(paper=sheet.paper.label, reason=why)

    def warm(self) -> None:
        """Begin the child, so that the first paper need not wait for it."""
        with self._lock:
            self._begin()

    def end(self) -> None:
        """End the child."""
        with self._lock:
            self._kill()

    def _ask(self, sheet: Sheet) -> bytes:
        line = self._begin()
        line.send(sheet)
        if not line.poll(self.limit):
            raise TimeoutError
        answer = line.recv()
        if isinstance(answer, RegistryError):
            raise answer
        content: bytes = answer
        return content

    def _begin(self) -> Connection:
        lives = self._child is not None and self._child.is_alive()
        if self._line is not None and lives and wall() - self._begun < _DAY:
            return self._line
        self._kill()
        self._begun = wall()
        self._line, theirs = _SPAWN.Pipe()
        held, self._life = _SPAWN.Pipe(duplex=False)
        folder = mkdtemp(prefix=_FOLDER)
        _sweep_old(Path(folder))
        self._sweep = finalize(self, rmtree, folder, ignore_errors=True)
        self._child = _SPAWN.Process(
            target=_lay_out, args=(theirs, held, folder), name="printer", daemon=True
        )
        self._child.start()
        theirs.close()
        held.close()
        return self._line

    def _kill(self) -> None:
        for end in (self._line, self._life):
            if end is not None:
                end.close()
        if self._child is not None and self._child.pid is not None:
            self._child.kill()
            self._child.join()
        if self._sweep is not None:
            self._sweep()
        self._line = self._life = self._child = None


def _sweep_old(new: Path) -> None:
    """Take away what printers killed with their parents have left: no living one is two days old."""
    born = new.stat()
    for folder in new.parent.glob(f"{_FOLDER}*"):
        with suppress(OSError):
            found = folder.lstat()
            if found.st_uid == born.st_uid and born.st_mtime - found.st_mtime > 2 * _DAY.total_seconds():
                rmtree(folder, ignore_errors=True)


def _lay_out(line: Connection, life: Connection, folder: str) -> None:
    """Lay out every sheet that comes, in the child; end with the parent, even in the middle of a page.

    The library copies the fonts, 50 MB, into a folder of its own that it only takes away when it ends in
    peace, which this child never does: it lies in one that the parent sweeps away, or the child without it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: _leave(folder))
    tempfile.tempdir = folder
    Thread(target=_watch, args=(life, folder), daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            line.send(_answer(line.recv()))
    _leave(folder)


def _answer(sheet: Sheet) -> bytes | RegistryError:
    try:
        return pdf_of(sheet)
    except Exception as error:  # a second try would end as this one did
        return as_ours(error)


def _watch(life: Connection, folder: str) -> None:
    with suppress(EOFError, OSError):
        life.recv()
    _leave(folder)


def _leave(folder: str) -> None:
    rmtree(folder, ignore_errors=True)
    os._exit(1)


@cache
def _own() -> Printer:
    """Return the printer of this process."""
    return Printer()


def print_sheet(sheet: Sheet) -> bytes:
    """Return the PDF of a sheet, laid out in the child of this process."""
    return _own().pdf(sheet)


def warm() -> None:
    """Begin the child of this process."""
    _own().warm()


def end() -> None:
    """End the child of this process."""
    _own().end()
