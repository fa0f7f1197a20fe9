"""`registry report batch` writes a whole ZIP or nothing, and goes on where an earlier run stood."""

from datetime import date
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from registry.cli import batch, common, report
from registry.documents.queries import Wanted, documents
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.errors import Invalid
from registry.kernel.vocabulary import Role
from registry.platform.db import reader, transaction
from reports.writing import ForeignResource
from tests.factories import COUNTY, cap, right, world
from tests.services.test_documents_kept import lay_out

MINES = tuple(f"SZ-2025-{at:04d}" for at in range(1, 4))


@pytest.fixture
def book(fresh, monkeypatch):
    """Give a book of three mines, as the command finds it; nothing is really laid out."""
    with transaction(fresh) as session:
        world(session, date(2025, 6, 30))
        cap(session, "1000 万吨/年")
        for number in MINES:
            right(session, number)
        add_user(session, SYSTEM, "jingban", Role.clerk, COUNTY)
    for module in (batch, common):
        monkeypatch.setattr(module, "engine", lambda: fresh)
    monkeypatch.setattr(batch, "pdf_of", lay_out)
    return fresh


def run(*arguments):
    return CliRunner().invoke(report.app, ["batch", *(str(one) for one in arguments)])


def count(engine) -> int:
    """Return how many papers there are."""
    with reader(engine) as session:
        return documents(session, None, Wanted()).total


def test_what_the_filter_finds_is_printed_in_the_name_of_somebody(book, tmp_path):
    target = tmp_path / "inspections.zip"
    told = run("年检报告书", "--year", "2025", "--q", "SZ-2025", "-o", target, "--as", "jingban")
    assert told.exit_code == 0
    assert "已打印 3 份，未打印 0 份" in told.output
    assert [path.name for path in tmp_path.iterdir()] == ["inspections.zip"]
    with ZipFile(target) as found:
        assert len(found.namelist()) == 5
        assert found.testzip() is None
    with reader(book) as session:
        assert {one.actor for one in documents(session, None, Wanted()).documents} == {"jingban"}
    again = tmp_path / "again.zip"
    assert run("inspection", "--year", "2025", "--q", "SZ-2025", "-o", again).exit_code == 0
    assert again.read_bytes() == target.read_bytes()
    assert count(book) == 3


def test_what_fails_in_the_middle_leaves_an_older_file_and_the_papers(book, tmp_path, monkeypatch):
    target = tmp_path / "permits.zip"
    target.write_bytes(b"older")

    def second_fails(sheet):
        if sheet.facts.right == MINES[1]:
            raise ForeignResource(url="x")
        return lay_out(sheet)

    with monkeypatch.context() as patch:
        patch.setattr(batch, "pdf_of", second_fails)
        assert isinstance(run("permit", "-o", target).exception, ForeignResource)
    assert target.read_bytes() == b"older"
    assert count(book) == 1
    assert run("permit", "-o", target).exit_code == 0
    assert count(book) == 3


def test_a_folder_that_is_not_there_is_refused_before_anything_is_printed(book, tmp_path):
    refused = run("permit", "-o", tmp_path / "none" / "x.zip").exception
    assert isinstance(refused, Invalid)
    assert refused.code == "folder_missing"
    assert count(book) == 0
