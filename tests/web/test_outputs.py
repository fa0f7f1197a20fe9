"""The list of returns, one return with its revisions, and what is missing with the text of a reminder."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, event

from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import Role
from registry.output.service import open_duties, void
from registry.platform.db import transaction
from tests.factories import LIMESTONE, right, set_clock, world
from tests.services.steps import correct, tell
from tests.web.book import HOSTILE, TODAY, enter
from tests.web.reading import Page, read

QUARRY, SMALL, WELL, QUARTZ, FOREIGN = (
    "SZ-2020-0001", "SZ-2020-0002", "SZ-2020-0003", "SZ-2020-0004", "SZ-2020-0009",
)  # fmt: skip
NEIGHBOUR = "500101"
FIRST = f"{QUARRY}/{LIMESTONE}/2025-01"


def prepare(engine: Engine) -> None:
    """The book of the page, one return corrected, one taken back, and a return of the neighbour."""
    enter(engine)
    with transaction(engine) as session:
        right(session, FOREIGN, region=NEIGHBOUR, recorded=date(2025, 1, 2))
        tell(session, FOREIGN, "2025-01", "3 万吨")
        correct(session, QUARRY, "2025-01", "480000 t")
        tell(session, SMALL, "2025-01", "2 万吨")
        void(session, SYSTEM, f"{SMALL}/{LIMESTONE}/2025-01", "误报")


@pytest.fixture
def book(fresh: Engine) -> Engine:
    return fresh


@pytest.fixture
def office(book, desk):
    return desk("jianchayuan", Role.inspector)


def page(office, address: str, status: int = 200) -> Page:
    answer = office.get(address)
    assert answer.status_code == status, answer.text
    return read(answer.text)


def says(shown: Page | str, words: str) -> bool:
    """Tell whether a page or a row says something, wherever its tags part the words."""
    text = shown if isinstance(shown, str) else shown.text
    return "".join(words.split()) in "".join(text.split())


def table(content: bytes) -> list[dict[str, object]]:
    """Return the rows of a sheet by their headings."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    head = next(n for n, row in enumerate(rows) if sum(bool(cell) for cell in row) > 3)
    return [dict(zip(map(str, rows[head]), row, strict=True)) for row in rows[head + 1 :]]


FILTERED: list[tuple[str, set[str]]] = [
    (f"right={QUARRY}", {"2025-01", "2025-02"}),
    ("right=采石场", {"2025-01", "2025-02"}),
    ("mineral=地热", {"2025-01-01", "2025-01-02"}),
    ("period=2025-02", {"2025-02"}),
    ("year=2024&period=2025-02", {"2025-02"}),
    ("period=2025年1月&mineral=地热", {"2025-01-01", "2025-01-02"}),
    ("standing=voided", {"2025-01"}),
    ("standing=corrected", {"2025-01"}),
    ("standing=已更正&period=2025-02", set()),
    ("covered=expired", set()),
    ("year=2024", set()),
]
UNREADABLE = (
    "year=abc", "period=2025-13", "standing=x", "covered=x", "page=0", "right=%00", "mineral=%07"
)  # fmt: skip
ABSENT = (
    f"{FOREIGN}/{LIMESTONE}/2025-01", f"{QUARRY}/{LIMESTONE}/2025-11", "x/y/z", "%00/y/z", f"{QUARRY}/%07/x"
)  # fmt: skip


class TestList:
    def test_a_row_tells_figure_what_was_written_and_how_it_stands(self, office):
        rows = page(office, "/outputs").rows
        assert says(rows[FIRST], f"48 万吨 480000 t {LIMESTONE} {QUARRY} 有效期内 已更正 2025-03-20 系统")
        assert says(rows[f"{SMALL}/{LIMESTONE}/2025-01"], f"— {LIMESTONE} {SMALL} 有效期内 △ 已作废")
        assert says(rows[f"{WELL}/地热/2025-01-02"], "600.001 m³")

    def test_filters(self, office):
        for asked, found in FILTERED:
            shown = page(office, f"/outputs?{asked}")
            assert {name.rsplit("/", 1)[1] for name in shown.rows} == found, asked
            assert ("没有符合条件的报表" in shown.text) is not bool(found)

    def test_what_cannot_be_read_is_told(self, office):
        for asked in UNREADABLE:
            assert office.get(f"/outputs?{asked}").status_code == 422, asked

    @pytest.mark.parametrize("where", ["/outputs", "/outputs.xlsx", "/outputs/missing"])
    def test_a_month_is_read_as_everywhere_and_told_where_it_is_none(self, office, where):
        answer = office.get(f"{where}?month=99")
        assert answer.status_code == 422
        assert says(answer.text, "月份：“99”不是月份或日期")

    @pytest.mark.parametrize("text", ["sz-2020-0001", "ＳＺ－2020－0001"])
    def test_numbers_are_found_in_small_or_wide_letters(self, office, text):
        assert list(page(office, f"/outputs?right={text}").rows) == list(
            page(office, f"/outputs?right={QUARRY}").rows
        )
        assert office.get(f"/outputs/one/{text}/{LIMESTONE}/2025-01").status_code == 200

    def test_a_month_lists_its_returns(self, office):
        of_month = page(office, "/outputs?month=2025/1")
        assert list(of_month.rows) == list(page(office, "/outputs?period=2025-01").rows) != []

    def test_without_a_year_it_is_the_newest_and_every_year_for_one_right(self, book, office):
        with transaction(book) as session:
            tell(session, QUARRY, "2024-12", "1 万吨")
        assert f"{QUARRY}/{LIMESTONE}/2024-12" not in page(office, "/outputs").rows
        assert f"{QUARRY}/{LIMESTONE}/2024-12" in page(office, f"/outputs?right={QUARRY}").rows
        assert f"{QUARRY}/{LIMESTONE}/2024-12" in page(office, "/outputs?year=all").rows

    def test_fifty_stand_on_a_page_and_take_at_most_twelve_statements(self, book, office):
        with transaction(book) as session:
            for day in range(1, 29):
                for month in ("01", "02"):
                    tell(session, WELL, f"2025-{month}-{day:02d}", "1 m3", correct=True, reason="示例")
        first, second = page(office, "/outputs"), page(office, "/outputs?page=2")
        assert len(first.rows) == 50
        assert second.rows
        assert not set(first.rows) & set(second.rows)
        assert statements(office, "/outputs?period=2025-01&right=SZ") <= 12

    def test_the_sheet_has_all_that_is_wanted_with_exact_figures(self, office):
        answer = office.get("/outputs.xlsx?mineral=" + LIMESTONE)
        told = {(row["矿业权编号"], row["期间"]): row for row in table(answer.content)}
        assert (told[QUARRY, "2025-01"]["产量"], told[QUARRY, "2025-01"]["单位"]) == (480000, "t")
        assert told[QUARRY, "2025-01"]["理由"] == "示例更正"
        assert told[SMALL, "2025-01"]["报表状态"] == "已作废"
        assert not any(number == FOREIGN for number, _ in told)

    def test_the_neighbour_sees_only_its_own(self, book, desk):
        shown = page(desk("linxian", Role.clerk, NEIGHBOUR), "/outputs?year=all")
        assert list(shown.rows) == [f"{FOREIGN}/{LIMESTONE}/2025-01"]
        everything = page(desk("shiju", Role.municipal, "500000"), "/outputs?year=all")
        assert {FIRST, f"{FOREIGN}/{LIMESTONE}/2025-01"} <= set(everything.rows)
        assert "填报产量" not in everything.text

    @pytest.mark.unprepared
    def test_an_empty_book_says_so(self, fresh, desk):
        with transaction(fresh) as session:
            world(session)
        assert "没有符合条件的报表" in page(desk("jingban", Role.clerk), "/outputs").text


def statements(office, address: str) -> int:
    """Return how many statements a page takes, sign-in and frame among them."""
    sent: list[str] = []
    engine = office.client.app.state.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: sent.append(text))
    assert office.get(address).status_code == 200
    return len(sent)


class TestOne:
    def test_every_revision_with_who_when_why_and_what_it_moved(self, office):
        shown = page(office, f"/outputs/one/{FIRST}")
        assert says(shown, "第 2 次登记 ○ 现行 系统 · 2025-03-20")
        assert says(shown, "理由 示例更正")
        assert says(shown, "101.6 万吨 → 变为 99.6 万吨")
        assert says(shown, "第 1 次登记 — 已被取代 系统 · 2025-02-05")
        assert says(shown, "0 万吨 → 变为 50 万吨")
        assert shown.text.index("第 2 次登记") < shown.text.index("第 1 次登记")

    def test_the_alarms_it_caused_in_their_order(self, office):
        second = page(office, f"/outputs/one/{QUARRY}/{LIMESTONE}/2025-02")
        assert says(second, "严重 产生 超出总量调控指标")
        first = page(office, f"/outputs/one/{FIRST}")
        assert says(first, "回落 超出总量调控指标")

    def test_one_taken_back_says_why_and_that_it_is_owed_again(self, office):
        shown = page(office, f"/outputs/one/{SMALL}/{LIMESTONE}/2025-01")
        assert says(shown, "△ 作废")
        assert says(shown, "理由 误报")
        assert says(shown, "应报 该期应于 2025-03-20 前报送")

    def test_only_who_may_record_is_offered_to(self, office, desk):
        forms = [a.get("action") for tag, a in page(office, f"/outputs/one/{FIRST}").tags if tag == "form"]
        assert "/outputs/void" not in forms
        clerk = page(desk("jingban", Role.clerk), f"/outputs/one/{FIRST}")
        links = [a.get("href") or "" for tag, a in clerk.tags if tag == "a"]
        assert any("correct=1" in link for link in links)

    def test_a_stored_script_stays_text(self, office):
        answer = office.get(f"/outputs/one/{FIRST}")
        assert HOSTILE not in answer.text
        assert "&lt;script&gt;" in answer.text

    def test_what_is_not_there_or_not_ours_is_not_found(self, office):
        for name in ABSENT:
            assert office.get(f"/outputs/one/{name}").status_code == 404, name

    def test_a_key_of_somebody_else_tells_nothing(self, book, office, desk):
        clerk = desk("jingban", Role.clerk)
        sent = {
            "right": SMALL,
            "period": "2025-02",
            "quantity": "1",
            "unit": "t",
            "step": "record",
            "key": "k-1",
        }
        address = clerk.post("/outputs/new", sent).headers["location"]
        assert "已登记。" in clerk.get(address).text
        assert "已登记。" not in office.get(address).text
        assert "已登记。" not in clerk.get(f"/outputs/one/{FIRST}?done=k-1").text


class TestMissing:
    def test_each_month_of_a_mine_with_its_due_day_and_how_late_it_is(self, office):
        rows = page(office, "/outputs/missing").rows
        assert says(rows[f"{SMALL}/{LIMESTONE}/2025-02"], f"{LIMESTONE} 2025-02 月报 2025-03-10 10 日")
        assert says(rows[f"{WELL}/地热/2025-01"], "2025-01 缺 29 日 3–31 日 2025-02-10 38 日")
        assert f"{QUARRY}/{LIMESTONE}/2025-01" not in rows

    def test_what_came_is_missing_no_more_and_what_was_taken_back_is_from_its_new_day_on(self, book, office):
        assert f"{SMALL}/{LIMESTONE}/2025-01" not in page(office, "/outputs/missing").rows
        with transaction(book) as session:
            set_clock(session, date(2025, 3, 25))
            tell(session, SMALL, "2025-02", "1 万吨")
        rows = page(office, "/outputs/missing").rows
        assert f"{SMALL}/{LIMESTONE}/2025-02" not in rows
        assert says(rows[f"{SMALL}/{LIMESTONE}/2025-01"], "作废后未重报 2025-03-20 5 日")

    def test_filters(self, office):
        assert {row[-7:] for row in page(office, "/outputs/missing?month=2025-01").rows} == {"2025-01"}
        of_well = page(office, f"/outputs/missing?right={WELL}").rows
        assert of_well
        assert all(row.startswith(WELL) for row in of_well)
        assert "没有符合条件的缺报" in page(office, "/outputs/missing?right=没有这家").text
        assert office.get("/outputs/missing?month=2025-13").status_code == 422

    def test_the_text_of_a_reminder(self, office):
        answer = office.get(f"/outputs/missing?right={WELL}")
        text = answer.text.split("readonly", 1)[1].split(">", 1)[1].split("</textarea>")[0]
        assert text.splitlines() == [
            f"示例矿 {WELL}：",
            (
                f"　　你单位示例矿 {WELL}（{WELL}）截至 2025年3月20日，"
                "下列产量报表共 57 份已过报送期限，我局尚未收到："
            ),
            "　　1. 2025年1月地热日报（3–31 日），应于 2025年2月10日前报送，已逾期 38 日；",
            "　　2. 2025年2月地热日报（1–28 日），应于 2025年3月10日前报送，已逾期 10 日。",
            "　　请尽快补报；当期没有产量的，请报零报。如已报送，请告知以便核对。",
            "县500240规划和自然资源局",
            "2025年3月20日",
        ]

    def test_the_sheet_has_a_row_for_each_month(self, office):
        told = {
            (row["矿业权编号"], row["月份"]): row
            for row in table(office.get("/outputs/missing.xlsx").content)
        }
        assert (told[WELL, "2025-01"]["缺报"], told[WELL, "2025-01"]["份数"]) == ("3–31 日", 29)
        assert told[SMALL, "2025-02"]["逾期天数"] == 10

    def test_of_the_own_county_only_and_in_few_statements(self, book, office, desk):
        with transaction(book) as session:
            set_clock(session, date(2025, 4, 20))
            open_duties(session)
        neighbour = desk("linxian", Role.clerk, NEIGHBOUR)
        assert {row.split("/")[0] for row in page(neighbour, "/outputs/missing").rows} == {FOREIGN}
        assert FOREIGN not in page(office, "/outputs/missing").text
        assert statements(office, "/outputs/missing") <= 12

    @pytest.mark.unprepared
    def test_nothing_missing_says_so(self, fresh, desk):
        with transaction(fresh) as session:
            world(session, TODAY)
        assert "没有缺报。" in page(desk("jingban", Role.clerk), "/outputs/missing").text


def test_no_page_has_a_script_or_style_of_its_own(office):
    for address in ("/outputs", f"/outputs/one/{FIRST}", "/outputs/missing"):
        tags = page(office, address).tags
        assert not [a for tag, a in tags if tag == "script" and not a.get("src")]
        assert not [a for _, a in tags if any(name == "style" or name.startswith("on") for name in a)]
        ids = [a["id"] for _, a in tags if "id" in a]
        assert len(ids) == len(set(ids))
