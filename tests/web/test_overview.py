"""The first page: every figure with what it rests on, at every moment of the book, for whoever may see it."""

from datetime import date

import pytest
from sqlalchemy import event

from registry.kernel.vocabulary import AlarmCode, Role, Severity
from registry.plans.queries import caps_over
from registry.platform.db import transaction
from registry.platform.workbooks import first_sheet
from tests.factories import CITY, COUNTY, LIMESTONE, cap, line, mineral
from tests.web.book import HOSTILE, TODAY, enter
from tests.web.reading import Page, read

MOST = 12  # statements of one page, the sign-in and the frame among them


prepare = enter


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("jingban", Role.clerk)


@pytest.fixture
def officer(book, desk):
    return desk("shiju", Role.municipal, CITY)


def page(who, address: str = "/") -> Page:
    answer = who.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


class TestCaps:
    def test_a_cap_shows_the_printed_and_the_base_figure_with_its_clause(self, clerk):
        row = page(clerk).rows[f"500240/{LIMESTONE}/year"]
        assert "100 矿石万吨/年" in row
        assert "合 1,000,000 t/年" in row
        assert "专栏11" in row
        assert "约束性" in row

    def test_both_meters_say_what_is_taken_and_what_is_left(self, clerk):
        row = page(clerk).rows[f"500240/{LIMESTONE}/year"]
        assert "95 万吨 95.0% 余 5 万吨 其中预占 15 万吨" in row
        assert "101.6 万吨 101.6% 超 1.6 万吨" in row
        assert "超出" in row

    def test_the_row_tells_until_when_and_who_is_missing(self, clerk):
        row = page(clerk).rows[f"500240/{LIMESTONE}/year"]
        assert "2025-02-28" in row
        assert "缺报 2／4" in row
        assert f"SZ-2020-0002/{LIMESTONE}/2025-01" in row

    def test_a_daily_cap_shows_its_highest_and_latest_day_and_the_days_over(self, clerk):
        row = page(clerk).rows["500240/地热/day"]
        assert "600.001 m³ 100.0% 超 0.001 m³" in row
        assert "最高日 2025-01-02" in row
        assert "1 日超出" in row
        assert "日均 600 m³" in row  # 600.0005 to the whole litre, half-even

    def test_a_cap_without_figure_is_a_state_of_its_own(self, clerk):
        row = page(clerk).rows["500240/石英砂岩/year"]
        assert "规划未列数值" in row
        assert "5 万吨" in row
        assert "%" not in row

    def test_the_meter_reads_aloud(self, clerk):
        labels = page(clerk).titles
        assert any(
            label.startswith(f"{LIMESTONE}：指标 100 矿石万吨/年；许可能力 95 万吨")
            and "已开采 101.6 万吨" in label
            and label.endswith("超出")
            for label in labels
        ), labels

    def test_a_year_after_the_plan_carries_the_figure_forward(self, clerk):
        assert "沿用" in page(clerk, "/?year=2026").rows[f"500240/{LIMESTONE}/year"]

    def test_a_year_before_the_plan_is_no_plan_without_figure(self, clerk):
        row = page(clerk, "/?year=1999").rows[f"500240/{LIMESTONE}/year"]
        assert "当年尚无规划" in row
        assert "未列数值" not in row

    def test_a_cap_of_which_nothing_is_known_in_the_year_is_not_in_order(self, fresh, clerk):
        with transaction(fresh) as session:
            mineral(session, "铅矿")
            cap(session, "20 矿石万吨/年", "铅矿")
        row = page(clerk).rows["500240/铅矿/year"]
        assert "— 无数据" in row
        assert "%" not in row
        assert "正常" not in row

    def test_a_cap_far_passed_is_still_drawn_on_one_scale(self, fresh, clerk):
        with transaction(fresh) as session:
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            year = (date(2025, 1, 1), date(2025, 12, 31))
            line(session, account, "10 万吨/年", year, known=TODAY, title="示例批复")
        shown = page(clerk)
        assert "1016.0% 超 91.6 万吨" in shown.rows[f"500240/{LIMESTONE}/year"]
        bars = [a for tag, a in shown.tags if tag == "rect" and "meter-output" in (a.get("class") or "")]
        assert bars
        assert all(int(bar["width"] or 0) <= 2400 for bar in bars)

    def test_it_leads_to_the_cap_its_clause_and_its_sheet(self, clerk):
        links = {a.get("href") for tag, a in page(clerk).tags if tag == "a"}
        assert (
            "/caps/500240/%E5%BB%BA%E7%AD%91%E7%9F%B3%E6%96%99%E7%94%A8%E7%81%B0%E5%B2%A9/year?year=2025"
            in links
        )
        assert any(link and "#clause-" in link for link in links)
        assert "/caps.xlsx?year=2025" in links


class TestPlaces:
    def test_a_county_sees_its_own_caps_and_nobody_elses(self, clerk):
        assert all(name.startswith("500240/") for name in page(clerk).rows if "/" in name)

    def test_the_municipal_officer_sees_every_table(self, officer):
        rows = page(officer).rows
        assert f"500240/{LIMESTONE}/year" in rows
        row = rows[f"500000/{LIMESTONE}/year"]
        assert "数据未覆盖" in row
        assert "%" not in row
        assert "只含 1／2 个区县的数据" in page(officer).text

    def test_the_municipal_officer_can_look_at_one_county(self, officer):
        rows = page(officer, "/?region=500240").rows
        assert f"500240/{LIMESTONE}/year" in rows
        assert f"500000/{LIMESTONE}/year" not in rows

    @pytest.mark.parametrize("region", ["500101", "999999", "<b>"])
    def test_another_place_does_not_exist(self, clerk, region):
        assert clerk.get(f"/?region={region}").status_code == 404


class TestAsOf:
    def test_the_page_shows_what_the_book_said_at_the_end_of_a_day(self, clerk):
        row = page(clerk, "/?year=2025&as_of=2025-02-05").rows[f"500240/{LIMESTONE}/year"]
        assert "50 万吨 50.0%" in row
        assert "101.6" not in row

    def test_an_alarm_raised_later_is_not_shown(self, clerk):
        assert "超出总量调控指标" in page(clerk).text
        before = page(clerk, "/?year=2025&as_of=2025-02-05")
        assert "超出总量调控指标" not in before.text
        assert "截至 2025年2月5日日终的登记内容" in before.text

    def test_the_links_keep_the_day(self, clerk):
        links = [
            a.get("href") or "" for tag, a in page(clerk, "/?year=2025&as_of=2025-02-05").tags if tag == "a"
        ]
        assert [link for link in links if link.startswith("/caps/") and link.endswith("&as_of=2025-02-05")]


class TestSheet:
    def rows(self, who, address: str) -> list[list[object]]:
        answer = who.get(address)
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]
        return first_sheet(answer.content, "caps.xlsx", 50_000)

    def test_it_holds_exact_figures_and_what_they_rest_on(self, clerk):
        rows = self.rows(clerk, "/caps.xlsx?year=2025")
        head = next(number for number, row in enumerate(rows) if row[0] == "行政区")
        [stone] = [dict(zip(rows[head], row, strict=True)) for row in rows[head:] if row[1] == LIMESTONE]
        assert stone["规划数值"] == "100"
        assert (stone["指标"], stone["单位"]) == (1_000_000, "t")
        assert (stone["已开采"], stone["开采余量"], stone["状态"]) == (1_016_000, -16_000, "超出")
        assert (stone["已许可"], stone["其中预占"]) == (950_000, 150_000)
        assert (stone["条款"], stone["缺报报表"]) == ("专栏11", 2)

    def test_it_looks_back_and_keeps_to_what_one_may_see(self, clerk):
        rows = self.rows(clerk, "/caps.xlsx?year=2025&as_of=2025-02-05")
        assert any(row[1] == LIMESTONE and 500_000 in row for row in rows)
        assert not [row for row in rows if row[0] == "重庆市"]
        assert clerk.get("/caps.xlsx?region=500101").status_code == 404


class TestUrgent:
    def test_a_matter_shows_figures_excess_and_what_it_rests_on(self, clerk):
        text = page(clerk).text
        assert (
            f"{AlarmCode.cap_exceeded.label} ■ 严重 {LIMESTONE}（已开采） 101.6 / 100 万吨（101.6%）" in text
        )
        assert "超 1.6 万吨 2025 · 2025-03-05 产生 · 示例规划 500240建筑石料用灰岩 专栏11" in text

    def test_a_daily_matter_is_told_in_the_unit_of_the_day(self, clerk):
        assert "600.001 / 600 m³" in page(clerk).text

    def test_the_most_urgent_comes_first(self, clerk):
        text = page(clerk).text.split("待处置预警")[1]
        marks = [
            text.find(f"{sign} {word.label}")
            for sign, word in (("■", Severity.critical), ("▲", Severity.warning))
        ]
        assert -1 not in marks
        assert marks == sorted(marks)

    def test_it_leads_to_the_alarm_and_to_all_of_them(self, clerk):
        links = {a.get("href") or "" for tag, a in page(clerk).tags if tag == "a"}
        assert "/alarms" in links
        assert any(link.startswith("/alarms/") for link in links)


class TestFrame:
    def test_a_demonstration_is_unmistakable(self, clerk):
        assert "示例数据" in page(clerk).text
        assert "登记簿时钟停在 2025年3月20日" in page(clerk).text

    def test_what_is_stored_is_never_markup(self, clerk):
        answer = clerk.get("/")
        assert HOSTILE not in answer.text
        assert "示例&lt;script&gt;alert(1)&lt;/script&gt;采石场" in answer.text

    def test_no_inline_script_and_no_inline_style(self, clerk):
        tags = page(clerk).tags
        assert not [tag for tag, a in tags if tag == "style" or (tag == "script" and "src" not in a)]
        assert not [a for _, a in tags if any(name == "style" or name.startswith("on") for name in a)]

    def test_every_id_is_used_once(self, officer):
        ids = [a["id"] for _, a in page(officer).tags if "id" in a]
        assert len(ids) == len(set(ids))

    def test_head_is_answered(self, clerk):
        assert clerk.client.head("/", headers=clerk._headers({})).status_code == 200


class TestSpeed:
    @pytest.mark.parametrize("address", ["/", "/?year=2025", "/?year=2025&as_of=2025-03-01", "/?year=2026"])
    def test_a_page_sends_few_statements(self, clerk, address):
        engine = clerk.client.app.state.engine
        clerk.get(address)  # the first request also asks for the newest migration
        sent: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        page(clerk, address)
        asked = [one for one in sent if not one.startswith("BEGIN")]
        assert len(asked) <= MOST, asked
