"""Accounts under rivals: guesses are counted to the letter, and no region loses its last administrator."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from sqlmodel import select

from registry.identity.models import Attempt, SignIn, User, UserRole
from registry.identity.queries import actor_named, administrators
from registry.identity.rules import (
    MOST_BY_NAME,
    MOST_TOGETHER,
    SYSTEM,
    WINDOW,
    LastAdministrator,
    SignInFailed,
)
from registry.identity.service import (
    add_user,
    attempts,
    hashing,
    password_hash,
    remove_role,
    set_active,
    set_password,
    sign_in,
    signing,
    users,
)
from registry.kernel.errors import Throttled
from registry.kernel.vocabulary import Role
from registry.platform.audit import AuditEntry
from registry.platform.db import reader, transaction
from tests.factories import COUNTY, user, world
from tests.races.rivals import at_once, errors, meet_after

pytestmark = pytest.mark.usefixtures("quick_hashes")
PASSWORD = "quite a long sentence"


@pytest.fixture
def office(fresh):
    """A county with two administrators and a clerk, all of whom can sign in."""
    hashed = password_hash(PASSWORD, "nobody")
    with transaction(fresh) as session:
        world(session)
        for name, role in (("anna", Role.administrator), ("bert", Role.administrator), ("zhang", Role.clerk)):
            user(session, name, role)
            set_password(session, SYSTEM, name, hashed)
    return fresh


@pytest.fixture
def judged(monkeypatch):
    """Count how many passwords were compared."""
    seen, lock, fits = [], Lock(), hashing.fits

    def counted(password, stored):
        with lock:
            seen.append(password)
        return fits(password, stored)

    monkeypatch.setattr(signing, "fits", counted)
    return seen


def guess(engine, places):
    """Guess at once from these places, and return what each was told."""
    start = Barrier(len(places))

    def one(place):
        start.wait()
        try:
            return sign_in(engine, "zhang", "wrong", place, "-")
        except (Throttled, SignInFailed) as error:
            return error

    with ThreadPoolExecutor(len(places)) as pool:
        return list(pool.map(one, places))


class TestGuesses:
    def test_of_twenty_at_once_no_more_than_the_limit_are_judged(self, office, judged, monkeypatch):
        meet_after(monkeypatch, attempts, "_locked", 20)
        told = guess(office, ["10.0.0.1"] * 20)
        assert len(judged) == MOST_TOGETHER
        assert [type(one) for one in told].count(Throttled) == 20 - MOST_TOGETHER
        with pytest.raises(Throttled):
            sign_in(office, "zhang", PASSWORD, "10.0.0.1", "-")

    def test_from_many_places_at_one_name(self, office, judged):
        for _ in range(3):
            guess(office, [f"10.0.0.{at}" for at in range(20)])
        assert len(judged) == MOST_BY_NAME

    def test_a_right_one_elsewhere_forgives_no_wrong_ones(self, office, judged):
        guess(office, ["10.0.0.1"] * MOST_TOGETHER)
        sign_in(office, "zhang", PASSWORD, "10.0.0.2", "-")
        with pytest.raises(Throttled):
            sign_in(office, "zhang", PASSWORD, "10.0.0.1", "-")
        with reader(office) as session:
            counts = sorted(session.exec(select(Attempt.count)).all())
        assert counts == [0, 0, MOST_TOGETHER, MOST_TOGETHER, MOST_TOGETHER + 1]

    def test_the_first_refusal_is_noted_and_no_other(self, office):
        guess(office, ["10.0.0.1"] * 20)
        with reader(office) as session:
            acts = session.exec(select(AuditEntry.act).where(AuditEntry.actor == "zhang")).all()
        assert acts == ["user.throttled"]

    def test_time_forgets(self, office, judged):
        guess(office, ["10.0.0.1"] * 10)
        with transaction(office) as session:
            for row in session.exec(select(Attempt)):
                row.since -= WINDOW
        guess(office, ["10.0.0.1"] * 10)
        assert len(judged) == 2 * MOST_TOGETHER

    def test_old_counts_are_deleted_with_the_next_sign_in(self, office):
        guess(office, ["10.0.0.1"] * 3)
        with transaction(office) as session:
            for row in session.exec(select(Attempt)):
                row.since -= 2 * WINDOW
        sign_in(office, "anna", PASSWORD, "10.0.0.2", "-")
        with reader(office) as session:
            assert len(session.exec(select(Attempt)).all()) == 3

    def test_twenty_sign_in_at_once(self, office):
        with ThreadPoolExecutor(20) as pool:
            opened = list(
                pool.map(lambda at: sign_in(office, "zhang", PASSWORD, f"10.0.1.{at}", "-"), range(20))
            )
        assert len({one.secret for one in opened}) == 20
        with reader(office) as session:
            assert len(session.exec(select(SignIn)).all()) == 20
            assert set(session.exec(select(Attempt.count)).all()) == {0}


class TestAdministrators:
    def rivals(self, engine, act):
        """Let each of two administrators do to the other what would leave none; both were let in before."""
        with reader(engine) as session:
            anna, bert = actor_named(session, "anna"), actor_named(session, "bert")
        return [lambda session: act(session, anna, "bert"), lambda session: act(session, bert, "anna")]

    def test_who_close_each_other_leave_one(self, office, monkeypatch):
        meet_after(monkeypatch, users, "end_all", 2)
        told = at_once(
            office,
            self.rivals(office, lambda session, actor, name: set_active(session, actor, name, active=False)),
        )
        assert [type(one) for one in errors(told)] == [LastAdministrator]
        with reader(office) as session:
            assert len(administrators(session, COUNTY)) == 1

    def test_who_take_each_others_role_leave_one(self, office, monkeypatch):
        with transaction(office) as session:
            for name in ("anna", "bert"):
                add_user(session, SYSTEM, name, Role.auditor, COUNTY)
        meet_after(monkeypatch, users, "roles_of", 2)
        told = at_once(
            office,
            self.rivals(
                office,
                lambda session, actor, name: remove_role(session, actor, name, Role.administrator, COUNTY),
            ),
        )
        assert [type(one) for one in errors(told)] == [LastAdministrator]
        with reader(office) as session:
            assert len(administrators(session, COUNTY)) == 1

    def test_eight_add_the_same_user(self, office):
        told = at_once(office, [lambda s: add_user(s, SYSTEM, "neu", Role.clerk, COUNTY)] * 8)
        assert errors(told) == []
        with reader(office) as session:
            assert len(session.exec(select(UserRole).where(UserRole.user == "neu")).all()) == 1
            noted = select(AuditEntry).where(AuditEntry.record == "neu")
            assert len(session.exec(noted).all()) == 1


def test_a_sign_in_never_opens_with_a_password_changed_meanwhile(office, monkeypatch):
    """The hash is compared outside of the transaction; what was compared must still stand inside."""
    fits, other = hashing.fits, password_hash("another long sentence", "zhang")

    def changed_meanwhile(password, stored):
        with transaction(office) as session:
            set_password(session, SYSTEM, "zhang", other)
        return fits(password, stored)

    monkeypatch.setattr(signing, "fits", changed_meanwhile)
    with pytest.raises(SignInFailed):
        sign_in(office, "zhang", PASSWORD, "10.0.0.1", "-")
    with reader(office) as session:
        assert session.exec(select(SignIn)).all() == []
        assert session.get(User, "zhang").active
