"""`registry report` writes a whole PDF or nothing, and lays it out while no transaction is open."""

from datetime import date

import pytest
from typer.testing import CliRunner

from registry.cli import report
from registry.kernel.errors import Invalid, NotFound
from registry.platform.db import connect, transaction
from registry.wording import problem
from tests.factories import COUNTY, set_clock
from tests.reports.papers import text_of
from tests.reports.register import enter, found

PERMIT = "示例-SZ-2019-0005"


@pytest.fixture
def engine(fresh_url, monkeypatch):
    """Give a database of its own with one quarry, as the command finds it."""
    engine = connect(fresh_url)
    with transaction(engine) as session:
        found(session)
        enter(session)
        set_clock(session, date(2026, 1, 31))
    monkeypatch.setattr(report, "engine", lambda: engine)
    yield engine
    engine.dispose()


def run(*arguments):
    return CliRunner().invoke(report.app, [str(argument) for argument in arguments])


def test_each_command_writes_its_pdf(engine, tmp_path):
    for arguments, text in (
        (("permit", PERMIT), "采矿许可证"),
        (("inspection", "SZ-2019-0005", "2025"), "采矿权年检报告书"),
        (("registration", "SZ-2019-0005"), "矿业权登记信息单"),
        (("caps", "2025", "--region", COUNTY), "2025年度规划总量调控执行情况表"),
    ):
        target = tmp_path / f"{arguments[0]}.pdf"
        assert run(*arguments, "-o", target).exit_code == 0
        assert text in text_of(target.read_bytes())
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf"}


def test_a_yearly_report_brings_its_annexes_and_its_letter_or_nothing_at_all(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "pdf_of", lambda _sheet: b"%PDF", raising=False)
    monkeypatch.setattr("registry.cli.printing.pdf_of", lambda _sheet: b"%PDF", raising=False)
    files = {name: tmp_path / f"report.{name}" for name in ("pdf", "xlsx", "docx")}
    given = ("municipal", "2025", "--region", COUNTY, "-o", files["pdf"])
    refused = run(*given, "--letter", tmp_path / "none" / "x.docx")
    assert isinstance(refused.exception, Invalid)
    assert not list(tmp_path.iterdir())
    assert run(*given, "--annex", files["xlsx"], "--letter", files["docx"]).exit_code == 0
    assert files["xlsx"].read_bytes().startswith(b"PK")
    assert files["docx"].read_bytes().startswith(b"PK")


def test_a_final_report_of_a_year_that_runs_is_refused(engine, tmp_path):
    given = ("municipal", "2026", "--region", COUNTY, "-o", tmp_path / "x.pdf")
    refused = run(*given, "--edition", "定报")
    assert isinstance(refused.exception, Invalid)
    assert "2026 年度尚未结束" in problem(refused.exception)["detail"]


def test_the_same_register_prints_the_same_bytes(engine, tmp_path):
    first = report.print_permit(engine, PERMIT, tmp_path / "a.pdf").read_bytes()
    assert report.print_permit(engine, PERMIT, tmp_path / "b.pdf").read_bytes() == first


def test_the_paper_is_laid_out_with_no_transaction_open(engine, tmp_path, monkeypatch):
    """A page takes long to lay out: nobody may wait for a lock meanwhile."""
    open_connections = []

    def lay_out(sheet):
        open_connections.append(engine.pool.checkedout())
        return b"%PDF"

    monkeypatch.setattr("registry.cli.printing.pdf_of", lay_out)
    report.print_permit(engine, PERMIT, tmp_path / "permit.pdf")
    assert open_connections == [0]
    assert (tmp_path / "permit.pdf").read_bytes() == b"%PDF"


def test_a_folder_that_is_not_there_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(Invalid) as refused:
        report.print_permit(None, PERMIT, tmp_path / "none" / "permit.pdf")
    assert refused.value.code == "folder_missing"
    assert "none" in problem(refused.value)["detail"]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(Invalid, match="not_a_file"):
        report.print_cap_table(None, 2025, COUNTY, tmp_path)


def test_an_unknown_permit_leaves_an_older_print_alone(engine, tmp_path):
    target = tmp_path / "permit.pdf"
    target.write_bytes(b"older")
    with pytest.raises(NotFound):
        report.print_permit(engine, "C5002402019127110148436", target)
    assert target.read_bytes() == b"older"


def test_a_year_that_is_none_is_refused(engine, tmp_path):
    failed = run("inspection", "SZ-2019-0005", "25", "-o", tmp_path / "x.pdf")
    assert isinstance(failed.exception, Invalid)
