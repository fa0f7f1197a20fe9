"""Roles, what they permit, and where."""

import ast

import pytest

from registry.identity.rules import PERMISSIONS, SYSTEM, Actor, SamePerson
from registry.kernel.errors import Refused
from registry.kernel.vocabulary import Role
from tests.architecture.source import dotted, files

COUNTY, CITY = "500240", "500000"
GUARDS = {"require": 2, "visible": 2}  # function -> position of the permission among its arguments


def asked() -> set[str]:
    """Return every permission that some service or edge asks for."""
    nodes = [node for path in files("registry") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and dotted(node.func) in GUARDS]
    given = [part for call in calls for part in ast.walk(call.args[GUARDS[dotted(call.func)]])]
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
            if permission.endswith((".read", ".print", ".check"))
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
