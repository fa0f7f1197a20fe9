"""The page of one right: what it leads to, what is drawn, what is told of its past."""

from datetime import date

import pytest
from sqlmodel import select

from registry.greenmine.models import GreenSpell
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import Mass
from registry.kernel.vocabulary import Confidence, GreenLevel, Kind, ReserveCategory, Role
from registry.minerals.models import ScaleLine, ScaleLineMineral
from registry.platform.db import transaction
from registry.reserves.rules import OpeningLine, PostOpening
from registry.reserves.service import open_ledger
from registry.rights.models import MineralRight, RightVersion
from tests.factories import LIMESTONE, LONG_AGO, permit
from tests.services.steps import tell
from tests.web.book import HOSTILE, enter
from tests.web.reading import read

NUMBER = "SZ-2020-0001"
ADDRESS = f"/rights/{NUMBER}"
CORNERS = "1,4,1,3346000,36531000,2,3346000,36531500,3,3345500,36531500,4,3345500,36531000,1085,920,,1"


def prepare(engine):
    """The small book; its first right has an area, reserves, green levels, an old permit and a correction."""
    enter(engine)
    with transaction(engine) as session:
        found = session.exec(select(MineralRight).where(MineralRight.number == NUMBER)).one()
        version = session.exec(select(RightVersion).where(RightVersion.right_id == found.id)).one()
        version.corners, version.area_m2 = CORNERS, 250_000
        for level, since in (
            (GreenLevel.building, date(2021, 5, 1)),
            (GreenLevel.municipal, date(2023, 5, 1)),
        ):
            session.add(GreenSpell(right_id=found.id or 0, level=level, since=since, recorded_at=LONG_AGO))
        permit(session, found, "示例-旧证", (None, date(2019, 12, 31))).superseded_at = LONG_AGO
        lines = (OpeningLine(ReserveCategory.measured, Mass(888 * 10**10), "万吨"),)
        opening = PostOpening(NUMBER, LIMESTONE, date(2024, 12, 31), lines, "示例储量报告")
        open_ledger(session, SYSTEM, found, LIMESTONE, opening)
        tell(session, NUMBER, "2025-01", "49 万吨", correct=True, reason=f"过磅单更正{HOSTILE}")


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("zhang", Role.clerk)


def page(desk, address=ADDRESS):
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def links(shown):
    return {a.get("href") for tag, a in shown.tags if tag == "a"}


class TestYear:
    def test_months_stand_against_the_permit_and_lead_to_their_returns(self, clerk):
        shown = page(clerk)
        assert "1月 49 49 81.7%" in shown.text
        assert "2月 51.6 100.6 167.7%" in shown.text
        assert "■ 超出许可规模 40.6 万吨" in shown.text
        assert f"/outputs/one/{NUMBER}/{LIMESTONE}/2025-01" in set(map(unquoted, links(shown)))

    def test_its_own_part_of_each_cap_is_told_and_leads_to_the_cap(self, clerk):
        shown = page(clerk)
        row = shown.rows[f"500240/{LIMESTONE}/year"]
        assert "100.6 万吨 100.60%" in row
        assert "规划数值" in shown.text
        assert f"/caps/500240/{LIMESTONE}/year?year=2025" in {unquoted(one) for one in links(shown)}

    def test_the_chart_is_drawn_with_the_permits_line_and_says_so_in_words(self, clerk):
        shown = page(clerk)
        assert any("许可生产规模" in title for title in shown.titles)
        bars = [a for tag, a in shown.tags if tag == "rect" and a.get("fill") == "#7fa99d"]
        assert len(bars) == 2

    def test_another_year_is_one_click_away(self, clerk):
        assert f"{ADDRESS}?year=2025" in links(page(clerk, f"{ADDRESS}?year=2024"))
        assert "2024 年产量与许可规模" in page(clerk, f"{ADDRESS}?year=2024").text

    def test_a_well_tells_its_highest_day(self, clerk):
        shown = page(clerk, "/rights/SZ-2020-0003")
        assert "600.001" in shown.text
        assert "超最大日开采量" in shown.text


class TestBook:
    def test_a_class_by_limits_that_no_text_confirms_is_marked_with_its_source(self, clerk, book):
        before = page(clerk).text
        with transaction(book) as session:
            line = ScaleLine(
                line="石灰岩", unit="矿石万吨/年", kind=Kind.mass, large_from=10**12, small_below=10**10,
                mark="R", confidence=Confidence.d, source="国土资发〔2004〕208号",
            )  # fmt: skip
            session.add(line)
            session.flush()
            session.add(ScaleLineMineral(mineral=LIMESTONE, line_id=line.id or 0))
        told = "〔D〕背景知识，待核实：矿山规模分级界限（石灰岩），来源：国土资发〔2004〕208号"
        assert told in page(clerk).text
        assert "〔D〕" not in before

    def test_the_area_is_drawn_and_its_corners_can_be_read(self, clerk):
        shown = page(clerk)
        assert "3346000.000" in shown.text
        assert "J4" in shown.text
        assert "0.2500 km²" in shown.text
        assert "由 +1085 m 至 +920 m 标高" in shown.text or "登记簿未载" in shown.text
        assert any(tag == "svg" and "sketch" in (a.get("class") or "") for tag, a in shown.tags)

    def test_reserves_of_a_year_without_survey_show_no_movements(self, clerk):
        shown = page(clerk)
        assert "探明资源量 建筑石料用灰岩 · 万吨 888 — — — — — — 888" in shown.text
        assert "储量年报尚未入账" in shown.text

    def test_every_green_level_is_told(self, clerk):
        assert "市级 2023-05-01 起 在建 2021-05-01 起" in page(clerk).text

    def test_alarms_show_their_figures_and_lead_to_their_pages(self, clerk):
        shown = page(clerk)
        assert "超出许可生产规模 2025 · 100.6／60 万吨 · 待处置" in shown.text
        assert any((one or "").startswith("/alarms/") for one in links(shown))

    def test_papers_are_ordered_by_a_form_that_names_kind_and_subject(self, clerk):
        fields = [(a.get("name"), a.get("value")) for tag, a in page(clerk).tags if tag == "input"]
        assert ("kind", "permit") in fields
        assert ("kind", "inspection") in fields
        assert ("kind", "registration") in fields
        assert ("subject", NUMBER) in fields
        assert ("year", "2025") in fields


class TestHistory:
    def test_corrections_say_who_when_and_why(self, clerk):
        shown = page(clerk)
        assert "2025-01 报表更正" in shown.text
        assert "系统 · 过磅单更正<script>" in shown.text
        assert HOSTILE not in clerk.get(ADDRESS).text

    def test_a_superseded_permit_stays_readable(self, clerk):
        assert "许可证 示例-旧证 的登记内容已更新" in page(clerk).text

    def test_a_change_of_state_is_told_with_its_reason(self, clerk):
        given = {"state": "stopped", "since": "2025-03-10", "reason": "示例：设备检修"}
        answer = clerk.post(f"{ADDRESS}/state", given)
        assert answer.headers["location"].startswith(ADDRESS)
        shown = page(clerk)
        assert "运行状态：停产，2025-03-10 起" in shown.text
        assert "登记于 2025-03-20 · zhang · 示例：设备检修" in shown.text


class TestWho:
    def test_beyond_the_county_it_is_told_like_one_that_does_not_exist(self, book, desk):
        stranger = desk("li", Role.clerk, "500101")
        here, nowhere = stranger.get(ADDRESS), stranger.get("/rights/SZ-1999-0001")
        assert (here.status_code, nowhere.status_code) == (404, 404)
        assert f"未找到 矿业权“{NUMBER}”" in here.text
        assert "500240" not in here.text

    def test_the_municipality_reads_it_and_changes_nothing(self, book, desk):
        office = desk("wang", Role.municipal, "500000")
        assert 'action="/rights/SZ-2020-0001/state"' not in office.get(ADDRESS).text
        given = {"state": "stopped", "since": "2025-03-10", "reason": "示例"}
        assert office.post(f"{ADDRESS}/state", given).status_code == 403


def unquoted(address):
    from urllib.parse import unquote

    return unquote(address or "")
