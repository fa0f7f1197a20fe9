"""A form whose sign-in has ended: nothing typed is lost, nothing foreign is kept, nothing leads away."""

import json
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from registry.identity.models import SignIn, User
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user, password_hash, set_password
from registry.kernel.vocabulary import Role
from registry.platform.db import reader, transaction
from registry.request.posting import MOST_BYTES
from tests.factories import COUNTY, world
from tests.web.signing import sign

pytestmark = pytest.mark.usefixtures("quick_hashes")
PASSWORD = "quite a long sentence"
FIELDS = [
    ("key", "one-time-key"), ("note", "第一行\r\n第二行 “引号” <b>&amp;</b> '单'"), ("mineral", "石灰岩"),
    ("choice", "甲"), ("choice", "乙"), ("choice", "甲"), ("empty", ""), ("名称", "中文"), ("rare", "𠮷"),
]  # fmt: skip
SENT = [
    (name, value.replace("\r\n", "\n")) for name, value in FIELDS
]  # browsers read and send ends of lines so
ACTION = "/alarms/7/close?from=%E5%88%97%E8%A1%A8&page=2"


class Inputs(HTMLParser):
    """The hidden and visible inputs of a page, and where its forms lead."""

    def __init__(self, text):
        super().__init__()
        self.fields, self.actions = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input":
            self.fields.append((given.get("name"), given.get("value") or ""))
        elif tag == "form":
            self.actions.append(given.get("action"))


@pytest.fixture
def office(fresh):
    hashed = password_hash(PASSWORD, "nobody")
    with transaction(fresh) as session:
        world(session)
        add_user(session, SYSTEM, "zhang", Role.clerk, COUNTY)
        add_user(session, SYSTEM, "zhang", Role.auditor, COUNTY)
        add_user(session, SYSTEM, "wang", Role.reviewer, COUNTY)
        for name in ("zhang", "wang"):
            set_password(session, SYSTEM, name, hashed)
    return fresh


def lose(client, fields=FIELDS, action=ACTION, **given):
    """Send a form without a sign-in."""
    return client.post(action, content=encoded(fields), headers=FORM | given.pop("headers", {}), **given)


FORM = {"content-type": "application/x-www-form-urlencoded"}


def encoded(fields):
    return urlencode([("csrf_token", "of the sign-in that is over"), *fields])


def sign_in_with(client, page, **more):
    """Fill in name and password on a page that asks for them; all hidden fields go along."""
    given = dict(Inputs(page.text).fields) | {"username": "zhang", "password": PASSWORD} | more
    return client.post("/sign-in", data=given, follow_redirects=False)


class TestKept:
    def test_every_field_comes_through_in_its_order(self, office, client):
        asked = lose(client)
        assert asked.status_code == 401
        assert "您填写的内容已保留" in asked.text
        answer = sign_in_with(client, asked)
        assert answer.status_code == 200
        found = Inputs(answer.text)
        assert [pair for pair in found.fields if pair[0] != "csrf_token"] == SENT
        assert ACTION in found.actions

    def test_the_mark_is_of_the_new_sign_in_and_the_form_can_be_sent(self, office, client):
        fields = [("key", "k"), ("label", "称重系统"), ("days", "30")]
        answer = sign_in_with(client, lose(client, fields, "/account/tokens"))
        found = Inputs(answer.text)
        marks = [value for name, value in found.fields if name == "csrf_token"]
        assert "of the sign-in that is over" not in marks
        sent = [pair for pair in found.fields if pair[0] != "q"]
        with reader(office) as session:
            [mark] = [row.csrf for row in session.exec(select(SignIn))]
        assert set(marks) == {mark}
        done = client.post("/account/tokens", data=dict(sent))
        assert "szr_" in done.text
        again = client.post("/account/tokens", data=dict(sent), follow_redirects=False)
        assert again.headers["location"] == "/account?done=token-again#tokens"  # the one-time key went along

    def test_a_wrong_password_in_between_loses_nothing(self, office, client):
        wrong = sign_in_with(client, lose(client), password="wrong")
        assert wrong.status_code == 422
        answer = sign_in_with(client, wrong)
        assert [pair for pair in Inputs(answer.text).fields if pair[0] != "csrf_token"] == SENT

    def test_it_says_in_whose_name_it_would_be_sent(self, office, client):
        answer = sign_in_with(client, lose(client), username="wang")
        assert "现在将以 wang 的名义提交" in answer.text

    def test_nothing_is_done_before_it_is_sent_once_more(self, office, client):
        fields = [("label", "x"), ("days", "1")]
        sign_in_with(client, lose(client, fields, "/account/tokens"))
        assert "没有访问令牌" in client.get("/account").text

    def test_chosen_files_are_named_and_have_to_be_chosen_again(self, office, client):
        asked = client.post(
            "/imports", data={"csrf_token": "x", "note": "备注"}, files={"file": ("二月报表.csv", b"a,b\n")}
        )
        assert (asked.status_code, "二月报表.csv" in asked.text) == (401, True)
        answer = sign_in_with(client, asked)
        assert "二月报表.csv）未能保留" in answer.text
        assert ("note", "备注") in Inputs(answer.text).fields

    def test_a_password_is_never_kept(self, office, client):
        secret = "my very secret sentence"
        fields = [("old_password", secret), ("password", secret), ("password_again", secret), ("key", "k")]
        asked = lose(client, fields, "/account/password")
        assert secret not in asked.text
        assert [f for f in Inputs(sign_in_with(client, asked).text).fields if f[0] == "key"] == [("key", "k")]

    def test_whoever_wants_to_leave_has_left(self, office, client):
        answer = client.post("/sign-out", data={"csrf_token": "x"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


class TestLimits:
    def test_a_form_that_is_too_long_is_told_and_leads_back_to_its_page(self, office, client):
        referer = {"referer": "http://testserver/plans/amend?x=1"}
        asked = lose(client, [("note", "长" * 60_000), ("more", "x" * 60_000)], headers=referer)
        assert (asked.status_code, "未能保留" in asked.text) == (401, True)
        assert "长长长长" not in asked.text
        assert sign_in_with(client, asked).headers["location"] == "/plans/amend"

    @pytest.mark.parametrize("referer", ["http://example.com/x", "//example.com/", "javascript:alert(1)", ""])
    def test_a_foreign_page_is_not_led_back_to(self, office, client, referer):
        asked = lose(client, [("note", "x" * 200_000)], headers={"referer": referer})
        assert sign_in_with(client, asked).headers["location"] == "/"

    def test_a_body_beyond_all_limits_is_refused(self, office, client):
        assert lose(client, [("note", "x" * (MOST_BYTES + 1))]).status_code == 413

    def test_more_fields_than_any_form_has(self, office, client):
        assert lose(client, [(f"f{n}", "x") for n in range(600)]).status_code == 400

    @pytest.mark.parametrize("kept", [
        "{}", "[", "[1]", '[["a"]]', '[["a",1]]', "null", "[" * 5000,
        '[["csrf_token","x"],["password","x"]]', "x" * 200_000, r'[["\ud800","b"]]', r'[["a","\ud800"]]',
    ])  # fmt: skip
    def test_what_comes_back_bent_is_dropped(self, office, client, kept):
        answer = sign_in_with(client, lose(client), kept=kept)
        assert answer.status_code == 200
        assert {name for name, _ in Inputs(answer.text).fields} <= {"csrf_token", "q"}

    def test_hostile_text_stays_text(self, office, client):
        hostile = [("note", '"><script>alert(1)</script>'), ('x" onfocus="alert(1)', "y")]
        asked = lose(client, hostile)
        answer = sign_in_with(client, asked)
        for page in (asked, answer):
            assert "<script>alert(1)" not in page.text
            assert 'onfocus="alert' not in page.text
        assert [pair for pair in Inputs(answer.text).fields if pair[0] != "csrf_token"] == hostile


class TestForeign:
    @pytest.mark.parametrize("headers", [
        {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://example.com"},
        {"origin": "null"},
    ])  # fmt: skip
    def test_nothing_of_another_site_is_kept(self, office, client, headers):
        answer = lose(client, headers=headers)
        assert answer.status_code == 403
        assert "one-time-key" not in answer.text

    @pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://example.com"}])
    def test_nobody_is_signed_in_by_another_site(self, office, client, headers):
        page = client.get("/sign-in")
        given = dict(Inputs(page.text).fields) | {"username": "zhang", "password": PASSWORD}
        assert client.post("/sign-in", data=given, headers=headers).status_code == 403

    @pytest.mark.parametrize("away", [
        "https://example.com/", "//example.com/x", "/\\example.com", "\\\\example.com", "javascript:alert(1)",
        "/\n//example.com", " //example.com", "http:example.com", "/" + "x" * 3000,
    ])  # fmt: skip
    def test_no_kept_form_is_sent_away(self, office, client, away):
        answer = sign_in_with(client, lose(client), kept_action=away)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")

    def test_a_script_of_the_page_gets_the_kept_form_in_place_of_the_page(self, office, client):
        asked = lose(client, headers={"hx-request": "true"})
        assert (asked.status_code, asked.headers["hx-retarget"]) == (401, "#main")
        fields = Inputs(sign_in_with(client, asked).text).fields
        assert [pair for pair in fields if pair[0] != "csrf_token"] == SENT

    def test_a_script_that_only_reads_leads_to_sign_in_and_back_to_its_page(self, office, client):
        headers = {"hx-request": "true", "hx-current-url": "http://testserver/rights?q=x"}
        answer = client.get("/", headers=headers)
        assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2Frights%3Fq%3Dx")
        headers["hx-current-url"] = "http://testserver//example.com/x"
        page = client.get(client.get("/", headers=headers).headers["hx-redirect"])
        assert sign_in_with(client, page).headers["location"] == "/"


class TestAgain:
    def test_one_of_several_roles_opens_a_page(self, office, client):
        sign_in_with(client, client.get("/sign-in"))
        shown = client.get("/account").text
        assert "经办" in shown
        assert "审计" in shown
        assert client.get("/users").status_code == 403

    def test_the_door_says_who_is_in_already(self, office, client):
        sign_in_with(client, client.get("/sign-in"))
        assert "已以 zhang 登录" in client.get("/sign-in").text

    def test_signing_in_again_ends_the_sign_in_held_before(self, office, client):
        sign_in_with(client, client.get("/sign-in"))
        first = client.cookies["registry"]
        sign_in_with(client, client.get("/sign-in"), username="wang")
        assert client.cookies["registry"] != first
        with reader(office) as session:
            ended, held = session.exec(select(SignIn).order_by(col(SignIn.id))).all()
        assert (ended.user, ended.ended_by, held.user, held.ended_at) == ("zhang", "wang", "wang", None)

    def test_a_failed_try_ends_nothing(self, office, client):
        sign_in_with(client, client.get("/sign-in"))
        sign_in_with(client, client.get("/sign-in"), password="wrong")
        assert client.get("/account").status_code == 200

    def test_another_browser_stays_signed_in(self, office, client):
        elsewhere = sign(office, client, "zhang")
        sign_in_with(client, client.get("/sign-in"))
        client.cookies.clear()
        assert elsewhere.get("/account").status_code == 200

    def test_a_secret_that_somebody_planted_is_not_taken_over(self, office, client):
        client.cookies.set("registry", "planted", domain="testserver.local", path="/")
        sign_in_with(client, client.get("/sign-in"))
        assert client.cookies["registry"] != "planted"
        with reader(office) as session:
            assert json.dumps([row.digest for row in session.exec(select(SignIn))]).count('"') == 2

    def test_leaving_clears_the_cookie(self, office, client):
        sign_in_with(client, client.get("/sign-in"))
        mark = Inputs(client.get("/account").text).fields[0][1]
        answer = client.post("/sign-out", data={"csrf_token": mark}, follow_redirects=False)
        [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("registry=")]
        assert "Max-Age=0" in cookie
        assert "HttpOnly" in cookie

    def test_a_closed_user_is_told_no_more_than_anybody(self, office, client):
        with transaction(office) as session:
            session.get(User, "zhang").active = False
        answer = sign_in_with(client, client.get("/sign-in"))
        assert (answer.status_code, "名称或密码不正确" in answer.text) == (422, True)
