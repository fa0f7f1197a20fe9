"""Roles, what they permit, the actor of an act, and what a password must be."""

import unicodedata
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
_LONG_NAME = 4  # a shorter name stands in many a good password by chance
_LEAST_BESIDE = 6  # signs of a password beside well-known words
_WALKS = (
    "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)  # fmt: skip
_COMMON = ("password", "passw0rd", "p@ssw0rd", "admin", "qwerty", "woaini", "iloveyou", "123456", "abc123")
LONGEST_DAYS, USUAL_DAYS = 3650, 365  # that a token serves
TOKEN_PREFIX = "szr_"  # noqa: S105 no secret: so that a token left in a file is recognised as one
# Wrong passwords within fifteen minutes: of one name from one place, of one name, from one place.
WINDOW = timedelta(minutes=15)
MOST_TOGETHER, MOST_BY_NAME, MOST_BY_ADDRESS = 8, 50, 100


class SamePerson(Refused):
    """Nobody reviews, confirms or approves what they prepared themselves."""

    code = "same_person"


class OwnAccount(Refused):
    """Nobody gives or takes their own roles, or closes their own account: another administrator does."""

    code = "own_account"


class LastAdministrator(Refused):
    """A region keeps at least one administrator who can sign in."""

    code = "last_administrator"


class LastRole(Refused):
    """A user keeps at least one role: who no longer works here gets the account closed."""

    code = "last_role"


class NameTaken(Refused):
    """The name belongs to a user whom the actor does not manage, or differs from one only in its case."""

    code = "name_taken"


class OwnerOnly(Refused):
    """A token acts as its owner, so nobody else makes one, whatever their roles."""

    code = "owner_only"


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
    """Return a password that may be set, as it is hashed: long, no name in another guise, no well-known one.

    Raises:
        Invalid: it is not; what was given is not told again.
    """
    accepted = f"{SHORTEST}–{LONGEST} 个可见字符，不含用户名称，不是常见密码或键盘顺序"
    password = normal(text)
    if not SHORTEST <= len(password) <= LONGEST or not password.isprintable():
        raise Invalid("password_weak", "password", "", accepted=accepted)
    if _is_guessed_first(password.casefold(), normal(name).casefold()):
        raise Invalid("password_weak", "password", "", accepted=accepted)
    return password


def read_days(text: str) -> int:
    """Return for how many days a token serves, from 1 to ten years.

    Raises:
        Invalid: no such number.
    """
    found = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    if not 1 <= found <= LONGEST_DAYS:
        raise Invalid("not_a_whole_number", "days", text, accepted=f"1–{LONGEST_DAYS}")
    return found


def normal(text: str) -> str:
    """Return a password as it is compared: a Chinese keyboard may give its signs in full width."""
    return unicodedata.normalize("NFKC", text)


def _is_guessed_first(password: str, name: str) -> bool:
    if len(set(password)) < 5 or (len(name) >= _LONG_NAME and name in password):
        return True
    if any(password in walk or password[::-1] in walk for walk in _WALKS):
        return True
    if any(password == (password[:size] * len(password))[: len(password)] for size in range(1, 7)):
        return True
    rest = password
    for word in _COMMON:
        rest = rest.replace(word, "")
    return len(rest) < _LEAST_BESIDE
