"""Turns for what only a few requests may do at a time; the others wait without holding a thread."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends

_HASHES = 4  # at a time; each takes a core for 0.1 s and 64 MB


async def _turn() -> AsyncIterator[None]:
    yield


HashingTurn = Annotated[None, Depends(_turn, scope="function", max_concurrency=_HASHES)]
