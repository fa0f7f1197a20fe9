"""What a command does to the book, end to end, and that doing it twice is harmless."""

import json

import pytest

from tests.cli.outside import execute
from tests.databases import ROOT

RIGHT, MONTH = "SZ-2015-0001", "2026-01"
RETURN = f"{RIGHT}/建筑石料用灰岩/{MONTH}"


@pytest.fixture
def book(demo):
    """Give the command, and prove that the book agrees with itself afterwards."""
    yield demo
    assert demo("check", "--json").data["ok"]


class TestReturns:
    def test_the_life_of_one(self, book):
        told = book("output", "record", RIGHT, MONTH, "20 万吨", "--as", "jingban", "--json").data
        assert (told["return"], told["revision"]) == (RETURN, 1)
        county, city = told["meters"]
        assert {"cap", "before", "after", "unit"} <= set(county)
        assert (county["cap"], county["before"], county["after"], county["unit"]) == (
            "500240/建筑石料用灰岩/year", "0", "200000", "t",
        )  # fmt: skip
        assert city["cap"] == "500000/建筑石料用灰岩/year"
        same = book("output", "record", RIGHT, MONTH, "200 kt", "--json").data
        assert (same["unchanged"], same["meters"]) == (True, [])
        changed = book(
            "output", "record", RIGHT, MONTH, "21 万吨", "--correct", "--reason", "磅单漏记", "--json"
        )
        assert (changed.data["revision"], changed.data["meters"][0]["after"]) == (2, "210000")
        told = book(
            "output", "record", RIGHT, MONTH, "21.5 万吨", "--correct", "--reason", "再核", "--as", "jingban"
        )
        assert f"石柱土家族自治县 建筑石料用灰岩 {MONTH[:4]} 年：21 万吨 → 21.5 万吨" in told.out
        stale = ("--reason", "再核", "--based-on", "2", "--json")
        for late in (("record", RIGHT, MONTH, "9 万吨", "--correct"), ("void", RETURN)):
            refused = book("output", *late, *stale)
            assert (refused.code, refused.problem["code"]) == (1, "changed_since")
        gone = book("output", "void", RETURN, "--reason", "报错矿山", "--based-on", "3", "--json").data
        assert (gone["revision"], gone["meters"][0]["after"]) == (4, "0")
        again = book("output", "void", RETURN, "--reason", "报错矿山", "--json")
        assert (again.code, again.problem["code"]) == (1, "not_returned")

    def test_a_key_gives_the_first_answer_again(self, book):
        first = book("output", "record", RIGHT, MONTH, "1 t", "--key", "k-1", "--json")
        assert book("output", "record", RIGHT, MONTH, "1 t", "--key", "k-1", "--json").data == first.data
        other = book("output", "record", RIGHT, MONTH, "2 t", "--key", "k-1", "--json")
        assert (other.code, other.problem["code"]) == (1, "idempotency_mismatch")

    def test_a_return_over_the_cap_is_kept_and_told(self, book):
        told = book("output", "record", RIGHT, MONTH, "1300 万吨", "--json").data
        assert {alarm["code"] for alarm in told["alarms"]} >= {"cap_near", "cap_warning", "cap_exceeded"}
        [alarm] = [alarm for alarm in told["alarms"] if alarm["code"] == "cap_exceeded"]
        assert (alarm["severity"], alarm["caused_by"], alarm["excess"]) == ("critical", RETURN, "1000000")
        step = book("alarms", "acknowledge", alarm["id"], "--note", "去现场", "--as", "shenhe", "--json").data
        assert (step["state"], step["steps"][-1]["actor"]) == ("acknowledged", "shenhe")

    def test_a_file_twice_and_then_corrected(self, book, tmp_path):
        file = tmp_path / "returns.csv"
        file.write_text(
            f"right_no,period,quantity,unit\n{RIGHT},{MONTH},1,t\nSZ-2014-0001,{MONTH},2,t\nNO,{MONTH},3,t\n"
        )
        trial = book("output", "import", file, "--dry-run", "--json")
        for expected in ({"accepted": 2, "unchanged": 0}, {"accepted": 0, "unchanged": 2}):
            told = book("output", "import", file, "--json")
            assert told.code == 1
            assert {name: told.data[name] for name in expected} == expected
            assert [row["row"] for row in told.data["rejected"]] == [4]
        assert (trial.data["accepted"], trial.data["rejected"]) == (2, told.data["rejected"])
        file.write_text(f"right_no,period,quantity,unit\n{RIGHT},{MONTH},5,t\n")
        refused = book("output", "import", file, "--json").data
        assert [row["code"] for row in refused["rejected"]] == ["already_returned"]
        done = book("output", "import", file, "--correct", "--reason", "复核", "--json")
        assert (done.code, done.data["accepted"]) == (0, 1)


class TestOthers:
    def test_rights_of_the_demonstration_are_unchanged(self, book):
        told = book("right", "import", ROOT / "seed/demo/rights.csv", "--as", "jingban", "--json").data
        assert (told["accepted"], told["unchanged"], told["rejected"]) == (0, 34, [])

    def test_a_state_and_a_level(self, book):
        told = book(
            "right", "state", RIGHT, "停产", "--since", "2026-01-20", "--reason", "检修", "--json"
        ).data
        assert told == {"right": RIGHT, "state": "stopped", "since": "2026-01-20", "changed": True}
        told = book(
            "right", "green", RIGHT, "国家级", "--since", "2026-01-20", "--reason", "公告", "--json"
        ).data
        assert told["green"] == "national"

    def test_a_user_and_his_role(self, book):
        told = book("user", "add", "老李", "--role", "经办", "--region", "500240", "--json").data
        assert told == {"name": "老李", "role": "clerk", "region": "500240"}
        assert book("output", "record", RIGHT, MONTH, "1 t", "--as", "老李").code == 0

    def test_the_night(self, book):
        assert book("job", "run", "nightly", "--json").data["returns_missing"] == 0
        newest = book("job", "list", "--json").data[0]
        assert (newest["kind"], newest["state"]) == ("nightly", "done")
        assert json.loads(newest["result"])["holds_lapsed"] == 0
        assert "日终核对" in book("job", "list").out
        assert "duties_opened" not in book("job", "list").out
        assert "已办完：没有新增事项" in book("job", "run", "nightly").out
        again = book("job", "run", newest["id"], "--json")
        assert (again.code, again.problem["code"]) == (1, "job_done")
        for role, region in (("审核", "500240"), ("审计", "500000")):
            book("user", "add", "yang", "--role", role, "--region", region)
        looker = book("job", "run", newest["id"], "--as", "yang", "--json")
        assert (looker.code, looker.problem["code"]) == (1, "forbidden")  # sees the night, may not repeat it

    def test_prints_are_whole_pdfs(self, book, tmp_path):
        for words in (("permit", "示例-SZ-2015-0001"), ("inspection", RIGHT, "2025")):
            file = tmp_path / f"{words[0]}.pdf"
            assert book("report", *words, "-o", file).code == 0
            assert file.read_bytes().startswith(b"%PDF")
            assert file.read_bytes().rstrip().endswith(b"%%EOF")


class TestRepair:
    def test_a_falsified_meter_is_found_and_set_right(self, book, demonstration_url):
        execute(demonstration_url, "UPDATE meter SET used = used + 1 WHERE id = 1")
        found = book("check", "--json")
        assert (found.code, found.data["ok"]) == (1, False)
        assert "meter" in {difference["kind"] for difference in found.data["differences"]}
        told = book("check", "--repair", "--reason", "磁盘故障", "--json")
        assert (told.code, told.data["ok"], len(told.data["repaired"])) == (0, True, 1)
