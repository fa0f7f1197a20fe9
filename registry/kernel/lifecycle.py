"""A lifecycle is a table of (state, event) -> state; an event missing from it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from registry.kernel.errors import Refused
from registry.kernel.vocabulary import Word

S = TypeVar("S", bound=Word)
E = TypeVar("E", bound=Word)


class WrongState(Refused):
    """The record is not in a state from which the act is possible."""

    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S, E]):
    """The legal moves of one kind of record."""

    moves: Mapping[tuple[S, E], S]

    def after(self, state: S, event: E) -> S:
        """Return the state that `event` leads to.

        Raises:
            WrongState: the table has no such move.
        """
        if (state, event) not in self.moves:
            raise WrongState(state=state.label, event=event.label)
        return self.moves[state, event]
