"""Roles, what they permit, and where."""

import ast

import pytest

from registry.identity.rules import PERMISSIONS, SYSTEM, Actor, SamePerson, read_password
from registry.kernel.errors import Invalid, Refused
from registry.kernel.vocabulary import Role
from tests.architecture.source import dotted, files

COUNTY, CITY = "500240", "500000"
GUARDS = {
    "require": 2,
    "visible": 2,
    "readable": 2,
}  # function -> position of the permission among its arguments


def asked() -> set[str]:
    """Return every permission that some service or edge asks for."""
    nodes = [node for path in files("registry") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and dotted(node.func) in GUARDS]
    given = [
        part
        for call in calls
        if len(call.args)
        > GUARDS[dotted(call.func)]  # a function of that name elsewhere takes other arguments
        for part in ast.walk(call.args[GUARDS[dotted(call.func)]])
    ]
    return {part.value for part in given if isinstance(part, ast.Constant) and isinstance(part.value, str)}


class TestPermissions:
    def test_every_role_has_some_and_may_read_the_caps(self):
        assert set(PERMISSIONS) == set(Role)
        assert all("caps.read" in permitted for permitted in PERMISSIONS.values())

    def test_whatever_a_service_asks_for_some_role_permits(self):
        granted = frozenset().union(*PERMISSIONS.values())
        assert asked() <= granted
        assert {"alarm.handle", "output.record", "user.manage"} <= asked()

    @pytest.mark.parametrize("role", [Role.inspector, Role.municipal, Role.auditor])
    def test_who_only_looks_writes_nothing(self, role):
        looks = {
            permission
            for permission in PERMISSIONS[role]
            if permission.endswith((".read", ".print", ".check")) or permission == "account.own"
        }
        assert PERMISSIONS[role] == looks

    @pytest.mark.parametrize(
        ("prepares", "decides"), [("plan.enter", "plan.confirm"), ("right.import", "right.grant")]
    )
    def test_no_role_both_prepares_and_decides(self, prepares, decides):
        assert not [role for role, permitted in PERMISSIONS.items() if {prepares, decides} <= permitted]

    def test_only_the_administrator_adds_users(self):
        assert [role for role, permitted in PERMISSIONS.items() if "user.manage" in permitted] == [
            Role.administrator
        ]


class TestActor:
    def test_a_role_permits_only_where_it_is_held(self):
        actor = Actor("shenhe", frozenset({(Role.reviewer, COUNTY), (Role.municipal, CITY)}))
        assert actor.regions_permitting("alarm.handle") == {COUNTY}
        assert actor.regions_permitting("alarms.read") == {COUNTY, CITY}
        assert actor.regions_permitting("user.manage") == set()

    def test_roles_combine(self):
        actor = Actor("both", frozenset({(Role.clerk, COUNTY), (Role.approver, COUNTY)}))
        assert (
            actor.regions_permitting("output.record") == {COUNTY} == actor.regions_permitting("plan.confirm")
        )

    def test_nobody_but_the_system_is_the_system(self):
        assert SYSTEM.is_system
        assert not Actor("system", frozenset()).is_system
        assert SYSTEM.roles == frozenset()

    def test_the_same_person_is_a_refusal_that_names_who(self):
        refused = SamePerson(actor="jingban")
        assert isinstance(refused, Refused)
        assert (refused.code, refused.facts) == ("same_person", {"actor": "jingban"})


class TestPasswords:
    @pytest.mark.parametrize("text", [
        "quite a long sentence", "石柱自然资源局今年的密码句子", "Tr0ub4dor&3xyz", "x7#kQ!92mmPz",
        "aaa" + "bcdefgh ij" * 19,
    ])  # fmt: skip
    def test_a_long_one_may_be_set(self, text):
        assert read_password(text, "zhang") == text

    @pytest.mark.parametrize("text", [
        "", "short", "elevensigns", "aaaaaaaaaaaaaaaa", "abababababababab", "abc123abc123abc1",
        "123456789012", "qwertyuiopasdf", "zyxwvutsrqponm", "1qaz2wsx3edc", "password1234", "Admin123456!",
        "my name is ZHANG san", "tab\tin the middle", "half \ud800 of a sign", "x" * 250,
    ])  # fmt: skip
    def test_one_that_is_guessed_first_may_not(self, text):
        with pytest.raises(Invalid) as refused:
            read_password(text, "zhang")
        assert refused.value.code == "password_weak"
        assert text not in str(refused.value.facts) or not text

    def test_a_short_name_may_stand_in_it_by_chance(self):
        assert read_password("quite a long sentence", "a")

    def test_full_width_signs_are_the_same_signs(self):
        assert read_password("ｑｕｉｔｅ a long sentence", "zhang") == "quite a long sentence"
