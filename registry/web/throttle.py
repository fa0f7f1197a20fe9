"""Keeps one address from asking for too much, in the memory of one process: a page that only reads."""

from collections import OrderedDict
from threading import Lock
from time import monotonic_ns

from registry.kernel.errors import Throttled

_SECOND = 1_000_000_000
_MOST_ADDRESSES = 10_000


class Throttle:
    """Lets an address pass `most` times at once, and then once whenever `every` seconds have gone by."""

    def __init__(self, most: int, every: int) -> None:
        self.most = most
        self.every = every * _SECOND
        self._full_at: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def count(self, address: str) -> None:
        """Count a request of an address.

        Raises:
            Throttled: it has asked too often.
        """
        now = monotonic_ns()
        with self._lock:
            # The moment at which all that the address has asked for will be forgotten.
            full_at = max(self._full_at.pop(address, now), now) + self.every
            self._full_at[address] = full_at
            if len(self._full_at) > _MOST_ADDRESSES:
                self._full_at.popitem(last=False)
            over = full_at - now - self.most * self.every
            if over > 0:
                self._full_at[address] = full_at - self.every  # what is refused does not count
                raise Throttled(retry_after=-(-over // _SECOND))
