"""Gathers every fault of one input, so that whoever mends it is told once, not field by field."""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

from registry.kernel.errors import Invalid, SeveralInvalid

P = ParamSpec("P")
T = TypeVar("T")


class Faults:
    """The faults found so far, at most one of each field, told in the order of the fields or as found."""

    def __init__(self, order: Sequence[str] = ()) -> None:
        self._order = list(order)
        self._found: dict[str, Invalid] = {}

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self._found)

    def add(self, fault: Invalid) -> None:
        """Keep a fault; a second one of the same field would only follow from the first."""
        for one in fault.faults if isinstance(fault, SeveralInvalid) else (fault,):
            self._found.setdefault(one.field, one)

    def kept(self, read: Callable[P, T], *args: P.args, **options: P.kwargs) -> T | None:
        """Return what a reader returns, or None where it finds a fault, which is kept."""
        try:
            return read(*args, **options)
        except Invalid as fault:
            self.add(fault)
            return None

    def found(self) -> list[Invalid]:
        """Return the faults in the order of the fields."""
        places = {field: place for place, field in enumerate(self._order)}
        return sorted(self._found.values(), key=lambda fault: places.get(fault.field, len(places)))

    def error(self) -> Invalid:
        """Return what to raise: the only fault, or all of them in one."""
        faults = self.found()
        return faults[0] if len(faults) == 1 else SeveralInvalid(faults)
