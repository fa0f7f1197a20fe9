"""`registry user`, `registry token`: who works in the book, and with which programs."""

import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from registry.cli.common import AsJson, AsUser, print_json, print_table, reading, wants_json, writing
from registry.identity import service
from registry.identity.queries import UserRow, require_anywhere, tokens_of, users
from registry.identity.rules import LONGEST, LONGEST_DAYS, USUAL_DAYS
from registry.identity.wanted import Wanted
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Role
from registry.platform.clock import LOCAL

user = typer.Typer(help="用户、岗位和密码", no_args_is_help=True)
token = typer.Typer(help="程序使用的访问令牌", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="用户名称")]
RoleText = Annotated[str, typer.Option("--role", help="岗位：" + "、".join(r.label for r in Role))]
RegionText = Annotated[str, typer.Option("--region", help="行政区代码")]


@user.command("add")
def user_add(
    name: Name, role: RoleText, region: RegionText, as_user: AsUser = None, as_json: AsJson = False
) -> None:
    """Add a user, or one more role to a user."""
    wants_json(as_json)
    known = _role(role)
    with writing(as_user) as (session, actor):
        service.add_user(session, actor, name, known, region)
    _tell(as_json, {"name": name, "role": known, "region": region}, f"{name}：{known.label}（{region}）")


@user.command("remove-role")
def user_remove_role(
    name: Name, role: RoleText, region: RegionText, as_user: AsUser = None, as_json: AsJson = False
) -> None:
    """Take a role from a user; the last one stays."""
    wants_json(as_json)
    known = _role(role)
    with writing(as_user) as (session, actor):
        service.remove_role(session, actor, name, known, region)
    _tell(
        as_json, {"name": name, "role": known, "region": region}, f"已取消 {name} 的{known.label}（{region}）"
    )


@user.command("password")
def user_password(
    name: Name,
    stdin: Annotated[bool, typer.Option("--stdin", help="从标准输入读一行")] = False,
    generate: Annotated[bool, typer.Option("--generate", help="随机生成，只显示这一次")] = False,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Set a user's password, typed twice without echo; every sign-in of the user ends."""
    wants_json(as_json)
    text = service.new_password() if generate else _typed(stdin)
    hashed = service.password_hash(text, name)
    with writing(as_user) as (session, actor):
        service.set_password(session, actor, name, hashed)
    shown = {"password": text} if generate else {}
    told = f"{name} 的新密码（只显示这一次）：{text}" if generate else f"已设置 {name} 的密码"
    _tell(as_json, {"name": name} | shown, told)


@user.command("list")
def user_list(as_user: AsUser = None, as_json: AsJson = False) -> None:
    """List the users with their roles and last use."""
    wants_json(as_json)
    with reading(as_user) as (session, actor):
        require_anywhere(actor, "user.manage")
        found, _ = users(session, actor, Wanted())
    if as_json:
        print_json([_public(row) for row in found])
        return
    columns = ("用户名称", "岗位（行政区）", "状态", "密码设置", "最近使用", "有效登录", "令牌")
    rows = [
        (
            row.name, "、".join(f"{role.label}（{region}）" for role, region in row.roles),
            "使用" if row.active else "停用", _shown(row.password_set_at), _shown(row.seen_at), row.sign_ins,
            row.tokens,
        )
        for row in found
    ]  # fmt: skip
    print_table("用户", columns, rows, right=(5, 6))


@user.command("close")
def user_close(name: Name, as_user: AsUser = None, as_json: AsJson = False) -> None:
    """Close an account: its sign-ins and tokens end."""
    _set_active(name, as_user, as_json, active=False)


@user.command("open")
def user_open(name: Name, as_user: AsUser = None, as_json: AsJson = False) -> None:
    """Open a closed account again."""
    _set_active(name, as_user, as_json, active=True)


def _set_active(name: str, as_user: str | None, as_json: bool, *, active: bool) -> None:
    wants_json(as_json)
    with writing(as_user) as (session, actor):
        service.set_active(session, actor, name, active=active)
    _tell(as_json, {"name": name, "active": active}, f"{name}：{'使用' if active else '停用'}")


@token.command("create")
def token_create(
    name: Name,
    label: Annotated[str, typer.Option(help="用途，如接入的程序")] = "命令行建立",
    days: Annotated[int, typer.Option(help=f"有效天数，至多 {LONGEST_DAYS}")] = USUAL_DAYS,
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Make a token with which a program acts as a user; it is shown once."""
    wants_json(as_json)
    with writing(as_user) as (session, actor):
        secret = service.make_token(session, actor, name, label, days)
    told = f"{name} 的访问令牌（只显示这一次）：{secret}"
    _tell(as_json, {"name": name, "label": label, "days": days, "token": secret}, told)


@token.command("list")
def token_list(as_user: AsUser = None, as_json: AsJson = False) -> None:
    """List the tokens of all users in one's care."""
    wants_json(as_json)
    with reading(as_user) as (session, actor):
        require_anywhere(actor, "user.manage")
        names = None if actor.is_system else [row.name for row in users(session, actor, Wanted())[0]]
        found = tokens_of(session, names)
    if as_json:
        print_json([_plain(asdict(row)) for row in found])
        return
    columns = ("编号", "用户名称", "用途", "建立", "有效至", "最近使用", "状态")
    rows = [
        (
            row.id, row.user, row.label, _shown(row.made_at), _shown(row.ends_at), _shown(row.seen_at),
            "有效" if row.is_open else "已结束",
        )
        for row in found
    ]  # fmt: skip
    print_table("访问令牌", columns, rows, right=(0,))


@token.command("end")
def token_end(
    number: Annotated[str, typer.Argument(metavar="ID", help="令牌编号（registry token list）")],
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """End a token."""
    wants_json(as_json)
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise NotFound("token", number)
    with writing(as_user) as (session, actor):
        ended = service.end_token(session, actor, int(number))
    told = f"令牌 {ended.id}（{ended.user}，{ended.label}）已结束"
    _tell(as_json, {"id": ended.id, "name": ended.user}, told)


def _role(text: str) -> Role:
    known = Role.read(text)
    if known is None:
        raise Invalid("role_unknown", "role", text, accepted="、".join(f"{r.label}({r.value})" for r in Role))
    return known


def _typed(stdin: bool) -> str:
    """Return a password from the terminal, typed twice without echo, or one line of standard input."""
    if stdin:
        return sys.stdin.readline(LONGEST + 2).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Invalid("value_missing", "password", "", accepted="在终端输入，或 --stdin、--generate")
    text: str = typer.prompt("新密码", hide_input=True, confirmation_prompt="再输入一次")
    return text


def _public(row: UserRow) -> dict[str, Any]:
    roles: Sequence[dict[str, str]] = [{"role": role, "region": region} for role, region in row.roles]
    told = {
        "name": row.name, "active": row.active, "roles": roles, "password_set_at": row.password_set_at,
        "seen_at": row.seen_at, "sign_ins": row.sign_ins, "tokens": row.tokens,
    }  # fmt: skip
    return _plain(told)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _shown(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}" if moment else None


def _tell(as_json: bool, data: dict[str, Any], text: str) -> None:
    if as_json:
        print_json(data)
    else:
        typer.echo(text)
