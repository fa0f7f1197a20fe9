"""Lists of rights: what is read, what is refused and why, and that reading twice changes nothing."""

import csv
import io
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from registry.cli.output import told
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Forbidden, Invalid
from registry.kernel.vocabulary import Confidence, Kind, OperatingState, Role
from registry.minerals.models import Mineral, MineralAlias, ScaleLine, ScaleLineMineral
from registry.platform import audit
from registry.platform.db import reader, transaction
from registry.platform.facts import set_fact
from registry.platform.files import FileUnwritable
from registry.platform.tables import LARGEST_FILE, guarded, read_table, rows_of
from registry.regions.models import Region, Township
from registry.registration.columns import HEADINGS
from registry.registration.importing import Report, check_header, import_batch
from registry.registration.ledger import ledger
from registry.registration.queries import records
from registry.registration.rules import NamedMine
from registry.registration.service import register_named_mine, set_state
from registry.registration.sheet import write_sheet
from registry.rights.models import MineralRight
from registry.rights.queries import rights_in
from registry.workflows.import_rights import import_rights
from seed.catalogue import load_catalogue
from tests.factories import COUNTY, LIMESTONE, cap, mineral, set_clock, user, world

DEMO = Path(__file__).parents[2] / "seed" / "demo" / "rights.csv"
TODAY = date(2025, 1, 2)
CORNERS = "1,3,1,3300000.000,36500000.000,2,3300000.000,36501000.000,3,3301000.000,36500000.000,900,800,,1"
GOOD = {
    "right_no": "SZ-2020-0001", "permit_no": "示例-SZ-2020-0001", "permit_from": "2020-01-01",
    "permit_to": "2029-12-31", "holder": "示例石业有限公司", "credit_code": "Y1500240DEM000014P",
    "address": "示例县示例镇", "economic_type": "有限责任公司", "mine": "示例采石场", "region": COUNTY,
    "township": "鱼池镇", "mineral": "建筑石料用灰岩", "associated": "", "kind": "采矿权", "scale": "100",
    "scale_unit": "万吨/年", "max_day": "", "max_day_unit": "", "method": "露天开采", "area_km2": "0.5",
    "top_m": "900", "bottom_m": "800",
    "corners": CORNERS,
    "valid_from": "2020-01-01", "valid_to": "2029-12-31", "authority": "示例县局",
    "state": "在建@2020-05-01;生产@2021-03-01", "green": "市级", "green_date": "2022-05-01",
    "deposit_scale": "小型", "density_t_m3": "2.67", "reserves": "探明:888.6 万吨;证实:300 万吨",
    "reserves_date": "2024-12-31",
}  # fmt: skip


def row(**changes):
    return GOOD | changes


def as_csv(*rows, names=None, encoding="utf-8"):
    buffer = io.StringIO()
    columns = list(rows[0])
    writer = csv.writer(buffer)
    writer.writerow([names[c] if names else c for c in columns])
    writer.writerows([[r.get(c, "") for c in columns] for r in rows])
    return buffer.getvalue().encode(encoding)


def as_xlsx(cells, **options):
    """Write rows of cells to a workbook in memory."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(cells):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return buffer.getvalue()


def enter(session, *rows, actor=SYSTEM):
    """Import rows in one batch and return the report."""
    report, found = Report(), rows_of(as_csv(*rows), "示例.csv")
    check_header(found, report)
    import_batch(session, actor, found, report, "示例.csv")
    return report.public()


def faults(report):
    return [(line["row"], line["field"], line["code"]) for line in report["rejected"]]


@pytest.fixture
def book(session):
    """Give two counties with some minerals, townships and scale lines, a demonstration."""
    return small_book(session)


def small_book(session):
    world(session, TODAY, (COUNTY, "500241"))
    shizhu = session.get_one(Region, COUNTY)
    shizhu.letters, shizhu.name = "SZ", "石柱土家族自治县"
    session.add_all(Township(region=COUNTY, name=name) for name in ("鱼池镇", "黄水镇"))
    for name, code in (("水泥用灰岩", "83906"), ("铅矿", "32007"), ("锌矿", "32008")):
        mineral(session, name, code).mineral_class = code[0]
    session.get_one(Mineral, LIMESTONE).mineral_class = "8"
    session.add_all(
        [MineralAlias(alias="水泥用石灰岩", mineral="水泥用灰岩"), MineralAlias(alias="铅", mineral="铅矿")]
    )
    line = ScaleLine(
        line="建筑石料", unit="万立方米/年", kind=Kind.volume, large_from=10**8, small_below=5 * 10**7,
        mark="V", confidence=Confidence.b, source="test",
    )  # fmt: skip
    session.add(line)
    session.flush()
    session.add(ScaleLineMineral(mineral=LIMESTONE, line_id=line.id or 0))
    session.flush()
    return session


@pytest.fixture
def engine_of_demo(fresh):
    """Give a database of its own with the catalogue and a limestone cap."""
    with transaction(fresh) as session:
        set_clock(session, TODAY)
        load_catalogue(session)
        cap(session, "1200 矿石万吨/年")
        user(session, "jingban", Role.clerk)
    return fresh


class TestDemonstration:
    def test_thirty_four_rights_load_once_and_are_unchanged_ever_after(self, engine_of_demo, tmp_path):
        first = import_rights(engine_of_demo, DEMO, "jingban").public()
        assert (first["accepted"], first["unchanged"], first["rejected"], first["warnings"]) == (
            34,
            0,
            [],
            [],
        )
        assert [(a["code"], a["caused_by"]) for a in first["alarms"]] == [
            ("cap_near", "SZ-2014-0001"), ("cap_warning", "SZ-2019-0002"),
        ]  # fmt: skip
        again = import_rights(engine_of_demo, DEMO, "jingban").public()
        assert (again["accepted"], again["unchanged"], again["rejected"], again["alarms"]) == (0, 34, [], [])

        with transaction(engine_of_demo) as session:
            named = NamedMine(COUNTY, "规划点名的采石场", "某规划", "第四章")
            register_named_mine(session, SYSTEM, named)
            set_state(session, SYSTEM, "SZ-2015-0001", OperatingState.stopped, TODAY, "示例停产")
        assert import_rights(engine_of_demo, DEMO, None).public()["unchanged"] == 34

        sheet = tmp_path / "台账.xlsx"
        with reader(engine_of_demo) as session:
            content = ledger(session, SYSTEM, COUNTY)
            assert audit.verify(session) == []
        write_sheet(content, sheet)
        back = import_rights(engine_of_demo, sheet, "jingban").public()
        assert (back["accepted"], back["unchanged"], back["rejected"], back["warnings"]) == (0, 35, [], [])

    def test_the_classes_of_the_thirty_four(self, engine_of_demo):
        import_rights(engine_of_demo, DEMO, None)
        with reader(engine_of_demo) as session:
            lines = ledger(session, SYSTEM).lines
        classes = [line.scale_class for line in lines]
        assert {name: classes.count(name) for name in set(classes)} == {
            "大型": 14,
            "中型": 6,
            "小型": 13,
            "待定": 1,
        }


class TestReading:
    def test_a_whole_row_is_kept(self, book):
        report = enter(book, row())
        assert (report["accepted"], report["rejected"], report["warnings"]) == (1, [], [])
        [record] = records(book, rights_in(book), TODAY)
        assert record.permit
        assert (record.version.area_m2, record.version.density_g_m3, record.permit.scale) == (
            500_000,
            2_670_000,
            10**12,
        )

    def test_chinese_headings_and_gb18030(self, book):
        names = {column: titles[0] for column, titles in HEADINGS.items()}
        found = rows_of(as_csv(row(), names=names, encoding="gb18030"), "示例.csv")
        assert "矿山名称" in found[0].cells
        enter(book, row())
        again = enter(book, {names[c]: value for c, value in row().items()})
        assert again["unchanged"] == 1

    def test_empty_is_unknown(self, book):
        bare = dict.fromkeys(GOOD, "") | {n: GOOD[n] for n in ("mine", "region", "mineral", "kind")}
        report = enter(book, bare)
        assert [w["code"] for w in report["warnings"]] == ["scale_unknown"]
        [record] = records(book, rights_in(book), TODAY)
        assert (record.right.number, record.permit, record.holder, record.spells) == (
            "SZ-2025-0001",
            None,
            None,
            [],
        )

    def test_a_scale_per_day_is_the_days_side(self, book):
        well = row(
            mineral="地热", scale="380", scale_unit="m³/日", reserves="", reserves_date="", density_t_m3=""
        )
        enter(book, well)
        [record] = records(book, rights_in(book), TODAY)
        assert record.permit
        assert (record.permit.scale, record.permit.max_day) == (None, 380_000)

    def test_regions_and_minerals_by_other_names(self, book):
        enter(
            book,
            row(
                region="石柱土家族自治县",
                mineral="水泥用石灰岩",
                associated="铅、锌矿",
                method="露天",
                kind="mining",
            ),
        )
        [record] = records(book, rights_in(book), TODAY)
        assert (record.right.region, record.main, record.associated) == (
            COUNTY,
            "水泥用灰岩",
            ["铅矿", "锌矿"],
        )

    def test_a_state_without_a_day_stands_from_today_and_is_told(self, book):
        report = enter(book, row(state="生产"))
        assert [w["code"] for w in report["warnings"]] == ["state_undated"]
        [record] = records(book, rights_in(book), TODAY)
        assert [s.since for s in record.spells] == [TODAY]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"right_no": "CQ-2020-0001"}, "right_no", "right_number"),
        ({"right_no": "SZ-草-2020-0001"}, "right_no", "right_number"),
        ({"permit_no": "SZ-草-2020-0001"}, "permit_no", "permit_draft"),
        ({"permit_no": "C123"}, "permit_no", "permit_number"),
        ({"permit_no": "C5002402020137110148436"}, "permit_no", "permit_month"),
        ({"permit_no": ""}, "permit_no", "field_missing"),
        ({"permit_from": "2030-01-01"}, "permit_to", "dates_reversed"),
        ({"permit_to": "长期"}, "permit_to", "not_a_date"),
        ({"holder": ""}, "holder", "field_missing"),
        ({"holder": "示" * 201}, "holder", "too_long"),
        ({"holder": "示例\x07公司"}, "holder", "control_character"),
        ({"credit_code": "Y1500240DEM000014Q"}, "credit_code", "credit_code_check"),
        ({"mine": ""}, "mine", "field_missing"),
        ({"region": "500999"}, "region", "region_unknown"),
        ({"region": "石柱土家族自治县（500241）"}, "region", "region_unknown"),
        ({"region": "500000"}, "region", "region_not_county"),
        ({"region": ""}, "region", "field_missing"),
        ({"mineral": "月壤"}, "mineral", "mineral_unknown"),
        ({"mineral": ""}, "mineral", "field_missing"),
        ({"associated": "建筑石料用灰岩"}, "associated", "mineral_repeated"),
        ({"associated": "锌矿、月壤"}, "associated", "mineral_unknown"),
        ({"kind": "渔业权"}, "kind", "word_unknown"),
        ({"scale": "-100"}, "scale", "negative"),
        ({"scale": "一百"}, "scale", "not_a_number"),
        ({"scale_unit": "万吨"}, "scale", "rate_expected"),
        ({"scale_unit": "担/年"}, "scale", "unit_unknown"),
        ({"scale_unit": ""}, "scale", "not_a_quantity"),
        ({"scale": "0.00000000001"}, "scale", "too_many_places"),
        ({"scale": "99999999999999"}, "scale", "overflow"),
        ({"scale": "1000000.0001"}, "scale", "more_than_any_mine"),
        ({"state": "生产@2021-03-01;停产@2999-01-01"}, "state", "day_in_future"),
        ({"green": "市级", "green_date": "2999-01-01"}, "green_date", "day_in_future"),
        ({"max_day": "10", "max_day_unit": "吨/年"}, "max_day", "rate_expected"),
        ({"max_day": "10", "max_day_unit": "m³/日"}, "max_day", "kinds_mixed"),
        ({"scale_unit": "吨/日", "max_day": "99", "max_day_unit": "吨/日"}, "scale", "scale_twice"),
        ({"method": "挖"}, "method", "word_unknown"),
        ({"area_km2": "50"}, "area_km2", "area_nonsense"),
        ({"area_km2": "-1"}, "area_km2", "negative"),
        ({"top_m": "700"}, "top_m", "elevations_reversed"),
        ({"top_m": "高"}, "top_m", "elevation_unreadable"),
        ({"corners": "1,2,3"}, "corners", "ring_points"),
        ({"valid_to": "2019-12-31"}, "valid_to", "dates_reversed"),
        ({"state": "停产@2025-01-01;生产@2021-01-01"}, "state", "states_unordered"),
        ({"green": "宇宙级"}, "green", "word_unknown"),
        ({"deposit_scale": "特大"}, "deposit_scale", "word_unknown"),
        ({"density_t_m3": "26.7"}, "density_t_m3", "density_out_of_range"),
        ({"reserves": "探明:12"}, "reserves", "not_a_quantity"),
        ({"reserves_date": ""}, "reserves_date", "field_missing"),
    ],
)
def test_a_bad_cell_is_named_and_leaves_nothing(book, changes, field, code):
    report = enter(book, row(**changes), row(right_no="SZ-2020-0002", permit_no="示例-SZ-2020-0002"))
    assert faults(report) == [(2, field, code)]
    assert report["accepted"] == 1
    assert [right.number for right in rights_in(book)] == ["SZ-2020-0002"]
    sentence = told(report)["rejected"][0]["message"]
    assert sentence != code
    assert "{" not in sentence


class TestRows:
    def test_every_unreadable_cell_of_a_row_is_reported_at_once(self, book):
        report = enter(book, row(credit_code="x", scale="y", state="z", area_km2="w"))
        assert {field for _, field, _ in faults(report)} == {"credit_code", "scale", "state", "area_km2"}

    def test_good_rows_stay_when_bad_ones_stand_between(self, book):
        rows = [row(right_no=f"SZ-2020-000{n}", permit_no=f"示例-SZ-2020-000{n}") for n in range(1, 6)]
        rows[1] |= {"permit_no": "示例-SZ-2020-0001"}
        rows[3] |= {"holder": "另一家公司"}
        report = enter(book, *rows)
        assert faults(report) == [
            (3, "right_no", "right_exists"),
            (5, "credit_code", "credit_code_of_another"),
        ]
        assert report["accepted"] == 3
        audit.seal(book)
        entered = book.exec(
            select(audit.AuditEntry.record).where(audit.AuditEntry.act == "right.import")
        ).all()
        assert sorted(entered) == ["SZ-2020-0001", "SZ-2020-0003", "SZ-2020-0005"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"scale": "101"}, "scale"),
            ({"mine": "改名采石场"}, "mine"),
            ({"permit_no": "示例-SZ-2020-0009"}, "permit_no"),
            ({"right_no": "SZ-2020-0009"}, "right_no"),
            ({"state": "生产@2021-03-01;停产@2024-01-01"}, "state"),
            ({"green": "国家级"}, "green"),
            ({"reserves": "探明:888.7 万吨"}, "reserves"),
            ({"reserves": "推断:1 万吨"}, "reserves"),
            ({"reserves_date": "2023-12-31"}, "reserves_date"),
            ({"corners": "", "area_km2": "0.6"}, "area_km2"),
            ({"associated": "锌矿"}, "associated"),
        ],
    )
    def test_other_facts_under_the_same_number_are_refused(self, book, changes, field):
        enter(book, row())
        report = enter(book, row(**changes))
        assert faults(report) == [(2, field, "right_exists")]
        assert "message" in told(report)["rejected"][0]

    def test_the_same_facts_in_other_words_are_unchanged(self, book):
        enter(book, row())
        other = row(
            scale="1000 kt/a",
            scale_unit="",
            area_km2="0.500",
            valid_from="2020/1/1",
            mineral="83907",
            right_no="",
        )
        assert enter(book, other)["unchanged"] == 1

    def test_what_a_row_leaves_open_contradicts_nothing(self, book):
        enter(book, row())
        assert (
            enter(book, row(corners="", reserves="", state="", holder="", credit_code=""))["unchanged"] == 1
        )

    def test_a_row_twice_in_one_file(self, book):
        report = enter(book, row(), row())
        assert (report["accepted"], report["unchanged"]) == (1, 1)

    def test_doubts_are_told_and_stop_nothing(self, book):
        report = enter(book, row(
            permit_no="C1234562021031110148436", township="某镇", area_km2="0.501",
            reserves="控制:1 万吨;可信:2 万吨",
        ))  # fmt: skip
        assert report["accepted"] == 1
        assert sorted(w["code"] for w in report["warnings"]) == [
            "area_differs", "permit_authority", "permit_class", "permit_month_late", "reserves_above",
            "township_unknown",
        ]  # fmt: skip
        assert all(
            "{" not in w["message"]
            for w in told({"rejected": [], "warnings": report["warnings"]})["warnings"]
        )

    def test_a_holder_on_record_keeps_its_address_and_that_is_told(self, book):
        enter(book, row())
        report = enter(book, row(right_no="", permit_no="示例-SZ-2020-0002", address="别处"))
        assert [(w["code"], w["value"]) for w in report["warnings"]] == [("holder_differs", "别处")]

    def test_a_number_of_a_demonstration_is_refused_in_a_real_register(self, session):
        set_fact(small_book(session), "demonstration", "no")
        report = enter(session, row())
        assert faults(report) == [(2, "permit_no", "permit_demonstration")]

    def test_a_clerk_of_another_county_is_told_nothing_of_this_one(self, book):
        enter(book, row())
        other = user(book, "邻县甲", Role.clerk, "500241")
        report = enter(book, row(), row(right_no="SZ-2020-0002", permit_no=""), actor=other)
        assert [code for *_, code in faults(report)] == ["not_found", "field_missing"]

    def test_an_inspector_imports_nothing(self, book):
        report = enter(book, row(), actor=user(book, "检查甲", Role.inspector))
        assert [code for *_, code in faults(report)] == [Forbidden.code]

    def test_a_file_of_several_batches(self, engine_of_demo, tmp_path, monkeypatch):
        monkeypatch.setattr("registry.workflows.import_rights.BATCH", 2)
        rows = [row(right_no="", permit_no=f"示例-SZ-2020-000{n}") for n in range(1, 6)]
        file = tmp_path / "示例.csv"
        file.write_bytes(as_csv(*rows))
        steps: list[int] = []
        report = import_rights(engine_of_demo, file, "jingban", steps.append).public()
        assert (report["accepted"], steps) == (5, [2, 2, 1])
        with Session(engine_of_demo) as session:
            assert len({right.number for right in session.exec(select(MineralRight)).all()}) == 5


class TestHeader:
    @pytest.mark.parametrize(
        ("columns", "code", "value"),
        [
            (("right_no", "mine"), "column_missing", "mineral"),
            (("mine", "mineral"), "column_missing", "right_no / permit_no"),
            (("right_no", "mine", "mineral", "mine"), "column_repeated", "mine"),
            (("right_no", "mine", "mineral", "矿山名称"), "column_repeated", "mine"),
        ],
    )
    def test_missing_and_repeated_columns(self, book, columns, code, value):
        text = ",".join(columns) + "\n" + ",".join("x" for _ in columns)
        with pytest.raises(Invalid) as refused:
            check_header(rows_of(text.encode(), "示例.csv"), Report())
        assert (refused.value.code, refused.value.value) == (code, value)

    def test_a_column_nobody_reads_is_doubted_and_derived_ones_are_left_alone(self, book):
        report = enter(book, row() | {"矿老板": "甲", "规模类别": "大型", "序号": "1"})
        assert [(w["field"], w["code"]) for w in report["warnings"]] == [("矿老板", "column_unknown")]

    def test_cells_beyond_the_header_refuse_their_row(self, book):
        content = as_csv(row()).rstrip() + ",多余".encode()
        report = Report()
        import_batch(book, SYSTEM, rows_of(content, "示例.csv"), report)
        assert faults(report.public()) == [(2, "row", "cells_without_column")]


class TestTables:
    def test_numbers_dates_and_titles_of_a_spreadsheet(self):
        cells = [
            ["标题"],
            [],
            ["a", "b", "c", "d", "e"],
            [0.1 + 0.2, 260.0, date(2025, 7, 14), True, "x"],
            [None],
            [1.0],
        ]
        found = rows_of(as_xlsx(cells), "示例.xlsx")
        assert [(r.number, list(r.cells.values())) for r in found] == [
            (4, ["0.3", "260", "2025-07-14", "true", "x"]), (6, ["1", "", "", "", ""]),
        ]  # fmt: skip

    def test_a_number_whose_last_digits_are_lost_keeps_its_exponent(self):
        found = rows_of(as_xlsx([["a", "b"], [915001053533701234, 1]]), "示例.xlsx")
        assert found[0].cells["a"] == "9.15001E+17"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_encodings(self, encoding):
        assert rows_of("矿种,年\n铅矿,2025\n".encode(encoding), "示例.csv")[0].cells == {
            "矿种": "铅矿",
            "年": "2025",
        }

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "header_missing"),
            (b"only one column\nx\n", "header_missing"),
            (b"%PDF-1.7\n", "file_kind"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "file_kind"),
            (b"\xff\xfea\x00,\x00", "file_kind"),
            (b"\x89PNG\r\n\x1a\n", "file_kind"),
            (b"<html><table></table></html>", "file_kind"),
            (b"a,b\n\x00,1\n", "file_kind"),
            (b"a,b\n\xff\xff,1\n", "file_encoding"),
            (b'a,b\n"open,1\n', "csv_broken"),
            (b'a,b\n"x"y,1\n', "csv_broken"),
            (b"a,a\n1,2\n", "column_repeated"),
            (b"a,b\n" + b"1,2\n" * 50_001, "too_many_rows"),
            (b"a,b\n" + b"x" * 1_000_001 + b",1\n", "csv_broken"),
            (b"PK\x03\x04 not a zip", "file_broken"),
            (bytes(LARGEST_FILE + 1), "file_too_large"),
        ],
    )
    def test_what_is_no_table(self, content, code):
        with pytest.raises(Invalid) as refused:
            rows_of(content, "示例.csv")
        assert (refused.value.code, refused.value.field) == (code, "file")

    def test_a_missing_file_and_a_large_one(self, tmp_path):
        with pytest.raises(Invalid, match="file_unreadable"):
            read_table(tmp_path / "nowhere.csv")
        large = tmp_path / "large.csv"
        with large.open("wb") as stream:
            stream.truncate(LARGEST_FILE + 1)
        with pytest.raises(Invalid, match="file_too_large"):
            read_table(large)

    def test_a_zip_that_is_no_workbook(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        with pytest.raises(Invalid, match="file_kind"):
            rows_of(buffer.getvalue(), "示例.xlsx")


def repacked(content, part, data):
    """Return a workbook in which one part holds something else."""
    buffer = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(content))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, data if name == part else source.read(name))
    return buffer.getvalue()


class TestHostileWorkbooks:
    small = as_xlsx([["a", "b"], [1, 2]])
    sheet = "xl/worksheets/sheet1.xml"

    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        bomb = repacked(self.small, self.sheet, bytes(101 * 2**20))
        assert len(bomb) < 2**20
        with pytest.raises(Invalid, match="file_too_large"):
            rows_of(bomb, "示例.xlsx")

    def test_a_bomb_that_lies_about_its_size_is_broken(self):
        bomb = bytearray(repacked(self.small, self.sheet, bytes(101 * 2**20)))
        size = struct.pack("<I", 101 * 2**20)
        assert bomb.count(size) == 2
        lying = bytes(bomb).replace(size, struct.pack("<I", 1000))
        with pytest.raises(Invalid, match="file_broken"):
            rows_of(lying, "示例.xlsx")

    @pytest.mark.parametrize(("cell", "code"), [("A1048576", "too_many_rows"), ("XFD900", "grid_too_large")])
    def test_one_cell_far_away_would_reserve_the_whole_grid(self, cell, code):
        sheet = zipfile.ZipFile(io.BytesIO(self.small)).read(self.sheet).decode()
        far = sheet.replace('r="B2"', f'r="{cell}"')
        assert far != sheet
        with pytest.raises(Invalid, match=code):
            rows_of(repacked(self.small, self.sheet, far), "示例.xlsx")

    @pytest.mark.parametrize("cell", ["A00000000001048576", "$A$1048576", "A" + "9" * 400])
    def test_a_place_that_only_the_library_understands(self, cell):
        sheet = zipfile.ZipFile(io.BytesIO(self.small)).read(self.sheet).decode()
        with pytest.raises(Invalid, match="too_many_rows"):
            rows_of(repacked(self.small, self.sheet, sheet.replace('r="B2"', f'r="{cell}"')), "示例.xlsx")

    def test_a_place_behind_signs_that_stand_for_others(self):
        sheet = zipfile.ZipFile(io.BytesIO(self.small)).read(self.sheet).decode()
        with pytest.raises(Invalid, match="file_broken"):
            rows_of(
                repacked(self.small, self.sheet, sheet.replace('r="B2"', 'r="&#65;1048576"')), "示例.xlsx"
            )

    def test_cells_without_a_place_are_counted(self):
        wide = "<c><v>1</v></c>" * 5_000
        sheet = f'<worksheet><sheetData><row r="20000">{wide}</row></sheetData></worksheet>'
        with pytest.raises(Invalid, match="grid_too_large"):
            rows_of(repacked(self.small, self.sheet, sheet), "示例.xlsx")

    @pytest.mark.parametrize("part", ["xl/workbook.bin", "content.xml", "XL/Workbook.bin"])
    def test_another_format_in_the_clothes_of_this_one(self, part):
        buffer = io.BytesIO(self.small)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(part, b"\x00")
        with pytest.raises(Invalid, match="file_kind"):
            rows_of(buffer.getvalue(), "示例.xlsx")

    def test_a_theme_has_no_rows(self):
        theme = '<a:theme xmlns:a="x"><a:fillToRect l="50000" r="9999999"/></a:theme>'
        assert len(rows_of(repacked(self.small, "xl/theme/theme1.xml", theme), "示例.xlsx")) == 1

    def test_a_workbook_cut_short(self):
        with pytest.raises(Invalid, match="file_broken"):
            rows_of(self.small[:-200], "示例.xlsx")

    def test_a_sheet_that_is_no_xml(self):
        with pytest.raises(Invalid):
            rows_of(repacked(self.small, self.sheet, b"\x01\x02"), "示例.xlsx")


class TestLedger:
    def test_the_sheet_is_set_for_print(self, book, tmp_path):
        enter(book, row(mine="=cmd|' /C calc'!A0"))
        register_named_mine(book, SYSTEM, NamedMine(COUNTY, "规划点名的采石场", "某规划", "第四章"))
        file = tmp_path / "台账.xlsx"
        write_sheet(ledger(book, SYSTEM, COUNTY), file)
        lines = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python(skip_empty_area=False)
        assert lines[0][0] == "石柱土家族自治县采矿权台账"
        assert "截至：2025年1月2日" in str(lines[1][0])
        assert lines[2][:3] == ["序号", "矿业权编号", "采矿权人"]
        shown = dict(zip(lines[2], lines[3], strict=True))
        assert (shown["生产规模"], shown["规模类别"], shown["状态"], shown["绿色矿山"]) == (
            "100 万吨/年",
            "大型",
            "生产",
            "市级",
        )
        assert shown["所在行政区"] == "石柱土家族自治县（500240）"
        assert shown["保有资源量(探明/控制/推断)"] == "888.6 / — / — 万吨"
        assert lines[4][0] == "规划点名矿山（不计数，仅载规划所述内容）"
        assert lines[5][4] == "规划点名的采石场"
        assert not any(lines[5][5:18])
        part = zipfile.ZipFile(file)
        sheet, workbook = (
            part.read("xl/worksheets/sheet1.xml").decode(),
            part.read("xl/workbook.xml").decode(),
        )
        for mark in (
            'orientation="landscape"',
            'paperSize="9"',
            'fitToHeight="0"',
            "第 &amp;P 页 共 &amp;N 页",
            "topLeftCell",
        ):
            assert mark in sheet
        assert "Print_Titles" in workbook
        assert "<f>" not in sheet

    def test_the_same_register_gives_the_same_bytes(self, book, tmp_path):
        enter(book, row())
        content = ledger(book, SYSTEM)
        for name in ("a.xlsx", "b.xlsx"):
            write_sheet(content, tmp_path / name)
        assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()

    def test_a_county_sees_its_own(self, book):
        enter(book, row())
        assert len(ledger(book, user(book, "市局甲", Role.municipal, "500000")).lines) == 1
        assert ledger(book, user(book, "邻县甲", Role.clerk, "500241")).lines == ()

    def test_a_folder_that_does_not_exist(self, book, tmp_path):
        with pytest.raises(FileUnwritable):
            write_sheet(ledger(book, SYSTEM), tmp_path / "nowhere" / "台账.xlsx")

    @pytest.mark.parametrize(
        ("text", "safe"),
        [
            ("=1+1", "'=1+1"),
            ("+cmd", "'+cmd"),
            ("-cmd", "'-cmd"),
            ("@x", "'@x"),
            ("＝1+1", "'＝1+1"),
            ("＠x", "'＠x"),
            (" =1", "' =1"),
            ("-12.5", "-12.5"),
            ("矿", "矿"),
        ],
    )
    def test_csv_cells_that_look_like_formulas_are_guarded_and_read_back(self, text, safe):
        assert guarded(text) == safe
        assert rows_of(f'a,b\n"{safe}",1\n'.encode(), "示例.csv")[0].cells["a"] == text
