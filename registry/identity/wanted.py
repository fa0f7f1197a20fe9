"""What is asked of the list of users: a search and filters, read from the texts of an address."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.kernel.errors import Invalid
from registry.kernel.fields import SHORT, clean
from registry.kernel.vocabulary import Role

FILTERS = ("q", "role", "state")
_STATES = {"active": True, "closed": False}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The users wanted; None asks for all."""

    text: str | None = None
    role: Role | None = None
    active: bool | None = None

    @property
    def is_all(self) -> bool:
        """Tell whether nothing narrows the list."""
        return self == Wanted()


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Return what the texts of an address ask for; an empty one asks for all.

    Raises:
        Invalid: a role or a state that there is not, or a text that cannot be kept.
    """
    role, state = given.get("role", "").strip(), given.get("state", "").strip()
    known = Role.read(role)
    if role and known is None:
        accepted = "、".join(f"{one.label}（{one.value}）" for one in Role)
        raise Invalid("role_unknown", "role", role[:SHORT], accepted=accepted)
    if state and state not in _STATES:
        raise Invalid("word_unknown", "state", state[:SHORT], accepted="、".join(_STATES), called="status")
    return Wanted(clean(given.get("q"), "q", SHORT), known, _STATES.get(state))
