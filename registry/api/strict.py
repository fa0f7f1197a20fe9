"""Routes that read a request strictly: nothing that somebody sends is passed over in silence."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from registry.kernel.errors import Invalid, RegistryError, TooLarge
from registry.kernel.fields import shown
from registry.kernel.strict_json import read_json

MOST_BYTES = 2**18  # a note of the longest kind, every sign of it written as an escape, is half of it
MEDIA_TYPE = "application/json"


class MediaTypeNotAccepted(RegistryError):
    """The body is of a type that nobody reads here."""

    code = "media_type_not_accepted"


class StrictRoute(APIRoute):
    """Reads the body before anything else is opened: a slow sender holds neither connection nor lock."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the framework behind our reading of the request."""
        handle = super().get_route_handler()
        has_body = self.body_field is not None
        known = {field.alias for field in self.dependant.query_params}

        async def strictly(request: Request) -> Response:
            _refuse_unknown(request, known)
            response = await handle(await _read(request) if has_body else request)
            response.headers.setdefault("cache-control", "no-store")
            return response

        return strictly


def _refuse_unknown(request: Request, known: set[str]) -> None:
    for name in request.query_params:
        if name not in known:
            accepted = ", ".join(sorted(known)) or "—"
            raise Invalid("key_unknown", shown(name), shown(request.query_params[name]), accepted=accepted)


class _Read(Request):
    """A request whose body has been read."""

    def __init__(self, request: Request, content: bytes) -> None:
        super().__init__(request.scope, request.receive)
        self._body = content
        self._given = read_json(content) if content else None

    async def json(self) -> Any:
        return self._given


async def _read(request: Request) -> Request:
    content = await _content(request)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and media_type != MEDIA_TYPE:
        raise MediaTypeNotAccepted(value=shown(media_type), accepted=MEDIA_TYPE)
    return _Read(request, content)


async def _content(request: Request) -> bytes:
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > MOST_BYTES:
                raise TooLarge(accepted=f"≤ {MOST_BYTES // 2**10} KB")
    except ClientDisconnect as error:
        raise HTTPException(400) from error
    return bytes(content)
