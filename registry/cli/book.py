"""`registry check`, `export`, `job`: the book as a whole."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

from registry.cli.common import AsJson, AsUser, engine, print_json, print_table, reading, wants_json, writing
from registry.identity.queries import require_anywhere
from registry.jobs.tasks import TASKS
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.period import parse_day
from registry.platform import jobs
from registry.platform.clock import LOCAL, today
from registry.wording import JOBS, RESULTS, say
from registry.workflows.check import check, repair
from registry.workflows.export import export
from registry.workflows.job_book import repeat_job

job = typer.Typer(help="后台任务", no_args_is_help=True)
_COUNTED = RESULTS | {"accepted": "接收", "unchanged": "未变", "rejected": "退回", "alarms": "触发预警"}


def check_command(
    head: Annotated[str | None, typer.Option(help="已打印的审计链头 REGION:SEQ:HASH")] = None,
    repair_: Annotated[bool, typer.Option("--repair", help="把不符的计量修复为变动之和")] = False,
    reason: Annotated[str, typer.Option(help="修复理由")] = "",
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Recompute meters, balances and the audit chain and tell every difference."""
    wants_json(as_json)
    repaired: list[dict[str, Any]] = []
    if repair_:
        with writing(as_user) as (session, actor):
            repaired = repair(session, actor, reason)
    with reading(as_user) as (session, actor):
        require_anywhere(actor, "book.check")
        found = check(session, head) | ({"repaired": repaired} if repair_ else {})
    if as_json:
        print_json(found)
    else:
        _tell_check(found)
    if not found["ok"]:
        raise typer.Exit(1)


def _tell_check(found: dict[str, Any]) -> None:
    state = "一致" if found["ok"] else f"发现 {len(found['differences'])} 处不符"
    typer.echo(f"{state}：计量 {found['meters']} 个，储量台账 {found['balances']} 行")
    for chain in found["chain"]:
        typer.echo(f"  审计链头 {chain['region']}:{chain['seq']}:{chain['hash']}")
    for title, rows in (("不符之处", found["differences"]), ("已修复", found.get("repaired", []))):
        if rows:
            print_table(
                title,
                ("类别", "对象", "登记值", "复算值"),
                [(r["kind"], r["key"], r["stored"], r["computed"]) for r in rows],
            )


def export_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="输出文件夹")],
    as_of: Annotated[str, typer.Option("--as-of", help="截至某日日终登记内容")] = "",
    as_json: AsJson = False,
) -> None:
    """Write the book as CSV files in base units."""
    wants_json(as_json)
    day = parse_day(as_of, "as-of") if as_of else None
    if folder.exists() and not folder.is_dir():
        raise Invalid("file_unreadable", "DIR", folder, accepted="文件夹")
    with reading() as (session, _):
        if day is not None and day > today(session):
            raise Invalid("day_in_future", "as-of", day, accepted=f"≤ {today(session)}")
        counts = export(session, folder, day)
    if as_json:
        print_json(counts)
    else:
        print_table(
            f"已导出到 {folder}",
            ("文件", "行数"),
            [(f"{name}.csv", n) for name, n in counts.items()],
            right=(1,),
        )


@job.command("list")
def job_list(as_json: AsJson = False) -> None:
    """List the newest jobs."""
    wants_json(as_json)
    with reading() as (session, _):
        newest = jobs.newest(session)
        found, rows = [one.model_dump(mode="json") for one in newest], [_job_row(one) for one in newest]
    if as_json:
        print_json(found)
    else:
        columns = ("编号", "任务", "状态", "提交人", "提交", "结束", "结果")
        print_table("后台任务", columns, rows, right=(0,))


def _job_row(one: Any) -> tuple[object, ...]:
    """Return a job as people read it: local time, and what it came to in a few words."""
    submitted, ended = (
        f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}" if at else None for at in (one.created_at, one.finished_at)
    )
    came_to = say(one.error_code, one.trouble) if one.error_code else one.result and _counted(one.outcome)
    return one.id, JOBS.get(one.kind, one.kind), one.state.label, one.actor, submitted, ended, came_to


def _counted(outcome: dict[str, Any]) -> str:
    """Return what a job has counted, or the number of the paper that it printed."""
    counts = [f"{_COUNTED[name]} {value}" for name, value in outcome.items() if name in _COUNTED and value]
    return "，".join(counts) or str(outcome.get("document") or "没有新增事项")


@job.command("run")
def job_run(
    which: Annotated[str, typer.Argument(metavar="ID|nightly", help="任务编号，或任务种类")],
    as_user: AsUser = None,
    as_json: AsJson = False,
) -> None:
    """Run a job now, without a worker."""
    wants_json(as_json)
    result = run_job(which, as_user)
    if as_json:
        print_json(result)
    else:
        typer.echo(f"已办完：{_counted(result)}")


def run_job(which: str, as_user: str | None = None) -> dict[str, Any]:
    """Run a job that is not done by its number, or enqueue one of a kind and run it.

    Raises:
        NotFound: no such job or kind, or a job that the user may not see.
        JobDone: it has its result; a second run would write over it.
        JobHeld: a worker is doing it.
    """
    with writing(as_user) as (session, actor):
        require_anywhere(actor, "job.run")
        if which in TASKS:
            found = jobs.enqueue(session, which, actor.name)
        elif re.fullmatch(r"[0-9]{1,18}", which):
            found = repeat_job(session, actor, int(which))
        else:
            raise NotFound("job", which)
        job_id, kind = found.id or 0, found.kind
    return dict(jobs.run(engine(), job_id, TASKS[kind]))
