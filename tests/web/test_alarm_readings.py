"""What an alarm tells of the past is what it read then: on the page of the return and on its own."""

from datetime import date, time

import pytest
from sqlalchemy import Engine
from sqlmodel import col, update

from registry.alarms.models import AlarmStep
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import AlarmCode, Role
from registry.output.models import OutputReturn
from registry.output.service import void
from registry.platform import clock
from registry.platform.db import reader, transaction
from tests.factories import LIMESTONE, WATER, cap, right, world
from tests.services.steps import alarms, correct, tell
from tests.web.reading import Page, read

MINE, WELL, OLD = "SZ-2020-0001", "SZ-2020-0002", "SZ-2020-0003"
RETURN = f"{MINE}/{LIMESTONE}/2025-01"


def prepare(engine: Engine) -> None:
    """A return of 330 where the permit allows 260, corrected to 33 on a day that stands still."""
    with transaction(engine) as session:
        world(session, date(2026, 1, 31))
        right(session, MINE, scale="260 万吨/年")
        cap(session, "2000 立方米/日", WATER)
        right(session, WELL, WATER, scale=None, max_day="500 立方米/日")
        tell(session, MINE, "2025-01", "330 万吨")
        correct(session, MINE, "2025-01", "33 万吨")


@pytest.fixture
def book(fresh: Engine) -> Engine:
    return fresh


@pytest.fixture
def office(book, desk):
    return desk("jianchayuan", Role.inspector)


def page(office, address: str) -> Page:
    answer = office.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def effects(office, return_id: str) -> str:
    """Return what the page of a return says it did to alarms."""
    return page(office, f"/outputs/one/{return_id}").text.split("这份报表引起的预警变动")[1]


def alarm(book: Engine, code: AlarmCode) -> int:
    """Return the number of the one alarm of a code."""
    with reader(book) as session:
        [found] = alarms(session, code)
        return found.id or 0


def sentence(office, number: int) -> str:
    """Return what the page of an alarm says happened."""
    content: str = office.get(f"/alarms/{number}").text.split('<p class="told">')[1].split("</p>")[0]
    return content


class TestReturn:
    def test_each_step_tells_its_own_reading(self, office):
        raised, receded = effects(office, RETURN).split("回落")
        assert "330 ／ 260 万吨，超 70 万吨" in raised
        assert "33 ／ 260 万吨" in receded
        assert "超" not in receded.split("万吨")[1]

    def test_a_step_without_a_reading_tells_none(self, book, office):
        with transaction(book) as session:
            session.execute(update(AlarmStep).where(col(AlarmStep.act) == "raised").values(reading=None))
        raised, receded = effects(office, RETURN).split("回落")
        assert "260" not in raised
        assert "33 ／ 260 万吨" in receded

    def test_a_day_that_joins_a_run_tells_its_own(self, book, office):
        with transaction(book) as session:
            tell(session, WELL, "2025-02-01", "700 立方米")
            tell(session, WELL, "2025-02-02", "610 立方米")
        told = effects(office, f"{WELL}/{WATER}/2025-02-02")
        assert "610 ／ 500 m³，超 110 m³" in told


class TestAlarm:
    @pytest.mark.parametrize("back", [False, True])
    def test_it_tells_what_it_was_and_at_what_it_receded(self, book, office, back):
        if back:
            with transaction(book) as session:
                void(session, SYSTEM, RETURN, "误报")  # below the scale already: it does not recede again
        told = sentence(office, alarm(book, AlarmCode.permit_exceeded))
        assert "330 万吨（产生时），比许可生产规模 260 万吨多 70 万吨，为许可生产规模的 126.9%" in told
        assert told.endswith("现已回落，回落时为 33 万吨。")

    def test_one_that_stands_tells_what_it_is(self, book, office):
        with transaction(book) as session:
            correct(session, MINE, "2025-01", "280 万吨")
        told = sentence(office, alarm(book, AlarmCode.permit_exceeded))
        assert "报产建筑石料用灰岩 280 万吨，比许可生产规模 260 万吨多 20 万吨" in told
        assert "330" not in told

    @pytest.mark.parametrize("back", [False, True])
    def test_its_source_is_the_revision_that_raised_it(self, book, office, back):
        if back:
            with transaction(book) as session:
                void(session, SYSTEM, RETURN, "误报")
        shown = page(office, f"/alarms/{alarm(book, AlarmCode.permit_exceeded)}").text
        source, steps = shown.split("触发来源 ")[1], shown.split("当时读数")[1]
        assert source.startswith("2025-01 建筑石料用灰岩报表 330 万吨（第 1 次登记）")
        assert f"产生 ▲ 警告 系统 330 {RETURN} 330 万吨（第 1 次登记）" in steps
        assert f"回落 ▲ 警告 系统 33 {RETURN} 33 万吨（第 2 次登记）" in steps

    def test_one_raised_anew_has_the_revision_that_did(self, book, office):
        with transaction(book) as session:
            void(session, SYSTEM, RETURN, "误报")
            tell(session, MINE, "2025-01", "300 万吨")
        shown = page(office, f"/alarms/{alarm(book, AlarmCode.permit_exceeded)}").text
        assert "2025-01 建筑石料用灰岩报表 300 万吨（第 4 次登记）" in shown

    def test_of_steps_of_before_the_day_tells_which_or_nothing_does(self, book, office):
        number = alarm(book, AlarmCode.permit_exceeded)
        with transaction(book) as session:
            session.execute(update(AlarmStep).values(revision=None))
        shown = page(office, f"/alarms/{number}").text
        assert "2025-01 建筑石料用灰岩报表 依据" in shown
        assert "次报送" not in shown
        with transaction(book) as session:
            first = update(OutputReturn).where(col(OutputReturn.revision) == 1)
            session.execute(first.values(recorded_at=clock.at_local(date(2026, 1, 30), time(9))))
            early = update(AlarmStep).where(col(AlarmStep.act) == "raised")
            session.execute(early.values(at=clock.at_local(date(2026, 1, 30), time(9))))
        assert "报表 330 万吨（第 1 次登记）" in page(office, f"/alarms/{number}").text

    def test_a_return_without_a_permit_taken_back_was_what_it_was_and_is_nothing_now(self, book, office):
        with transaction(book) as session:
            right(session, OLD, valid=(date(2020, 1, 1), date(2024, 12, 31)))
            tell(session, OLD, "2025-02", "3 万吨")
            void(session, SYSTEM, f"{OLD}/{LIMESTONE}/2025-02", "误报")
        number = alarm(book, AlarmCode.after_expiry)
        basis = page(office, f"/alarms/{number}").text
        assert "依据 《中华人民共和国矿产资源法》（2024年修订） 第六十四条、第六十七条" in basis
        told = sentence(office, number)
        assert "报产建筑石料用灰岩 3 万吨（产生时），其时许可已到期。 现已回落，回落时为 0 万吨。" in told
        steps = page(office, f"/alarms/{number}").text.split("当时读数")[1]
        assert f"回落 ■ 严重 系统 0 {OLD}/{LIMESTONE}/2025-02 作废（第 2 次登记）" in steps
