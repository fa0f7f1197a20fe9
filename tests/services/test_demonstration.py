"""The demonstration year on the real plans comes out as its description says, figure by figure."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from registry.alarms.queries import alarms, public
from registry.kernel.vocabulary import AlarmCode
from registry.minerals.models import Mineral
from registry.platform.db import reader
from registry.rights.models import MineralRight
from registry.workflows.cap_status import public as public_status
from registry.workflows.cap_status import status
from registry.workflows.check import check
from seed.play import play

# mineral -> licensed, dug (both as printed, 万吨 or 万m³; 地热 m³ a day), state by the worse of both meters
COUNTY = {
    "建筑石料用灰岩": ("11600000", "12216000", "exceeded"),
    "水泥用灰岩": ("2800000", "2630000", "warning"),
    "熔剂用灰岩": ("800000", "572000", "ok"),
    "建筑用砂岩": ("990000", "796000", "ok"),
    "砖瓦用页岩": ("171000", "159000", "warning"),
    "饰面用灰岩": ("25000", "14000", "ok"),
    "饰面用白云岩": ("30000", "19000", "ok"),
    "水泥配料用砂岩": ("150000", "128000", "ok"),
    "铅矿": ("90000", "62000", "ok"),
    "锌矿": ("15000", "11000", "ok"),
    "地热": ("530", "618.4", "exceeded"),
    "冶金用白云岩": ("200000", "140000", "unknown"),
    "石英砂岩": ("80000", "50000", "unknown"),
}


@pytest.fixture
def book(demonstration: Engine):
    with reader(demonstration) as session:
        yield session


def of(session: Session, code: AlarmCode) -> list[dict[str, Any]]:
    return [a for a in public(session, alarms(session)) if a["code"] == code]


def one_cap(session: Session, mineral: str) -> dict[str, Any]:
    [found] = [c for c in map(public_status, status(session, 2025, "500240")) if c["mineral"] == mineral]
    return found


def test_every_cap_stands_as_the_description_says(book: Session) -> None:
    found = {c["mineral"]: c for c in map(public_status, status(book, region="500240"))}
    told = {
        mineral: (c["meters"]["licensed"]["used"], c["meters"]["output"]["used"], c["state"])
        for mineral, c in found.items()
    }
    assert told == COUNTY


def test_limestone_stands_at_101_8_percent_of_12_000_000_t(book: Session) -> None:
    limestone = one_cap(book, "建筑石料用灰岩")
    assert limestone["limit"] == {"value": "12000000", "unit": "t"}
    assert limestone["printed"] == {"value": "1200", "unit": "矿石万吨/年"}
    assert limestone["meters"]["output"]["ratio"] == "1.0180"
    assert limestone["meters"]["output"]["free"] == "-216000"
    assert limestone["binding"] is True
    assert limestone["source"]["clause"] == "专栏11"
    assert limestone["carried_forward"] is False


def test_the_cap_is_passed_by_one_return_of_december(book: Session) -> None:
    [alarm] = [a for a in of(book, AlarmCode.cap_exceeded) if a["mineral"] == "建筑石料用灰岩"]
    assert alarm["severity"] == "critical"
    assert alarm["caused_by"] == "SZ-2015-0001/建筑石料用灰岩/2025-12"
    assert alarm["raised_at"].startswith("2026-01-08")
    assert (alarm["limit"], alarm["reading"], alarm["excess"]) == ("12000000", "12216000", "216000")
    assert alarm["clause"] == "专栏11"


def test_thresholds_fall_in_october_and_november(book: Session) -> None:
    for code, month in ((AlarmCode.cap_near, "2025-10"), (AlarmCode.cap_warning, "2025-11")):
        found = [a for a in of(book, code) if a["mineral"] == "建筑石料用灰岩"]
        [alarm] = [a for a in found if a["meter"] == "output"]
        assert alarm["caused_by"].endswith(f"/{month}")


def test_geothermal_passes_its_day_once(book: Session) -> None:
    water = one_cap(book, "地热")
    assert water["peak"] == {"day": "2025-02-01", "used": "618.4"}
    assert water["days_over"] == 1
    [alarm] = [a for a in of(book, AlarmCode.cap_exceeded) if a["mineral"] == "地热"]
    assert (alarm["severity"], alarm["period"], alarm["limit"]) == ("warning", "2025-02-01", "600")


def test_six_quarries_pass_their_permits(book: Session) -> None:
    over = [a["right"] for a in of(book, AlarmCode.permit_exceeded) if a["mineral"] == "建筑石料用灰岩"]
    assert len(over) == 6
    assert len(set(over)) == 6


def test_troubles_are_told(book: Session) -> None:
    missing = [a for a in of(book, AlarmCode.return_missing) if not a["receded"]]
    assert sorted((a["right"], a["period"]) for a in missing) == [
        ("SZ-2019-0001", "2025-12"),
        ("SZ-2019-0004", "2025-07"),
    ]
    expired = of(book, AlarmCode.after_expiry)
    assert {a["right"] for a in expired} == {"SZ-2015-0002"}
    assert {a["severity"] for a in expired} == {"critical"}
    overdue = [a for a in of(book, AlarmCode.renewal_overdue) if not a["receded"]]
    assert {a["right"] for a in overdue} >= {"SZ-2016-0001"}
    assert {a["mineral"] for a in of(book, AlarmCode.cap_missing)} == {"冶金用白云岩", "石英砂岩"}
    assert len(of(book, AlarmCode.plan_expired)) == 2


def test_municipal_caps_are_partial_in_a_one_county_book(book: Session) -> None:
    for cap in map(public_status, status(book, 2025, "500000")):
        if cap["region"] == "500000":
            assert cap["state"] == "partial"
            assert cap["meters"]["output"]["free"] is None
            assert cap["coverage"]["regions"]["reported"] == 1
            assert cap["coverage"]["regions"]["expected"] == 38


def test_real_mines_are_shown_and_counted_nowhere(book: Session) -> None:
    named = book.exec(select(MineralRight).where(col(MineralRight.counted).is_(False))).all()
    assert len(named) == 2
    numbers = {right.number for right in named}
    assert not [a for a in public(book, alarms(book)) if a["right"] in numbers]


def test_the_book_agrees_with_itself(book: Session) -> None:
    found = check(book)
    assert found["differences"] == []
    assert found["ok"]


def test_every_plan_mineral_is_in_the_catalogue(book: Session) -> None:
    assert set(COUNTY) <= set(book.exec(select(Mineral.name)).all())


def test_two_runs_give_identical_rows(fresh: Engine, demonstration: Engine) -> None:
    play(fresh, None, lambda _: None)
    assert rows(fresh) == rows(demonstration)


def rows(engine: Engine) -> list[str]:
    with reader(engine) as session:
        found = [json.dumps(public_status(s), default=str) for s in status(session)]
        found += [json.dumps(a, default=str) for a in public(session, alarms(session))]
        heads = check(session)["chain"]
    return [*found, json.dumps(heads)]
