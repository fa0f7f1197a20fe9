"""Addresses that a browser tells of itself: anybody may write anything there."""

from urllib.parse import SplitResult, urlsplit

from fastapi import Request

from registry.kernel.errors import NotFound


def parts_of(address: str) -> SplitResult:
    """Return the parts of an address; of what is none, none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


async def printable(request: Request) -> None:
    """Refuse an address with signs that no name has, before anybody looks them up: PostgreSQL takes no NUL.

    Raises:
        NotFound: there is no such page.
    """
    if not all(str(part).isprintable() for part in request.path_params.values()):
        raise NotFound("page", request.url.path)
