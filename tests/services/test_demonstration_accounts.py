"""The demonstration's accounts: random, kept beside the book, shown again, never given to a real book."""

import json
import stat

import pytest
from sqlmodel import select

from registry.identity.models import ApiToken, User
from registry.identity.queries import token_holder
from registry.identity.rules import SYSTEM
from registry.identity.service import (
    add_user,
    end_token,
    hashing,
    make_token,
    password_fits,
    set_active,
    sign_in,
)
from registry.kernel.vocabulary import Role
from registry.platform.audit import AuditEntry
from registry.platform.db import reader, transaction
from registry.workflows.check import check
from seed.accounts import furnish
from seed.catalogue import load_catalogue
from seed.demonstration import NotADemonstration

pytestmark = pytest.mark.usefixtures("quick_hashes")
NAMES = ["jingban", "shenhe", "shenpi", "jianchayuan", "guanliyuan", "shenji", "shiju"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "accounts.json"


@pytest.fixture
def start(demonstration_url, path):
    return lambda: furnish(demonstration_url, path)


def opens(engine, account):
    with reader(engine) as session:
        who = token_holder(session, account.token)
        hashed = session.get(User, account.name).password_hash
    return password_fits(account.password, hashed), who is not None and who.actor.name == account.name


class TestFirstStart:
    def test_everybody_has_a_password_and_a_token_of_their_own(self, start, demonstration):
        accounts = start()
        assert [one.name for one in accounts] == NAMES
        assert {opens(demonstration, one) for one in accounts} == {(True, True)}
        assert len({one.password for one in accounts} | {one.token for one in accounts}) == 14
        assert sign_in(demonstration, "jingban", accounts[0].password, "-", "-").user == "jingban"

    def test_the_file_is_for_its_owner_alone_and_says_what_was_promised(self, start, path):
        accounts = start()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        rows = json.loads(path.read_text(encoding="utf-8"))
        assert [list(row) for row in rows] == [["name", "password", "role", "region", "token"]] * 7
        assert rows[0] == {
            "name": "jingban", "password": accounts[0].password, "role": "clerk", "region": "500240",
            "token": accounts[0].token,
        }  # fmt: skip

    def test_the_book_agrees_with_itself_and_keeps_no_secret(self, start, demonstration):
        accounts = start()
        with reader(demonstration) as session:
            assert check(session)["ok"]
            texts = "".join(session.exec(select(AuditEntry.text)).all())
        assert not any(one.password in texts or one.token in texts for one in accounts)


class TestLaterStart:
    def test_nothing_changes_while_all_fits(self, start, path, demonstration):
        first, before = start(), rows(demonstration)
        content = path.read_bytes()
        assert start() == first
        assert rows(demonstration) == before
        assert path.read_bytes() == content

    def test_a_book_made_anew_takes_the_same_secrets(self, start, path, database):
        first = start()
        other = database.demonstration()
        assert furnish(other, path) == first
        database.drop(other)

    def test_a_changed_password_is_set_back(self, start, demonstration):
        first = start()
        with transaction(demonstration) as session:
            session.get(User, "shenhe").password_hash = hashing.hashed("another long sentence")
        assert start() == first
        assert opens(demonstration, first[1]) == (True, True)

    def test_an_ended_token_stays_ended_and_another_is_made(self, start, demonstration):
        first = start()
        with transaction(demonstration) as session:
            row = session.exec(select(ApiToken).where(ApiToken.user == "jingban")).one()
            end_token(session, SYSTEM, row.id or 0)
        second = start()
        assert second[0].token != first[0].token
        assert second[1:] == first[1:]
        assert opens(demonstration, second[0]) == (True, True)
        with reader(demonstration) as session:
            assert token_holder(session, first[0].token) is None

    def test_a_token_of_somebody_else_opens_nobodys_account(self, start, path, demonstration):
        start()
        rows = json.loads(path.read_text(encoding="utf-8"))
        rows[0]["token"] = rows[4]["token"]
        path.write_text(json.dumps(rows), encoding="utf-8")
        assert opens(demonstration, start()[0]) == (True, True)

    def test_a_closed_account_stays_closed(self, start, demonstration):
        start()
        with transaction(demonstration) as session:
            set_active(session, SYSTEM, "shenpi", active=False)
        start()
        with reader(demonstration) as session:
            assert not session.get(User, "shenpi").active


class TestNeverWeaker:
    @pytest.mark.parametrize(
        "content",
        ["", "[]", "{}", "null", "[1]", '[{"name":"jingban"}]', "[" * 100_000, "\x00", "x" * 200_000],
    )
    def test_a_file_of_another_shape_is_replaced(self, start, path, demonstration, content):
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)
        accounts = start()
        assert {opens(demonstration, one) for one in accounts} == {(True, True)}
        assert len(json.loads(path.read_bytes())) == 7

    @pytest.mark.parametrize(("field", "value"), [
        ("password", "password1234"), ("password", "a" * 21), ("password", None), ("token", "szr_short"),
        ("token", "known"),
    ])  # fmt: skip
    def test_a_secret_that_we_did_not_make_is_replaced(self, start, path, field, value):
        start()
        rows = json.loads(path.read_text(encoding="utf-8"))
        rows[0][field] = value
        path.write_text(json.dumps(rows), encoding="utf-8")
        assert getattr(start()[0], field) != value

    def test_what_others_could_read_is_not_kept(self, start, path):
        first = start()
        path.chmod(0o640)
        second = start()
        assert not {one.password for one in first} & {one.password for one in second}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_real_book_gets_no_account(self, fresh, fresh_url, path):
        with transaction(fresh) as session:
            load_catalogue(session)
            add_user(session, SYSTEM, "jingban", Role.clerk, "500240")
        with pytest.raises(NotADemonstration):
            furnish(fresh_url, path)
        with reader(fresh) as session:
            assert session.get(User, "jingban").password_hash is None
        assert not path.exists()

    def test_the_hash_is_argon2id(self, start, demonstration, monkeypatch):
        monkeypatch.undo()
        start()
        with reader(demonstration) as session:
            assert session.get(User, "jingban").password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def rows(engine):
    with reader(engine) as session:
        users = session.exec(select(User.name, User.password_hash, User.password_set_at)).all()
        tokens = session.exec(select(ApiToken.digest, ApiToken.ended_at)).all()
        return sorted(users), sorted(tokens), check(session)["chain"]


def test_a_token_of_ones_own_may_be_kept_beside_it(start, demonstration):
    first = start()
    with transaction(demonstration) as session:
        make_token(session, SYSTEM, "jingban", "own program")
    assert start() == first
