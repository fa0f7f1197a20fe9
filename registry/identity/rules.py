"""Roles, what they permit, and the actor of an act."""

from dataclasses import dataclass

from registry.kernel.errors import Refused
from registry.kernel.vocabulary import Role

_READ = frozenset(
    {"caps.read", "plans.read", "rights.read", "output.read", "alarms.read", "reserves.read", "report.print"}
)
PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.clerk: _READ
    | {
        "output.record",
        "right.import",
        "right.state",
        "plan.enter",
        "reserves.post",
        "job.run",
        "hold.place",
    },
    Role.reviewer: _READ | {"alarm.handle", "output.record", "job.run"},
    Role.approver: _READ | {"alarm.handle", "right.grant", "right.state", "plan.confirm", "hold.place"},
    Role.inspector: _READ,
    Role.municipal: _READ,
    Role.administrator: _READ
    | {"user.manage", "catalogue.load", "plan.import", "book.check", "book.repair", "job.run"},
    Role.auditor: _READ | {"audit.read", "book.check"},
}


class SamePerson(Refused):
    """Nobody reviews, confirms or approves what they prepared themselves."""

    code = "same_person"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a name and the roles held, each in a region and everything below it."""

    name: str
    roles: frozenset[tuple[Role, str]]
    is_system: bool = False

    def regions_permitting(self, permission: str) -> set[str]:
        """Return the regions in which a role of the actor permits the act."""
        return {region for role, region in self.roles if permission in PERMISSIONS[role]}


SYSTEM = Actor("system", frozenset(), is_system=True)
