"""Each step of an alarm is told with the level it had then, and says when it raised it."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import update

from registry.alarms.models import AlarmStep
from registry.alarms.service import handle
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import AlarmAct, AlarmCode, OperatingState, Role
from registry.platform.db import transaction
from registry.workflows.nightly import nightly
from tests.factories import right, set_clock, world
from tests.services.steps import alarms
from tests.web.reading import Page, read

DAYS = (date(2025, 10, 2), date(2025, 12, 2), date(2026, 1, 1))
CHANGES = "/changes/alarms?since=2025-01-01"


def prepare(engine: Engine) -> None:
    """A permit that ends with 2025 and is not renewed: somebody takes the alarm up before it is critical."""
    with transaction(engine) as session:
        world(session, date(2025, 6, 1))
        right(
            session, "SZ-2020-0001", valid=(date(2020, 1, 1), date(2025, 12, 31)),
            state=OperatingState.stopped,
        )  # fmt: skip
        nightly(session)
        for day in DAYS:
            set_clock(session, day)
            nightly(session)
            for one in alarms(session, AlarmCode.renewal_overdue)[: day == DAYS[1]]:
                handle(session, SYSTEM, one.id or 0, AlarmAct.acknowledged, "去现场")


@pytest.fixture
def office(fresh: Engine, desk):
    return desk("jianchayuan", Role.inspector)


def page(office, address: str) -> Page:
    answer = office.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def address(fresh: Engine, code: AlarmCode) -> str:
    with transaction(fresh) as session:
        [found] = alarms(session, code)
        return f"/alarms/{found.id}"


def test_the_changes_tell_the_level_of_each_step(office):
    text = page(office, CHANGES).text
    assert f"{AlarmAct.extended.label} ■ 严重 由警告升级 已逾延续申请期" in text
    assert "签收 ▲ 警告 已逾延续申请期" in text
    assert "产生 ▲ 警告 已逾延续申请期" in text
    assert f"{AlarmAct.extended.label} ▲ 警告 由提示升级 临近延续申请期" in text
    assert "产生 ○ 提示 临近延续申请期" in text
    assert text.count("升级") == 2
    assert "持续 ■ 严重" in text
    assert " 延续 " not in text  # the word for the renewal of a permit, not for an alarm that goes on


def test_so_does_the_page_of_the_alarm(fresh, office):
    steps = page(office, address(fresh, AlarmCode.renewal_due)).text.split("触发来源")[1]
    raised, extended, receded = (
        steps.index(words) for words in ("产生 ○ 提示", "▲ 警告 由提示升级", "回落 ▲ 警告")
    )
    assert raised < extended < receded
    assert steps.count("升级") == 1


def test_of_a_step_of_before_no_level_is_told(fresh, office):
    with transaction(fresh) as session:
        session.execute(update(AlarmStep).values(severity=None))
    text = page(office, CHANGES).text
    assert "产生 — 临近延续申请期" in text
    assert "升级" not in text
    assert "产生 —" in page(office, address(fresh, AlarmCode.renewal_due)).text


def test_permit_and_clauses_of_a_renewal_are_parted(fresh, office):
    text = page(office, address(fresh, AlarmCode.renewal_overdue)).text
    clauses = "国务院令第241号第七条；重庆市矿产资源管理条例第二十八条"
    assert f"依据 采矿许可证 示例-SZ-2020-0001；{clauses}" in text
