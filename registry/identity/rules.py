"""Roles, what they permit, the actor of an act, and what a password must be."""

from dataclasses import dataclass
from datetime import timedelta

from registry.kernel.errors import Invalid, Refused
from registry.kernel.vocabulary import Role

_READ = frozenset(
    {
        "account.own",
        "alarms.read",
        "caps.read",
        "documents.read",
        "job.read",
        "output.read",
        "plans.read",
        "report.print",
        "reserves.read",
        "rights.read",
    }
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
# A sign-in ends half a working day after its last use, and at the end of a long day whatever happens.
IDLE, LONGEST_DAY = timedelta(hours=4), timedelta(hours=14)
SHORTEST, LONGEST = 12, 200  # signs of a password; NIST SP 800-63B asks for length, not for kinds of signs
TOKEN_PREFIX = "szr_"  # noqa: S105 no secret: so that a token left in a file is recognised as one
# Wrong passwords within fifteen minutes: of one name from one place, of one name, from one place.
WINDOW = timedelta(minutes=15)
MOST_TOGETHER, MOST_BY_NAME, MOST_BY_ADDRESS = 8, 50, 100


class SamePerson(Refused):
    """Nobody reviews, confirms or approves what they prepared themselves."""

    code = "same_person"


class SignInFailed(Invalid):
    """No such user, or another password: which of the two is not told."""

    code = "sign_in_failed"

    def __init__(self) -> None:
        super().__init__("sign_in_failed", "password", "")


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


def read_password(text: str, name: str) -> str:
    """Return a password that may be set: 12 to 200 signs, and not the name in another guise."""
    accepted = f"{SHORTEST}–{LONGEST} 个字符，不含用户名称"
    if not SHORTEST <= len(text) <= LONGEST or name.casefold() in text.casefold() or len(set(text)) < 5:
        raise Invalid("password_weak", "password", "", accepted=accepted)
    return text
