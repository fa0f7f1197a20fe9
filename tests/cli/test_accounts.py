"""Accounts by the command line: what is secret is asked for without echo or shown once."""

import io
import sys

import pytest
from sqlmodel import select

from registry.identity.models import User
from registry.identity.queries import token_holder
from registry.identity.service import password_fits
from registry.platform.audit import AuditEntry
from registry.platform.db import reader

pytestmark = pytest.mark.usefixtures("quick_hashes")
COUNTY = ("--region", "500240")
PASSWORD = "quite a long sentence"


@pytest.fixture
def look(demonstration):
    """Give the book as another process finds it."""

    def ask(question):
        with reader(demonstration) as session:
            return question(session)

    return ask


def hash_of(name):
    return lambda session: session.get(User, name).password_hash


class TestPassword:
    def test_is_read_from_standard_input(self, demo, look, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\nsecond line\n"))
        told = demo("user", "password", "jingban", "--stdin", "--as", "guanliyuan")
        assert (told.code, PASSWORD in told.out) == (0, False)
        assert password_fits(PASSWORD, look(hash_of("jingban")))

    def test_is_generated_and_shown_once(self, demo, look):
        told = demo("user", "password", "jingban", "--generate", "--json").data
        assert password_fits(told["password"], look(hash_of("jingban")))
        assert len(told["password"]) == 23
        assert told["password"] not in look(lambda session: "".join(session.exec(select(AuditEntry.text))))

    def test_is_typed_twice_without_echo(self, demo, look, monkeypatch):
        class Terminal(io.StringIO):
            def isatty(self):
                return True

        typed = iter([PASSWORD, "another one", PASSWORD, PASSWORD])
        monkeypatch.setattr(sys, "stdin", Terminal())
        monkeypatch.setattr("typer._click.termui.hidden_prompt_func", lambda _prompt: next(typed))
        assert demo("user", "password", "jingban").code == 0
        assert next(typed, None) is None
        assert password_fits(PASSWORD, look(hash_of("jingban")))

    def test_without_a_terminal_says_what_to_do(self, demo, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        told = demo("user", "password", "jingban", "--json")
        assert (told.problem["code"], "--generate" in told.problem["detail"]) == ("value_missing", True)

    @pytest.mark.parametrize("given", ["short", "", "jingban jingban", "x" * 300])
    def test_a_weak_one_is_refused_and_not_told_again(self, demo, look, monkeypatch, given):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{given}\n"))
        told = demo("user", "password", "jingban", "--stdin", "--json")
        assert told.problem["code"] == "password_weak"
        assert not given or given not in told.err
        assert look(hash_of("jingban")) is None

    def test_nobody_but_the_administrator_and_oneself(self, demo):
        assert demo("user", "password", "shenpi", "--generate", "--as", "shenpi").code == 0
        assert demo("user", "password", "shenpi", "--generate", "--as", "jingban").code == 1
        assert demo("user", "password", "shiju", "--generate", "--as", "guanliyuan").code == 3
        assert demo("user", "password", "nobody", "--generate").code == 3


class TestUsers:
    def test_the_list(self, demo):
        demo("user", "password", "jingban", "--generate")
        told = {row["name"]: row for row in demo("user", "list", "--json").data}
        assert len(told) == 7
        assert told["jingban"] == {
            "name": "jingban", "active": True, "roles": [{"role": "clerk", "region": "500240"}],
            "password_set_at": told["jingban"]["password_set_at"], "seen_at": None, "sign_ins": 0,
            "tokens": 0,
        }  # fmt: skip
        assert told["jingban"]["password_set_at"].startswith("2026-01-31")
        assert told["shenhe"]["password_set_at"] is None

    def test_an_administrator_sees_the_own_county(self, demo):
        names = {row["name"] for row in demo("user", "list", "--as", "guanliyuan", "--json").data}
        assert "shiju" not in names
        assert len(names) == 6

    def test_closing_and_opening(self, demo):
        assert demo("user", "close", "jingban", "--as", "guanliyuan").code == 0
        assert demo("alarms", "--as", "jingban").code == 3
        assert demo("user", "open", "jingban", "--as", "guanliyuan").code == 0
        assert demo("alarms", "--as", "jingban").code == 0

    def test_the_last_administrator_stays(self, demo):
        demo("user", "password", "guanliyuan", "--generate")
        assert demo("user", "close", "guanliyuan", "--json").problem["code"] == "last_administrator"
        own = demo("user", "close", "guanliyuan", "--as", "guanliyuan", "--json")
        assert own.problem["code"] == "own_account"

    def test_roles_come_and_go(self, demo):
        assert demo("user", "add", "jingban", "--role", "审计", *COUNTY, "--as", "guanliyuan").code == 0
        assert demo("user", "remove-role", "jingban", "--role", "clerk", *COUNTY).code == 0
        last = demo("user", "remove-role", "jingban", "--role", "auditor", *COUNTY, "--json")
        assert (last.code, last.problem["code"]) == (1, "last_role")
        gone = demo("user", "remove-role", "jingban", "--role", "clerk", *COUNTY, "--json")
        assert (gone.code, gone.problem["code"]) == (3, "not_found")
        assert demo("user", "remove-role", "jingban", "--role", "x", *COUNTY).code == 1


class TestTokens:
    def test_the_life_of_one(self, demo, look):
        made = demo("token", "create", "jingban", "--label", "称重系统", "--days", "30", "--json").data
        assert made["token"].startswith("szr_")
        assert look(lambda session: token_holder(session, made["token"])).actor.name == "jingban"
        [row] = demo("token", "list", "--json").data
        assert (row["user"], row["label"], row["is_open"]) == ("jingban", "称重系统", True)
        assert made["token"] not in str(row)
        assert demo("token", "end", row["id"], "--as", "guanliyuan").code == 0
        assert look(lambda session: token_holder(session, made["token"])) is None
        assert demo("token", "list", "--json").data[0]["ended_by"] == "guanliyuan"

    def test_no_administrator_makes_one_that_acts_as_the_approver(self, demo):
        told = demo("token", "create", "shenpi", "--as", "guanliyuan", "--json")
        assert (told.code, told.problem["code"]) == (1, "owner_only")

    @pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 18, "9" * 40, "１"])
    def test_one_that_is_not_there(self, demo, number):
        assert demo("token", "end", number, "--json").code in (2, 3)

    def test_another_countys_is_not_found(self, demo):
        demo("token", "create", "shiju")
        [row] = demo("token", "list", "--json").data
        told = demo("token", "end", row["id"], "--as", "guanliyuan", "--json")
        assert (told.code, "shiju" in told.err) == (3, False)
        assert demo("token", "list", "--as", "guanliyuan", "--json").data == []

    @pytest.mark.parametrize("days", ["0", "-1", "3651", "x"])
    def test_a_time_that_is_none(self, demo, days):
        assert demo("token", "create", "jingban", "--days", days).code in (1, 2)
