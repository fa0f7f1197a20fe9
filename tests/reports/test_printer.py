"""Papers are laid out in a child: one that dies or never ends takes nothing else with it."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest

from registry.jobs.printer import Printer, PrintFailed
from registry.kernel.errors import Invalid, RegistryError
from reports.cap_table import CapTable
from tests.databases import ROOT
from tests.reports.samples import PERMIT


class Paper:
    """What a sheet carries, as far as its name."""

    label = "试印"


class Spoilt:
    """A sheet that does something to the process that receives it."""

    paper = Paper()

    def __init__(self, act, *given):
        self.act, self.given = act, given

    def __reduce__(self):
        return self.act, self.given


def dies_once(mark: str):
    """Kill the process that receives the sheet, the first time."""
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(9)
    return PERMIT


@pytest.fixture
def printer():
    """Give a printer, and end its child."""
    found = Printer(limit=60)
    yield found
    found.end()


def test_it_prints_as_this_process_would(printer):
    assert printer.pdf(PERMIT).startswith(b"%PDF")
    first = printer._child.pid
    printer.pdf(PERMIT)
    assert printer._child.pid == first  # one child, one set of fonts, for all papers


def test_a_child_that_dies_is_begun_anew_and_the_paper_tried_again(printer, tmp_path):
    mark = tmp_path / "died"
    assert printer.pdf(Spoilt(dies_once, str(mark))).startswith(b"%PDF")
    assert mark.exists()


def test_a_paper_that_kills_twice_is_given_up_and_the_next_is_printed(printer):
    with pytest.raises(PrintFailed) as failed:
        printer.pdf(Spoilt(os._exit, 9))
    assert failed.value.facts["paper"] == "试印"
    assert printer.pdf(PERMIT).startswith(b"%PDF")


def test_a_paper_that_never_ends_is_given_up(printer):
    printer.limit = 3
    with pytest.raises(PrintFailed, match="3 秒"):
        printer.pdf(Spoilt(time.sleep, 600))


def test_a_refusal_of_the_layout_is_told_by_its_code_and_not_tried_again(printer, monkeypatch):
    printer.warm()
    first = printer._child.pid
    with pytest.raises(RegistryError) as refused:
        printer.pdf(Spoilt(Paper))  # nothing that could be laid out
    assert refused.value.code == "unexpected"
    assert printer._child.pid == first


def test_an_error_comes_back_as_what_it_was(printer):
    with pytest.raises(Invalid) as refused:
        printer.pdf(Spoilt(Refusing))
    assert (refused.value.code, refused.value.field, refused.value.accepted) == ("not_a_pdf", "file", "PDF")


class TestFonts:
    """The library copies the fonts into a temporary folder: whatever ends the child, nothing of it stays."""

    @pytest.fixture(autouse=True)
    def folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        return tmp_path

    def test_of_one_that_has_ended(self, printer, folder):
        printer.pdf(PERMIT)
        [own] = folder.iterdir()
        assert len(list(own.glob("weasyprint-*/*"))) > 1
        printer.end()
        assert list(folder.iterdir()) == []

    def test_of_one_that_died_and_was_begun_anew(self, printer, folder):
        printer.pdf(PERMIT)
        [first] = folder.iterdir()
        with pytest.raises(PrintFailed):
            printer.pdf(Spoilt(os._exit, 9))
        assert not first.exists()
        printer.end()
        assert list(folder.iterdir()) == []

    def test_of_one_that_is_a_day_old_and_begun_anew(self, printer, folder):
        printer.pdf(PERMIT)
        [first] = folder.iterdir()
        printer._begun -= timedelta(days=1)
        assert printer.pdf(PERMIT).startswith(b"%PDF")
        [second] = folder.iterdir()
        assert second != first

    def test_of_one_that_was_killed_with_its_parent_days_ago(self, printer, folder):
        old, young, other = (folder / name for name in ("registry-printer-a", "registry-printer-b", "else"))
        for left in (old, young, other):
            (left / "fonts").mkdir(parents=True)
        for left, hours in ((old, 49), (young, 47), (other, 49)):
            os.utime(left, times=(time.time() - hours * 3600,) * 2)
        link = folder / "registry-printer-c"
        link.symlink_to(other)
        printer.warm()
        assert [left.exists() for left in (old, young, other, link)] == [False, True, True, True]

    @pytest.mark.parametrize(
        "end", ["", "; os.kill(os.getpid(), signal.SIGKILL)"], ids=["which ends", "which is killed"]
    )
    def test_of_one_whose_parent_ends(self, folder, end):
        words = (
            "import os, signal; from registry.jobs.printer import print_sheet;"
            f"from tests.reports.samples import PERMIT; print_sheet(PERMIT){end}"
        )
        subprocess.run([sys.executable, "-c", words], cwd=ROOT, check=False, timeout=120)
        for _ in range(100):  # a child that is left alone ends when it sees so
            if not list(folder.iterdir()):
                break
            time.sleep(0.1)
        assert list(folder.iterdir()) == []


class Refusing(CapTable):
    """A sheet that cannot be laid out."""

    def __init__(self):
        pass

    @property
    def paper(self):
        raise Invalid("not_a_pdf", "file", "x", accepted="PDF")
