"""Who may do what: every writing command asks the role, and what lies outside a region does not exist."""

import pytest

from registry.identity.models import User
from registry.platform.db import connect, transaction
from tests.databases import ROOT

RIGHT, RETURN = "SZ-2015-0001", "SZ-2015-0001/建筑石料用灰岩/2025-01"
COUNTY = ("--region", "500240")
ROW = "right_no,period,quantity,unit\nSZ-2015-0001,2026-01,1,t\n"
EVERYBODY = {"jingban", "shenhe", "shenpi", "jianchayuan", "guanliyuan", "shenji", "shiju"}
# command -> who may
ACTS = {
    ("output", "record", RIGHT, "2026-01", "1 t"): {"jingban", "shenhe"},
    ("output", "void", RETURN, "--reason", "x"): {"jingban", "shenhe"},
    ("output", "import", "ROW"): {"jingban", "shenhe"},
    ("right", "state", RIGHT, "停产", "--since", "2026-01-20", "--reason", "x"): {"jingban", "shenpi"},
    ("right", "green", RIGHT, "无", "--since", "2026-01-20", "--reason", "x"): {"jingban", "shenpi"},
    ("right", "import", str(ROOT / "seed/demo/rights.csv")): {"jingban"},
    ("alarms", "acknowledge", "1", "--note", "x"): {"shenhe", "shenpi"},
    ("alarms", "close", "1", "--note", "x"): {"shenhe", "shenpi"},
    ("user", "add", "lao", "--role", "clerk", *COUNTY): {"guanliyuan"},
    ("user", "list"): {"guanliyuan"},
    ("token", "list"): {"guanliyuan"},
    ("job", "run", "nightly"): {"jingban", "shenhe", "guanliyuan"},
    ("check",): {"shenji", "guanliyuan"},
    ("plan", "import", str(ROOT / "seed/plans/shizhu-2021-2025.yaml")): {"guanliyuan"},
}
READS = [("caps", "status"), ("alarms",), ("plan", "show"), ("reserves", "balance")]
ELSEWHERE = [
    ("output", "record", RIGHT, "2026-01", "1 t"), ("output", "void", RETURN, "--reason", "x"),
    ("right", "state", RIGHT, "停产", "--since", "2026-01-20", "--reason", "x"),
    ("right", "green", RIGHT, "无", "--since", "2026-01-20", "--reason", "x"),
    ("alarms", "acknowledge", "1", "--note", "x"), ("caps", "status", *COUNTY), ("plan", "show", *COUNTY),
    ("reserves", "balance", *COUNTY), ("user", "add", "lao", "--role", "clerk", *COUNTY),
    ("report", "permit", "示例-SZ-2015-0001", "-o", "OUT"),
    ("report", "inspection", RIGHT, "2025", "-o", "OUT"),
    ("report", "registration", RIGHT, "-o", "OUT"),
    ("report", "progress", "2025-09", *COUNTY, "-o", "OUT"), ("report", "alarm-notice", "1", "-o", "OUT"),
    ("report", "missing-notice", RIGHT, "2025", "-o", "OUT"),
    ("report", "renewal-notice", RIGHT, "-o", "OUT"),
    ("report", "municipal", "2025", *COUNTY, "-o", "OUT"), ("right", "export", "OUT", *COUNTY),
]  # fmt: skip


@pytest.fixture
def places(tmp_path):
    """Put real files in place of ROW and OUT."""
    (tmp_path / "row.csv").write_text(ROW)
    return {"ROW": tmp_path / "row.csv", "OUT": tmp_path / "out"}


def filled(words, places):
    return [places.get(word, word) for word in words]


@pytest.mark.parametrize("words", ACTS, ids="-".join)
def test_a_role_that_does_not_permit_it(unchanged, places, words):
    for name in EVERYBODY - ACTS[words]:
        told = unchanged(*filled(words, places), "--as", name)
        assert told.code == 1, f"{name} may {words}"
        assert "没有此项权限" in told.out + told.err


@pytest.mark.parametrize("words", ACTS, ids="-".join)
def test_a_role_that_permits_it(demo, places, words):
    name = min(ACTS[words])
    told = demo(*filled(words, places), "--as", name)
    assert told.code == 0, told.err
    assert demo("check").code == 0


@pytest.mark.parametrize("words", [*ACTS, *READS], ids="-".join)
def test_a_name_nobody_has(unchanged, places, words):
    told = unchanged(*filled(words, places), "--as", "nobody", "--json")
    assert (told.code, told.problem["code"]) == (3, "not_found")


def test_whoever_left_acts_no_more(demo, demonstration_url, places):
    engine = connect(demonstration_url)
    with transaction(engine) as session:
        session.get_one(User, "jingban").active = False
    engine.dispose()
    for words in (("output", "record", RIGHT, "2026-01", "1 t"), ("output", "import", places["ROW"])):
        assert demo(*words, "--as", "jingban").code == 3


class TestAnotherCounty:
    @pytest.fixture
    def neighbour(self, demo):
        """Give the command as run by the clerk, reviewer and administrator of another county."""
        for role in ("clerk", "reviewer", "administrator"):
            assert demo("user", "add", "linxian", "--role", role, "--region", "500101").code == 0
        return lambda *words: demo(*words, "--as", "linxian")

    def test_its_rights_and_figures_do_not_exist(self, neighbour, places):
        for words in ELSEWHERE:
            told = neighbour(*filled(words, places))
            assert told.code == 3, (words, told)
            assert "未找到" in told.err
        assert not places["OUT"].exists()

    def test_lists_are_empty(self, neighbour):
        for words in (("caps", "status"), ("alarms",), ("reserves", "balance")):
            assert neighbour(*words, "--json").data == []
        assert [plan["region"] for plan in neighbour("plan", "show", "--json").data] == ["500000"]

    def test_rows_of_files_are_rejected_one_by_one(self, neighbour, places):
        rights = ROOT / "seed/demo/rights.csv"
        for words, count in ((("output", "import", places["ROW"]), 1), (("right", "import", rights), 34)):
            told = neighbour(*words, "--json")
            assert (told.code, told.data["accepted"], told.data["unchanged"]) == (1, 0, 0)
            assert {row["code"] for row in told.data["rejected"]} == {"not_found"}
            assert len(told.data["rejected"]) == count


class TestTwoPeople:
    def test_nobody_handles_what_is_closed(self, demo):
        assert demo("alarms", "close", "1", "--note", "查实", "--as", "shenhe").code == 0
        told = demo("alarms", "acknowledge", "1", "--note", "查实", "--as", "shenhe", "--json")
        assert (told.code, told.problem["code"], told.problem["status"]) == (1, "wrong_state", 409)
