"""What an alarm tells of the past is what it read then: on the page of the return and on its own."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import col, update

from registry.alarms.models import AlarmStep
from registry.kernel.vocabulary import Role
from registry.platform.db import transaction
from tests.factories import LIMESTONE, WATER, cap, right, world
from tests.services.steps import correct, tell
from tests.web.reading import Page, read

MINE, WELL = "SZ-2020-0001", "SZ-2020-0002"
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
