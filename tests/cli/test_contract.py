"""What scripts rely on: the commands, the shapes they print and their exit codes, on the demonstration."""

import csv
import json
import re
from decimal import Decimal
from itertools import pairwise

import pytest

from registry.kernel.vocabulary import AlarmCode


def words(text):
    """Return the words of a text: the names that the contract promises."""
    return text.split()


COMMANDS = words("""
    init demo serve check export plan-import plan-show plan-amend plan-confirm right-import right-export
    output-import output-record output-void caps-status caps-assess alarms alarms-acknowledge alarms-close
    reserves-balance user-add user-remove-role user-password user-list user-close user-open token-create
    token-list token-end report-permit report-registration report-inspection report-caps
    report-municipal job-list job-run
""")
ACTS = words("""
    check plan-import plan-amend plan-confirm right-import right-state right-green output-import output-record
    output-void alarms-acknowledge alarms-close user-add user-remove-role user-password
    user-list user-close user-open token-create token-list token-end job-run
""")
CAP = words("""
    cap region mineral mineral_code period binding printed limit source carried_forward coverage meters state
""")
DAY = words("peak latest days_over days_missing mean")
STATES = set(words("ok near warning exceeded partial unknown"))
ALARM = words("""
    id code severity state receded region mineral right period limit reading excess unit caused_by document
    clause raised_at steps
""")
CODES = set(words("""
    cap_near cap_warning cap_exceeded permit_exceeded after_expiry no_permit during_stop cap_missing
    plan_expired stock_over_cap renewal_due renewal_overdue return_missing
"""))  # fmt: skip
BALANCE = words("""
    right deposit mineral category unit opening extracted lost explored reestimated transferred closing
    cumulative
""")
EXPORTED = words("alarms caps commitments movements reserves returns rights")
PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
APPLICATION = {
    "kind": "new", "region": "500240", "mineral": "建筑石料用灰岩", "scale": {"value": "30", "unit": "万吨"},
    "from": "2025-03-01", "to": "2035-02-28",
}  # fmt: skip


@pytest.fixture
def application(tmp_path):
    """Write an application to a file."""

    def write(**other):
        path = tmp_path / "application.json"
        path.write_text(json.dumps(APPLICATION | other, ensure_ascii=False), encoding="utf-8")
        return path

    return write


class TestCommands:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_each_explains_itself(self, shell, command):
        assert shell(*command.split("-", 1), "--help").code == 0

    @pytest.mark.parametrize("command", ACTS)
    def test_each_act_says_for_whom(self, shell, command):
        assert "--as" in shell(*command.split("-", 1), "--help").out


class TestCapsStatus:
    def test_every_cap_has_the_promised_shape(self, shown):
        caps = shown("caps", "status", "--json").data
        for cap in caps:
            assert set(cap) >= set(CAP) | (set(DAY) if cap["period"] == "day" else set())
            assert cap["state"] in STATES
            assert cap["binding"] in (True, False, None)
            assert set(cap["source"]) >= {"document", "clause"}
            assert set(cap["coverage"]) == {"regions", "returns"}
            for part in cap["coverage"].values():
                assert part["expected"] - part["reported"] == len(part["missing"])
            assert set(cap["meters"]["licensed"]) >= {"held", "used", "free", "ratio"}
            assert set(cap["meters"]["output"]) >= {"used", "free", "ratio", "data_through"}
        assert len(caps) == 16

    def test_it_is_sorted_by_region_and_code_those_without_a_code_last(self, shown):
        caps = shown("caps", "status", "--json").data
        order = [
            (c["region"], c["mineral_code"] is None, c["mineral_code"] or "", c["mineral"]) for c in caps
        ]
        assert order == sorted(order)
        assert any(before[0] < after[0] for before, after in pairwise(order))

    def test_quantities_are_plain_decimals_and_ratios_have_four_places(self, shown):
        for cap in shown("caps", "status", "--json").data:
            known = [cap["limit"]["value"]] if cap["limit"] else []
            for meter in cap["meters"].values():
                known += [meter[name] for name in ("held", "used", "free") if meter.get(name) is not None]
                ratio = meter["ratio"]
                assert ratio is None or re.fullmatch(r"[0-9]+\.[0-9]{4}", ratio)
                if ratio is not None and cap["meters"]["output"] is meter:
                    share = Decimal(meter["used"]) / Decimal(cap["limit"]["value"])
                    assert Decimal(ratio) == share.quantize(Decimal("0.0001"), "ROUND_HALF_EVEN")
            assert all(PLAIN.fullmatch(value) for value in known), known
            assert cap["limit"] is None or cap["limit"]["unit"] in ("t", "m3")

    def test_free_and_ratio_are_unknown_without_limit_and_below_full_coverage(self, shown):
        for cap in shown("caps", "status", "--json").data:
            dark = cap["limit"] is None or cap["coverage"]["regions"]["missing"]
            assert (cap["state"] in ("unknown", "partial")) == bool(dark)
            for meter in cap["meters"].values():
                assert bool(dark) == (meter["free"] is None) == (meter["ratio"] is None)

    def test_the_default_year_is_the_newest_with_returns(self, shown):
        default = shown("caps", "status", "--json").data
        assert default == shown("caps", "status", "--year", "2025", "--json").data
        assert {cap["year"] for cap in default} == {2025}

    def test_a_daily_cap_shows_its_highest_day(self, shown):
        caps = shown("caps", "status", "--region", "500240", "--json").data
        [water] = [cap for cap in caps if cap["period"] == "day"]
        assert water["meters"]["output"]["used"] == water["peak"]["used"] == "618.4"
        assert (water["peak"]["day"], water["latest"]["day"]) == ("2025-02-01", "2025-12-31")
        assert (water["days_over"], water["state"]) == (1, "exceeded")

    def test_as_of_says_what_was_known_then(self, shown):
        told = shown("caps", "status", "--region", "500240", "--as-of", "2025-10-31", "--json").data
        used = {cap["mineral"]: cap["meters"]["output"]["used"] for cap in told}
        assert used["建筑石料用灰岩"] == "8466000"  # 846.6 万吨, September's returns being the newest


class TestOtherShapes:
    def test_alarms(self, shown):
        told = shown("alarms", "--json").data
        assert all(set(alarm) >= set(ALARM) for alarm in told)
        assert {alarm["severity"] for alarm in told} == {"info", "warning", "critical"}
        assert {alarm["code"] for alarm in told} <= CODES <= {code.value for code in AlarmCode}
        standing = shown("alarms", "--open", "--json").data
        assert [a for a in told if a["state"] != "closed" and not a["receded"]] == standing

    def test_balances(self, shown):
        told = shown("reserves", "balance", "--json").data
        assert told
        assert all(list(line) == BALANCE for line in told)
        assert len(told) == len(shown("reserves", "balance", "--region", "500240", "--json").data)

    def test_check(self, shown):
        told = shown("check", "--json").data
        assert (set(told), told["ok"]) == ({"ok", "meters", "balances", "chain", "differences"}, True)
        head = told["chain"][-1]
        same = f"{head['region']}:{head['seq']}:{head['hash']}"
        assert shown("check", "--head", same, "--json").data["ok"]
        cut = shown("check", "--head", same.replace(head["hash"], "0" * 64), "--json")
        assert (cut.code, cut.data["differences"][0]["kind"]) == (1, "head")

    def test_export(self, shown, tmp_path):
        counts = shown("export", tmp_path, "--json").data
        assert sorted(counts) == words("""
            alarm_steps alarms caps commitments duties green indicators minerals movements plan_reserves
            regions reserves returns rights scale_lines states thresholds
        """)
        assert sorted(path.name for path in tmp_path.glob("*.*")) == sorted(f"{name}.csv" for name in counts)
        for name, count in counts.items():
            with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                assert len(list(csv.DictReader(file))) == count

    def test_plans(self, shown):
        assert [plan["region"] for plan in shown("plan", "show", "--json").data] == ["500000", "500240"]

    def test_the_ledger_of_rights(self, shown, tmp_path):
        told = shown("right", "export", tmp_path / "台账.xlsx", "--json").data
        assert (told["rights"], told["named"]) == (34, 2)


class TestAssess:
    def test_a_demand_that_fits_passes(self, shown, application):
        told = shown("caps", "assess", application(), today="2025-03-01").data
        assert (told["verdict"], told["first_failing_year"], told["largest_scale"]) == (
            "pass", None, {"value": "400000", "unit": "t"},
        )  # fmt: skip
        assert {"code", "result", "year", "figures", "clause", "message"} == set(told["rules"][0])
        assert {rule["year"] for rule in told["rules"] if rule["code"] == "cap_room"} == set(
            range(2025, 2036)
        )

    def test_one_that_does_not_is_refused_with_its_year_and_exit_code_0(self, shown, application):
        path = application(scale={"value": "40.0001", "unit": "万吨/年"})
        told = shown("caps", "assess", path, today="2025-03-01")
        assert (told.code, told.data["verdict"], told.data["first_failing_year"]) == (0, "refused", 2025)
        assert told.data["largest_scale"] == {"value": "400000", "unit": "t"}
        refused = next(rule for rule in told.data["rules"] if rule["result"] == "refused")
        assert "石柱土家族自治县建筑石料用灰岩 2025 年：指标 1200 万吨" in refused["message"]
        assert "本次 40.0001 万吨" in refused["message"]

    def test_after_the_plan_no_scale_would_do(self, shown, application):
        told = shown("caps", "assess", application(), today="2026-01-31").data
        assert (told["verdict"], told["largest_scale"]) == ("refused", None)

    def test_an_extension_at_the_same_scale_is_no_new_demand(self, shown, application):
        """Also after the plan's end: renewal runs on (decisions 3 and 8)."""
        same = {"kind": "extend", "right": "SZ-2015-0001", "scale": {"value": "260", "unit": "万吨"}}
        assert shown("caps", "assess", application(**same), today="2026-01-31").data["verdict"] == "pass"

    def test_an_enlargement_asks_only_for_what_is_more(self, shown, application):
        more = {"kind": "alter", "right": "SZ-2015-0001", "scale": {"value": "300", "unit": "万吨"}}
        told = shown("caps", "assess", application(**more), today="2025-03-01").data
        assert told["verdict"] == "pass"
        assert {rule["figures"]["wanted"] for rule in told["rules"]} == {"400000"}

    def test_a_yearly_scale_says_nothing_against_a_daily_cap(self, shown, application):
        water = {"mineral": "地热", "scale": {"value": "5", "unit": "万m³"}}
        told = shown("caps", "assess", application(**water), today="2025-03-01").data
        assert told["verdict"] == "warning"
        assert {rule["figures"]["wanted"] for rule in told["rules"]} == {None}
        assert all("本次 —" in rule["message"] for rule in told["rules"] if rule["code"] == "cap_room")

    @pytest.mark.parametrize(
        ("other", "code", "field"),
        [
            ({"scale": {"value": "-1", "unit": "万吨"}}, "negative", "scale"),
            ({"scale": {"value": "1", "unit": "m3"}}, "kinds_mixed", "scale"),
            ({"scale": {"value": "1", "unit": "斤"}}, "unit_unknown", "scale"),
            ({"scale": {"value": "9" * 30, "unit": "t"}}, "overflow", "scale"),
            ({"scale": {"value": 0.1, "unit": "g"}}, "too_many_places", "scale"),
            ({"scale": "30 万吨"}, "not_a_mapping", "scale"),
            ({"scale": {"value": "30"}}, "value_missing", "scale.unit"),
            ({"mineral": "金刚石粉"}, "mineral_unknown", "mineral"),
            ({"mineral": "\ud800"}, "control_character", "mineral"),
            ({"to": "2024-01-01"}, "dates_reversed", "to"),
            ({"from": "1899-12-31"}, "not_a_date", "from"),
            ({"to": None}, "value_missing", "to"),
            ({"region": "500000"}, "region_not_county", "region"),
            ({"rigth": "SZ-2015-0001"}, "key_unknown", "rigth"),
            ({"kind": ""}, "value_missing", "kind"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, shown, tmp_path, other, code, field):
        path = tmp_path / "application.json"
        path.write_text(json.dumps(APPLICATION | other), encoding="utf-8")
        told = shown("caps", "assess", path, "--json").problem
        assert (told["code"], told["errors"][0]["field"]) == (code, field)

    @pytest.mark.parametrize(
        "content", [b"", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe{}", b"x" * 2**20 + b"yz"]
    )
    def test_a_file_that_is_no_json(self, shown, tmp_path, content):
        path = tmp_path / "application.json"
        path.write_bytes(content)
        assert shown("caps", "assess", path, "--json").problem["code"] in (
            "file_unreadable",
            "file_too_large",
        )

    @pytest.mark.parametrize("other", [{"region": "999999"}, {"right": "SZ-9999-9999"}])
    def test_what_is_not_there(self, shown, application, other):
        told = shown("caps", "assess", application(**other), "--json")
        assert (told.code, told.problem["status"]) == (3, 404)
