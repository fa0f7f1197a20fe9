"""Whatever is typed: one clear answer with the exit code of the contract, and nothing is written."""

import pytest

RIGHT, LONG = "SZ-2015-0001", "名" * 10_000
RECORD = ("output", "record", RIGHT, "2026-01")


class TestUsage:
    @pytest.mark.parametrize(
        "words",
        [
            ("bogus",), ("caps", "bogus"), ("caps", "status", "--bogus"), ("output", "record"),
            ("alarms", "close", "one"), ("alarms", "close", "0"), ("alarms", "close", "9" * 30),
            ("user", "add", "x"), ("report", "municipal", "2025"), ("demo", "--port", "65536"), (),
        ],
    )  # fmt: skip
    def test_is_one_problem_with_json_and_words_without(self, shell, words):
        told = shell(*words, "--json")
        assert (told.code, told.problem["code"], told.problem["errors"][0]["rule"]) == (2, "usage", "usage")
        assert shell(*words).code == 2

    def test_bytes_that_are_no_text(self, unchanged):
        for words in (("caps", "status", "--region", "\udcff"), (*RECORD, "1 t", "--note", "\udcff")):
            told = unchanged(*words, "--json")
            assert (told.code, told.problem["code"]) == (1, "control_character")


class TestQuantities:
    @pytest.mark.parametrize(
        ("quantity", "code"),
        [
            ("-1 万吨", "negative"), ("1 万吨/年", "rate_not_expected"), ("1", "not_a_quantity"),
            ("万吨", "not_a_quantity"), ("1 斤", "unit_unknown"), ("1 mt", "unit_unknown"),
            ("0.0000001 t", "too_many_places"), ("9223372036854.775808 t", "overflow"),
            ("99999999999 亿吨", "overflow"), ("1e3 t", "not_a_number"), ("1,2 t", "not_a_number"),
            ("=1+1 t", "not_a_quantity"), ("٣ t", "not_a_number"), ("NaN t", "not_a_quantity"),
            ("1 \x1b[31mt", "control_character"), ("1 😀", "unit_unknown"), (f"1 {LONG}", "not_a_quantity"),
            ("", "field_missing"), ("1 个", "kinds_mixed"),
        ],
    )  # fmt: skip
    def test_a_quantity_is_refused_with_its_figure(self, unchanged, quantity, code):
        told = unchanged(*RECORD, quantity, "--json")
        assert (told.code, told.problem["code"]) == (1, code)
        assert told.problem["errors"][0]["accepted"]

    @pytest.mark.parametrize(
        ("options", "code", "field"),
        [
            (("--lost", "-1 t"), "negative", "lost"),
            (("--nil",), "nil_with_quantity", "nil"),
            (("--correct",), "field_missing", "reason"),
            (("--correct", "--reason", " "), "field_missing", "reason"),
            (("--correct", "--reason", "磅单\x07"), "control_character", "reason"),
            (("--mineral", "金刚石粉"), "mineral_unknown", "mineral"),
            (("--mineral", LONG), "too_long", "mineral"),
            (("--note", LONG), "too_long", "note"),
            (("--note", "\u202e元"), "control_character", "note"),
            (("--key", ""), "value_missing", "key"),
            (("--key", LONG), "too_long", "key"),
        ],
    )
    def test_an_option_is_refused_with_its_name(self, unchanged, options, code, field):
        problem = unchanged(*RECORD, "1 t", *options, "--json").problem
        assert (problem["code"], problem["errors"][0]["field"]) == (code, field)

    @pytest.mark.parametrize(
        ("period", "code"),
        [
            ("2026-13", "not_a_period"), ("1899-12", "not_a_period"), ("3000-01", "not_a_period"),
            ("9999-12", "not_a_period"), ("2026", "not_a_period"), ("", "field_missing"),
            ("2025-02-29", "not_a_period"), ("2026-02", "period_in_future"), ("2026-01-05", "month_expected"),
        ],
    )  # fmt: skip
    def test_a_period(self, unchanged, period, code):
        told = unchanged("output", "record", RIGHT, period, "1 t", "--json")
        assert (told.code, told.problem["code"], told.problem["errors"][0]["field"]) == (1, code, "period")

    def test_other_figures_for_a_returned_month(self, unchanged):
        problem = unchanged("output", "record", RIGHT, "2025-01", "5 t", "--json").problem
        assert (problem["code"], problem["status"]) == ("already_returned", 409)
        assert problem["errors"] == [
            {"field": "quantity", "value": "5", "rule": "already_returned", "accepted": ""}
        ]
        assert "15.13 万吨" in problem["detail"]
        assert "5 t" in problem["detail"]


class TestNames:
    @pytest.mark.parametrize(
        "words",
        [
            ("output", "record", "SZ-9999-9999", "2026-01", "1 t"),
            ("output", "record", "'; DROP TABLE mineral_right; --", "2026-01", "1 t"),
            ("output", "void", "SZ-2015-0001", "--reason", "x"),
            ("output", "void", f"{RIGHT}/建筑石料用灰岩/2099-01", "--reason", "x"),
            ("output", "void", f"{RIGHT}/../2025-01", "--reason", "x"),
            ("alarms", "close", 10**6, "--note", "x"),
            ("alarms", "acknowledge", 2**63 - 1, "--note", "x"),
            ("plan", "confirm", 99, "--as", "shenpi"),
            ("plan", "show", "--region", "999999"),
            ("caps", "status", "--region", "999999"),
            ("caps", "status", "--region", ""),
            ("reserves", "balance", "--region", LONG),
            ("user", "add", "lao", "--role", "clerk", "--region", "999999"),
            ("right", "state", "SZ-9999-9999", "停产", "--since", "2026-01-01", "--reason", "x"),
            ("job", "run", "weekly"),
            ("job", "run", "²"),
            ("job", "run", "9" * 5000),
            ("caps", "status", "--as", "nobody"),
            ("caps", "status", "--as", ""),
        ],
    )
    def test_what_is_not_there(self, unchanged, words):
        told = unchanged(*words, "--json")
        assert (told.code, told.problem["code"], told.problem["status"]) == (3, "not_found", 404)

    @pytest.mark.parametrize(
        "name", ["", " ", "system", "SYSTEM", " jingban", "jing\x07ban", "jing\u202eban", LONG]
    )
    def test_a_name_nobody_can_have(self, unchanged, name):
        told = unchanged("user", "add", name, "--role", "clerk", "--region", "500240", "--json")
        assert told.problem["errors"][0]["field"] == "name"

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("user", "add", "lao", "--role", "boss", "--region", "500240"), "role_unknown"),
            (("right", "state", RIGHT, "睡觉", "--since", "2026-01-01", "--reason", "x"), "word_unknown"),
            (("right", "state", RIGHT, "停产", "--since", "2026-01-01"), "field_missing"),
            (("right", "state", RIGHT, "停产", "--since", "2027-01-01", "--reason", "x"), "day_in_future"),
            (("right", "green", RIGHT, "市级", "--since", "1899-01-01", "--reason", "x"), "not_a_date"),
            (
                ("right", "green", RIGHT, "市级", "--since", "2026-01-01", "--reason", "\x07"),
                "control_character",
            ),
            (("output", "void", f"{RIGHT}/建筑石料用灰岩/2025-01"), "field_missing"),
            (
                ("output", "void", f"{RIGHT}/建筑石料用灰岩/2025-01", "--reason", "\u202e"),
                "control_character",
            ),
            (("alarms", "close", "1"), "note_missing"),
            (("check", "--repair"), "field_missing"),
            (("check", "--head", "500240:²:x"), "not_a_head"),
            (("job", "run", "1"), "job_done"),
        ],
    )
    def test_what_no_rule_accepts(self, unchanged, words, code):
        told = unchanged(*words, "--json")
        assert (told.code, told.problem["code"]) == (1, code)


class TestDays:
    @pytest.mark.parametrize(
        "day", ["9999-12-31", "0001-01-01", "2025-02-30", "2025-6-1", "２０２５-０６-０１", "x"]
    )
    def test_as_of_no_day(self, shown, tmp_path, day):
        for words in (("caps", "status"), ("export", tmp_path)):
            assert shown(*words, "--as-of", day, "--json").problem["code"] == "not_a_date"

    def test_as_of_a_day_to_come(self, shown, tmp_path):
        for words in (("caps", "status"), ("export", tmp_path)):
            problem = shown(*words, "--as-of", "2026-02-01", "--json").problem
            assert (problem["code"], problem["errors"][0]["accepted"]) == ("day_in_future", "≤ 2026-01-31")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("year", ["1899", "3000", "20250", "-1", "２０２５", "x"])
    def test_no_year(self, shown, year):
        assert shown("caps", "status", f"--year={year}", "--json").problem["code"] == "not_a_year"

    @pytest.mark.parametrize("year", ["1900", "2999"])
    def test_a_year_far_away_is_empty(self, shown, year):
        caps = shown("caps", "status", "--year", year, "--json").data
        assert {cap["meters"]["output"]["used"] for cap in caps} == {"0"}

    @pytest.mark.parametrize("today", ["abc", "9999-12-31", "2025-02-30"])
    def test_a_today_that_is_none(self, shown, today):
        problem = shown("caps", "status", "--as-of", "2025-01-01", "--json", today=today).problem
        assert problem["errors"][0]["field"] == "REGISTRY_TODAY"

    def test_today_counts_only_in_a_demonstration(self, shell, fresh_url):
        shell("init", url=fresh_url)
        shell("job", "run", "nightly", today="2031-01-01")
        [job] = shell("job", "list", "--json").data
        assert not job["created_at"].startswith("2031")
        assert shell("caps", "status", "--json", today="no day").data == []
