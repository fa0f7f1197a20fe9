"""What a stolen, planted or guessed sign-in is worth, and what an outsider learns at the door."""

import re
import time

import pytest
from starlette.testclient import TestClient

from registry.identity.rules import SYSTEM
from registry.identity.service import password_hash, set_password
from registry.kernel.vocabulary import Role
from registry.platform.db import transaction
from tests.factories import world
from tests.signing_in import mark_of, sign_in
from tests.web.signing import CSRF, enter_user

PASSWORD, OTHER = "a long sentence of this test", "another long sentence of it"
TRIES = 5


@pytest.fixture
def clerk(fresh):
    """Give the name of a clerk whose password is known."""
    with transaction(fresh) as session:
        world(session)
    enter_user(fresh, "zhang", Role.clerk, "500240")
    hashed = password_hash(PASSWORD, "zhang")
    with transaction(fresh) as session:
        set_password(session, SYSTEM, "zhang", hashed)
    return "zhang"


def opens(client: TestClient, secret: str) -> bool:
    """Tell whether a secret opens a page."""
    client.cookies.clear()
    return client.get("/alarms", headers={"cookie": f"registry={secret}"}).url.path == "/alarms"


class TestSecret:
    def test_every_sign_in_has_a_secret_of_its_own(self, clerk, client):
        found = set()
        for _ in range(3):
            sign_in(client, clerk, PASSWORD)
            found.add(client.cookies["registry"])
            client.cookies.clear()
        assert len(found) == 3

    def test_what_was_planted_before_is_worth_nothing_after(self, clerk, client):
        client.cookies.set("registry", "planted", domain="testserver.local", path="/")
        assert sign_in(client, clerk, PASSWORD).status_code == 303
        secret = client.cookies["registry"]
        assert secret != "planted"
        assert opens(client, secret)
        assert not opens(client, "planted")

    def test_signing_out_ends_it_on_the_server(self, clerk, client):
        sign_in(client, clerk, PASSWORD)
        secret = client.cookies["registry"]
        client.post("/sign-out", data={"csrf_token": mark_of(client.get("/alarms"))})
        assert not opens(client, secret)

    def test_another_password_ends_the_sign_ins_elsewhere(self, clerk, client):
        sign_in(client, clerk, PASSWORD)
        elsewhere = client.cookies["registry"]
        client.cookies.clear()
        sign_in(client, clerk, PASSWORD)
        here, mark = client.cookies["registry"], mark_of(client.get("/account"))
        given = {"csrf_token": mark, "old_password": PASSWORD, "password": OTHER, "password_again": OTHER}
        assert client.post("/account/password", data=given, follow_redirects=False).status_code == 303
        assert opens(client, here)
        assert not opens(client, elsewhere)


class TestDoor:
    def test_an_unknown_name_is_answered_like_a_wrong_password_and_takes_as_long(self, clerk, client):
        times: dict[str, list[float]] = {"zhang": [], "nobody": []}
        said: dict[str, set[str]] = {"zhang": set(), "nobody": set()}
        for _ in range(TRIES):
            for name, taken in times.items():
                start = time.process_time()  # what other processes take of the machine does not count
                answer = sign_in(client, name, "wrong")
                taken.append(time.process_time() - start)
                text = re.sub(r'(csrf_token" value=")[^"]*', r"\1", answer.text).replace(name, "")
                said[name].add(f"{answer.status_code} {text}")
        assert said["zhang"] == said["nobody"]
        assert 0.5 < min(times["zhang"]) / min(times["nobody"]) < 2

    @pytest.mark.parametrize("away", [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "javascript:alert(1)", "http:evil.example", " //evil.example", "/\r\nLocation: //evil.example",
    ])  # fmt: skip
    def test_nobody_is_led_away_after_signing_in(self, clerk, client, away):
        assert sign_in(client, clerk, PASSWORD, next=away).headers["location"] == "/"


class TestForeignPages:
    @pytest.mark.parametrize("headers", [
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"},
        {"origin": "null"}, {"origin": "http://testserver.evil.example"}, {"origin": "http://["},
    ])  # fmt: skip
    def test_what_another_site_sends_is_refused_even_with_the_mark(self, clerk, desk, headers):
        zhang = desk("zhang")
        for address in ("/outputs/new", "/imports", "/account/password", "/sign-out"):
            assert zhang.post(address, headers=headers).status_code == 403, address
        told = headers | {"cookie": f"registry={zhang.secret}", "x-csrf-token": CSRF}
        body = {"right": "SZ-2020-0001", "period": "2025-01", "quantity": {"value": "1", "unit": "t"}}
        assert zhang.client.post("/api/v1/outputs", json=body, headers=told).status_code == 403

    @pytest.mark.parametrize("mark", ["", "foreign", "é" * 24])
    def test_a_form_without_the_mark_of_the_sign_in_is_refused(self, clerk, desk, mark):
        for address in ("/outputs/new", "/outputs/void", "/imports", "/documents", "/account/password"):
            assert desk("zhang").post(address, {"csrf_token": mark}).status_code == 403
