"""One cap: up to the plan's clause, down to the rights, returns and movements behind its meters."""

from datetime import date
from urllib.parse import quote

import pytest
from sqlalchemy import event

from registry.caps.rules import Demand
from registry.caps.service import commit_capacity
from registry.identity.rules import SYSTEM
from registry.kernel.quantity import parse_rate
from registry.kernel.vocabulary import Role
from registry.plans.models import PlanClause
from registry.plans.queries import caps_over, lines_of
from registry.platform.db import transaction
from tests.factories import CITY, COUNTY, LIMESTONE, WATER, right, set_clock
from tests.services.steps import correct, tell
from tests.web.book import TODAY, enter
from tests.web.reading import Page, read

MOST = 12  # statements of one page, the sign-in and the frame among them
STONE = f"/caps/{COUNTY}/{quote(LIMESTONE)}/year"
WELL = f"/caps/{COUNTY}/{quote(WATER)}/day"


def prepare(engine):
    """Enter the small book of the page."""
    enter(engine)
    with transaction(engine) as session:
        caps = caps_over(session, [COUNTY], [LIMESTONE])
        [(line, _)] = lines_of(session, caps)[caps[0].id or 0]
        words = f"专栏11 总量调控\n{LIMESTONE} 矿石万吨/年 100 约束性"
        session.add(PlanClause(document_id=line.document_id, code=line.clause, text=words))


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("jingban", Role.clerk)


def page(who, address: str) -> Page:
    answer = who.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def links(shown: Page) -> set[str]:
    return {a.get("href") or "" for tag, a in shown.tags if tag == "a"}


class TestFigures:
    def test_both_meters_and_both_forms_of_the_figure(self, clerk):
        text = page(clerk, STONE).text
        assert "100 矿石万吨/年 合 1,000,000 t/年" in text
        assert "95 万吨 · 95.0% · 余 5 万吨 其中预占 15 万吨" in text
        assert "101.6 万吨 · 101.6% · 超 1.6 万吨" in text
        assert "数据截至 2025-02-28" in text

    def test_up_to_the_clause_of_the_plan(self, clerk):
        shown = page(clerk, STONE)
        assert f"{LIMESTONE} 矿石万吨/年 100 约束性" in shown.text
        assert any(link.startswith("/plans/") and "#clause-" in link for link in links(shown))

    def test_the_thresholds_say_what_has_passed_them(self, clerk):
        text = page(clerk, STONE).text
        assert "80% 接近总量调控指标 80 ▲ 已过 ▲ 已过" in text
        assert "90% 逼近总量调控指标 90 ▲ 已过 ▲ 已过" in text
        assert "指标 超出总量调控指标 100 未到 ■ 已过" in text

    def test_its_alarms_and_what_is_missing(self, clerk):
        shown = page(clerk, STONE)
        assert "超出总量调控指标 ■ 严重 已开采 101.6 / 100 万吨（101.6%）， 超 1.6 万吨" in shown.text
        assert "2025-01 SZ-2020-0002" in shown.text
        assert "/outputs/new?right=SZ-2020-0002&period=2025-01" in links(shown)

    def test_who_records_nothing_is_offered_no_form(self, book, desk):
        officer = desk("shiju", Role.municipal, CITY)
        assert not [link for link in links(page(officer, STONE)) if link.startswith("/outputs/new?")]


class TestMonths:
    def test_the_chart_has_its_table(self, clerk):
        shown = page(clerk, STONE)
        assert "逐月产量、累计与指标" in shown.titles
        assert shown.rows["2025-01"].split() == ["1", "月", "50", "50", "50.0%", "1", "1"]
        assert "■ 101.6%" in shown.rows["2025-02"]
        assert shown.rows["2025-03"].split() == ["3", "月", "—", "—", "—", "—"]

    def test_a_daily_cap_shows_its_days(self, clerk):
        shown = page(clerk, f"{WELL}?year=2025")
        assert "600.001 2025-01-02 ■ 100.0%" in shown.rows["2025-01"]
        assert "超出 1 日" in shown.text
        assert "全部 2 日" in shown.text
        assert "2025-01-02 600.001 100.0% ■ 0.001 1" in shown.text

    def test_the_year_end_is_told_with_what_it_rests_on(self, book, desk):
        clerk = desk("jingban", Role.clerk)
        with transaction(book) as session:
            set_clock(session, date(2025, 4, 11))
            tell(session, "SZ-2020-0001", "2025-03", "10 万吨")
            for month in ("2025-01", "2025-02", "2025-03"):
                tell(session, "SZ-2020-0002", month, "1 万吨")
        shown = page(clerk, STONE)
        assert "年末推算约 458 万吨" in shown.text  # (111.6 + 3) / 3 × 12 = 458.4
        assert "3 个月月均" in shown.text
        assert [tag for tag, a in shown.tags if a.get("class") == "meter-expected"]


class TestBehind:
    def test_each_right_against_its_permit(self, clerk, fresh):
        row = page(clerk, STONE).rows["SZ-2020-0001"]
        assert "101.6" in row
        assert "100.0%" in row  # all that was dug is its own

    def test_the_commitments_and_the_hold(self, clerk):
        text = page(clerk, STONE).text
        assert "已许可 60 2020-01-01 未载" in text
        assert "预占 2027-01-01 到期失效 15 2020-01-01" in text

    def test_a_commitment_that_ends_shows_its_last_day(self, clerk, fresh):
        rate = parse_rate("7 万吨/年")
        span = (date(2020, 1, 1), date(2025, 9, 1))  # the first day without it
        given = Demand(COUNTY, LIMESTONE, rate.per, rate.quantity.kind, rate.quantity, *span, "示例", None)
        with transaction(fresh) as session:
            commit_capacity(session, SYSTEM, given)
        assert "已许可 7 2020-01-01 2025-08-31" in page(clerk, STONE).text

    def test_the_movements_say_return_amount_balance_and_alarm(self, clerk):
        shown = page(clerk, STONE)
        row = shown.rows["2025-2"]
        assert "2025-03-05 09:00 SZ-2020-0001 2025-02" in row
        assert "51.6 101.6 ▲ 超出总量调控指标" in row
        assert f"/outputs/one/SZ-2020-0001/{quote(LIMESTONE)}/2025-02" in links(shown)

    def test_a_correction_is_a_reversal_and_a_new_amount(self, book, desk):
        with transaction(book) as session:
            correct(session, "SZ-2020-0001", "2025-02", "40 万吨")
        shown = page(desk("jingban", Role.clerk), STONE)
        assert "-51.6 冲回 50" in shown.rows["2025-3"]
        assert "40 90" in shown.rows["2025-4"]
        assert "第 2 版" in shown.rows["2025-4"]

    def test_the_ledger_is_paged(self, book, desk):
        with transaction(book) as session:
            for number in range(21):
                right(session, f"SZ-2021-{number:04d}")
                tell(session, f"SZ-2021-{number:04d}", "2025-01", "1 t")
        clerk = desk("jingban", Role.clerk)
        assert "2025-23" in page(clerk, STONE).rows
        assert "2025-1" not in page(clerk, STONE).rows
        assert "2025-1" in page(clerk, f"{STONE}?year=2025&page=2").rows
        beyond = page(clerk, f"{STONE}?year=2025&page=99").text
        assert "计量流水 23 笔" in beyond
        assert "只有 2 页。" in beyond


class TestSight:
    def test_it_shows_what_the_book_said_at_the_end_of_a_day(self, clerk):
        shown = page(clerk, f"{STONE}?year=2025&as_of=2025-02-05")
        assert "50 万吨 · 50.0%" in shown.text
        assert "2025-2" not in shown.rows
        assert "超出总量调控指标 ■" not in shown.text

    @pytest.mark.parametrize(
        "address",
        [
            f"/caps/{CITY}/{quote(LIMESTONE)}/year",
            f"/caps/500101/{quote(LIMESTONE)}/year",
            f"/caps/{COUNTY}/{quote(LIMESTONE)}/day",
            f"/caps/{COUNTY}/{quote(LIMESTONE)}/week",
            f"/caps/{COUNTY}/nichts/year",
            f"/caps/{COUNTY}/%00/year",
        ],
    )
    def test_what_is_not_theirs_or_not_there_is_not_found(self, clerk, address):
        assert clerk.get(address).status_code == 404

    def test_the_municipality_sees_its_counties_behind_its_own_cap(self, book, desk):
        officer = desk("shiju", Role.municipal, CITY)
        shown = page(officer, f"/caps/{CITY}/{quote(LIMESTONE)}/year")
        assert "只含 1／2 个区县的数据" in shown.text
        assert "SZ-2020-0001" in shown.rows

    @pytest.mark.parametrize(
        ("name", "value"), [("year", "abc"), ("as_of", "x"), ("page", "0"), ("page", "-1")]
    )
    def test_an_unreadable_question_is_told(self, clerk, name, value):
        assert clerk.get(f"{STONE}?{name}={value}").status_code == 422


class TestSpeed:
    @pytest.mark.parametrize(
        "address", [STONE, f"{STONE}?year=2025&as_of={TODAY}", f"{WELL}?year=2025", f"{STONE}?year=2026"]
    )
    def test_a_page_sends_few_statements(self, clerk, address):
        engine = clerk.client.app.state.engine
        page(clerk, address)  # the first request also asks for the newest migration
        sent: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        page(clerk, address)
        asked = [one for one in sent if not one.startswith("BEGIN")]
        assert len(asked) <= MOST, asked
