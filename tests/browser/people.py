"""People at the desk: each with a browser of their own, signed in or not."""

from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.desk import Desk
from tests.browser.watch import Watch

DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
PATIENCE = 15_000  # milliseconds; two cores do other things too


class People:
    """Opens browsers on a desk, and fails at the end when one of them had something to complain of."""

    def __init__(self, browser: Browser, desk: Desk) -> None:
        self.browser, self.desk = browser, desk
        self._watches: list[Watch] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for context in self.browser.contexts:
            context.close()
        complaints = [told for watch in self._watches for told in watch.complaints]
        if kind is None and complaints:
            raise AssertionError("the browser complained:\n" + "\n".join(complaints))

    def sit(
        self,
        name: str | None = None,
        size: ViewportSize = DESK,
        *,
        script: bool = True,
        expect: tuple[int, ...] = (),
    ) -> Page:
        """Return a page of a fresh browser, signed in under a name when one is given."""
        context = self.browser.new_context(
            base_url=self.desk.address, viewport=size, java_script_enabled=script, locale="zh-CN",
            timezone_id="Asia/Shanghai", is_mobile=size is PHONE, has_touch=size is PHONE,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        watch = Watch(context, self.desk.address)
        watch.expect(*expect)
        self._watches.append(watch)
        if name is not None:
            context.add_cookies(
                [
                    {"name": k, "value": v, "url": self.desk.address}
                    for k, v in self.desk.cookies(name).items()
                ]
            )
        return context.new_page()

    def sign_in(self, page: Page, name: str, address: str = "/sign-in") -> None:
        """Sign in by the form, as a person does."""
        page.goto(address)
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", self.desk.passwords[name])
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
