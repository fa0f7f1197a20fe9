"""Whatever is wrong with a request: a problem document that names field, value, rule and what is accepted."""

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.cursors import cursor_of
from registry.kernel.errors import Throttled
from registry.platform.db import transaction
from registry.settings import Settings
from tests.api.calling import PROBLEM, Caller
from tests.factories import COUNTY, LIMESTONE
from tests.web.signing import sign

RIGHT = "SZ-2020-0001"
GOOD = {"right": RIGHT, "period": "2025-03", "quantity": {"value": "1.5", "unit": "万吨"}}
TYPE = {"content-type": "application/json"}


def written(**other: object) -> bytes:
    """Return a return as JSON, with something else in it."""
    return json.dumps(GOOD | other).encode()


def told(answer) -> tuple[int, str, str]:
    """Return the status, the rule and the field of an answer about one field."""
    [error] = answer.json()["errors"]
    return answer.status_code, error["rule"], error["field"]


@pytest.mark.parametrize(
    ("content", "rule", "field"),
    [
        (b"{", "not_json", "body"),
        (b'{"right": "x",}', "not_json", "body"),
        (b'{"right": NaN}', "not_json", "body"),
        (b'{"right": -Infinity}', "not_json", "body"),
        (b'{"a": 1} {"b": 2}', "not_json", "body"),
        (b"\xef\xbb\xbf{}", "not_json", "body"),
        (b'{"right": "\xff"}', "not_utf8", "body"),
        ('{"right": "x"}'.encode("utf-16"), "not_utf8", "body"),
        (b'{"right": "a", "right": "b"}', "json_key_twice", "right"),
        (b'{"quantity": {"value": "1", "value": "2"}}', "json_key_twice", "value"),
        (b"[" * 100_000, "json_too_deep", "body"),
        (b'{"right":' * 30 + b"1" + b"}" * 30, "json_too_deep", "body"),
        (b"[]", "not_a_mapping", "body"),
        (b'"text"', "not_a_mapping", "body"),
        (b"12", "not_a_mapping", "body"),
        (b"null", "not_a_mapping", "body"),
        (b"", "field_missing", "body"),
        (written(rigth="x"), "key_unknown", "rigth"),
        (written(**{"\x00\ud800": 1}), "key_unknown", "··"),
        (written(quantity={"value": "1", "unit": "t", "digits": 2}), "key_unknown", "quantity.digits"),
        (written(quantity={"unit": "t"}), "field_missing", "quantity.value"),
        (written(quantity={"value": "1"}), "field_missing", "quantity.unit"),
        (written(quantity="1 t"), "not_a_mapping", "quantity"),
        (written(quantity={"value": 22.4, "unit": "t"}), "figure_not_text", "quantity.value"),
        (written(quantity={"value": 22, "unit": "t"}), "figure_not_text", "quantity.value"),
        (written(quantity={"value": True, "unit": "t"}), "not_text", "quantity.value"),
        (written(quantity={"value": "1e3", "unit": "t"}), "not_a_number", "quantity.value"),
        (written(quantity={"value": "-1", "unit": "t"}), "negative", "quantity.value"),
        (written(quantity={"value": "1,200", "unit": "t"}), "not_a_number", "quantity.value"),
        (written(quantity={"value": "１２", "unit": "t"}), "not_a_number", "quantity.value"),
        (written(quantity={"value": "\ud800", "unit": "t"}), "not_a_number", "quantity.value"),
        (written(quantity={"value": "9" * 70, "unit": "t"}), "not_a_number", "quantity.value"),
        (written(quantity={"value": "", "unit": "t"}), "not_a_number", "quantity.value"),
        (written(quantity={"value": "9" * 30, "unit": "t"}), "overflow", "quantity"),
        (written(quantity={"value": "0.0000001", "unit": "t"}), "too_many_places", "quantity"),
        (written(quantity={"value": "1", "unit": "桶"}), "unit_unknown", "quantity"),
        (written(quantity={"value": "1", "unit": ""}), "value_missing", "quantity.unit"),
        (written(quantity={"value": "1", "unit": "t/a"}), "rate_not_expected", "quantity"),
        (written(quantity=None), "field_missing", "quantity"),
        (written(nil=True), "nil_with_quantity", "nil"),
        (written(nil="true"), "not_a_flag", "nil"),
        (written(nil=1), "not_a_flag", "nil"),
        (written(right=None), "not_text", "right"),
        (written(right=""), "field_missing", "right"),
        (written(right="SZ\x00"), "control_character", "right"),
        (written(note="\ud800"), "control_character", "note"),
        (written(note="x" * 3000), "too_long", "note"),
        (written(mineral="月岩"), "mineral_unknown", "mineral"),
        (written(period="2025-13"), "not_a_period", "period"),
        (written(period="2025-04"), "period_in_future", "period"),
        (written(period="2025-03-01"), "month_expected", "period"),
        (written(correct=True), "field_missing", "reason"),
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read(clerk, content, rule, field):
    answer = clerk.call("post", "/outputs", content=content, headers=TYPE)
    assert told(answer) == (422, rule, field), answer.text
    assert answer.json()["errors"][0]["accepted"]


def test_several_fields_are_told_at_once(clerk):
    answer = clerk.post("/outputs", {"right": 1, "nil": "x"})
    assert answer.json()["code"] == "several_invalid"
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [
        ("right", "not_text"), ("period", "field_missing"), ("nil", "not_a_flag"),
    ]  # fmt: skip


def test_a_number_keeps_its_digits_in_the_answer(clerk):
    content = (
        b'{"right": "x", "period": "2025-03", "quantity": {"unit": "t", "value": 22.400000000000000001}}'
    )
    answer = clerk.call("post", "/outputs", content=content, headers=TYPE)
    assert answer.json()["errors"][0]["value"] == "22.400000000000000001"
    assert answer.json()["errors"][0]["accepted"] == '"22.400000000000000001"'


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "x"],
)
def test_a_body_of_another_kind(clerk, media_type):
    answer = clerk.call("post", "/outputs", content=written(), headers={"content-type": media_type})
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type_not_accepted")
    assert "application/json" in answer.json()["detail"]


def test_a_charset_may_be_named(clerk):
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert clerk.call("post", "/outputs", content=written(), headers=headers).status_code == 201


def pieces() -> Iterator[bytes]:
    """Give a body that does not say how long it is."""
    yield b'{"note": "'
    for _ in range(300):
        yield b"x" * 1024
    yield b'"}'


@pytest.mark.parametrize("large", [lambda: b"x" * (2**18 + 1), pieces], ids=["told", "chunked"])
def test_a_body_that_is_too_large(clerk, large):
    answer = clerk.call("post", "/outputs", content=large(), headers=TYPE)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("path", "rule", "field"),
    [
        ("/caps?year=20255", "not_a_year", "year"),
        ("/caps?as_of=2025-02-30", "not_a_date", "as_of"),
        ("/caps?as_of=2025-03-21", "day_in_future", "as_of"),
        ("/caps?limit=0", "not_a_whole_number", "limit"),
        ("/caps?limit=201", "not_a_whole_number", "limit"),
        ("/caps?limit=x", "not_a_whole_number", "limit"),
        ("/caps?limit=1.5", "not_a_whole_number", "limit"),
        ("/caps?limit=" + "9" * 5000, "not_a_whole_number", "limit"),
        ("/caps?yaer=2025", "key_unknown", "yaer"),
        ("/caps?%00=1", "key_unknown", "·"),
        ("/caps?region=%00", "control_character", "region"),
        (f"/caps?region={'9' * 300}", "too_long", "region"),
        ("/caps?cursor=", "cursor_unreadable", "cursor"),
        ("/caps?cursor=x", "cursor_unreadable", "cursor"),
        ("/caps?cursor=%ff%00", "cursor_unreadable", "cursor"),
        ("/caps?cursor=" + "A" * 5000, "cursor_unreadable", "cursor"),
        (f"/caps?cursor={cursor_of('alarms', 1)}", "cursor_unreadable", "cursor"),
        (f"/alarms?cursor={cursor_of('alarms', '1')}", "cursor_unreadable", "cursor"),
        (f"/alarms?cursor={cursor_of('alarms', 2**63)}", "cursor_unreadable", "cursor"),
        (f"/outputs?cursor={cursor_of('outputs', 'a', 'b' + chr(0), 'c')}", "cursor_unreadable", "cursor"),
        (f"/outputs?cursor={cursor_of('outputs', 'a', 'b')}", "cursor_unreadable", "cursor"),
        ("/outputs?standing=gone", "word_unknown", "standing"),
        ("/outputs?right=%0a", "value_missing", "right"),
        ("/alarms?open=perhaps", "not_a_flag", "open"),
        ("/alarms?code=x", "word_unknown", "code"),
        ("/alarms/0", "not_a_whole_number", "id"),
        ("/alarms/-1", "not_a_whole_number", "id"),
        ("/alarms/x", "not_a_whole_number", "id"),
        ("/alarms/1e3", "not_a_whole_number", "id"),
        ("/alarms/%00", "not_a_whole_number", "id"),
        (f"/alarms/{2**63}", "not_a_whole_number", "id"),
        ("/alarms/" + "9" * 5000, "not_a_whole_number", "id"),
        (f"/plans/{2**64}", "not_a_whole_number", "id"),
        ("/outputs/%00/x/2025-01", "control_character", "right"),
        ("/outputs/x/%E2%80%AE/2025-01", "control_character", "mineral"),
        (f"/caps/{COUNTY}/{LIMESTONE}/year?year=x", "not_a_year", "year"),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_read(clerk, path, rule, field):
    answer = clerk.get(path)
    assert told(answer) == (422, rule, field), answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/alarms/{2**63 - 1}", "/plans/99999", "/outputs/SZ-1999-0001/铜/2025-01",
        f"/caps/{COUNTY}/{LIMESTONE}/day", "/caps/1/2/3", "/nothing", "/caps/x", "",
        "/outputs/a%2Fb/铜/2025-01",
    ],
)  # fmt: skip
def test_what_is_not_there(clerk, path):
    answer = clerk.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/caps", "/api/v1x", "/api/v1/caps/x/y"])
def test_every_address_below_api_is_answered_by_a_problem(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


def test_a_page_keeps_its_errors(client):
    assert client.get("/apix").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("put", "/outputs", "GET, POST"), ("delete", "/outputs", "GET, POST"), ("post", "/caps", "GET"),
        ("get", "/alarms/1/close", "POST"), ("patch", "/alarms/1", "GET"), ("options", "/caps", "GET"),
        ("get", "/caps/assess", "POST"),
    ],
)  # fmt: skip
def test_a_method_that_is_not_served(clerk, method, path, allowed):
    answer = clerk.call(method, path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_served")
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer "}, {"authorization": "Bearer"},
        {"authorization": "Basic amluZ2Jhbjp4"}, {"cookie": "registry=wrong"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/me", "/caps", "/alarms/1"])
def test_nobody_is_asked_who_they_are(client, path, headers):
    answer = Caller(client, headers).get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_who_asks_is_judged_before_what_was_sent(caller):
    assert caller("").post("/outputs", {}).status_code == 401
    assert caller("jiancha").post("/outputs", {}).status_code == 403


def test_a_sign_in_of_a_browser_reads_and_needs_its_mark_to_write(engine_of_book, client):
    desk = sign(engine_of_book, client, "jingban")
    browser = Caller(client, {"cookie": f"registry={desk.secret}"})
    assert browser.get("/me").json()["name"] == "jingban"
    assert browser.post("/outputs", GOOD).json()["code"] == "cross_site"
    from_elsewhere = {"x-csrf-token": "the-mark-of-this-sign-in", "origin": "https://elsewhere.example"}
    assert browser.post("/outputs", GOOD, headers=from_elsewhere).status_code == 403
    assert (
        browser.post("/outputs", GOOD, headers={"x-csrf-token": "the-mark-of-this-sign-in"}).status_code
        == 201
    )


class TestTrouble:
    def test_a_fault_of_the_program_tells_nothing_of_its_inside(self, clerk, monkeypatch):
        def broken(*_: object) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr("registry.api.caps.status", broken)
        answer = clerk.get("/caps")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "secret" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"

    def test_an_answer_that_is_not_as_described_is_a_fault_too(self, clerk, monkeypatch):
        monkeypatch.setattr("registry.api.caps.public", lambda _: {"cap": "secret detail"})
        answer = clerk.get("/caps")
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert "secret" not in answer.text

    def test_a_database_without_tables_may_be_asked_again_later(self, database):
        url = database.empty()
        with TestClient(create_app(Settings(database_url=url)), raise_server_exceptions=False) as client:
            answer = Caller(client, {"authorization": "Bearer x"}).get("/caps")
        database.drop(url)
        assert (answer.status_code, answer.json()["code"]) == (503, "database_not_migrated")
        assert answer.headers["retry-after"] == "5"

    def test_a_lock_that_is_not_to_be_had_in_time(self, clerk, monkeypatch):
        def busy(*_: object) -> None:
            from registry.kernel.errors import Busy

            raise Busy

        monkeypatch.setattr("registry.api.outputs.record_once", busy)
        answer = clerk.post("/outputs", GOOD)
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")

    def test_too_many_attempts_say_when_to_try_again(self, clerk, monkeypatch):
        def throttled(*_: object) -> None:
            raise Throttled(7)

        monkeypatch.setattr("registry.api.caps.status", throttled)
        answer = clerk.get("/caps")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")

    def test_a_refused_act_leaves_nothing_behind(self, clerk, engine_of_book):
        before = clerk.get("/outputs").json()
        assert clerk.post("/outputs", GOOD | {"period": "2025-02"}).status_code == 409
        assert clerk.get("/outputs").json() == before
        with transaction(engine_of_book):
            pass
