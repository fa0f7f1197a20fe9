"""A plan in force judges at once what was there before it: returns, duties, alarms."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from registry.alarms.models import Alarm
from registry.alarms.queries import alarms
from registry.caps.models import Meter
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import AlarmCode, MeterSide
from registry.minerals.queries import catalogue
from registry.output.models import ReturnDuty
from registry.output.rules import read_output
from registry.output.service import record
from registry.plans.rules import read_amendment, read_plan
from registry.plans.service import enter_amendment
from registry.workflows.adopt_plan import Adoption, adopt, confirm
from seed.catalogue import load_catalogue, read_seed
from tests.factories import right, set_clock
from tests.services.test_plans import AMENDMENT, APPROVER, CLERK, COUNTY_PLAN

QUARRY = "SZ-2020-0001"


@pytest.fixture
def book(session):
    """A session in a book with one quarry that reported 1120 万吨 before any plan was loaded."""
    load_catalogue(session)
    set_clock(session, date(2025, 6, 2))
    right(session, QUARRY, scale="1200 万吨/年")
    for month, wan in ((2, 520), (3, 600)):
        fields = {"right_no": QUARRY, "period": f"2025-0{month}", "quantity": str(wan), "unit": "万吨"}
        record(session, SYSTEM, read_output(fields))
    return session


def load(session, source: Any) -> Adoption:
    return adopt(session, SYSTEM, read_plan(source, catalogue(session)))


def output_alarms(session, *, open_only: bool) -> list[Alarm]:
    found = alarms(session, open_only=open_only)
    return [a for a in found if a.side is MeterSide.output and a.mineral == "建筑石料用灰岩"]


class TestAdopt:
    def test_returns_that_were_there_before_are_metered(self, book):
        assert book.exec(select(Meter)).all() == []
        adoption = load(book, read_seed(COUNTY_PLAN))
        assert adoption.changed
        (meter,) = book.exec(select(Meter)).all()
        assert (meter.used, meter.returns, meter.period) == (parse("1120 万吨").base, 2, "2025")

    def test_and_alarmed(self, book):
        load(book, read_seed(COUNTY_PLAN))
        codes = {alarm.code for alarm in output_alarms(book, open_only=True)}
        assert codes == {AlarmCode.cap_near, AlarmCode.cap_warning}

    def test_the_same_plan_again_meters_nothing_twice(self, book):
        load(book, read_seed(COUNTY_PLAN))
        again = load(book, read_seed(COUNTY_PLAN))
        assert not again.changed
        (meter,) = book.exec(select(Meter)).all()
        assert meter.used == parse("1120 万吨").base

    def test_a_later_plan_does_not_meter_them_again(self, book):
        source = read_seed(COUNTY_PLAN)
        load(book, source)
        later = deepcopy(source)
        later["document"] |= {"title": "下一轮规划", "valid_from": "2026-01-01", "valid_to": "2030-12-31"}
        assert load(book, later).changed
        (meter,) = book.exec(select(Meter)).all()
        assert meter.used == parse("1120 万吨").base

    def test_a_daily_cap_brings_daily_duties(self, book):
        right(book, "SZ-2020-0002", mineral="地热", scale=None, max_day="380 m³/日")
        load(book, read_seed(COUNTY_PLAN))
        duties = book.exec(select(ReturnDuty.period).where(ReturnDuty.mineral == "地热")).all()
        assert duties
        assert {len(period) for period in duties} == {len("2025-02-01")}


class TestConfirm:
    def test_more_room_lets_the_alarms_recede(self, book):
        load(book, read_seed(COUNTY_PLAN))
        source = deepcopy(AMENDMENT)
        source["caps"][0]["value"] = "1500"
        entered = enter_amendment(book, CLERK, read_amendment(source, catalogue(book)))
        assert len(output_alarms(book, open_only=True)) == 2
        confirm(book, APPROVER, entered.id or 0)
        assert output_alarms(book, open_only=True) == []
        assert {a.receded for a in output_alarms(book, open_only=False)} == {True}

    def test_less_room_raises_them(self, book):
        load(book, read_seed(COUNTY_PLAN))
        source = deepcopy(AMENDMENT)
        source["caps"][0]["value"] = "1000"
        entered = enter_amendment(book, CLERK, read_amendment(source, catalogue(book)))
        confirm(book, APPROVER, entered.id or 0)
        (exceeded,) = [a for a in output_alarms(book, open_only=True) if a.code is AlarmCode.cap_exceeded]
        assert source["document"]["number"] in (exceeded.document or "")
        assert exceeded.clause == "第一条"
