"""Error families without HTTP: each holds a stable code and facts, never sentences."""

from collections.abc import Sequence
from typing import Any


class RegistryError(Exception):
    """Something the registry refuses to do; `code` is public and stable, `facts` explain it."""

    code = "error"

    def __init__(self, code: str = "", **facts: object) -> None:
        self.code = code or type(self).code
        self.facts = facts
        super().__init__(self.code, facts)

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it pass from a child process to its parent as what it is, whatever its constructor takes."""
        return type(self).__new__, (type(self), *self.args), vars(self)


class NotFound(RegistryError):
    """The named thing does not exist, or lies outside the actor's jurisdiction."""

    code = "not_found"

    def __init__(self, what: str, value: object) -> None:
        super().__init__(what=what, value=str(value))


class Refused(RegistryError):
    """A rule forbids the act; subclasses name the rule."""

    code = "refused"


class Invalid(RegistryError):
    """An input cannot be read: names the field, the value, the broken rule and what is accepted."""

    code = "invalid"

    def __init__(self, code: str, field: str, value: object, accepted: str = "", **facts: object) -> None:
        self.field = field
        self.value = str(value)
        self.accepted = accepted
        super().__init__(code, field=field, value=self.value, accepted=accepted, **facts)


class SeveralInvalid(Invalid):
    """Several fields of one input cannot be read: `faults` has each of them, and the first names it."""

    code = "several_invalid"

    def __init__(self, faults: Sequence[Invalid]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.code, faults[0].field, faults[0].value, faults[0].accepted)


def faults_of(error: RegistryError) -> tuple[RegistryError, ...]:
    """Return every error that an error stands for; most stand only for themselves."""
    return error.faults if isinstance(error, SeveralInvalid) else (error,)


class Forbidden(RegistryError):
    """The actor's roles do not permit the act."""

    code = "forbidden"

    def __init__(self, permission: str, actor: str) -> None:
        super().__init__(permission=permission, actor=actor)


class Busy(RegistryError):
    """Somebody else holds the lock for too long; trying again is safe."""

    code = "busy"


class SignInNeeded(RegistryError):
    """Nobody is signed in, or the sign-in or token has ended."""

    code = "sign_in_needed"


class CrossSite(RegistryError):
    """A form that did not come from our own pages, or from an earlier sign-in."""

    code = "cross_site"


class Throttled(RegistryError):
    """Too many attempts in a short time; `retry_after` says after how many seconds to try again."""

    code = "too_many_attempts"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)


class TooLarge(RegistryError):
    """What was sent is larger than any form or file may be."""

    code = "body_too_large"

    def __init__(self, accepted: str) -> None:
        super().__init__(accepted=accepted)
