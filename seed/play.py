"""Plays the demonstration year day by day: every step is an input, entered through the services.

Nothing here writes an alarm, a meter or a state of a cap; the clock of the database moves from day
to day, so that every run gives identical rows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.quantity import Rate
from registry.kernel.strict_yaml import read_yaml
from registry.kernel.vocabulary import OperatingState, Role
from registry.minerals.queries import catalogue
from registry.output.rules import read_output
from registry.output.service import record
from registry.plans.rules import read_plan
from registry.platform import clock, jobs
from registry.platform.db import transaction
from registry.registration.rules import NamedMine
from registry.registration.service import register_named_mine, set_state
from registry.workflows.adopt_plan import adopt
from registry.workflows.import_returns import import_returns
from registry.workflows.import_rights import import_rights
from registry.workflows.nightly import nightly
from seed.catalogue import COUNTY_PLAN, load_catalogue, plan_with_limestone_cap

FOLDER = Path(__file__).parent
DEMO = FOLDER / "demo"
ACCOUNTS: tuple[tuple[str, Role, str], ...] = (
    ("jingban", Role.clerk, "500240"), ("shenhe", Role.reviewer, "500240"),
    ("shenpi", Role.approver, "500240"), ("jianchayuan", Role.inspector, "500240"),
    ("guanliyuan", Role.administrator, "500240"), ("shenji", Role.auditor, "500240"),
    ("shiju", Role.municipal, "500000"),
)  # fmt: skip
OPENING = time(9)


class DemonstrationBroken(RuntimeError):
    """An input of the demonstration was rejected: the files and the program disagree."""


@dataclass(frozen=True, slots=True)
class Step:
    """One input on one day."""

    moment: datetime
    given: Mapping[str, Any]


def calendar() -> tuple[date, list[Step]]:
    """Return the day the clock is left at, and every step with its moment."""
    content = yaml.safe_load((DEMO / "calendar.yaml").read_text(encoding="utf-8"))
    return content["clock"], list(_timed(content["steps"]))


def _timed(steps: list[dict[str, Any]]) -> Iterator[Step]:
    """Give the steps of one day ten minutes each, from nine o'clock."""
    day, number = None, 0
    for given in steps:
        day, number = given["day"], number + 1 if given["day"] == day else 0
        yield Step(clock.at_local(given["day"], OPENING) + timedelta(minutes=10 * number), given)


def play(engine: Engine, limestone_cap: Rate | None, advance: Callable[[int], None]) -> None:
    """Play every step and leave the clock at the demonstration's last day."""
    last, steps = calendar()
    _open(engine, steps[0].moment)
    for step in steps:
        with transaction(engine) as session:
            clock.set_demonstration_clock(session, step.moment)
        _STEPS[step.given["do"]](engine, step.given, limestone_cap)
        advance(1)
    with transaction(engine) as session:
        clock.set_demonstration_clock(session, clock.at_local(last, time(18)))


def _open(engine: Engine, moment: datetime) -> None:
    with transaction(engine) as session:
        clock.set_demonstration_clock(session, moment)
        load_catalogue(session)
        for name, role, region in ACCOUNTS:
            add_user(session, SYSTEM, name, role, region)


def _import(engine: Engine, given: Mapping[str, Any], limestone_cap: Rate | None) -> None:
    path = (DEMO / given["file"]).resolve()
    if given["what"] == "plan":
        _plan(engine, path, limestone_cap)
        return
    if given["what"] == "rights":
        report = import_rights(engine, path, "jingban").public()
        _named_mines(engine)
    else:
        only = tuple(given["rows"]) if "rows" in given else None
        report = import_returns(engine, path, "jingban", only=only).public()
    if report["rejected"]:
        raise DemonstrationBroken(f"{path.name}: {report['rejected'][0]}")


def _plan(engine: Engine, path: Path, limestone_cap: Rate | None) -> None:
    content = read_yaml(path.read_bytes())
    if limestone_cap is not None and path == COUNTY_PLAN:
        content = plan_with_limestone_cap(content, limestone_cap)
    with transaction(engine) as session:
        adopt(session, SYSTEM, read_plan(content, catalogue(session)))


def _named_mines(engine: Engine) -> None:
    """Enter the two real mines that the county plan names, with only what it says."""
    with transaction(engine) as session:
        named = read_yaml((DEMO / "real_mines.yaml").read_bytes())
        for mine in named["mines"]:
            register_named_mine(session, SYSTEM, _named(named, mine))


def _named(named: Mapping[str, Any], mine: Mapping[str, Any]) -> NamedMine:
    clause = f"{mine['clause']}：“{mine['quote']}”"
    return NamedMine(
        named["region"], mine["name"], named["document"], clause, mineral=mine["mineral"], place=mine["place"]
    )


def _record(engine: Engine, given: Mapping[str, Any], _cap: Rate | None) -> None:
    fields = {name: str(value) for name, value in given.items()} | {"right_no": given["right"]}
    command = read_output(fields, correct=bool(given.get("correct")), reason=given.get("reason"))
    with transaction(engine) as session:
        record(session, actor_named(session, "jingban"), command)


def _state(engine: Engine, given: Mapping[str, Any], _cap: Rate | None) -> None:
    state = OperatingState.read(given["state"])
    if state is None:
        raise DemonstrationBroken(f"state: {given['state']}")
    with transaction(engine) as session:
        actor = actor_named(session, "jingban")
        set_state(session, actor, given["right"], state, given["since"], given.get("reason", "示例"))


def _nightly(engine: Engine, _given: Mapping[str, Any], _cap: Rate | None) -> None:
    with transaction(engine) as session:
        job = jobs.enqueue(session, "nightly", SYSTEM.name)
    jobs.run(engine, job.id or 0, jobs.in_one_transaction(nightly))


_STEPS = {"import": _import, "record": _record, "state": _state, "nightly": _nightly}
