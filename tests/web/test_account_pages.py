"""The pages of accounts: one's own, and those in an administrator's care."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from registry.identity.models import ApiToken, SignIn, User
from registry.identity.queries import roles_of, token_holder
from registry.identity.rules import MOST_TOGETHER, SYSTEM
from registry.identity.service import add_user, make_token, password_fits, password_hash, set_password
from registry.kernel.vocabulary import Role
from registry.platform.db import reader, transaction
from registry.platform.idempotency import KeptAnswer
from tests.factories import CITY, COUNTY, world
from tests.web.reading import read
from tests.web.signing import token

pytestmark = pytest.mark.usefixtures("quick_hashes")
NEIGHBOUR = "500101"
OLD, NEW = "quite a long sentence", "another long sentence"


@pytest.fixture
def office(fresh):
    """A county and its neighbour, each with a clerk; everybody has a password."""
    hashed = password_hash(OLD, "nobody")
    with transaction(fresh) as session:
        world(session, counties=(COUNTY, NEIGHBOUR))
        for name, role, region in (
            ("admin", Role.administrator, COUNTY), ("zhang", Role.clerk, COUNTY),
            ("wang", Role.approver, COUNTY), ("linli", Role.clerk, NEIGHBOUR),
            ("shiju", Role.municipal, CITY),
        ):  # fmt: skip
            add_user(session, SYSTEM, name, role, region)
            set_password(session, SYSTEM, name, hashed)
    return fresh


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return read(answer.text)


def asked(engine, question):
    with reader(engine) as session:
        return question(session)


def user(engine, name):
    return asked(engine, lambda session: session.get(User, name))


def other_sign_in(engine, name, address="10.9.9.9"):
    """Open one more sign-in of somebody, elsewhere, and return its number."""
    with transaction(engine) as session:
        row = session.exec(select(SignIn).where(SignIn.user == name)).first()
        copy = SignIn(**(row.model_dump() | {"id": None, "digest": f"{name}{address}", "address": address}))
        session.add(copy)
        session.flush()
        return copy.id


def is_open(engine, number):
    return asked(engine, lambda session: session.get(SignIn, number).ended_at is None)


class TestOwn:
    def test_says_who_one_is_and_where(self, office, desk):
        with transaction(office) as session:
            add_user(session, SYSTEM, "zhang", Role.reviewer, NEIGHBOUR)
        shown = page(desk("zhang").get("/account"))
        assert shown.rows["clerk/500240"].startswith("经办 县500240 填报")
        assert shown.rows["reviewer/500101"].startswith("审核 县500101")
        assert "密码由 系统 于" in shown.text

    def test_marks_the_sign_in_that_looks(self, office, desk):
        zhang = desk("zhang")
        other = other_sign_in(office, "zhang")
        rows = page(zhang.get("/account")).rows
        assert "本次" in rows[str(other - 1)]
        assert "有效" in rows[str(other)]
        assert "10.9.9.9" in rows[str(other)]

    def test_ends_one_or_all_others(self, office, desk):
        zhang = desk("zhang")
        first, second = other_sign_in(office, "zhang"), other_sign_in(office, "zhang", "10.9.9.8")
        answer = zhang.post(f"/account/sign-ins/{first}/end")
        assert (answer.status_code, is_open(office, first), is_open(office, second)) == (303, False, True)
        assert "该次登录已结束" in zhang.get(answer.headers["location"]).text
        zhang.post("/account/sign-ins/end")
        assert not is_open(office, second)
        assert zhang.get("/account").status_code == 200

    def test_nobody_elses_sign_in_or_token(self, office, desk):
        desk("wang")
        admin, foreign = desk("admin"), other_sign_in(office, "wang")
        with transaction(office) as session:
            make_token(session, SYSTEM, "wang", "x")
            at = session.exec(select(ApiToken)).one().id
        for address in (
            f"sign-ins/{foreign}",
            f"tokens/{at}",
            "sign-ins/x",
            "tokens/0",
            "sign-ins/" + "9" * 40,
        ):
            assert admin.post(f"/account/{address}/end").status_code == 404
        assert is_open(office, foreign)

    def test_costs_few_statements(self, office, desk):
        zhang = desk("zhang")
        zhang.get("/account")
        sent = []
        event.listen(
            zhang.client.app.state.engine,
            "before_cursor_execute",
            lambda _c, _cur, text, *_: sent.append(text),
        )
        zhang.get("/account")
        assert len(sent) <= 12, "\n".join(sent)


class TestPassword:
    def change(self, desk, old=OLD, new=NEW, again=None, **more):
        given = {"old_password": old, "password": new, "password_again": new if again is None else again}
        return desk.post("/account/password", given | more)

    def test_is_changed_by_showing_the_old_one(self, office, desk):
        zhang = desk("zhang")
        other = other_sign_in(office, "zhang")
        answer = self.change(zhang)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password#done")
        assert password_fits(NEW, user(office, "zhang").password_hash)
        assert not is_open(office, other)
        assert "密码由本人于" in read(zhang.get("/account?done=password").text).text

    @pytest.mark.parametrize(("old", "new", "again", "word"), [
        ("wrong", NEW, NEW, "原密码不正确"), ("", NEW, NEW, "原密码不正确"), (OLD, NEW, "other", "不一致"),
        (OLD, "short", "short", "太短"), (OLD, "zhang is my name", "zhang is my name", "太短"),
        (OLD, "", "", "太短"),
    ])  # fmt: skip
    def test_what_is_wrong_is_told_and_nothing_typed_comes_back(self, office, desk, old, new, again, word):
        answer = self.change(desk("zhang"), old, new, again)
        assert answer.status_code == 422
        assert word in answer.text
        assert password_fits(OLD, user(office, "zhang").password_hash)
        for secret in {old, new, again} - {""}:
            assert f'value="{secret}"' not in answer.text

    def test_sent_twice_it_is_changed_once_and_both_are_told_so(self, office, desk):
        zhang = desk("zhang")
        told = [self.change(zhang, key="one-time").status_code for _ in range(2)]
        assert told == [303, 303]
        kept = asked(office, lambda session: session.exec(select(KeptAnswer)).one())
        assert OLD not in kept.model_dump_json()
        assert self.change(zhang, key="another").status_code == 422

    def test_guessing_the_old_one_is_slowed(self, office, desk):
        zhang = desk("zhang")
        for _ in range(MOST_TOGETHER):
            self.change(zhang, "wrong")
        answer = self.change(zhang)
        assert (answer.status_code, "尝试次数过多" in answer.text) == (429, True)
        assert password_fits(OLD, user(office, "zhang").password_hash)

    def test_full_width_signs_of_a_chinese_keyboard_are_the_same(self, office, desk):
        assert self.change(desk("zhang"), "ｑｕｉｔｅ a long sentence").status_code == 303


class TestToken:
    def make(self, desk, **given):
        return desk.post("/account/tokens", {"label": "称重系统", "days": "30", "key": "k1"} | given)

    def test_is_shown_on_its_answer_and_never_again(self, office, desk):
        zhang = desk("zhang")
        answer = self.make(zhang)
        assert answer.headers["cache-control"] == "no-store"
        secret = re.search(r"szr_[A-Za-z0-9_-]{43}", answer.text)[0]
        who = asked(office, lambda session: token_holder(session, secret))
        assert who.actor.name == "zhang"
        again = self.make(zhang)
        assert (again.status_code, again.headers["location"]) == (303, "/account?done=token-again#tokens")
        shown = zhang.get("/account?done=token-again")
        assert secret not in shown.text
        assert "只显示那一次" in shown.text
        rows = asked(office, lambda session: session.exec(select(ApiToken)).all())
        assert len(rows) == 1
        assert (rows[0].ends_at - rows[0].made_at) == timedelta(days=30)

    def test_is_ended(self, office, desk):
        zhang = desk("zhang")
        self.make(zhang)
        at = asked(office, lambda session: session.exec(select(ApiToken)).one().id)
        assert zhang.post(f"/account/tokens/{at}/end").status_code == 303
        assert "本人结束" in read(zhang.get("/account").text).rows[str(at)]

    @pytest.mark.parametrize(
        "given", [{"label": ""}, {"days": "0"}, {"days": "x"}, {"days": "１"}, {"label": "x" * 300}]
    )
    def test_what_is_wrong_comes_back_beside_its_field(self, office, desk, given):
        answer = self.make(desk("zhang"), **given)
        assert answer.status_code == 422
        [(name, value)] = given.items()
        assert f'id="wrong-{name}"' in answer.text
        if len(value) < 200:
            assert f'name="{name}" type="text" value="{value}"' in answer.text

    def test_a_label_is_shown_as_it_was_typed(self, office, desk):
        answer = self.make(desk("zhang"), label="<script>alert(1)</script>")
        assert "<script>alert(1)" not in answer.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text

    def test_whoever_holds_a_token_changes_no_account(self, office, client):
        """A leaked token must not make another that outlives it."""
        header = token(office, "zhang")
        for address in ("password", "tokens", "sign-ins/end", "sign-ins/1/end", "tokens/1/end"):
            given = {"label": "x", "days": "1"}
            answer = client.post(f"/account/{address}", data=given, headers=header, follow_redirects=False)
            assert answer.status_code == 401, address
        header = token(office, "admin")
        for address in ("", "/zhang/close", "/zhang/password", "/zhang/roles"):
            given = {"name": "neu", "role": "approver", "region": COUNTY}
            answer = client.post(f"/users{address}", data=given, headers=header, follow_redirects=False)
            assert answer.status_code == 401, address
        assert len(asked(office, lambda session: session.exec(select(ApiToken)).all())) == 2
        assert user(office, "zhang").active


class TestUsers:
    def test_lists_those_of_the_own_county(self, office, desk):
        rows = page(desk("admin").get("/users")).rows
        assert list(rows) == ["admin", "wang", "zhang"]
        assert "经办 县500240 ○ 使用 从未登录" in rows["zhang"]
        assert "本人" in rows["admin"]

    @pytest.mark.parametrize(("query", "found"), [
        ("q=zh", ["zhang"]), ("q=%25", []), ("role=approver", ["wang"]), ("role=审批", ["wang"]),
        ("state=closed", []), ("state=active&role=clerk", ["zhang"]), ("page=9", []),
    ])  # fmt: skip
    def test_is_filtered(self, office, desk, query, found):
        assert list(page(desk("admin").get(f"/users?{query}")).rows) == found

    @pytest.mark.parametrize("query", ["role=king", "state=x", "page=0", "q=%00", "q=" + "x" * 300])
    def test_what_cannot_be_asked_is_told(self, office, desk, query):
        assert desk("admin").get(f"/users?{query}").status_code == 422

    def test_somebody_who_also_works_elsewhere_is_listed_but_not_managed(self, office, desk):
        with transaction(office) as session:
            add_user(session, SYSTEM, "linli", Role.auditor, COUNTY)
        admin = desk("admin")
        shown = page(admin.get("/users"))
        assert "上级管理员" in shown.rows["linli"]
        assert "/users/linli" not in {a.get("href") for _, a in shown.tags}
        assert admin.get("/users/linli").status_code == 403
        assert admin.post("/users/linli/close").status_code == 403

    def test_is_for_administrators(self, office, desk):
        for name in ("zhang", "wang", "shiju"):
            assert desk(name).get("/users").status_code == 403
            assert desk(name).get("/users/zhang").status_code == 403
            assert (
                desk(name).post("/users", {"name": "neu", "role": "clerk", "region": COUNTY}).status_code
                == 403
            )

    def test_a_new_one_is_added(self, office, desk):
        admin = desk("admin")
        answer = admin.post("/users", {"name": " 李四 ", "role": "clerk", "region": COUNTY})
        assert answer.status_code == 303
        shown = page(admin.get(answer.headers["location"]))
        assert "已添加用户" in shown.text
        assert "尚未设置密码" in shown.text
        again = admin.post("/users", {"name": "李四", "role": "clerk", "region": COUNTY})
        assert again.status_code == 303
        assert len(asked(office, lambda session: roles_of(session, "李四"))) == 1

    @pytest.mark.parametrize(("given", "status", "word"), [
        ({"name": "a/b"}, 422, "不可用"), ({"role": ""}, 422, "没有岗位"),
        ({"name": "linli"}, 409, "已被使用"),
        ({"name": "ZHANG"}, 409, "大小写"), ({"region": NEIGHBOUR}, 404, ""), ({"region": "999999"}, 404, ""),
        ({"name": "admin", "role": "approver"}, 409, "另一名管理员"),
    ])  # fmt: skip
    def test_what_is_refused_keeps_what_was_typed(self, office, desk, given, status, word):
        fields = {"name": "neu", "role": "auditor", "region": COUNTY} | given
        answer = desk("admin").post("/users", fields)
        assert answer.status_code == status
        assert word in answer.text
        if status != 404:
            assert f'value="{fields["name"]}"' in answer.text

    def test_the_list_costs_few_statements(self, office, desk):
        with transaction(office) as session:
            for at in range(60):
                add_user(session, SYSTEM, f"user{at:02}", Role.clerk, COUNTY)
                add_user(session, SYSTEM, f"user{at:02}", Role.auditor, COUNTY)
        admin = desk("admin")
        admin.get("/users")
        sent = []
        event.listen(
            admin.client.app.state.engine,
            "before_cursor_execute",
            lambda _c, _cur, text, *_: sent.append(text),
        )
        shown = page(admin.get("/users?state=active"))
        assert (len(shown.rows), "共 63 条" in shown.text) == (50, True)
        assert len(sent) <= 12, "\n".join(sent)


class TestOneUser:
    def test_roles_come_and_go(self, office, desk):
        admin = desk("admin")
        assert admin.post("/users/zhang/roles", {"role": "auditor", "region": COUNTY}).status_code == 303
        assert set(page(admin.get("/users/zhang")).rows) >= {"clerk/500240", "auditor/500240"}
        gone = admin.post("/users/zhang/roles/remove", {"role": "clerk", "region": COUNTY})
        assert gone.headers["location"] == "/users/zhang?done=removed"
        last = admin.post("/users/zhang/roles/remove", {"role": "auditor", "region": COUNTY})
        assert (last.status_code, "只有这一个岗位" in last.text) == (409, True)

    def test_nobody_is_added_by_an_address(self, office, desk):
        assert desk("admin").post("/users/neu/roles", {"role": "clerk", "region": COUNTY}).status_code == 404
        assert user(office, "neu") is None

    def test_a_new_password_is_shown_once(self, office, desk):
        admin = desk("admin")
        desk("zhang")
        other = other_sign_in(office, "zhang")
        answer = admin.post("/users/zhang/password", {"key": "k1"})
        assert answer.headers["cache-control"] == "no-store"
        made = re.search(r"<code>([a-z2-9-]{23})</code>", answer.text)[1]
        assert password_fits(made, user(office, "zhang").password_hash)
        assert not is_open(office, other)
        again = admin.post("/users/zhang/password", {"key": "k1"})
        assert again.headers["location"] == "/users/zhang?done=password-again"
        assert password_fits(made, user(office, "zhang").password_hash)
        assert "密码由 admin 于" in read(admin.get("/users/zhang").text).text

    def test_closing_ends_everything_and_opening_brings_no_token_back(self, office, desk, client):
        admin, zhang, header = desk("admin"), desk("zhang"), token(office, "zhang")
        assert admin.post("/users/zhang/close").headers["location"] == "/users/zhang?done=closed"
        assert zhang.get("/account", follow_redirects=False).status_code == 303
        assert "停用" in page(admin.get("/users")).rows["zhang"]
        admin.post("/users/zhang/open")
        assert user(office, "zhang").active
        assert client.get("/account", headers=header, follow_redirects=False).status_code == 303

    def test_ends_sign_ins_and_tokens(self, office, desk):
        admin, zhang = desk("admin"), desk("zhang")
        first, second = other_sign_in(office, "zhang"), other_sign_in(office, "zhang", "10.9.9.8")
        admin.post("/users/zhang/sign-ins/end", {"number": str(first)})
        assert (is_open(office, first), is_open(office, second)) == (False, True)
        admin.post("/users/zhang/sign-ins/end")
        assert not is_open(office, second)
        assert zhang.get("/account", follow_redirects=False).status_code == 303
        with transaction(office) as session:
            for label in ("a", "b"):
                make_token(session, SYSTEM, "zhang", label)
        numbers = asked(office, lambda session: session.exec(select(ApiToken.id)).all())
        admin.post("/users/zhang/tokens/end", {"number": str(numbers[0])})
        assert "由 admin 结束" in page(admin.get("/users/zhang")).rows[str(numbers[0])]
        admin.post("/users/zhang/tokens/end")
        open_ones = asked(office, lambda s: s.exec(select(ApiToken).where(ApiToken.ended_at == None)).all())  # noqa: E711
        assert open_ones == []

    @pytest.mark.parametrize("address", [
        "roles", "roles/remove", "close", "open", "password", "sign-ins/end", "tokens/end",
    ])  # fmt: skip
    @pytest.mark.parametrize("name", ["linli", "shiju", "nobody", "a%00b", "%E6%9D%8E"])
    def test_nobody_outside_the_county(self, office, desk, address, name):
        given = {"role": "clerk", "region": NEIGHBOUR}
        assert desk("admin").post(f"/users/{name}/{address}", given).status_code == 404
        assert user(office, "linli").active

    @pytest.mark.parametrize(("address", "given"), [
        ("roles", {"role": "approver", "region": COUNTY}), ("close", {}), ("password", {}),
        ("roles/remove", {"role": "administrator", "region": COUNTY}),
    ])  # fmt: skip
    def test_not_ones_own(self, office, desk, address, given):
        answer = desk("admin").post(f"/users/admin/{address}", given)
        assert (answer.status_code, "另一名管理员" in answer.text) == (409, True)
        assert password_fits(OLD, user(office, "admin").password_hash)

    def test_the_last_administrator_stays(self, office, desk):
        with transaction(office) as session:
            add_user(session, SYSTEM, "cityadmin", Role.administrator, CITY)  # knows no password yet
        answer = desk("cityadmin").post("/users/admin/close")
        assert (answer.status_code, "可登录的管理员" in answer.text) == (409, True)
        assert user(office, "admin").active
