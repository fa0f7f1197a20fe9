"""The page of caps and alarms: every figure with what it rests on, at every moment of the book."""

from datetime import date

import pytest

from registry.plans.queries import caps_over
from registry.platform.db import transaction
from tests.factories import COUNTY, LIMESTONE, cap, line, mineral
from tests.web.book import HOSTILE, TODAY, enter
from tests.web.reading import Page, read


@pytest.fixture
def book(fresh):
    enter(fresh)


def page(client, address: str = "/") -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


class TestCaps:
    def test_a_cap_shows_the_printed_and_the_base_figure_with_its_clause(self, book, client):
        row = page(client).rows[f"500240/{LIMESTONE}/year"]
        assert "100 矿石万吨/年" in row
        assert "合 1,000,000 t" in row
        assert "专栏11" in row
        assert "约束性" in row

    def test_both_meters_say_what_is_taken_and_what_is_left(self, book, client):
        row = page(client).rows[f"500240/{LIMESTONE}/year"]
        assert "95 万吨 95.0% 余 5 万吨 其中预占 15 万吨" in row
        assert "101.6 万吨 101.6% 超 1.6 万吨" in row
        assert "超出" in row

    def test_the_row_tells_until_when_and_who_is_missing(self, book, client):
        row = page(client).rows[f"500240/{LIMESTONE}/year"]
        assert "2025-02-28" in row
        assert "2／4 缺报 2" in row
        assert f"SZ-2020-0002/{LIMESTONE}/2025-01" in row

    def test_a_daily_cap_shows_its_highest_and_latest_day_and_the_days_over(self, book, client):
        row = page(client).rows["500240/地热/day"]
        assert "600.001 m³ 100.0% 超 0.001 m³" in row
        assert "最高日 2025-01-02" in row
        assert "1 日超出" in row
        assert "日均 600 m³" in row  # 600.0005 to the whole litre, half-even

    def test_a_cap_without_figure_is_a_state_of_its_own(self, book, client):
        row = page(client).rows["500240/石英砂岩/year"]
        assert "规划未列数值" in row
        assert "5 万吨" in row
        assert "%" not in row

    def test_a_municipal_cap_with_one_countys_data_is_not_judged(self, book, client):
        shown = page(client)
        row = shown.rows[f"500000/{LIMESTONE}/year"]
        assert "数据未覆盖" in row
        assert "%" not in row
        assert "只含 1／2 个区县的数据" in shown.text

    def test_the_meter_reads_aloud(self, book, client):
        labels = page(client).titles
        assert any(
            label.startswith(f"{LIMESTONE}：指标 100 矿石万吨/年；许可能力 95 万吨")
            and "已开采 101.6 万吨" in label
            and label.endswith("超出")
            for label in labels
        ), labels

    def test_a_year_after_the_plan_carries_the_figure_forward(self, book, client):
        assert "沿用" in page(client, "/?year=2026").rows[f"500240/{LIMESTONE}/year"]

    def test_a_year_before_the_plan_is_no_plan_without_figure(self, book, client):
        row = page(client, "/?year=1999").rows[f"500240/{LIMESTONE}/year"]
        assert "当年尚无规划" in row
        assert "未列数值" not in row

    def test_a_cap_of_which_nothing_is_known_in_the_year_is_not_in_order(self, book, fresh, client):
        with transaction(fresh) as session:
            mineral(session, "铅矿")
            cap(session, "20 矿石万吨/年", "铅矿")
        row = page(client).rows["500240/铅矿/year"]
        assert "— 无数据" in row
        assert "%" not in row
        assert "正常" not in row

    def test_a_cap_far_passed_is_still_drawn_on_one_scale(self, book, fresh, client):
        with transaction(fresh) as session:
            [account] = caps_over(session, [COUNTY], [LIMESTONE])
            year = (date(2025, 1, 1), date(2025, 12, 31))
            line(session, account, "10 万吨/年", year, known=TODAY, title="示例批复")
        shown = page(client)
        assert "1016.0% 超 91.6 万吨" in shown.rows[f"500240/{LIMESTONE}/year"]
        bars = [a for tag, a in shown.tags if tag == "rect" and "meter-output" in (a.get("class") or "")]
        assert all(int(bar["width"] or 0) <= 2400 for bar in bars)


class TestAsOf:
    def test_the_page_shows_what_the_book_said_at_the_end_of_a_day(self, book, client):
        row = page(client, "/?year=2025&as_of=2025-02-05").rows[f"500240/{LIMESTONE}/year"]
        assert "50 万吨 50.0%" in row
        assert "101.6" not in row

    def test_an_alarm_raised_later_is_not_shown(self, book, client):
        assert "超出总量调控指标" in page(client).text
        before = page(client, "/?year=2025&as_of=2025-02-05")
        assert "超出总量调控指标" not in before.text
        assert "截至 2025年2月5日日终的登记内容" in before.text


class TestAlarms:
    def test_an_alarm_shows_limit_reading_excess_cause_document_and_clause(self, book, client):
        [(number, row)] = [one for one in page(client).rows.items() if "■ 严重 超出总量调控指标" in one[1]]
        assert row.startswith(f"{number} ■")
        assert f"{LIMESTONE} · 已开采 2025 101.6 100 1.6 万吨 2025-03-05 待处置" in row
        assert f"触发来源 SZ-2020-0001/{LIMESTONE}/2025-02" in row
        assert f"示例规划 500240{LIMESTONE} 专栏11" in row

    def test_a_daily_alarm_is_told_in_the_unit_of_the_day(self, book, client):
        rows = page(client).rows.values()
        assert any("超出总量调控指标 地热 · 已开采 2025-01-02 600.001 600 0.001 m³" in row for row in rows)

    def test_the_most_urgent_comes_first(self, book, client):
        alarms = [row for name, row in page(client).rows.items() if name.isdigit()]
        words = [row.split()[2] for row in alarms]
        assert words == sorted(words, key=("严重", "警告", "提示").index)


class TestFrame:
    def test_a_demonstration_is_unmistakable(self, book, client):
        assert "示例数据" in page(client).text
        assert "登记簿时钟停在 2025年3月20日" in page(client).text

    def test_a_register_that_is_no_demonstration_bears_no_such_mark(self, client):
        assert "示例数据" not in page(client).text

    def test_what_is_stored_is_never_markup(self, book, client):
        answer = client.get("/")
        assert HOSTILE not in answer.text
        assert "示例&lt;script&gt;alert(1)&lt;/script&gt;采石场" in answer.text

    def test_no_script_and_no_inline_style(self, book, client):
        tags = page(client).tags
        assert not [tag for tag, _ in tags if tag in ("script", "style")]
        assert not [a for _, a in tags if any(name == "style" or name.startswith("on") for name in a)]

    def test_every_id_is_used_once(self, book, client):
        ids = [a["id"] for _, a in page(client).tags if "id" in a]
        assert len(ids) == len(set(ids))

    def test_an_empty_book_says_what_to_do(self, client):
        text = page(client).text
        assert "还没有规划指标" in text
        assert "registry plan import" in text
        assert "没有预警" in text

    def test_head_is_answered(self, book, client):
        assert client.head("/").status_code == 200
