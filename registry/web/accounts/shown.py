"""How accounts are told: a browser by its name, what was just done, who is at the desk."""

import re
from urllib.parse import quote

from fastapi import Request

from registry.identity.queries import SignedIn
from registry.kernel.errors import NotFound, SignInNeeded
from registry.request import signed_in_as
from registry.wording.marks import _

DONE = {
    "password": _("密码已更改，您在别处的登录都已结束。"),
    "sign-in": _("该次登录已结束。"),
    "sign-ins": _("其他登录都已结束。"),
    "all": _("该用户的登录都已结束。"),
    "token": _("访问令牌已结束。"),
    "tokens": _("该用户的访问令牌都已结束。"),
    "token-again": _("这枚令牌已经建立，只显示那一次。如果没有抄下，请结束它另建一枚。"),
    "password-again": _("新密码已经设置，只显示那一次。如果没有抄下，请再设置一次。"),
    "added": _("已添加岗位。"),
    "new": _("已添加用户。请设置密码并当面告知本人。"),
    "removed": _("已取消岗位，即时生效。"),
    "closed": _("账户已停用，登录和访问令牌都已结束。"),
    "open": _("账户已恢复使用；原来的访问令牌不恢复。"),
}
_BROWSERS = (
    (r"(?:Edg|EdgA|EdgiOS)/(\d+)", "Edge"), (r"MicroMessenger/(\d+)", "微信"),
    (r"(?:OPR|Opera)/(\d+)", "Opera"), (r"QQBrowser/(\d+)", "QQ 浏览器"), (r"360SE|QIHU", "360 浏览器"),
    (r"(?:Firefox|FxiOS)/(\d+)", "Firefox"), (r"(?:Chrome|CriOS)/(\d+)", "Chrome"),
    (r"Version/(\d+).* Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "鸿蒙"), ("Android", "Android"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Kylin", "麒麟"), ("UOS", "统信"), ("Linux", "Linux"),
)  # fmt: skip


def browser_of(agent: str) -> str:
    """Return what people call a browser and its system; what is unknown is shown as it names itself."""
    found = next(
        ((name, match) for sign, name in _BROWSERS if (match := re.search(sign, agent)) is not None), None
    )
    if found is None:
        return agent[:60] or "—"
    version = (found[1].group(1) if found[1].groups() else "") or ""
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return f"{found[0]} {version}".strip() + (f"（{system}）" if system else "")


def person(request: Request) -> SignedIn:
    """Return who sits at the desk: accounts are changed by people, not by whoever holds a token.

    Raises:
        SignInNeeded: a program asks.
    """
    who = signed_in_as(request)
    if who is None or who.sign_in is None:
        raise SignInNeeded
    return who


def number_of(text: str, what: str) -> int:
    """Return the number of a sign-in or token as it stands in an address.

    Raises:
        NotFound: it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise NotFound(what, text)
    return int(text)


def done_of(request: Request) -> str:
    """Return what was just done, in words; nothing for a word that is none of ours."""
    return DONE.get(request.query_params.get("done", ""), "")


def address_of_user(name: str, done: str = "") -> str:
    """Return the address of the page of a user."""
    return f"/users/{quote(name, safe='')}" + (f"?done={done}" if done else "")
