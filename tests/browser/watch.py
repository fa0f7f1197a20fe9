"""Hears what a browser complains of while a person works, so that a test fails on what nobody looks at."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, WebError

# What is said of an answer that is judged by its status anyway: by the browser and by htmx.
_OF_A_STATUS = (
    "Failed to load resource: the server responded with a status of",
    "Response Status Error Code ",
)
# A download, a page left before it was whole, a form that the browser sends again only when asked to.
_GIVEN_UP = ("net::ERR_ABORTED", "net::ERR_CACHE_MISS")


class Watch:
    """What went wrong in one context: console, scripts, policy, requests, answers, dialogs."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.complaints: list[str] = []
        self.address = address
        self._expected: set[int] = set()
        context.on("console", self._console)
        context.on("weberror", self._script)
        context.on("requestfailed", self._failed)
        context.on("request", self._request)
        context.on("response", self._answer)
        context.on("dialog", self._dialog)

    def expect(self, *statuses: int) -> None:
        """Take these statuses for what the test is about; a 5xx is never that."""
        self._expected.update(statuses)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_OF_A_STATUS):
            self.complaints.append(f"console: {message.text}")

    def _script(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure not in _GIVEN_UP:
            self.complaints.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:", "blob:")):
            self.complaints.append(f"foreign: {request.url}")

    def _answer(self, response: Response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.status not in self._expected):
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()
