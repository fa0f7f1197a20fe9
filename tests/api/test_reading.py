"""Every list and every single thing: what it says, page by page, and to whom."""

import json
from hashlib import sha256

import pytest
from sqlalchemy.event import listen

from registry.kernel.vocabulary import Kind, ReserveCategory, ReserveMove
from registry.platform import clock
from registry.platform.db import transaction
from registry.reserves.models import ReserveEntry
from registry.rights.queries import rights_by_number
from tests.api.conftest import OTHER
from tests.factories import CITY, COUNTY, LIMESTONE, QUARTZ, WATER, right

RIGHT, WELL = "SZ-2020-0001", "SZ-2020-0003"
CAP = f"{COUNTY}/{LIMESTONE}/year"
MOST = 12  # statements of a list, those that ask who is there among them
WHOLE = ("/me", "/audit/heads")  # have no pages
MARCH = {"right": RIGHT, "period": "2025-03", "quantity": {"value": "1.5", "unit": "万吨"}}


class TestCaps:
    def test_the_state_of_a_cap_is_the_contracts(self, clerk):
        [found] = [one for one in clerk.get("/caps?year=2025").json()["items"] if one["cap"] == CAP]
        assert found["printed"] == {"value": "100", "unit": "矿石万吨/年"}
        assert found["limit"] == {"value": "1000000", "unit": "t"}
        assert found["meters"]["output"] == {
            "used": "1016000", "free": "-16000", "ratio": "1.0160", "uncovered": "0",
            "data_through": "2025-02-28",
        }  # fmt: skip
        assert (found["state"], found["binding"]) == ("exceeded", True)
        assert "peak" not in found

    def test_a_daily_cap_tells_its_days(self, clerk):
        found = clerk.get(f"/caps/{COUNTY}/{WATER}/day?year=2025").json()
        assert found["peak"] == {"day": "2025-01-02", "used": "600.001"}
        assert (found["days_over"], found["meters"]["output"]["used"]) == (1, "600.001")

    def test_they_stand_in_the_order_of_the_catalogue_on_every_page(self, clerk):
        whole = clerk.get("/caps?year=2025").json()
        assert whole["next_cursor"] is None
        assert [one["mineral"] for one in whole["items"]] == [WATER, LIMESTONE, QUARTZ]
        assert clerk.every("/caps", limit=1, year=2025) == whole["items"]

    def test_as_of_a_day(self, clerk):
        found = clerk.get(f"/caps/{CAP}?year=2025&as_of=2025-02-05").json()
        assert found["meters"]["output"]["used"] == "500000"

    def test_another_county_and_the_municipality(self, caller):
        assert caller("linxian").get("/caps").json()["items"] == []
        assert caller("linxian").get(f"/caps/{CAP}").status_code == 404
        assert caller("linxian").get(f"/caps?region={COUNTY}").status_code == 404
        assert {one["region"] for one in caller("shiju").get("/caps").json()["items"]} == {COUNTY, CITY}
        assert caller("shiju").get(f"/caps?region={OTHER}").json()["items"] == []

    def test_what_if_weighs_and_records_nothing(self, clerk):
        asked = {
            "kind": "new", "region": COUNTY, "mineral": LIMESTONE,
            "scale": {"value": "30", "unit": "万吨/年"}, "from": "2025-04-01", "to": "2025-12-31",
        }  # fmt: skip
        before = clerk.get("/caps?year=2025").json()
        found = clerk.post("/caps/assess", asked).json()
        assert (found["verdict"], found["first_failing_year"]) == ("refused", 2025)
        assert found["rules"][0]["figures"]["wanted"] == "300000"
        assert clerk.get("/caps?year=2025").json() == before


class TestPlans:
    def test_a_county_reads_its_own_and_those_above(self, caller):
        listed = caller("jingban").every("/plans", limit=1)
        assert [one["region"] for one in listed] == [CITY, COUNTY, COUNTY, COUNTY]
        assert {one["region"] for one in caller("linxian").every("/plans")} == {CITY}

    def test_one_says_figures_as_printed_and_in_base_units(self, clerk):
        number = next(one["id"] for one in clerk.every("/plans", region=COUNTY) if LIMESTONE in one["title"])
        found = clerk.get(f"/plans/{number}").json()
        [line] = found["caps"]
        assert line["printed"] == {"value": "100", "unit": "矿石万吨/年"}
        assert line["limit"] == {"value": "1000000", "unit": "t"}

    def test_that_of_another_county_is_not_there(self, caller):
        number = caller("jingban").every("/plans", region=COUNTY)[0]["id"]
        assert caller("linxian").get(f"/plans/{number}").status_code == 404
        assert caller("linxian").get(f"/plans?region={COUNTY}").status_code == 404


class TestOutputs:
    def test_standing_returns_keep_their_order_over_pages(self, clerk):
        whole = clerk.get("/outputs").json()["items"]
        assert [one["return"] for one in whole] == [
            f"{RIGHT}/{LIMESTONE}/2025-01", f"{RIGHT}/{LIMESTONE}/2025-02", f"{WELL}/{WATER}/2025-01-01",
            f"{WELL}/{WATER}/2025-01-02", f"SZ-2020-0004/{QUARTZ}/2025-01",
        ]  # fmt: skip
        assert clerk.every("/outputs") == whole
        assert whole[0]["quantity"] == {"value": "500000", "unit": "t"}
        assert whole[0]["written"] == {"value": "50", "unit": "万吨"}

    def test_a_correction_between_two_pages_moves_nothing(self, clerk):
        first = clerk.get("/outputs?limit=2").json()
        changed = {
            "right": RIGHT, "period": "2025-01", "quantity": {"value": "49", "unit": "万吨"}, "correct": True,
            "reason": "磅单漏记",
        }  # fmt: skip
        assert clerk.post("/outputs", changed).status_code == 201
        rest = clerk.get("/outputs", params={"cursor": first["next_cursor"]}).json()
        assert len(first["items"]) + len(rest["items"]) == 5

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("year=2025", 5), ("year=2024", 0), (f"right={RIGHT}", 2), (f"mineral={QUARTZ}", 1),
            ("period=2025-01", 4), ("standing=first", 5), ("standing=voided", 0), ("covered=full", 5),
            (f"region={COUNTY}", 5), (f"year=2025&right={RIGHT}&period=2025-02", 1),
        ],
    )  # fmt: skip
    def test_filters(self, clerk, asked, count):
        assert len(clerk.get(f"/outputs?{asked}").json()["items"]) == count

    def test_one_with_its_revisions(self, clerk):
        changed = {
            "right": RIGHT, "period": "2025-02", "quantity": {"value": "40", "unit": "万吨"}, "correct": True,
            "reason": "磅单漏记",
        }  # fmt: skip
        clerk.post("/outputs", changed)
        found = clerk.get(f"/outputs/{RIGHT}/{LIMESTONE}/2025-02").json()
        assert [one["quantity"]["value"] for one in found["revisions"]] == ["516000", "400000"]
        assert found["revisions"][1]["reason"] == "磅单漏记"
        assert [one["superseded_at"] is None for one in found["revisions"]] == [False, True]
        assert {"raised", "receded"} <= {one["act"] for one in found["alarms"]}
        [county] = [one for one in found["revisions"][1]["meters"] if one["cap"] == CAP]
        assert (county["before"], county["after"]) == ("1016000", "900000")

    def test_another_county_sees_none(self, caller):
        assert caller("linxian").get("/outputs").json()["items"] == []
        assert caller("linxian").get(f"/outputs/{RIGHT}/{LIMESTONE}/2025-01").status_code == 404
        assert caller("linxian").get(f"/outputs?region={COUNTY}").status_code == 404


class TestAlarms:
    def test_the_last_raised_comes_first_over_pages(self, clerk):
        whole = clerk.get("/alarms").json()["items"]
        assert [one["id"] for one in whole] == sorted((one["id"] for one in whole), reverse=True)
        assert clerk.every("/alarms") == whole

    @pytest.mark.parametrize(
        "asked",
        [
            "open=true", "open=1", "state=standing", "state=open", "code=cap_exceeded", "severity=critical",
            f"mineral={WATER}", f"q={RIGHT}", "year=2025", f"region={COUNTY}&code=cap_near",
        ],
    )  # fmt: skip
    def test_filters(self, clerk, asked):
        whole = clerk.get("/alarms").json()["items"]
        found = clerk.get(f"/alarms?{asked}").json()["items"]
        assert found
        assert all(one in whole for one in found)

    def test_one(self, clerk):
        [found] = clerk.get(f"/alarms?code=cap_exceeded&mineral={LIMESTONE}").json()["items"]
        assert clerk.get(f"/alarms/{found['id']}").json() == found
        assert (found["limit"], found["reading"], found["excess"], found["unit"]) == (
            "1000000", "1016000", "16000", "t",
        )  # fmt: skip

    def test_another_county_sees_none(self, caller):
        number = caller("jingban").get("/alarms").json()["items"][0]["id"]
        assert caller("linxian").get("/alarms").json()["items"] == []
        assert caller("linxian").get(f"/alarms/{number}").status_code == 404
        assert caller("shiju").get(f"/alarms/{number}").status_code == 200


class TestRights:
    def test_one_is_told_as_it_is_today(self, clerk):
        [found] = clerk.get(f"/rights?q={RIGHT}").json()["items"]
        assert (found["right"], found["mineral"], found["standing"]) == (RIGHT, LIMESTONE, "valid")
        assert found["permit"]["scale"] == {"value": "600000", "unit": "t"}
        assert found["output"] == {
            "year": 2025, "quantity": {"value": "1016000", "unit": "t"}, "through": "2025-02-28",
            "share": "1.6933",
        }  # fmt: skip

    def test_they_keep_their_order_over_pages(self, clerk, engine_of_book):
        with transaction(engine_of_book) as session:
            right(session, "SZ-2020-0000").counted = False
        whole = clerk.get("/rights").json()["items"]
        assert [one["right"] for one in whole] == [
            "SZ-2020-0001", "SZ-2020-0002", "SZ-2020-0003", "SZ-2020-0004", "SZ-2020-0000",
        ]  # fmt: skip
        assert clerk.every("/rights", limit=1) == whole
        assert clerk.every("/rights", limit=1, scale="pending") == clerk.every("/rights", scale="pending")

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            (f"mineral={WATER}", 1), ("state=producing", 4), ("state=stopped", 0), ("permit=valid", 4),
            ("permit=none", 0), ("q=采石场", 1), (f"region={COUNTY}", 4), ("green=national", 0),
        ],
    )  # fmt: skip
    def test_filters(self, clerk, asked, count):
        assert len(clerk.get(f"/rights?{asked}").json()["items"]) == count

    def test_another_county_sees_none(self, caller):
        assert caller("linxian").get("/rights").json()["items"] == []
        assert caller("linxian").get(f"/rights?region={COUNTY}").status_code == 404
        assert len(caller("shiju").get("/rights").json()["items"]) == 4

    def test_one_with_everything_that_was_entered(self, clerk):
        told = clerk.get(f"/rights/{RIGHT}").json()
        [row] = clerk.get(f"/rights?q={RIGHT}").json()["items"]
        assert row.items() <= told.items()
        assert [(one["mineral"], one["role"]) for one in told["minerals"]] == [(LIMESTONE, "main")]
        assert [one["act"] for one in told["versions"]] == ["import"]
        assert [one["number"] for one in told["permits"]] == [f"示例-{RIGHT}"]
        assert [one["state"] for one in told["states"]] == ["producing"]

    @pytest.mark.parametrize("path", ["/rights/{}", "/permits/{}.pdf", "/permits/示例-{}.pdf"])
    def test_one_of_another_county_is_told_like_one_that_is_not_there(self, caller, path):
        stranger = caller("linxian")
        theirs, nobodys = (stranger.get(path.format(number)) for number in (RIGHT, "SZ-1999-0001"))
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
        assert theirs.text.replace(RIGHT, "SZ-1999-0001") == nobodys.text


class TestReserves:
    @pytest.fixture
    def ledgers(self, engine_of_book) -> None:
        """Open the ledgers of two rights with three categories in all."""
        with transaction(engine_of_book) as session:
            rights = rights_by_number(session, [RIGHT, "SZ-2020-0004"])
            for number, name, category in (
                (RIGHT, LIMESTONE, ReserveCategory.measured), (RIGHT, LIMESTONE, ReserveCategory.indicated),
                ("SZ-2020-0004", QUARTZ, ReserveCategory.measured),
            ):  # fmt: skip
                row = ReserveEntry(
                    right_id=rights[number].id or 0, mineral=name, category=category, seq=1, year=2024,
                    move=ReserveMove.opening, kind=Kind.mass, amount=10**12, balance_after=10**12,
                    cumulative_after=10**12, unit="万吨", source="示例", recorded_at=clock.now(session),
                )  # fmt: skip
                session.add(row)

    def test_the_balance_of_a_year_over_pages(self, clerk, ledgers):
        whole = clerk.get("/reserves?year=2025").json()["items"]
        assert [(one["right"], one["closing"], one["unit"]) for one in whole] == [
            (RIGHT, "1000000", "t"), (RIGHT, "1000000", "t"), ("SZ-2020-0004", "1000000", "t"),
        ]  # fmt: skip
        for limit in (1, 2, 3):
            assert clerk.every("/reserves", limit=limit, year=2025) == whole
        assert clerk.get("/reserves?year=2023").json()["items"] == []

    def test_another_county_sees_none(self, caller, ledgers):
        assert caller("linxian").get("/reserves").json()["items"] == []
        assert caller("linxian").get(f"/reserves?region={COUNTY}").status_code == 404


class TestAudit:
    def test_who_did_what_newest_first_over_pages(self, caller):
        assert caller("jingban").post("/outputs", MARCH).status_code == 201
        auditor = caller("shenji")
        whole = auditor.get("/audit?limit=200").json()["items"]
        newest = next(one for one in whole if one["act"] == "output.record")
        assert (newest["actor"], newest["record"]) == ("jingban", f"{RIGHT}/{LIMESTONE}/2025-03")
        assert newest["facts"]["value"] == "1.5"
        assert auditor.every("/audit", limit=5) == whole
        text = f"{newest['previous']}\n{newest['text']}"
        assert sha256(text.encode()).hexdigest() == newest["hash"]

    @pytest.mark.parametrize(
        ("asked", "some"),
        [
            ("actor=system", True), ("actor=jingban", False), ("act=output.", True),
            ("act=output.void", False),
            (f"record={RIGHT}", True), ("since=2025-03-01", True), ("since=2025-03-21", False),
            ("until=2025-01-01", False), (f"region={COUNTY}", True),
        ],
    )  # fmt: skip
    def test_filters(self, caller, asked, some):
        assert bool(caller("shenji").get(f"/audit?{asked}").json()["items"]) is some

    def test_the_head_is_the_newest_link(self, caller):
        auditor = caller("shenji")
        [head] = auditor.get("/audit/heads").json()["items"]
        newest = auditor.get("/audit?limit=1").json()["items"][0]
        assert head == {"region": COUNTY, "seq": newest["seq"], "hash": newest["hash"]}

    @pytest.mark.parametrize("name", ["jingban", "shenhe", "shenpi", "jiancha", "guanli", "shiju", "linxian"])
    def test_it_is_the_auditors(self, caller, name):
        assert caller(name).get("/audit").status_code == 403
        assert caller(name).get("/audit/heads").status_code == 403


class TestMe:
    def test_it_tells_who_asks(self, caller):
        told = caller("shenhe").get("/me").json()
        assert (told["name"], told["roles"]) == ("shenhe", [{"role": "reviewer", "region": COUNTY}])
        assert "alarm.handle" in told["permissions"]
        assert "plan.confirm" not in told["permissions"]


class TestStatements:
    @pytest.mark.parametrize(
        "path",
        [
            "/caps?year=2025", "/caps?year=2025&as_of=2025-02-05", "/plans", "/rights",
            "/rights?scale=pending", "/outputs?year=2025", "/reserves?year=2025", "/alarms", "/documents",
            "/jobs", "/audit", "/audit/heads", "/me",
        ],
    )  # fmt: skip
    def test_a_list_sends_few_statements_however_long_it_is(self, caller, client, engine_of_book, path):
        with transaction(engine_of_book) as session:
            for number in range(20):
                right(session, f"SZ-2021-{number:04d}")
        sent: list[str] = []
        listen(client.app.state.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        auditor, counts = caller("shenji"), []
        auditor.get("/me")  # the first look at a database finds out whether it is migrated
        sent.clear()
        for limit in ("", "limit=1", "limit=200"):
            whole = f"{path}{'&' if '?' in path else '?'}{limit}" if limit and path not in WHOLE else path
            assert auditor.get(whole).status_code == 200
            counts.append(len(sent))
            sent.clear()
        assert max(counts) <= MOST, counts
        assert counts[1] == counts[2]


class TestDescription:
    def test_it_is_public_and_names_every_path(self, client):
        answer = client.get("/api/v1/openapi.json")
        assert answer.status_code == 200
        told = answer.json()
        assert told["openapi"].startswith("3.1")
        for path in (
            "caps",
            "plans",
            "outputs",
            "reserves",
            "alarms",
            "alarms/{id}/acknowledge",
            "alarms/{id}/close",
        ):
            assert f"/api/v1/{path}" in told["paths"]
        assert not [path for path in told["paths"] if not path.startswith("/api/v1/")]
        assert "HTTPValidationError" not in json.dumps(told)

    def test_every_operation_says_who_what_and_which_errors(self, client):
        for path, operations in client.get("/api/v1/openapi.json").json()["paths"].items():
            for method, told in operations.items():
                lacking = {"401", "403", "404", "422", "429", "500", "503"} - set(told["responses"])
                assert not lacking, path
                assert method == "get" or {"409", "413", "415"} <= set(told["responses"])
                assert told["security"] == [{"bearer": []}, {"session": []}]
                assert told["summary"]
                assert told["description"]
