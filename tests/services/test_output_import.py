"""Importing files of returns: encodings, headings, a report per row, trial runs, batches."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, col, func, select

from registry.alarms.models import Alarm
from registry.caps.models import Meter, Movement
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Role
from registry.output.models import OutputReturn
from registry.output.service.importing import BATCH
from registry.platform.audit import AuditEntry, AuditHead
from registry.platform.db import transaction
from registry.rights.queries import locked_rights, right_by_number
from registry.workflows.check import check
from registry.workflows.import_returns import import_returns
from tests.factories import COUNTY, LIMESTONE, WATER, cap, right, world

NOWHERE = create_engine("sqlite://")  # a file that cannot be read never gets to a database
MINE, OTHER, WELL = "SZ-2025-0001", "SZ-2025-0002", "SZ-2025-0003"
HEADER = "right_no,mineral,period,quantity,unit,lost,lost_unit,nil,note"
CHINESE = "证号,矿种,报告期,产量,单位,损失量,损失量单位,零报,备注"
ROWS = (
    f"{MINE},{LIMESTONE},2025-01,12.5,吨,0.5,吨,,一月\n"
    f"{MINE},,2025-02,,,,,是,停电\n"
    f"{OTHER},83907,2025-01,3,t,,,,\n"
)


@pytest.fixture
def book(fresh: Engine) -> Engine:
    """A county with a limestone cap of 100 t and a water cap of 600 m³ a day, two mines and a well."""
    with transaction(fresh) as session:
        world(session)
        cap(session, "100 t/年")
        cap(session, "600 m3/日", WATER)
        right(session, MINE)
        right(session, OTHER)
        right(session, WELL, WATER)
    return fresh


@pytest.fixture
def file(tmp_path: Path):
    """Write a file of returns and return its path."""

    def write(text: str, name: str = "returns.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def kept(engine: Engine) -> list[tuple[str, int, int]]:
    """Return period, quantity and revision of every standing return."""
    with transaction(engine) as session:
        found = session.exec(select(OutputReturn).where(col(OutputReturn.superseded_at).is_(None))).all()
        return sorted((row.period, row.quantity, row.revision) for row in found)


def count(session: Session, table) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


class TestFaultsOfARow:
    def test_mineral_and_period_are_told_at_once(self, book, file):
        report = import_returns(book, file(f"{HEADER}\n{MINE},没有这种,2099-01,1,t,,,,\n"), None)
        assert [(row["row"], row["field"], row["code"]) for row in report.rejected] == [
            (2, "mineral", "mineral_unknown"), (2, "period", "period_in_future"),
        ]  # fmt: skip


class TestNumbers:
    def test_one_in_small_or_wide_letters_is_the_right_so_called(self, book, file):
        rows = "sz-2025-0001,,2025-01,1,t,,,,\nＳＺ－２０２５－０００１,,2025-02,2,t,,,,\n"
        again = f"{MINE},,2025-01,1,t,,,,\nsz-2025-9999,,2025-01,1,t,,,,\n"
        report = import_returns(book, file(f"{HEADER}\n{rows}{again}"), None)
        assert (report.accepted, report.unchanged) == (2, 1)
        assert [(row["code"], row["value"]) for row in report.rejected] == [("not_found", "sz-2025-9999")]

    def test_a_number_kept_otherwise_is_found_as_it_stands(self, book):
        with transaction(book) as session:
            kept = right(session, "sz-2025-0001")
            found = locked_rights(session, ["sz-2025-0001", MINE, "sz-2025-0002", "nichts"])
            assert {asked: one.number for asked, one in found.items()} == {
                "sz-2025-0001": "sz-2025-0001", MINE: MINE, "sz-2025-0002": OTHER,
            }  # fmt: skip
            assert right_by_number(session, " sz-2025-0001") is kept


class TestFiles:
    @pytest.mark.parametrize(
        ("encoding", "header"),
        [
            ("utf-8", HEADER),
            ("utf-8-sig", CHINESE),
            ("gb18030", CHINESE),
            ("utf-8", CHINESE.replace("证号", " 矿业权 编号")),
        ],
    )
    def test_every_encoding_and_both_headings(self, book, file, encoding, header):
        report = import_returns(book, file(f"{header}\n{ROWS}", encoding=encoding), None)
        assert report.public() == {
            "accepted": 3,
            "unchanged": 0,
            "rejected": [],
            "warnings": [],
            "alarms": [],
        }
        assert kept(book) == [("2025-01", 3_000_000, 1), ("2025-01", 12_500_000, 1), ("2025-02", 0, 1)]

    def test_a_title_above_the_heading_and_empty_rows_are_passed_over(self, book, file):
        report = import_returns(book, file(f"石柱县产量月报\n{CHINESE}\n\n{ROWS}\n,,\n"), None)
        assert (report.accepted, report.rejected) == (3, [])

    def test_a_workbook_with_numbers_dates_and_formulas(self, book, tmp_path):
        path = tmp_path / "returns.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet("二月")
            sheet.write_row(0, 0, ["证号", "期间", "产量", "单位", "备注"])
            sheet.write_row(1, 0, [WELL, "", 618.4, "m3"])
            sheet.write_datetime(1, 1, date(2025, 2, 1), workbook.add_format({"num_format": "yyyy-mm-dd"}))
            sheet.write_row(2, 0, [MINE, "2025-02", 0.1 + 0.2, "吨"])
            sheet.write_row(3, 0, [MINE, "2025-03"])
            sheet.write_formula(3, 2, "=4*3", None, 12)
            sheet.write_string(3, 3, "t")
            sheet.write_string(3, 4, "=HYPERLINK(1)")
        report = import_returns(book, path, None)
        assert (report.accepted, report.rejected) == (3, [])
        assert kept(book) == [("2025-02", 300_000, 1), ("2025-02-01", 618_400, 1), ("2025-03", 12_000_000, 1)]
        assert [alarm["code"] for alarm in report.public()["alarms"]] == ["cap_exceeded"]

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"%PDF-1.7\n1 0 obj", "file_kind"),
            (b"<html><table></table></html>", "file_kind"),
            (b"\xff\xfer\x00i\x00", "file_kind"),
            (b"PK\x03\x04 and nothing else", "file_broken"),
            (b"a,b\n\x00,1\n", "file_kind"),
            (b"", "header_missing"),
            (b'right_no,period,quantity,unit\n"open', "csv_broken"),
            (b"right_no,right_no,period\nx,y,z\n", "column_repeated"),
            (b"right_no,period,quantity\nSZ-2025-0001,2025-01,12\n", "column_missing"),
        ],
    )
    def test_a_file_of_another_kind_is_refused_whole(self, tmp_path, content, code):
        path = tmp_path / "returns.csv"
        path.write_bytes(content)
        with pytest.raises(Invalid) as caught:
            import_returns(NOWHERE, path, None)
        assert (caught.value.code, caught.value.field) == (code, "file")

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(Invalid) as caught:
            import_returns(NOWHERE, tmp_path / "missing.csv", None)
        assert caught.value.code == "file_unreadable"


# a bad row -> field, code
BAD = [
    ("SZ-2025-9999,,2025-03,1,t,,,,", "right_no", "not_found"),
    (f"{MINE},金刚石,2025-03,1,t,,,,", "mineral", "mineral_unknown"),
    (f"{MINE},,2025-13,1,t,,,,", "period", "not_a_period"),
    (f"{MINE},,2025.1,1,t,,,,", "period", "not_a_period"),  # a worksheet writes October so as well
    (f"{MINE},,2025-07,1,t,,,,", "period", "period_in_future"),
    (f"{MINE},,2025-03-01,1,t,,,,", "period", "month_expected"),
    (f"{WELL},,2025-03,1,m3,,,,", "period", "days_expected"),
    (f"{MINE},,2025-03,=1+1,t,,,,", "quantity", "not_a_number"),
    (f"{MINE},,2025-03,-1,t,,,,", "quantity", "negative"),
    (f"{MINE},,2025-03,1.0000001,t,,,,", "quantity", "too_many_places"),
    (f"{MINE},,2025-03,9223372036855,t,,,,", "quantity", "overflow"),
    (f"{MINE},,2025-03,1,斤,,,,", "unit", "unit_unknown"),
    (f"{MINE},,2025-03,1,万吨/年,,,,", "unit", "rate_not_expected"),
    (f"{MINE},,2025-03,1,m3,,,,", "quantity", "density_missing"),
    (f"{MINE},,2025-03,1,,,,,", "unit", "field_missing"),
    (f"{MINE},,2025-03,,t,,,,", "quantity", "field_missing"),
    (f"{MINE},,2025-03,1,t,x,,,", "lost", "not_a_number"),
    (f"{MINE},,2025-03,1,t,,,也许,", "nil", "not_a_flag"),
    (f"{MINE},,2025-03,1,t,,,是,", "nil", "nil_with_quantity"),
    (",,2025-03,1,t,,,,", "right_no", "field_missing"),
    (f"{MINE},,2025-03,1,t,,,,,surplus", "row", "cells_without_column"),
]


class TestRows:
    def test_bad_rows_are_reported_one_by_one_and_the_good_ones_stay(self, book, file):
        first, last = f"{MINE},,2025-01,1,t,,,,", f"{OTHER},,2025-01,2,t,,,,"
        report = import_returns(
            book, file("\n".join([HEADER, first, *(row for row, _, _ in BAD), last])), None
        )
        told = [(row["row"], row["field"], row["code"]) for row in report.public()["rejected"]]
        assert told == [(n, field, code) for n, (_, field, code) in enumerate(BAD, start=3)]
        assert (report.accepted, [quantity for _, quantity, _ in kept(book)]) == (2, [1_000_000, 2_000_000])

    def test_a_row_is_told_every_fault_of_it_each_with_its_own_column(self, book, file):
        rows = f"{MINE},,2026-13,9,箱,,,,\n{MINE},,2025-01,1,t,,,,\n,,,,,,,,备注\n"
        report = import_returns(book, file(f"{HEADER}\n{rows}"), None)
        told = [(r["row"], r["field"], r["value"], r["code"]) for r in report.public()["rejected"]]
        assert told == [
            (2, "period", "2026-13", "not_a_period"), (2, "unit", "箱", "unit_unknown"),
            *((4, field, "", "field_missing") for field in ("right_no", "period", "quantity", "unit")),
        ]  # fmt: skip
        assert report.accepted == 1

    def test_a_repeat_is_unchanged_and_moves_nothing(self, book, file):
        import_returns(book, file(f"{HEADER}\n{ROWS}"), None)
        again = import_returns(book, file(f"{HEADER}\n{ROWS}"), None)
        assert (again.accepted, again.unchanged, again.rejected) == (0, 3, [])
        with transaction(book) as session:
            assert count(session, Movement) == 3

    def test_other_figures_are_rejected_unless_they_correct(self, book, file):
        import_returns(book, file(f"{HEADER}\n{ROWS}"), None)
        other = file(f"{HEADER}\n{ROWS.replace('12.5', '13')}")
        [rejected] = import_returns(book, other, None).public()["rejected"]
        assert (rejected["row"], rejected["code"], rejected["value"]) == (2, "already_returned", "13")
        report = import_returns(book, other, None, correct=True, reason="核实后更正")
        assert (report.accepted, report.unchanged, report.rejected) == (1, 2, [])
        assert ("2025-01", 13_000_000, 2) in kept(book)

    def test_a_correction_without_reason_rejects_its_rows(self, book, file):
        report = import_returns(book, file(f"{HEADER}\n{ROWS}"), None, correct=True)
        assert [(row["field"], row["code"]) for row in report.rejected] == [("reason", "field_missing")] * 3

    def test_two_rows_of_one_period_in_a_file(self, book, file):
        rows = f"{MINE},,2025-01,1,t,,,,\n{MINE},,2025-01,1,t,,,,\n{MINE},,2025-01,2,t,,,,\n"
        report = import_returns(book, file(f"{HEADER}\n{rows}"), None)
        assert (report.accepted, report.unchanged) == (1, 1)
        assert [(row["row"], row["code"]) for row in report.rejected] == [(4, "already_returned")]

    def test_the_file_is_kept_as_source(self, book, file):
        import_returns(book, file(f"{HEADER}\n{ROWS}", "一月.csv"), None)
        with transaction(book) as session:
            assert set(session.exec(select(OutputReturn.source)).all()) == {"一月.csv"}

    def test_a_part_of_the_rows_when_asked(self, book, file):
        import_returns(book, file(f"{HEADER}\n{ROWS}"), None, only=(2, 3))
        assert [quantity for _, quantity, _ in kept(book)] == [3_000_000, 0]


class TestWho:
    def test_the_rows_bear_the_name_of_who_imports(self, book, file):
        with transaction(book) as session:
            add_user(session, SYSTEM, "jingban", Role.clerk, COUNTY)
        import_returns(book, file(f"{HEADER}\n{ROWS}"), "jingban")
        with transaction(book) as session:
            assert set(session.exec(select(OutputReturn.actor)).all()) == {"jingban"}

    def test_who_may_not_record_gets_every_row_back(self, book, file):
        with transaction(book) as session:
            add_user(session, SYSTEM, "jianchayuan", Role.inspector, COUNTY)
        report = import_returns(book, file(f"{HEADER}\n{ROWS}"), "jianchayuan")
        assert ([row["code"] for row in report.rejected], kept(book)) == (["forbidden"] * 3, [])

    def test_an_unknown_user_is_not_found(self, book, file):
        with pytest.raises(NotFound):
            import_returns(book, file(f"{HEADER}\n{ROWS}"), "nobody")


class TestTrial:
    def test_it_reports_all_and_leaves_nothing(self, book, file):
        with transaction(book) as session:
            links = count(session, AuditEntry)
        rows = f"{MINE},,2025-01,150,t,,,,\n{MINE},,2025-13,1,t,,,,\n"
        report = import_returns(book, file(f"{HEADER}\n{rows}"), None, dry_run=True)
        assert (report.accepted, len(report.rejected), len(report.alarms)) == (1, 1, 3)
        with transaction(book) as session:
            assert [count(session, table) for table in (OutputReturn, Meter, Movement, Alarm)] == [0, 0, 0, 0]
            assert count(session, AuditEntry) == links
        assert import_returns(book, file(f"{HEADER}\n{rows}"), None).accepted == 1

    def test_it_sees_a_repeat_across_the_whole_file(self, book, file):
        days = [f"{WELL},,2025-{n // 28 + 1:02d}-{n % 28 + 1:02d},1,m3,,,," for n in range(140)]
        text = "\n".join([HEADER, *days * 4])
        report = import_returns(book, file(text), None, dry_run=True)
        assert (report.accepted, report.unchanged) == (140, 420)


def test_1200_rows_go_in_batches_and_add_up(book, tmp_path):
    rights = [f"SZ-2024-{n:04d}" for n in range(1, 241)]
    with transaction(book) as session:
        for number in rights:
            right(session, number)
    rows = [f"{number},,2025-0{month},0.05,t,,,," for month in range(1, 6) for number in rights]
    path = tmp_path / "returns.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    steps: list[int] = []
    report = import_returns(book, path, None, advance=steps.append)
    assert (report.accepted, report.rejected, steps) == (1200, [], [BATCH, BATCH, 200])
    with transaction(book) as session:
        [meter] = session.exec(select(Meter)).all()
        assert (meter.used, meter.returns, meter.seq) == (60_000_000, 1200, 1200)
        assert session.exec(select(AuditHead.seq).where(AuditHead.region == COUNTY)).one() == 1200
        assert check(session)["ok"]
