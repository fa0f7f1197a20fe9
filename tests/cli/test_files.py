"""Files in and out: hostile ones are refused by name, and what is written is whole or not there."""

import csv
import io
import os
import resource
import stat
import zipfile
from contextlib import contextmanager

import pytest

HEAD = "right_no,mineral,period,quantity,unit,lost,lost_unit,nil,note"
GOOD = "SZ-2015-0001,,2026-01,1,万吨,,,,"
CAP_TABLE = ("report", "caps", "2025", "--region", "500240", "-o")
TEXT = f"{HEAD}\n{GOOD}\n"


def zipped(**parts: str) -> bytes:
    """Return an archive with these parts; double underscores stand for slashes."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return whole.getvalue()


@pytest.fixture
def trial(shown, tmp_path):
    """Give a trial import of a file with some content."""

    def run(content, command=("output", "import")):
        path = tmp_path / "returns.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return shown(*command, path, *(["--dry-run"] if command[0] == "output" else []), "--json")

    return run


class TestReadable:
    @pytest.mark.parametrize(
        "content",
        [
            TEXT, TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), f"\ufeff{TEXT}",
            TEXT.encode("gb18030"), f"石柱县一月产量,,\n\n{TEXT}",
            f"{HEAD}\nSZ-2015-0001,,2026-01,1,万吨\n", f"{TEXT}\n,,,,\n",
            "矿业权编号,矿种,报告期,产量,单位\nSZ-2015-0001,建筑石料用灰岩,2026-01,1,万吨\n",
        ],
        ids=["lf", "crlf", "cr", "bom", "gb18030", "title", "short row", "empty rows", "chinese"],
    )  # fmt: skip
    def test_however_an_office_saves_it(self, trial, content):
        told = trial(content)
        counts = {name: told.data[name] for name in ("accepted", "unchanged", "rejected", "alarms")}
        assert counts == {"accepted": 1, "unchanged": 0, "rejected": [], "alarms": []}

    def test_a_formula_is_text_and_a_bidi_mark_is_refused(self, trial):
        [row] = trial(f"{HEAD}\nSZ-2015-0001,,2026-01,=1+1,t,,,,\n").data["rejected"]
        assert (row["row"], row["field"], row["value"], row["code"]) == (
            2,
            "quantity",
            "=1+1",
            "not_a_number",
        )
        told = trial(
            f"{HEAD}\n\u202eSZ-2015-0001,,2026-01,1,t,,,,\nSZ-2015-0001,,2026-01,1,t,,,,\x1b[31m\n"
        ).data
        assert [(row["field"], row["code"]) for row in told["rejected"]] == [
            ("right_no", "control_character"), ("note", "control_character"),
        ]  # fmt: skip

    def test_every_bad_row_is_named_and_good_ones_pass(self, trial):
        bad = {
            "SZ-2015-0001,,2026-01,-5,t,,,,": ("quantity", "negative"),
            "SZ-2015-0001,,2026-01,5,斤,,,,": ("unit", "unit_unknown"),
            "SZ-2015-0001,,2026-01,0.0000001,t,,,,": ("quantity", "too_many_places"),
            "SZ-2015-0001,,2026-01,99999999999999999,t,,,,": ("quantity", "overflow"),
            "SZ-2015-0001,金刚石粉,2026-01,1,t,,,,": ("mineral", "mineral_unknown"),
            "SZ-9999-9999,,2026-01,1,t,,,,": ("right_no", "not_found"),
            "SZ-2015-0001,,2026-13,1,t,,,,": ("period", "not_a_period"),
            "SZ-2015-0001,,2025-01,1,t,,,,": ("quantity", "already_returned"),
            "SZ-2015-0001,,2026-01,1,t,,,也许,": ("nil", "not_a_flag"),
            "SZ-2015-0001,,2026-01,1,t,,,,,surplus": ("row", "cells_without_column"),
            ",,2026-01,1,t,,,,": ("right_no", "field_missing"),
        }
        told = trial("\n".join([HEAD, *bad, GOOD]))
        assert (told.code, told.data["accepted"]) == (1, 1)
        assert [(row["field"], row["code"]) for row in told.data["rejected"]] == list(bad.values())
        assert all(set(row) == {"row", "field", "value", "code", "message"} for row in told.data["rejected"])


class TestHostile:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "header_missing"), (b"\n\n", "header_missing"), (TEXT.encode("utf-16"), "file_kind"),
            (TEXT.replace("SZ", "S\0Z"), "file_kind"), (b"%PDF-1.7", "file_kind"), (b"<html>", "file_kind"),
            (b"\x1f\x8b\x08", "file_kind"), (b"PK\x03\x04 no archive", "file_broken"),
            (zipped(a_txt="x"), "file_kind"), (zipped(xl__workbook_xml="0" * 110_000_000), "file_too_large"),
            (f'{HEAD}\n"never closed', "csv_broken"), ("a,b\n1,2\n", "column_missing"),
            (TEXT.replace("note", "unit"), "column_repeated"),
            ("right_no,period,quantity,产量,unit\nSZ-2015-0001,2026-01,1,2,t\n", "column_repeated"),
            (",".join(f"c{n}" for n in range(300_000)), "too_many_columns"),
            (f"{HEAD}\n" + "a,b\n" * 60_000, "too_many_rows"), (b"x" * (20 * 2**20 + 1), "file_too_large"),
        ],
        ids=range(17),
    )  # fmt: skip
    def test_a_table_that_is_none(self, trial, content, code):
        told = trial(content)
        assert (told.code, told.problem["code"]) == (1, code)
        if "产量" not in str(content):  # a list of rights knows no such column
            told = trial(content, ("right", "import"))
            assert (told.code, told.problem["code"]) == (1, code)

    @pytest.mark.parametrize("name", [".", "nowhere.csv", "", "x" * 300, "a\nb", "loop", "/dev/zero"])
    def test_a_path_that_is_no_file(self, shown, tmp_path, name):
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        for words in (("output", "import"), ("right", "import"), ("plan", "import"), ("caps", "assess")):
            told = shown(*words, tmp_path / name, "--json")
            assert (told.code, told.problem["errors"][0]["field"]) == (1, "file")

    def test_a_yaml_bomb(self, shown, tmp_path):
        layers = "\n".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 9))
        (tmp_path / "plan.yaml").write_text(f"b0: &b0 [x]\n{layers}\n")
        assert shown("plan", "import", tmp_path / "plan.yaml", "--json").problem["code"] == "yaml_alias"


@contextmanager
def smallest_files(size):
    """Let no file grow beyond a size, as a disk without room would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class TestWritten:
    def test_a_link_stays_a_link_and_its_file_is_written(self, shown, tmp_path):
        target, link = tmp_path / "real.pdf", tmp_path / "link.pdf"
        target.write_text("old")
        link.symlink_to(target)
        assert shown(*CAP_TABLE, link).code == 0
        assert link.is_symlink()
        assert target.read_bytes().startswith(b"%PDF")

    def test_a_pipe_or_a_device_is_never_replaced(self, shown, tmp_path):
        pipe = tmp_path / "pipe.pdf"
        os.mkfifo(pipe)
        for words in (CAP_TABLE, ("right", "export")):
            told = shown(*words, pipe)
            assert (told.code, "不是普通文件" in told.err) == (1, True)
        assert stat.S_ISFIFO(pipe.stat().st_mode)

    @pytest.mark.parametrize("name", ["nowhere/a.xlsx", ".", "n" * 300, "file/a.xlsx"])
    def test_a_place_where_nothing_can_be_written(self, shown, tmp_path, name):
        (tmp_path / "file").write_text("old")
        for words in (CAP_TABLE, ("right", "export")):
            told = shown(*words, tmp_path / name)
            assert (told.code, told.err.count("\n")) == (1, 1)
        assert [path.name for path in tmp_path.iterdir()] == ["file"]

    def test_the_longest_name_that_can_be_written(self, shown, tmp_path):
        assert shown("right", "export", tmp_path / ("n" * 255)).code == 0
        assert [path.name for path in tmp_path.iterdir()] == ["n" * 255]

    @pytest.mark.parametrize("folder", ["file", "file/inside", "n" * 300])
    def test_an_export_into_no_folder(self, shown, tmp_path, folder):
        (tmp_path / "file").write_text("old")
        assert shown("export", tmp_path / folder, "--json").problem["code"] in (
            "file_unreadable", "file_unwritable",
        )  # fmt: skip
        assert (tmp_path / "file").read_text() == "old"

    def test_without_room_the_old_files_stay_and_no_part_is_left(self, shown, tmp_path):
        assert shown("export", tmp_path, "--as-of", "2025-03-31").code == 0
        assert shown(*CAP_TABLE, tmp_path / "m.pdf").code == 0
        old = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        with smallest_files(40_000):  # SQLite's own shared memory takes 32 kB
            for words in (("export", tmp_path), (*CAP_TABLE, tmp_path / "m.pdf")):
                told = shown(*words, "--json") if words[0] == "export" else shown(*words)
                assert (told.code, "未留下不完整的文件" in told.err) == (1, True)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == old

    def test_others_may_read_what_the_umask_lets_them(self, shown, tmp_path):
        before = os.umask(0o022)
        try:
            assert shown(*CAP_TABLE, tmp_path / "m.pdf").code == 0
            assert shown("right", "export", tmp_path / "r.xlsx").code == 0
        finally:
            os.umask(before)
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o644}

    def test_an_exported_text_is_no_formula(self, demo, tmp_path):
        note = "=HYPERLINK(0)"
        assert demo("output", "record", "SZ-2015-0001", "2026-01", "1 t", "--note", note).code == 0
        assert demo("export", tmp_path).code == 0
        with (tmp_path / "returns.csv").open(encoding="utf-8", newline="") as file:
            assert [row["note"] for row in csv.DictReader(file) if row["note"]][-1] == f"'{note}"
