"""No body grows beyond what a form or a file may have: it is refused while it arrives."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.kernel.errors import TooLarge
from registry.request.posting import MOST_BYTES


class BodyLimit:
    """Ends a request whose body is announced or found to be too large."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count what arrives."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced, came = Headers(scope=scope).get("content-length", "0"), 0

        async def counted() -> Message:
            nonlocal came
            if announced.isdecimal() and int(announced[:18]) > MOST_BYTES:
                raise TooLarge(accepted=f"≤ {MOST_BYTES // 2**20} MB")
            message = await receive()
            came += len(message.get("body", b""))
            if came > MOST_BYTES:
                raise TooLarge(accepted=f"≤ {MOST_BYTES // 2**20} MB")
            return message

        await self.app(scope, counted, send)
