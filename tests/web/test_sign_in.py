"""Signing in and out: who is let in, what a sign-in is worth, and how it ends."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from registry.identity.models import SignIn, User
from registry.identity.rules import IDLE, LONGEST_DAY, MOST_TOGETHER, SYSTEM
from registry.identity.service import password_hash, set_active, set_password
from registry.kernel.vocabulary import Role
from registry.platform import clock
from registry.platform.db import transaction
from tests.factories import world
from tests.web.signing import CSRF, enter_user

PASSWORD = "quite a long sentence"
pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def clerk(fresh):
    with transaction(fresh) as session:
        world(session)
    enter_user(fresh, "zhang", Role.clerk, "500240")
    hashed = password_hash(PASSWORD, "zhang")
    with transaction(fresh) as session:
        set_password(session, SYSTEM, "zhang", hashed)
    return "zhang"


def sign_in(client, password=PASSWORD, name="zhang", **more):
    page = client.get("/sign-in").text
    mark = re.search('name="csrf_token" value="([^"]+)"', page)[1]
    fields = {"username": name, "password": password, "csrf_token": mark} | more
    return client.post("/sign-in", data=fields, follow_redirects=False)


class TestSignIn:
    def test_the_right_password_opens_the_desk(self, clerk, client):
        answer = sign_in(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert client.get("/").status_code == 200

    def test_the_cookie_is_for_the_browser_alone(self, clerk, client):
        cookies = sign_in(client).headers.get_list("set-cookie")
        cookie = next(cookie for cookie in cookies if cookie.startswith("registry="))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie

    @pytest.mark.parametrize(
        ("name", "password"), [("zhang", "wrong"), ("nobody", PASSWORD), ("\x00", "x"), ("", "")]
    )
    def test_a_wrong_name_or_password_gets_the_same_answer(self, clerk, client, name, password):
        answer = sign_in(client, password, name)
        assert answer.status_code == 422
        assert "名称或密码不正确" in answer.text
        assert "registry=" not in answer.headers.get("set-cookie", "")

    def test_only_a_digest_is_kept(self, clerk, client, fresh):
        sign_in(client)
        with transaction(fresh) as session:
            row = session.exec(select(SignIn)).one()
            assert client.cookies["registry"] not in row.model_dump_json()
            assert session.get(User, "zhang").password_hash.startswith("$argon2id$")

    def test_after_too_many_guesses_even_the_right_password_has_to_wait(self, clerk, client):
        for _ in range(MOST_TOGETHER):
            assert sign_in(client, "wrong").status_code == 422
        answer = sign_in(client)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= 900

    def test_a_success_forgets_the_guesses(self, clerk, client):
        for _ in range(MOST_TOGETHER - 1):
            sign_in(client, "wrong")
        assert sign_in(client).status_code == 303
        assert sign_in(client, "wrong").status_code == 422

    def test_a_form_without_the_mark_of_its_cookie_opens_nothing(self, clerk, client):
        fields = {"username": "zhang", "password": PASSWORD, "csrf_token": "0" * 64}
        assert client.post("/sign-in", data=fields).status_code == 403
        assert sign_in(client, csrf_token="").status_code == 403

    @pytest.mark.parametrize(
        "away", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)", "/\n/x"]
    )
    def test_nobody_is_sent_away_from_here(self, clerk, client, away):
        assert sign_in(client, next=away).headers["location"] == "/"

    def test_one_comes_back_to_the_page_one_wanted(self, clerk, client):
        asked = client.get("/?year=2025", follow_redirects=False)
        assert asked.headers["location"] == "/sign-in?next=%2F%3Fyear%3D2025"
        assert sign_in(client, next="/?year=2025").headers["location"] == "/?year=2025"


class TestEnd:
    def test_signing_out_ends_it_for_good(self, clerk, client):
        sign_in(client)
        secret = client.cookies["registry"]
        page = client.get("/").text
        mark = re.search('name="csrf_token" value="([^"]+)"', page)[1]
        assert client.post("/sign-out", data={"csrf_token": mark}, follow_redirects=False).status_code == 303
        answer = client.get("/", headers={"cookie": f"registry={secret}"}, follow_redirects=False)
        assert answer.headers["location"] == "/sign-in"

    def test_a_planted_secret_is_worth_nothing(self, clerk, client):
        client.cookies.set("registry", "planted", domain="testserver.local", path="/")
        sign_in(client)
        assert client.cookies["registry"] != "planted"
        client.cookies.clear()
        answer = client.get("/", headers={"cookie": "registry=planted"}, follow_redirects=False)
        assert answer.status_code == 303

    @pytest.mark.parametrize("change", [
        lambda row: setattr(row, "seen_at", row.seen_at - IDLE),
        lambda row: setattr(row, "ends_at", row.ends_at - LONGEST_DAY),
        lambda row: setattr(row, "ended_at", row.opened_at),
    ])  # fmt: skip
    def test_an_idle_an_old_and_an_ended_one_are_over(self, clerk, client, fresh, change):
        sign_in(client)
        with transaction(fresh) as session:
            change(session.exec(select(SignIn)).one())
        assert client.get("/", follow_redirects=False).status_code == 303

    def test_another_password_and_a_closed_account_end_it(self, clerk, client, fresh):
        sign_in(client)
        hashed = password_hash("another long sentence", "zhang")
        with transaction(fresh) as session:
            set_password(session, SYSTEM, "zhang", hashed)
        assert client.get("/", follow_redirects=False).status_code == 303
        assert sign_in(client, "another long sentence").status_code == 303
        with transaction(fresh) as session:
            set_active(session, SYSTEM, "zhang", active=False)
        assert client.get("/", follow_redirects=False).status_code == 303
        assert sign_in(client, "another long sentence").status_code == 422


class TestSeen:
    def test_a_form_after_a_pause_is_not_kept_waiting_by_its_own_transaction(self, clerk, desk, fresh):
        zhang = desk("zhang")
        earlier = clock.wall() - timedelta(minutes=30)
        with transaction(fresh) as session:
            session.exec(select(SignIn)).one().seen_at = earlier
        assert zhang.post("/sign-out").status_code == 303
        with transaction(fresh) as session:
            row = session.exec(select(SignIn)).one()
            assert row.ended_at is not None
            assert row.seen_at > earlier


class TestForms:
    def test_a_post_without_the_mark_of_the_sign_in_does_nothing(self, clerk, desk, fresh):
        zhang = desk("zhang")
        assert zhang.post("/sign-out", {"csrf_token": "foreign"}).status_code == 403
        assert zhang.get("/").status_code == 200

    @pytest.mark.parametrize("headers", [
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
        {"origin": "https://example.com"}, {"origin": "null"},
    ])  # fmt: skip
    def test_a_post_from_another_site_does_nothing(self, clerk, desk, headers):
        zhang = desk("zhang")
        assert zhang.post("/sign-out", {"csrf_token": CSRF}, headers=headers).status_code == 403
        assert zhang.get("/").status_code == 200

    def test_a_user_without_a_role_opens_no_page(self, clerk, desk, fresh):
        with transaction(fresh) as session:
            session.add(User(name="guest", added_at=session.get(User, "zhang").added_at))
        assert desk("guest").get("/").status_code == 403
