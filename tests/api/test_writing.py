"""What the API records, corrects, takes back and handles; and that a repeated request does it once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.factories import COUNTY, LIMESTONE, WATER

RIGHT, WELL = "SZ-2020-0001", "SZ-2020-0003"
RETURN = f"{RIGHT}/{LIMESTONE}/2025-03"


def march(value: str = "1.5", **other: object) -> dict[str, object]:
    """Return the return of March."""
    return {"right": RIGHT, "period": "2025-03", "quantity": {"value": value, "unit": "万吨"}, **other}


def standing(caller) -> list[str]:
    """Return the returns that stand, with their figures."""
    return [f"{one['return']} {one['quantity']['value']}" for one in caller.get("/outputs").json()["items"]]


class TestRecord:
    def test_the_answer_is_the_contracts(self, clerk):
        answer = clerk.post("/outputs", march())
        assert answer.status_code == 201
        told = answer.json()
        assert {name: told[name] for name in ("return", "revision", "unchanged")} == {
            "return": RETURN, "revision": 1, "unchanged": False,
        }  # fmt: skip
        assert told["meters"][0] == {
            "cap": f"{COUNTY}/{LIMESTONE}/year", "period": "2025", "before": "1016000", "after": "1031000",
            "unit": "t",
        }  # fmt: skip

    def test_a_return_that_passes_the_cap_is_kept_and_alarmed(self, clerk):
        told = clerk.post(
            "/outputs", {"right": WELL, "period": "2025-03-01", "quantity": {"value": "700", "unit": "m3"}}
        )
        assert told.status_code == 201
        assert "cap_exceeded" in {one["code"] for one in told.json()["alarms"]}

    def test_nil_lost_note_and_mineral(self, clerk):
        nil = clerk.post("/outputs", {"right": RIGHT, "period": "2025-03", "nil": True}).json()
        assert [one["before"] == one["after"] for one in nil["meters"]] == [True, True]
        lost = march(
            mineral="83907", lost={"value": "300", "unit": "t"}, note="示例", correct=True, reason="补报"
        )
        assert clerk.post("/outputs", lost).json()["revision"] == 2
        newest = clerk.get(f"/outputs/{RETURN}").json()["revisions"][-1]
        assert (newest["lost"], newest["note"]) == ({"value": "300", "unit": "t"}, "示例")

    def test_another_figure_is_refused_and_a_correction_taken(self, clerk):
        clerk.post("/outputs", march())
        assert clerk.post("/outputs", march()).json()["unchanged"] is True
        refused = clerk.post("/outputs", march("1.6"))
        assert (refused.status_code, refused.json()["code"]) == (409, "already_returned")
        told = clerk.post("/outputs", march("1.6", correct=True, reason="磅单漏记")).json()
        assert (told["revision"], told["meters"][0]["after"]) == (2, "1032000")

    def test_a_correction_of_an_older_revision_is_refused_with_what_stands(self, caller, clerk):
        clerk.post("/outputs", march())
        caller("shenhe").post("/outputs", march("1.6", correct=True, reason="磅单漏记"))
        late = march("1.7", correct=True, reason="盘库", based_on=1)
        refused = clerk.post("/outputs", late)
        assert (refused.status_code, refused.json()["code"]) == (409, "changed_since")
        assert "shenhe" in refused.json()["detail"]
        assert "现为 1.6 万吨" in refused.json()["detail"]
        assert clerk.post("/outputs", late | {"based_on": 3}).json()["code"] == "changed_since"
        assert clerk.post("/outputs", march("1.6", correct=True, reason="盘库", based_on=1)).json()[
            "unchanged"
        ]
        assert clerk.post("/outputs", late | {"based_on": 2}).json()["revision"] == 3
        wrong: object
        for wrong in (0, -1, "2", 2.5, True, [], 10**20):
            told = clerk.post("/outputs", late | {"based_on": wrong})
            assert (told.status_code, told.json()["code"]) == (422, "not_a_whole_number"), wrong
            assert [one["field"] for one in told.json()["errors"]] == ["based_on"]
        assert clerk.post("/outputs", march("1.7", based_on=None)).json()["unchanged"]

    def test_taking_back_an_older_revision_is_refused(self, caller, clerk):
        clerk.post("/outputs", march())
        caller("shenhe").post("/outputs", march("1.6", correct=True, reason="磅单漏记"))
        why = {"reason": "报错矿山"}
        refused = clerk.post(f"/outputs/{RETURN}/void", why | {"based_on": 1})
        assert (refused.status_code, refused.json()["code"]) == (409, "changed_since")
        assert clerk.post(f"/outputs/{RETURN}/void", why | {"based_on": "2"}).status_code == 422
        assert clerk.post(f"/outputs/{RETURN}/void", why | {"based_on": 2}).json()["revision"] == 3

    def test_taking_back(self, clerk):
        clerk.post("/outputs", march())
        told = clerk.post(f"/outputs/{RETURN}/void", {"reason": "报错矿山"}).json()
        assert (told["revision"], told["meters"][0]["after"]) == (2, "1016000")
        again = clerk.post(f"/outputs/{RETURN}/void", {"reason": "报错矿山"})
        assert (again.status_code, again.json()["code"]) == (409, "not_returned")
        assert clerk.post(f"/outputs/{RETURN}/void", {"reason": " "}).status_code == 422

    def test_only_those_who_record_and_only_in_their_county(self, caller):
        for name, status in {
            "shenhe": 201,
            "jiancha": 403,
            "guanli": 403,
            "shiju": 403,
            "linxian": 404,
        }.items():
            assert caller(name).post("/outputs", march()).status_code == status, name
        for name, status in {"jiancha": 403, "shiju": 403, "linxian": 404, "jingban": 201}.items():
            assert caller(name).post(f"/outputs/{RETURN}/void", {"reason": "示例"}).status_code in (
                status,
                200,
            )


class TestAlarms:
    @pytest.fixture
    def number(self, clerk) -> int:
        """Give the number of an alarm that stands, raised by the book's own acts."""
        found: int = clerk.get(f"/alarms?code=cap_exceeded&mineral={LIMESTONE}").json()["items"][0]["id"]
        return found

    def test_acknowledged_then_closed(self, caller, number):
        reviewer = caller("shenhe")
        told = reviewer.post(f"/alarms/{number}/acknowledge", {"note": "已电话核实"}).json()
        assert (told["state"], told["steps"][-1]["note"]) == ("acknowledged", "已电话核实")
        told = reviewer.post(f"/alarms/{number}/close", {"note": "停采整改"}).json()
        assert (told["state"], told["steps"][-1]["actor"]) == ("closed", "shenhe")
        refused = reviewer.post(f"/alarms/{number}/acknowledge", {"note": "再来"})
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
        assert number not in {one["id"] for one in reviewer.get("/alarms?open=true").json()["items"]}

    @pytest.mark.parametrize("act", ["acknowledge", "close"])
    def test_only_those_who_handle_and_only_in_their_county(self, caller, number, act):
        for name, status in {"jingban": 403, "jiancha": 403, "shiju": 403, "linxian": 403, "": 401}.items():
            assert caller(name).post(f"/alarms/{number}/{act}", {"note": "示例"}).status_code == status, name
        assert caller("shenpi").post(f"/alarms/{number}/{act}", {"note": "示例"}).status_code == 200

    def test_one_of_another_county_is_not_there(self, caller, engine_of_book, number):
        from registry.kernel.vocabulary import Role
        from tests.web.signing import enter_user

        enter_user(engine_of_book, "linxian", Role.reviewer, "500101")
        answer = caller("linxian").post(f"/alarms/{number}/close", {"note": "示例"})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")

    @pytest.mark.parametrize("note", ["", "  "])
    def test_a_note_has_to_say_something(self, caller, number, note):
        answer = caller("shenhe").post(f"/alarms/{number}/close", {"note": note})
        assert answer.json()["code"] == "note_missing"


class TestIdempotency:
    def test_the_same_key_gives_the_first_answer_again(self, clerk):
        first = clerk.post("/outputs", march(), key="k1")
        again = clerk.post("/outputs", march(), key="k1")
        assert (again.status_code, again.json()) == (201, first.json())
        assert first.json()["unchanged"] is False
        assert len([one for one in standing(clerk) if one.startswith(RETURN)]) == 1

    def test_another_input_under_the_key_is_refused(self, clerk):
        clerk.post("/outputs", march(), key="k1")
        answer = clerk.post("/outputs", march("1.6", correct=True, reason="示例"), key="k1")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
        assert f"{RETURN} 15000" in standing(clerk)

    @pytest.mark.parametrize("key", ["", " ", "a" * 201, "k\x7f"])
    def test_a_key_has_to_be_visible(self, clerk, key):
        answer = clerk.post("/outputs", march(), key=key)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"

    def test_a_key_belongs_to_one_actor_and_one_route(self, caller):
        assert caller("jingban").post("/outputs", march(), key="k").status_code == 201
        other = {"right": RIGHT, "period": "2024-12", "quantity": {"value": "1", "unit": "万吨"}}
        assert caller("shenhe").post("/outputs", other, key="k").json()["revision"] == 1
        told = caller("jingban").post(f"/outputs/{RETURN}/void", {"reason": "报错矿山"}, key="k")
        assert (told.status_code, told.json()["revision"]) == (200, 2)

    def test_a_refused_act_may_be_sent_again_under_its_key(self, clerk):
        clerk.post("/outputs", march())
        assert clerk.post("/outputs", march("1.6"), key="k").status_code == 409
        assert clerk.post("/outputs", march("1.6", correct=True, reason="示例"), key="k").status_code == 201

    def test_taking_back_and_handling_too(self, caller):
        clerk, reviewer = caller("jingban"), caller("shenhe")
        clerk.post("/outputs", march())
        void = [clerk.post(f"/outputs/{RETURN}/void", {"reason": "报错矿山"}, key="v").json() for _ in "12"]
        assert void[0] == void[1]
        number = clerk.get(f"/alarms?code=cap_exceeded&mineral={WATER}").json()["items"][0]["id"]
        for act in ("acknowledge", "close"):
            told = [reviewer.post(f"/alarms/{number}/{act}", {"note": "示例"}, key="h") for _ in "12"]
            assert [one.status_code for one in told] == [200, 200]
            assert told[0].json() == told[1].json()
        other = reviewer.post(f"/alarms/{number}/close", {"note": "另一说明"}, key="h")
        assert other.json()["code"] == "idempotency_mismatch"

    def test_two_at_once_act_once_and_hear_the_same(self, clerk):
        start = Barrier(2)

        def send(_: int) -> tuple[int, object]:
            start.wait(30)
            answer = clerk.post("/outputs", march(), key="race")
            return answer.status_code, answer.json()

        with ThreadPoolExecutor(2) as rivals:
            one, other = rivals.map(send, range(2))
        assert one == other
        assert one[0] == 201
        assert len(clerk.get(f"/outputs/{RETURN}").json()["revisions"]) == 1

    def test_two_acknowledge_at_once(self, caller):
        reviewer = caller("shenhe")
        number = reviewer.get(f"/alarms?code=cap_exceeded&mineral={WATER}").json()["items"][0]["id"]
        start = Barrier(2)

        def send(_: int) -> tuple[int, object]:
            start.wait(30)
            answer = reviewer.post(f"/alarms/{number}/acknowledge", {"note": "示例"}, key="race")
            return answer.status_code, answer.json()

        with ThreadPoolExecutor(2) as rivals:
            one, other = rivals.map(send, range(2))
        assert one == other
        assert one[0] == 200
