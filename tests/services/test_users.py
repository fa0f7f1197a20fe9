"""Users: who may add, change and close whom, and that no region is left without an administrator."""

from datetime import timedelta

import pytest
from sqlmodel import select

from registry.identity.models import ApiToken, SignIn, User, UserRole
from registry.identity.queries import actor_named, digest_of, roles_of, token_holder
from registry.identity.rules import (
    LONGEST_DAY,
    PERMISSIONS,
    SYSTEM,
    LastAdministrator,
    LastRole,
    NameTaken,
    OwnAccount,
    OwnerOnly,
)
from registry.identity.service import (
    add_user,
    end_sign_in,
    end_sign_ins,
    end_token,
    end_tokens,
    make_token,
    remove_role,
    set_active,
    set_password,
)
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.vocabulary import Role
from registry.platform import clock
from registry.platform.audit import _PENDING
from tests.factories import CITY, COUNTY, user, world

NEIGHBOUR = "500101"
APPROVES = {"plan.confirm", "alarm.handle", "right.grant", "hold.place", "output.record"}


@pytest.fixture
def office(session):
    """A county with an administrator, a clerk and an approver, and its neighbour with the same."""
    world(session, counties=(COUNTY, NEIGHBOUR))
    for name, role, region in (
        ("admin", Role.administrator, COUNTY), ("zhang", Role.clerk, COUNTY), ("wang", Role.approver, COUNTY),
        ("linadmin", Role.administrator, NEIGHBOUR), ("linli", Role.clerk, NEIGHBOUR),
        ("cityadmin", Role.administrator, CITY),
    ):  # fmt: skip
        user(session, name, role, region)
        session.get(User, name).password_hash = "set"
    session.flush()
    return session


def noted(session):
    return [(one.act, one.actor, one.record, one.region) for one in session.info.get(_PENDING, [])]


def admin(session, name="admin"):
    return actor_named(session, name)


def sign(session, name, secret="s"):
    now = clock.wall()
    row = SignIn(
        digest=digest_of(secret), user=name, csrf="c", address="10.0.0.1", agent="a", opened_at=now,
        seen_at=now, ends_at=now + LONGEST_DAY,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


class TestAdministrator:
    def test_the_role_itself_approves_nothing(self):
        assert not PERMISSIONS[Role.administrator] & APPROVES

    def test_gives_roles_in_the_own_region_only(self, office):
        add_user(office, admin(office), "neu", Role.clerk, COUNTY)
        assert noted(office)[-1] == ("user.add", "admin", "neu", COUNTY)
        with pytest.raises(NotFound):
            add_user(office, admin(office), "neu2", Role.clerk, NEIGHBOUR)
        with pytest.raises(NotFound):
            add_user(office, admin(office), "neu2", Role.clerk, CITY)

    def test_of_the_municipality_manages_every_county(self, office):
        add_user(office, admin(office, "cityadmin"), "linli", Role.reviewer, NEIGHBOUR)
        assert {row.role for row in roles_of(office, "linli")} == {Role.clerk, Role.reviewer}

    def test_gives_nobody_of_another_county_a_role(self, office):
        with pytest.raises(NameTaken):
            add_user(office, admin(office), "linli", Role.clerk, COUNTY)
        assert len(roles_of(office, "linli")) == 1

    @pytest.mark.parametrize("act", [
        lambda s, a: set_password(s, a, "linli", "x"), lambda s, a: set_active(s, a, "linli", active=False),
        lambda s, a: end_sign_ins(s, a, "linli"), lambda s, a: end_tokens(s, a, "linli"),
        lambda s, a: remove_role(s, a, "linli", Role.clerk, NEIGHBOUR),
        lambda s, a: make_token(s, a, "linli", "x"),
    ])  # fmt: skip
    def test_finds_nobody_of_another_county(self, office, act):
        with pytest.raises(NotFound):
            act(office, admin(office))

    @pytest.mark.parametrize("act", [
        lambda s, a: set_password(s, a, "both", "x"), lambda s, a: set_active(s, a, "both", active=False),
        lambda s, a: end_sign_ins(s, a, "both"), lambda s, a: add_user(s, a, "both", Role.auditor, COUNTY),
    ])  # fmt: skip
    def test_does_not_manage_who_also_works_elsewhere(self, office, act):
        for region in (COUNTY, NEIGHBOUR):
            add_user(office, SYSTEM, "both", Role.clerk, region)
        with pytest.raises((Forbidden, NameTaken)):
            act(office, admin(office))
        remove_role(office, admin(office), "both", Role.clerk, COUNTY)  # but what is held here may be taken
        assert [row.region for row in roles_of(office, "both")] == [NEIGHBOUR]

    def test_a_clerk_manages_nobody(self, office):
        with pytest.raises(Forbidden):
            add_user(office, admin(office, "zhang"), "neu", Role.clerk, COUNTY)
        with pytest.raises(Forbidden):
            set_active(office, admin(office, "zhang"), "wang", active=False)

    def test_a_user_without_any_role_belongs_to_the_top(self, office):
        office.add(User(name="guest", added_at=clock.now(office)))
        office.flush()
        with pytest.raises(NameTaken):
            add_user(office, admin(office), "guest", Role.clerk, COUNTY)
        add_user(office, admin(office, "cityadmin"), "guest", Role.clerk, COUNTY)


class TestOneself:
    @pytest.mark.parametrize("act", [
        lambda s, a: add_user(s, a, "admin", Role.approver, COUNTY),
        lambda s, a: remove_role(s, a, "admin", Role.administrator, COUNTY),
        lambda s, a: set_active(s, a, "admin", active=False),
    ])  # fmt: skip
    def test_nobody_changes_the_own_roles_or_closes_the_own_account(self, office, act):
        add_user(office, SYSTEM, "admin", Role.clerk, COUNTY)
        with pytest.raises(OwnAccount):
            act(office, admin(office))
        assert len(roles_of(office, "admin")) == 2

    def test_a_clerk_sets_the_own_password_and_ends_the_own_sign_ins(self, office):
        zhang, first = admin(office, "zhang"), sign(office, "zhang")
        kept = sign(office, "zhang", "t")
        set_password(office, zhang, "zhang", "new", keep=kept.id)
        office.refresh(first)
        office.refresh(kept)
        assert (first.ended_by, kept.ended_at) == ("zhang", None)
        end_sign_in(office, zhang, kept.id)
        assert kept.ended_at is not None


class TestLastAdministrator:
    def close(self, office, name):
        set_active(office, SYSTEM, name, active=False)

    def test_stays_open(self, office):
        set_active(office, SYSTEM, "admin", active=False)  # the municipality still administers the county
        with pytest.raises(LastAdministrator) as refused:
            self.close(office, "cityadmin")
        assert refused.value.facts == {"user": "cityadmin", "region": CITY}
        assert office.get(User, "cityadmin").active

    def test_keeps_the_role(self, office):
        add_user(office, SYSTEM, "cityadmin", Role.auditor, CITY)
        with pytest.raises(LastAdministrator):
            remove_role(office, SYSTEM, "cityadmin", Role.administrator, CITY)

    def test_may_go_when_another_can_sign_in(self, office):
        add_user(office, SYSTEM, "second", Role.administrator, CITY)
        with pytest.raises(LastAdministrator):  # nobody knows a password of the second one
            self.close(office, "cityadmin")
        set_password(office, SYSTEM, "second", "set")
        self.close(office, "cityadmin")
        assert not office.get(User, "cityadmin").active

    def test_one_who_could_never_sign_in_is_no_loss(self, office):
        add_user(office, SYSTEM, "unused", Role.administrator, CITY)
        self.close(office, "unused")
        assert not office.get(User, "unused").active


class TestRoles:
    def test_the_last_one_is_not_taken(self, office):
        with pytest.raises(LastRole):
            remove_role(office, admin(office), "zhang", Role.clerk, COUNTY)
        add_user(office, admin(office), "zhang", Role.reviewer, COUNTY)
        remove_role(office, admin(office), "zhang", Role.clerk, COUNTY)
        assert [row.role for row in roles_of(office, "zhang")] == [Role.reviewer]
        assert noted(office)[-1] == ("user.remove_role", "admin", "zhang", COUNTY)

    @pytest.mark.parametrize("name", ["zhang", "nobody", "\x00", ""])
    def test_one_that_is_not_held_is_not_found(self, office, name):
        with pytest.raises(NotFound):
            remove_role(office, admin(office), name, Role.auditor, COUNTY)

    def test_the_same_role_twice_is_noted_once(self, office):
        before = len(noted(office))
        add_user(office, admin(office), "zhang", Role.clerk, COUNTY)
        assert len(noted(office)) == before


class TestNames:
    @pytest.mark.parametrize("name", [
        "", " ", " li", "li ", "system", "System", "ｓｙｓｔｅｍ", "ｌｉ", "a/b", "a\\b", "a?b", "a#b",
        "a%2Fb", "..", ".",
        "<b>", "a&b", 'a"b', "a\nb", "a\x00b", "x" * 65, "\u202eli", "\ud800",
        "系统", "系 统", "sys tem", "j\u0456ngban", "li\u3164", "zo\u0308e",
    ])  # fmt: skip
    def test_that_bend_an_address_or_look_like_another_are_refused(self, office, name):
        with pytest.raises(Invalid):
            add_user(office, SYSTEM, name, Role.clerk, COUNTY)

    @pytest.mark.parametrize(
        "name", ["李四", "li.si-2", "Li Si", "阿依古丽·买买提", "li_si@county", "x" * 64]
    )
    def test_of_people_are_taken(self, office, name):
        assert add_user(office, SYSTEM, name, Role.clerk, COUNTY).name == name

    def test_of_before_the_rule_keep_working(self, office):
        name = "zhang+san"
        office.add(User(name=name, active=True, added_at=clock.now(office)))
        office.add(UserRole(user=name, role=Role.clerk, region=COUNTY))
        office.flush()
        assert add_user(office, SYSTEM, name, Role.reviewer, COUNTY).name == name

    def test_that_differ_only_in_case_are_taken_already(self, office):
        with pytest.raises(NameTaken):
            add_user(office, SYSTEM, "Zhang", Role.clerk, COUNTY)


class TestTokens:
    def test_acts_as_its_owner_until_it_ends(self, office):
        secret = make_token(office, admin(office, "zhang"), "zhang", "称重系统", 1)
        assert token_holder(office, secret).actor == admin(office, "zhang")
        row = office.exec(select(ApiToken)).one()
        assert secret not in row.model_dump_json()
        row.ends_at = clock.wall() - timedelta(seconds=1)
        office.flush()
        assert token_holder(office, secret) is None

    def test_nobody_but_the_owner_and_the_system_makes_one(self, office):
        """Else whoever manages users could act as the approver without knowing a password."""
        with pytest.raises(OwnerOnly):
            make_token(office, admin(office), "wang", "x")
        make_token(office, SYSTEM, "wang", "x")

    def test_an_administrator_ends_it(self, office):
        secret = make_token(office, admin(office, "zhang"), "zhang", "x")
        end_token(office, admin(office), office.exec(select(ApiToken)).one().id)
        assert token_holder(office, secret) is None
        assert noted(office)[-1] == ("user.token_end", "admin", "zhang", COUNTY)

    @pytest.mark.parametrize(
        ("label", "days"), [("", 1), (" ", 1), ("x" * 201, 1), ("a\nb", 1), ("x", 0), ("x", 3651)]
    )
    def test_needs_a_label_and_a_sensible_time(self, office, label, days):
        with pytest.raises(Invalid):
            make_token(office, admin(office, "zhang"), "zhang", label, days)


class TestOutside:
    def test_whose_a_number_is_is_not_told(self, office):
        """Numbers can be counted through: an answer must not name the user behind one."""
        foreign = sign(office, "linli")
        make_token(office, SYSTEM, "linli", "x")
        token = office.exec(select(ApiToken)).one()
        for act, what, number in ((end_sign_in, "sign_in", foreign.id), (end_token, "token", token.id)):
            for at in (number, 0, -1, 2**70):
                with pytest.raises(NotFound) as refused:
                    act(office, admin(office), at)
                assert refused.value.facts == {"what": what, "value": str(at)}


class TestClosed:
    def test_sign_ins_and_tokens_end_for_good(self, office):
        row = sign(office, "zhang")
        secret = make_token(office, admin(office, "zhang"), "zhang", "x")
        set_active(office, admin(office), "zhang", active=False)
        office.refresh(row)
        assert row.ended_by == "admin"
        set_active(office, admin(office), "zhang", active=True)
        assert token_holder(office, secret) is None
        assert [act for act, *_ in noted(office)[-3:]] == ["user.token_end", "user.close", "user.open"]

    def test_closing_twice_is_noted_once(self, office):
        for _ in range(2):
            set_active(office, admin(office), "zhang", active=False)
        assert [act for act, *_ in noted(office)].count("user.close") == 1
