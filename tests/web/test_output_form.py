"""The form for a return: it tells what will happen, records once, and keeps what was typed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from registry.alarms.models import AlarmStep
from registry.caps.models import Movement
from registry.identity.queries import actor_named
from registry.kernel.vocabulary import Role
from registry.output.models import OutputReturn
from registry.output.rules import read_output
from registry.output.service import record
from registry.platform.audit import AuditEntry
from registry.platform.db import reader, transaction
from registry.platform.idempotency import KeptAnswer
from registry.rights.models import MineralRight
from registry.rights.queries import right_by_number
from tests.factories import COUNTY, LIMESTONE, right
from tests.web.book import HOSTILE, enter
from tests.web.reading import Page, read
from tests.web.signing import enter_user

QUARRY, SMALL, WELL, FOREIGN = "SZ-2020-0001", "SZ-2020-0002", "SZ-2020-0003", "SZ-2020-0009"
NEIGHBOUR = "500101"
NEW = {"right": SMALL, "period": "2025-02", "quantity": "10", "unit": "万吨"}


def prepare(engine: Engine) -> None:
    """The book of the page, in which limestone stands at 101.6 of 100, and a mine of the neighbour."""
    enter(engine)
    with transaction(engine) as session:
        right(session, FOREIGN, region=NEIGHBOUR)


@pytest.fixture
def book(fresh: Engine) -> Engine:
    return fresh


@pytest.fixture
def clerk(book, desk):
    return desk("jingban", Role.clerk)


def counts(engine: Engine) -> tuple[int, ...]:
    """Return how many rows the tables have that a return writes to."""
    with reader(engine) as session:
        tables = (OutputReturn, Movement, AlarmStep, KeptAnswer, AuditEntry)
        return tuple(session.exec(select(func.count()).select_from(t)).one() for t in tables)


def standing(engine: Engine, number: str, period: str) -> OutputReturn | None:
    """Return the standing return of a right in a period."""
    statement = (
        select(OutputReturn)
        .join(MineralRight, col(MineralRight.id) == col(OutputReturn.right_id))
        .where(MineralRight.number == number, OutputReturn.period == period)
        .where(col(OutputReturn.superseded_at).is_(None))
    )
    with reader(engine) as session:
        return session.exec(statement).first()


def values(page: Page) -> dict[str, str | None]:
    """Return what the fields of the form hold."""
    return {
        str(a["name"]): a.get("value")
        for tag, a in page.tags
        if tag == "input" and a.get("name") and a.get("type") != "checkbox"
    }


def correct(engine: Engine, name: str, sent: dict[str, str]) -> None:
    """Correct a return as somebody else does."""
    fields = sent | {"right_no": sent["right"]}
    with transaction(engine) as session:
        command = read_output(fields, correct=True, reason="过磅单核实")
        record(session, actor_named(session, name), command)


def says(page: Page, words: str) -> bool:
    """Tell whether a page says something, wherever its tags part the words."""
    return "".join(words.split()) in "".join(page.text.split())


class TestPreview:
    def test_it_tells_meter_state_marks_alarms_permit_and_leaves_nothing(self, book, clerk):
        before = counts(book)
        answer = clerk.post("/outputs/new", NEW | {"step": "preview", "key": "k-1"})
        assert answer.status_code == 200
        page = read(answer.text)
        assert says(page, "预览：登记后将会怎样")
        assert says(page, "101.6 万吨 → 变为 111.6 万吨 +10 万吨， 101.6% → 变为 111.6%")
        assert says(page, "■ 超出 不变")
        assert says(page, "2025 年累计 0 万吨 → 变为 10 万吨 ，许可规模 20 万吨/年（50.0%）")
        assert says(page, "报送期限 2025-03-10 ，晚 10 日")
        assert counts(book) == before

    @pytest.mark.parametrize(
        ("quantity", "unit", "is_far"),
        [("1.2", "万吨", False), ("10", "万吨", True), ("9.99", "万吨", False), ("1000", "吨", True)],
    )
    def test_a_figure_far_from_the_usual_one_is_told_beside_it(self, book, clerk, quantity, unit, is_far):
        for period, value in (("2024-10", "1"), ("2024-11", "0.9"), ("2024-12", "1.1"), ("2025-01", "0")):
            sent = {"right": SMALL, "period": period, "quantity": value, "unit": "万吨", "step": "record"}
            assert clerk.post("/outputs/new", sent).status_code == 303
        answer = clerk.post("/outputs/new", NEW | {"quantity": quantity, "unit": unit})
        assert answer.status_code == 200
        told = says(read(answer.text), "与以往相差 10 倍或以上（以往各期中位数 1 万吨），请核对单位")
        assert told == is_far

    def test_it_names_the_alarm_that_will_come(self, book, clerk):
        page = read(clerk.post("/outputs/new", NEW | {"quantity": "21"}).text)
        assert says(page, "▲ 警告 将产生 超出许可生产规模")
        assert says(page, "21 ／ 20 万吨，超 1 万吨")
        assert not says(page, "越过")

    def test_a_municipal_cap_below_full_coverage_is_not_judged(self, book, clerk):
        assert not says(read(clerk.post("/outputs/new", NEW).text), "只含本簿区县")
        with transaction(book) as session:
            right_by_number(session, FOREIGN).counted = False
        page = read(clerk.post("/outputs/new", NEW).text)
        assert says(page, "只含本簿区县，不计占比")
        assert says(page, "35900 万吨")

    def test_without_a_step_it_is_a_preview(self, book, clerk):
        before = counts(book)
        assert clerk.post("/outputs/new", NEW).status_code == 200
        assert counts(book) == before

    def test_the_form_comes_back_with_its_key_and_all_that_was_typed(self, book, clerk):
        typed = NEW | {"lost": "0.5", "note": "一月停电"}
        page = read(clerk.post("/outputs/new", typed | {"key": "k-1"}).text)
        assert values(page) | {"key": "k-1"} == values(page)
        assert {name: values(page)[name] for name in typed if name != "note"} == {
            name: value for name, value in typed.items() if name != "note"
        }
        assert says(page, "一月停电")

    def test_a_day_of_a_well_is_set_against_the_day(self, book, clerk):
        day = {"right": WELL, "period": "2025-01-03", "quantity": "601", "unit": "m3"}
        page = read(clerk.post("/outputs/new", day).text)
        assert says(page, "地热 · 2025-01-03")
        assert says(page, "0 m³ → 变为 601 m³")
        assert says(page, "○ 正常 → 变为 ■ 超出")
        assert says(page, "越过 指标")


class TestRecording:
    def test_it_records_and_leads_to_the_return_with_what_it_did(self, book, clerk):
        answer = clerk.post("/outputs/new", NEW | {"quantity": "21", "step": "record", "key": "k-1"})
        assert answer.status_code == 303
        shown = clerk.get(answer.headers["location"])
        page = read(shown.text)
        assert says(page, "已登记。")
        assert says(page, "涉及预警 1 条")
        assert says(page, "101.6 万吨 → 变为 122.6 万吨")
        found = standing(book, SMALL, "2025-02")
        assert found is not None
        assert (found.value, found.actor, found.source) == ("21", "jingban", None)

    def test_a_double_click_records_once_and_leads_to_the_same_page(self, book, clerk):
        sent = NEW | {"step": "record", "key": "k-1"}
        first, again = clerk.post("/outputs/new", sent), clerk.post("/outputs/new", sent)
        assert (first.status_code, again.status_code) == (303, 303)
        assert first.headers["location"] == again.headers["location"]
        found = standing(book, SMALL, "2025-02")
        assert found is not None
        assert found.revision == 1

    def test_at_once_under_one_key_it_records_once(self, book, clerk):
        start, sent = Barrier(6), NEW | {"step": "record", "key": "k-1"}
        before = counts(book)

        def press(_):
            start.wait(30)
            return clerk.post("/outputs/new", sent)

        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(press, range(6)))
        assert [answer.status_code for answer in answers] == [303] * 6
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert counts(book)[0] == before[0] + 1
        assert counts(book)[1] == before[1] + 2  # the county's meter and the municipality's

    def test_the_same_key_for_other_content_is_shown_again_under_a_new_key(self, book, clerk):
        clerk.post("/outputs/new", NEW | {"step": "record", "key": "k-1"})
        answer = clerk.post("/outputs/new", NEW | {"period": "2025-01", "step": "record", "key": "k-1"})
        assert answer.status_code == 422
        page = read(answer.text)
        assert values(page)["key"] not in ("k-1", None)
        assert values(page)["period"] == "2025-01"
        assert standing(book, SMALL, "2025-01") is None

    def test_what_changed_after_the_preview_is_shown_again_and_not_recorded(self, book, clerk):
        seen = values(read(clerk.post("/outputs/new", NEW).text))["seen"]
        assert seen
        changed = NEW | {"quantity": "100", "step": "record", "seen": seen}
        answer = clerk.post("/outputs/new", changed)
        assert answer.status_code == 200
        assert "预览之后内容有改动，未登记" in answer.text
        assert standing(book, SMALL, "2025-02") is None
        assert clerk.post("/outputs/new", NEW | {"step": "record", "seen": seen}).status_code == 303

    def test_the_same_figures_again_change_nothing_and_say_so(self, book, clerk):
        clerk.post("/outputs/new", NEW | {"step": "record", "key": "k-1"})
        before = counts(book)[:3]
        page = read(clerk.post("/outputs/new", NEW | {"key": "k-2"}).text)
        assert says(page, "不会产生新的修订")
        answer = clerk.post("/outputs/new", NEW | {"step": "record", "key": "k-2"})
        assert "与已登记的数据一致，未改动" in clerk.get(answer.headers["location"]).text
        assert counts(book)[:3] == before

    def test_a_nil_return_needs_no_figure(self, book, clerk):
        sent = {"right": SMALL, "period": "2025-02", "nil": "1", "step": "record"}
        assert clerk.post("/outputs/new", sent).status_code == 303
        found = standing(book, SMALL, "2025-02")
        assert found is not None
        assert (found.nil, found.quantity) == (True, 0)


MISTAKES = [
    ({"quantity": "十二"}, "quantity", "不是可读的数字", 422),
    ({"quantity": "-1"}, "quantity", "为负数", 422),
    ({"quantity": "0.00000000001"}, "quantity", "小数位数", 422),
    ({"quantity": ""}, "quantity", "", 422),
    ({"unit": "斤"}, "unit", "单位“斤”未收录", 422),
    ({"unit": ""}, "unit", "", 422),
    ({"period": "2025-13"}, "period", "不是月份或日期", 422),
    ({"period": "2025-04"}, "period", "", 422),
    ({"period": "2025-02-01"}, "period", "", 422),
    ({"mineral": "金刚石"}, "mineral", "不在目录中", 422),
    ({"lost": "x"}, "lost", "不是可读的数字", 422),
    ({"nil": "1"}, "nil", "", 422),
    ({"right": "SZ-1999-9999"}, "right", "未找到 矿业权", 404),
    ({"right": ""}, "right", "", 422),
    ({"right": FOREIGN}, "right", "未找到 矿业权", 404),
    ({"note": "a\x07b"}, "note", "", 422),
    ({"right": "SZ\x002020"}, "right", "", 422),
    ({"right": QUARRY, "correct": "1"}, "reason", "", 422),
]


class TestMistakes:
    @pytest.mark.parametrize("act", ["preview", "record"])
    def test_they_keep_what_was_typed_and_name_field_rule_and_what_is_accepted(self, book, clerk, act):
        before = counts(book)
        for wrong, field, said, status in MISTAKES:
            typed = NEW | {"lost": "0.25", "key": "k-1"} | wrong
            answer = clerk.post("/outputs/new", typed | {"step": act})
            page = read(answer.text)
            marked = [a.get("id") for _, a in page.tags if (a.get("id") or "").startswith("wrong-")]
            assert (answer.status_code, marked) == (status, [f"wrong-{field}"]), wrong
            assert says(page, said), wrong
            elsewhere = ("note", "nil", "reason")  # no input with a value
            kept = {n: value for n, value in typed.items() if n not in elsewhere and "\x00" not in value}
            assert {name: values(page)[name] for name in kept} == kept
        assert counts(book) == before

    def test_an_empty_form_is_told_every_missing_field_at_once(self, book, clerk):
        answer = clerk.post("/outputs/new", {"step": "preview"})
        assert answer.status_code == 422
        page = read(answer.text)
        marked = [a["id"] for _, a in page.tags if (a.get("id") or "").startswith("wrong-")]
        assert marked == ["wrong-right", "wrong-period", "wrong-quantity", "wrong-unit"]
        for label in ("矿业权编号", "期间", "产量", "单位"):
            assert says(page, f"{label} 必填")
            assert says(page, f"{label}：此项必填")

    @pytest.mark.parametrize(("wrong", "marked"), [
        ({"right": "xx", "quantity": "三十"}, ["right", "quantity"]),
        ({"right": "SZ-2020", "quantity": "三十", "unit": "箱"}, ["right", "quantity", "unit"]),
        ({"right": "xx", "mineral": "没有这种", "period": "2025-13"}, ["right", "mineral", "period"]),
        ({"mineral": "没有这种", "period": "2025-12"}, ["mineral", "period"]),
        ({"period": "2025-12", "quantity": "三十"}, ["period", "quantity"]),
        ({"right": FOREIGN, "lost": "一"}, ["right", "lost"]),
    ])  # fmt: skip
    def test_every_field_that_is_wrong_is_told_at_once(self, book, clerk, wrong, marked):
        before = counts(book)
        answer = clerk.post("/outputs/new", NEW | wrong | {"step": "record", "key": "k-1"})
        assert answer.status_code in (404, 422)
        shown = [a["id"] for _, a in read(answer.text).tags if (a.get("id") or "").startswith("wrong-")]
        assert shown == [f"wrong-{name}" for name in marked]
        assert counts(book) == before

    def test_a_nil_return_asks_for_no_figure_of_the_form(self, book, clerk):
        page = read(clerk.post("/outputs/new", {"nil": "1"}).text)
        marked = [a["id"] for _, a in page.tags if (a.get("id") or "").startswith("wrong-")]
        assert marked == ["wrong-right", "wrong-period"]
        assert not says(page, "产量 必填")

    def test_a_period_that_has_a_return_shows_the_figure_and_the_way_to_correct_it(self, book, clerk):
        sent = {"right": QUARRY, "period": "2025-01", "quantity": "51", "unit": "万吨"}
        answer = clerk.post("/outputs/new", sent | {"step": "record", "key": "k-1"})
        assert answer.status_code == 409
        page = read(answer.text)
        assert says(page, "该期已报 50 万吨，与本次所填不同，未登记")
        links = [a.get("href") for tag, a in page.tags if tag == "a"]
        assert f"/outputs/one/{QUARRY}/{LIMESTONE}/2025-01" in links
        assert values(page)["correct"] == "1"
        assert values(page)["quantity"] == "51"
        mended = sent | {"correct": "1", "reason": "过磅单核实", "step": "record", "key": "k-1"}
        shown = clerk.post("/outputs/new", mended)  # no correction without a look at what it changes
        assert says(read(shown.text), "产量 50 万吨 → 变为 51 万吨")
        mended |= {name: values(read(shown.text))[name] or "" for name in ("seen", "based_on")}
        assert clerk.post("/outputs/new", mended).status_code == 303
        found = standing(book, QUARRY, "2025-01")
        assert found is not None
        assert (found.revision, found.value, found.reason) == (2, "51", "过磅单核实")

    def test_what_is_stored_or_typed_is_never_markup(self, book, clerk):
        answer = clerk.post("/outputs/new", {"right": QUARRY, "note": HOSTILE, "quantity": HOSTILE})
        assert HOSTILE not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert HOSTILE not in clerk.get("/outputs/new").text


class TestMine:
    NAMES = (
        (SMALL, "示例甲灰岩矿"), (WELL, "示例甲灰岩矿二号井"), ("SZ-2020-0004", "示例丙石英矿"),
        (FOREIGN, "邻县丁矿"),
    )  # fmt: skip

    @pytest.fixture
    def named(self, book):
        with transaction(book) as session:
            for number, name in self.NAMES:
                right_by_number(session, number).mine = name

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("示例甲灰岩矿", SMALL),
            ("二号井", WELL),
            (" 丙石英 ", "SZ-2020-0004"),
            (SMALL, SMALL),
            ("sz-2020-0002", SMALL),
            ("ＳＺ－２０２０－０００２", SMALL),
        ],
    )
    def test_the_name_of_a_mine_or_a_part_of_it_stands_for_its_number(self, named, clerk, text, number):
        answer = clerk.post("/outputs/new", NEW | {"right": text})
        page = read(answer.text)
        assert values(page)["right"] == number
        assert (answer.status_code == 200) == (number != WELL)  # a well tells its days

    @pytest.mark.parametrize("text", ["sz-2020-0002", "ｓｚ－2020－0002"])
    def test_an_address_may_write_a_number_in_small_or_wide_letters(self, clerk, text):
        page = read(clerk.get("/outputs/new", params={"right": text}).text)
        assert values(page)["right"] == SMALL

    @pytest.mark.parametrize("text", ["邻县丁矿", "丁矿", "没有这个矿"])
    def test_the_name_of_no_mine_of_the_clerk_is_not_found(self, named, clerk, text):
        answer = clerk.post("/outputs/new", NEW | {"right": text})
        assert answer.status_code == 404
        assert says(read(answer.text), f"未找到 矿业权“{text}”")

    def test_of_several_mines_up_to_five_are_listed_with_their_numbers(self, named, book, clerk):
        page = read(clerk.post("/outputs/new", NEW | {"right": "甲灰岩"}).text)
        assert says(page, f"{SMALL}（示例甲灰岩矿）、{WELL}（示例甲灰岩矿二号井）")
        with transaction(book) as session:
            for number in range(11, 16):
                right(session, f"SZ-2020-00{number}").mine = "示例甲灰岩矿新区"
        answer = clerk.post("/outputs/new", NEW | {"right": "甲灰岩"})
        assert answer.status_code == 422
        page = read(answer.text)
        assert says(page, "有 7 宗矿业权的矿山名称含“甲灰岩”")
        assert says(page, "SZ-2020-0013（示例甲灰岩矿新区）等")
        assert not says(page, "SZ-2020-0014（")
        assert [a["id"] for _, a in page.tags if (a.get("id") or "").startswith("wrong-")] == ["wrong-right"]


class TestCorrecting:
    ADDRESS = f"/outputs/new?right={QUARRY}&period=2025-01&mineral={LIMESTONE}&correct=1"

    def test_it_begins_with_the_standing_figures(self, book, clerk):
        page = read(clerk.get(self.ADDRESS).text)
        found = values(page)
        assert (found["quantity"], found["unit"], found["correct"]) == ("50", "万吨", "1")
        assert says(page, "更正理由")

    def test_where_nothing_stands_it_is_a_first_return(self, book, clerk):
        page = read(clerk.get(f"/outputs/new?right={SMALL}&period=2025-02&correct=1").text)
        assert "correct" not in values(page)

    def test_its_preview_tells_what_stood(self, book, clerk):
        sent = {"right": QUARRY, "period": "2025-01", "quantity": "40", "unit": "万吨"}
        page = read(clerk.post("/outputs/new", sent | {"correct": "1", "reason": "核实"}).text)
        assert says(page, "产量 50 万吨 → 变为 40 万吨")
        assert says(page, "第 2 次登记")
        assert says(page, "■ 超出 → 变为 ▲ 预警")
        assert says(page, "退到 指标 以下")
        assert says(page, "将回落")

    def test_what_somebody_else_corrected_after_the_preview_is_told_and_not_written_over(
        self, book, clerk, desk
    ):
        sent = {"right": QUARRY, "period": "2025-01", "unit": "万吨", "correct": "1", "key": "k-1"}
        mine, other = ({"quantity": figure, "reason": "核实"} for figure in ("40", "45"))
        shown = values(read(clerk.post("/outputs/new", sent | mine).text))
        confirmed = sent | mine | {"step": "record"} | {name: shown[name] for name in ("seen", "based_on")}
        desk("shenhe", Role.reviewer)
        correct(book, "shenhe", sent | other)
        before = counts(book)
        refused = clerk.post("/outputs/new", confirmed)
        assert refused.status_code == 409
        page = read(refused.text)
        assert says(page, f"{QUARRY}/{LIMESTONE}/2025-01 已由 shenhe 于")
        assert says(page, "（第 2 次登记），现为 45 万吨")
        assert counts(book) == before
        assert [values(page)[name] for name in ("quantity", "seen", "based_on")] == ["40", "", ""]
        again = clerk.post("/outputs/new", sent | mine | {"step": "preview"})
        page = read(again.text)
        assert says(page, "产量 45 万吨 → 变为 40 万吨")
        confirmed |= {name: values(page)[name] for name in ("seen", "based_on")}
        assert [clerk.post("/outputs/new", confirmed).status_code for _ in range(2)] == [303, 303]
        found = standing(book, QUARRY, "2025-01")
        assert found is not None
        assert (found.value, found.revision) == ("40", 3)

    def test_the_figure_that_somebody_else_corrected_to_is_unchanged(self, book, clerk, desk):
        sent = {"right": QUARRY, "period": "2025-01", "quantity": "40", "unit": "万吨", "correct": "1"}
        sent |= {"reason": "核实"}
        shown = values(read(clerk.post("/outputs/new", sent).text))
        desk("shenhe", Role.reviewer)
        correct(book, "shenhe", sent)
        confirmed = sent | {"step": "record"} | {name: shown[name] for name in ("seen", "based_on")}
        answer = clerk.post("/outputs/new", confirmed)
        assert "与已登记的数据一致，未改动" in clerk.get(answer.headers["location"]).text

    @pytest.mark.parametrize("based_on", ["9", "-1", "x", "9" * 5000])
    def test_a_basis_that_was_not_shown_is_none(self, book, clerk, based_on):
        sent = {"right": QUARRY, "period": "2025-01", "quantity": "40", "unit": "万吨", "correct": "1"}
        shown = values(read(clerk.post("/outputs/new", sent | {"reason": "核实"}).text))
        forged = sent | {"reason": "核实", "step": "record", "seen": shown["seen"], "based_on": based_on}
        assert clerk.post("/outputs/new", forged).status_code == 200
        assert clerk.post("/outputs/new", forged | {"seen": ""}).status_code == (
            409 if based_on == "9" else 200
        )
        found = standing(book, QUARRY, "2025-01")
        assert found is not None
        assert found.revision == 1

    @pytest.mark.parametrize(
        ("other", "status", "wrong"),
        [
            ({"right": SMALL, "period": "2025-02"}, 200, None),
            ({"right": SMALL, "period": "2025-02", "mineral": "83907"}, 200, None),
            ({"right": "SZ-1999-9999"}, 404, "right"),
            ({"period": "2025-04"}, 422, "period"),
            ({"period": "2025-13"}, 422, "period"),
            ({"mineral": "金刚石"}, 422, "mineral"),
        ],
    )
    def test_what_has_no_return_is_no_correction_any_more(self, book, clerk, other, status, wrong):
        sent = {"right": QUARRY, "period": "2025-01", "quantity": "10", "unit": "万吨"}
        clash = read(clerk.post("/outputs/new", sent).text)
        assert values(clash)["correct"] == "1"
        answer = clerk.post("/outputs/new", sent | {"correct": "1", "reason": ""} | other)
        page = read(answer.text)
        marked = [a["id"] for _, a in page.tags if (a.get("id") or "").startswith("wrong-")]
        assert (answer.status_code, marked) == (status, [f"wrong-{wrong}"] if wrong else [])
        assert "correct" not in values(page)
        assert says(page, "填报产量")
        assert not says(page, "更正理由")

    @pytest.mark.parametrize("mineral", ["", LIMESTONE, "83907"])
    def test_another_period_with_a_return_stays_a_correction(self, book, clerk, mineral):
        sent = {"right": QUARRY, "period": "2025-02", "quantity": "51.6", "unit": "万吨", "mineral": mineral}
        page = read(clerk.post("/outputs/new", sent | {"correct": "1", "reason": "核实"}).text)
        assert values(page)["correct"] == "1"
        wrong = clerk.post("/outputs/new", sent | {"correct": "1", "quantity": "x"})
        marked = [a["id"] for _, a in read(wrong.text).tags if (a.get("id") or "").startswith("wrong-")]
        assert marked == ["wrong-quantity", "wrong-reason"]

    def test_a_right_brings_its_last_unit_and_what_it_owes(self, book, clerk):
        page = read(clerk.get(f"/outputs/new?right={SMALL}").text)
        assert says(page, "2 份已过报送期限")
        assert values(read(clerk.get(f"/outputs/new?right={QUARRY}").text))["unit"] == "万吨"


class TestWho:
    def test_another_countys_right_does_not_exist(self, book, clerk):
        assert clerk.get(f"/outputs/new?right={FOREIGN}").status_code == 404
        page = read(clerk.get("/outputs/new").text)
        assert FOREIGN not in [a.get("value") for tag, a in page.tags if tag == "option"]
        assert QUARRY in [a.get("value") for tag, a in page.tags if tag == "option"]

    @pytest.mark.parametrize(
        ("role", "region"), [(Role.inspector, COUNTY), (Role.municipal, "500000"), (Role.approver, COUNTY)]
    )
    def test_whoever_may_not_record_is_forbidden(self, book, desk, role, region):
        other = desk("qita", role, region)
        before = counts(book)
        assert other.get("/outputs/new").status_code == 403
        assert other.post("/outputs/new", NEW | {"step": "record"}).status_code == 403
        assert other.post("/outputs/void", {"return": "x", "step": "record"}).status_code == 403
        assert counts(book) == before

    def test_a_clerk_who_only_reads_in_a_county_may_not_record_there(self, book, desk):
        other = desk("liangxian", Role.clerk)
        enter_user(book, "liangxian", Role.inspector, NEIGHBOUR)
        sent = {"right": FOREIGN, "period": "2025-01", "quantity": "1", "unit": "t", "step": "record"}
        assert other.post("/outputs/new", sent).status_code == 403


RETURN = f"{QUARRY}/{LIMESTONE}/2025-02"


class TestVoiding:
    def test_it_shows_what_will_come_back_and_asks_for_a_reason(self, book, clerk):
        before = counts(book)
        answer = clerk.post("/outputs/void", {"return": RETURN, "step": "preview"})
        assert answer.status_code == 200
        page = read(answer.text)
        assert says(page, "作废，不再计数")
        assert says(page, "101.6 万吨 → 变为 50 万吨")
        assert counts(book) == before

    def test_without_a_reason_nothing_is_taken_back(self, book, clerk):
        sent = {"return": RETURN, "step": "record", "reason": " ", "key": "k-1"}
        answer = clerk.post("/outputs/void", sent)
        assert answer.status_code == 422
        assert any(a.get("id") == "wrong-reason" for _, a in read(answer.text).tags)
        found = standing(book, QUARRY, "2025-02")
        assert found is not None
        assert not found.voided

    def test_it_takes_back_once_and_says_so(self, book, clerk):
        sent = {"return": RETURN, "step": "record", "reason": "误报", "key": "k-1"}
        first, again = clerk.post("/outputs/void", sent), clerk.post("/outputs/void", sent)
        assert (first.status_code, again.status_code) == (303, 303)
        assert first.headers["location"] == again.headers["location"]
        page = read(clerk.get(first.headers["location"]).text)
        assert says(page, "已作废。")
        found = standing(book, QUARRY, "2025-02")
        assert found is not None
        assert (found.voided, found.revision, found.reason) == (True, 2, "误报")
        assert clerk.post("/outputs/void", sent | {"key": "k-2"}).status_code == 409

    def test_a_figure_corrected_meanwhile_is_shown_before_it_is_taken_back(self, book, clerk, desk):
        shown = values(read(clerk.post("/outputs/void", {"return": RETURN}).text))
        desk("shenhe", Role.reviewer)
        correct(book, "shenhe", {"right": QUARRY, "period": "2025-02", "quantity": "45", "unit": "万吨"})
        sent = {"return": RETURN, "step": "record", "reason": "误报", "key": "k-1"}
        refused = clerk.post("/outputs/void", sent | {"based_on": shown["based_on"]})
        assert refused.status_code == 409
        page = read(refused.text)
        assert says(page, "已由 shenhe 于")
        assert says(page, "现为 45 万吨")
        sent["based_on"] = values(page)["based_on"] or ""
        assert clerk.post("/outputs/void", sent).status_code == 303

    @pytest.mark.parametrize(
        "name", [f"{FOREIGN}/{LIMESTONE}/2025-01", f"{QUARRY}/{LIMESTONE}/2025-12", "x", "\x00/a/b"]
    )
    def test_what_is_not_there_or_not_ours_is_not_found(self, book, clerk, name):
        for act in ("preview", "record"):
            sent = {"return": name, "step": act, "reason": "误报"}
            assert clerk.post("/outputs/void", sent).status_code == 404
