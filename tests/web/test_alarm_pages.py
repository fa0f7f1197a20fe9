"""The pages of alarms: what stands, one with everything it rests on, and the steps that people take."""

import io
from dataclasses import replace
from datetime import date
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, event

from registry.alarms.models import Alarm
from registry.alarms.queries import alarms, steps
from registry.alarms.rules import Condition
from registry.alarms.service import raise_
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, Role, Severity
from registry.plans.models import PlanClause
from registry.plans.queries import documents
from registry.platform.db import reader, transaction
from registry.rights.queries import right_by_number
from tests.factories import COUNTY, LIMESTONE, set_clock, world
from tests.services.steps import tell
from tests.web.book import HOSTILE, TODAY, enter
from tests.web.reading import Page, read

NEIGHBOUR, WELL = "500101", "SZ-2020-0003"
NOTE = "已通知矿山停产"


def prepare(engine: Engine) -> None:
    """The book of the page, whose limestone passes its cap in March."""
    enter(engine)
    with transaction(engine) as session:
        [plan] = [one for one in documents(session) if one.title == f"示例规划 {COUNTY}{LIMESTONE}"]
        session.add(PlanClause(document_id=plan.id or 0, code="专栏11", text="示例条款"))


@pytest.fixture
def book(fresh: Engine) -> Engine:
    return fresh


def alarm_of(engine: Engine, code: AlarmCode, mineral: str = LIMESTONE) -> Alarm:
    with reader(engine) as session:
        return next(one for one in alarms(session) if one.code is code and one.mineral == mineral)


def taken(engine: Engine, alarm: Alarm) -> list[tuple[str, str, str | None]]:
    """Return the steps of an alarm: what, who, and what they wrote."""
    with reader(engine) as session:
        return [(one.act.value, one.actor, one.note) for one in steps(session, [alarm.id])[alarm.id or 0]]


def page(desk, address: str, status: int = 200) -> Page:
    answer = desk.get(address)
    assert answer.status_code == status, answer.text
    return read(answer.text)


class TestList:
    def test_what_stands_is_shown_with_its_figures(self, book, desk):
        shown = page(desk("shenhe", Role.reviewer), "/alarms")
        row = shown.rows[str(alarm_of(book, AlarmCode.cap_exceeded).id)]
        assert f"■ 严重 超出总量调控指标 {LIMESTONE} 已开采 2025 101.6 100 1.6 万吨 2025-03-05 待处置" in row

    def test_a_daily_alarm_is_told_in_the_unit_of_the_day(self, book, desk):
        shown = page(desk("shenhe", Role.reviewer), "/alarms?mineral=地热&code=cap_exceeded")
        [row] = shown.rows.values()
        assert "2025-01-02 600.001 600 0.001 m³" in row

    @pytest.mark.parametrize("text", ["（重庆）", "(重庆)", "ＡＢ厂", "ＳＺ－2020－0001", "sz-2020-0001"])
    def test_a_mine_is_found_as_it_stands_and_as_it_is_typed(self, book, desk, text):
        with transaction(book) as session:
            right_by_number(session, "SZ-2020-0001").mine = "示例（重庆）ＡＢ厂"
        [row] = page(desk("shenhe", Role.reviewer), f"/alarms?q={quote(text)}").rows.values()
        assert "示例（重庆）ＡＢ厂 SZ-2020-0001" in row

    def test_settled_ones_are_found_by_asking(self, book, desk):
        reviewer = desk("shenhe", Role.reviewer)
        alarm = alarm_of(book, AlarmCode.cap_exceeded)
        reviewer.post(f"/alarms/{alarm.id}/close", {"note": NOTE})
        assert str(alarm.id) not in page(reviewer, "/alarms").rows
        assert list(page(reviewer, "/alarms?state=closed").rows) == [str(alarm.id)]
        assert str(alarm.id) in page(reviewer, "/alarms?open=0").rows
        assert "已办结 shenhe" in page(reviewer, "/alarms?state=closed").rows[str(alarm.id)]

    def test_totals_are_told_per_severity_and_lead_to_them(self, book, desk):
        shown = page(desk("shenhe", Role.reviewer), "/alarms")
        rows = list(shown.rows.values())
        for word, name in (("严重", "critical"), ("警告", "warning"), ("提示", "info")):
            assert f"{word} {sum(word in row for row in rows)} " in shown.text
            [link] = [
                a for tag, a in shown.tags if tag == "a" and a.get("href") == f"/alarms?severity={name}"
            ]
            assert len(page(desk("shenhe"), link["href"] or "").rows) == sum(word in row for row in rows)

    QUERIES = (
        ("state=nothing", 422), ("year=25", 422), ("page=0", 422), ("page=x", 422), ("region=500000", 200),
        ("region=000000", 404), ("q=%00", 422), ("code=" + "x" * 3000, 422), ("page=99999", 200),
        (f"region={NEIGHBOUR}", 404), ("q=' OR 1=1 --", 200), ("mineral=<script>", 422),
    )  # fmt: skip

    def test_whatever_stands_in_the_address_is_answered(self, book, desk):
        office = desk("shenhe", Role.reviewer)
        for query, status in self.QUERIES:
            answer = office.get(f"/alarms?{query}")
            assert answer.status_code == status, query
            assert "<script>" not in answer.text

    def test_another_county_sees_nothing_of_it(self, book, desk):
        assert page(desk("linxian", Role.reviewer, NEIGHBOUR), "/alarms?state=all").rows == {}

    def test_the_municipality_narrows_the_list_to_a_county(self, book, desk):
        office = desk("shiju", Role.municipal, "500000")
        assert len(page(office, "/alarms").rows) > len(page(office, f"/alarms?region={NEIGHBOUR}").rows) == 0
        options = [a for tag, a in page(office, "/alarms").tags if tag == "option"]
        assert {COUNTY, NEIGHBOUR} <= {a.get("value") for a in options}

    def test_fifty_stand_on_a_page(self, book, desk):
        with transaction(book) as session:
            for at in range(60):
                told = Condition(AlarmCode.plan_expired, f"k{at}", Severity.info, COUNTY, period="2020-12-31")
                raise_(session, SYSTEM.name, told)
        office = desk("shenhe", Role.reviewer)
        first, second = (
            page(office, "/alarms?code=plan_expired"),
            page(office, "/alarms?code=plan_expired&page=2"),
        )
        assert (len(first.rows), len(second.rows)) == (50, 10)
        assert not set(first.rows) & set(second.rows)
        assert "第 51–60 条，共 60 条" in second.text

    def test_a_page_of_fifty_takes_at_most_twelve_statements(self, book, desk):
        office = desk("shenhe", Role.reviewer)
        office.get("/alarms")
        sent: list[str] = []
        engine = office.client.app.state.engine
        event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: sent.append(text))
        assert office.get("/alarms?year=2025&q=示例").status_code == 200
        assert len(sent) <= 12, "\n".join(sent)

    @pytest.mark.unprepared
    def test_an_empty_book_says_so(self, fresh, desk):
        with transaction(fresh) as session:
            world(session)
        assert "没有待处置的预警" in page(desk("shenhe", Role.reviewer), "/alarms").text


class TestSheet:
    def test_every_wanted_alarm_with_exact_figures(self, book, desk):
        office = desk("shenhe", Role.reviewer)
        answer = office.get("/alarms.xlsx?code=cap_exceeded&state=all")
        assert "attachment" in answer.headers["content-disposition"]
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        head = rows.index(next(row for row in rows if row[0] == "编号"))
        names = rows[head]
        told = [dict(zip(names, row, strict=True)) for row in rows[head + 1 :]]
        limestone = next(row for row in told if row["矿种"] == LIMESTONE)
        assert (limestone["读数"], limestone["限值"], limestone["单位"]) == (1016000, 1000000, "t")
        assert "筛选：全部、超出总量调控指标" in str(rows[1][0])
        assert len(told) == 2

    def test_only_of_the_own_county(self, book, desk):
        answer = desk("linxian", Role.reviewer, NEIGHBOUR).get("/alarms.xlsx?state=all")
        rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert "共 0 条" in str(rows[1][0])


class TestOne:
    def test_says_what_happened_and_what_it_rests_on(self, book, desk):
        shown = page(desk("shenhe", Role.reviewer), f"/alarms/{alarm_of(book, AlarmCode.cap_exceeded).id}")
        text = shown.text
        assert f"县{COUNTY}{LIMESTONE} 2025年已开采 101.6 万吨，比总量调控指标 100 万吨多 1.6 万吨" in text
        assert "合 1,016,000 t" in text
        links = [a.get("href") or "" for tag, a in shown.tags if tag == "a"]
        [clause] = [link for link in links if "#clause-" in link]
        assert clause.startswith("/plans/")
        assert any(
            link.startswith("/outputs/one/SZ-2020-0001/") and link.endswith("/2025-02") for link in links
        )
        assert any(link.startswith(f"/caps/{COUNTY}/") and link.endswith("/year?year=2025") for link in links)
        assert "/rights/SZ-2020-0001" in links

    def test_a_run_of_days_is_listed_day_by_day(self, book, desk):
        with transaction(book) as session:
            tell(session, WELL, "2025-01-03", "610 立方米")
        alarm = alarm_of(book, AlarmCode.cap_exceeded, "地热")
        shown = page(desk("shenhe", Role.reviewer), f"/alarms/{alarm.id}")
        assert "2025-01-02 至 2025-01-03 连续 2 日最高日开采 610 m³" in shown.text
        assert "610 ■ 超出" in shown.rows["2025-01-03"]
        assert "合 610" not in shown.text  # the exact figure is the same one

    def test_every_code_has_its_sentence(self, book, desk):
        plain = Condition(
            AlarmCode.cap_near, "", Severity.info, COUNTY, LIMESTONE, "SZ-2020-0001", period="2025",
            document="示例规划",
        )  # fmt: skip
        with transaction(book) as session:
            ids = {raise_(session, "x", replace(plain, code=c, key=c)).id: c for c in AlarmCode}
        office = desk("shenhe", Role.reviewer)
        for at, code in ids.items():
            sentence = office.get(f"/alarms/{at}").text.split('<p class="told">')[1].split("</p>")[0]
            assert LIMESTONE in sentence or code is AlarmCode.plan_expired
            assert sentence.endswith("。")
            assert "None" not in sentence
        assert len({office.get(f"/alarms/{at}").text.split('"told">')[1][:80] for at in ids}) > 10

    def test_a_number_that_no_alarm_has_is_not_found(self, book, desk):
        office = desk("shenhe", Role.reviewer)
        for number in ("0", "-1", "x", "99999999", "9" * 30, "9" * 5000, "1 ", "１"):
            assert office.get(f"/alarms/{number}").status_code == 404, number

    def test_outside_the_jurisdiction_it_is_not_found(self, book, desk):
        at = alarm_of(book, AlarmCode.cap_exceeded).id
        other = desk("linxian", Role.reviewer, NEIGHBOUR)
        assert other.get(f"/alarms/{at}").status_code == 404
        assert other.post(f"/alarms/{at}/close", {"note": NOTE}).status_code == 404
        assert taken(book, alarm_of(book, AlarmCode.cap_exceeded)) == [("raised", "system", None)]

    def test_what_is_stored_is_never_markup(self, book, desk):
        alarm = alarm_of(book, AlarmCode.cap_exceeded)
        reviewer = desk("shenhe", Role.reviewer)
        reviewer.post(f"/alarms/{alarm.id}/acknowledge", {"note": HOSTILE})
        for address in (f"/alarms/{alarm.id}", "/alarms"):
            assert HOSTILE not in reviewer.get(address).text


class TestHandling:
    @pytest.fixture
    def alarm(self, book) -> Alarm:
        return alarm_of(book, AlarmCode.cap_exceeded)

    def buttons(self, desk, alarm: Alarm) -> list[str]:
        shown = page(desk, f"/alarms/{alarm.id}")
        return [a["formaction"] or "" for tag, a in shown.tags if tag == "button" and a.get("formaction")]

    def test_the_reviewer_takes_it_up_and_closes_it(self, book, desk, alarm):
        reviewer = desk("shenhe", Role.reviewer)
        assert self.buttons(reviewer, alarm) == [
            f"/alarms/{alarm.id}/acknowledge",
            f"/alarms/{alarm.id}/close",
        ]
        answer = reviewer.post(f"/alarms/{alarm.id}/acknowledge", {"note": "去现场\r\n核实", "key": "k1"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/alarms/{alarm.id}")
        assert self.buttons(reviewer, alarm) == [f"/alarms/{alarm.id}/close"]
        reviewer.post(f"/alarms/{alarm.id}/close", {"note": NOTE, "key": "k2"})
        assert self.buttons(reviewer, alarm) == []
        assert taken(book, alarm)[1:] == [
            ("acknowledged", "shenhe", "去现场\n核实"), ("closed", "shenhe", NOTE),
        ]  # fmt: skip
        assert NOTE in page(reviewer, f"/alarms/{alarm.id}").text

    def test_others_are_offered_nothing_and_refused(self, book, desk, alarm):
        for role in set(Role) - {Role.reviewer, Role.approver}:
            somebody = desk(f"mouren {role.value}", role)
            assert self.buttons(somebody, alarm) == []
            assert somebody.post(f"/alarms/{alarm.id}/close", {"note": NOTE}).status_code == 403
        assert len(taken(book, alarm)) == 1

    def test_twice_with_the_same_key_is_once(self, book, desk, alarm):
        reviewer = desk("shenhe", Role.reviewer)
        given = {"note": NOTE, "key": "same"}
        answers = [reviewer.post(f"/alarms/{alarm.id}/acknowledge", given) for _ in range(3)]
        assert [one.status_code for one in answers] == [303] * 3
        assert len(taken(book, alarm)) == 2

    def test_other_words_under_the_same_key_are_not_taken_for_the_first(self, book, desk, alarm):
        reviewer = desk("shenhe", Role.reviewer)
        reviewer.post(f"/alarms/{alarm.id}/close", {"note": NOTE, "key": "same"})
        answer = reviewer.post(f"/alarms/{alarm.id}/close", {"note": "另一说明", "key": "same"})
        assert answer.status_code == 422
        assert "办理过一次" in answer.text
        assert "幂等" not in answer.text
        assert len(taken(book, alarm)) == 2

    def test_a_note_that_says_nothing_comes_back_beside_its_field(self, book, desk, alarm):
        reviewer = desk("shenhe", Role.reviewer)
        for note in ("", "  \n ", "a\x07b", "长" * 20_001):
            answer = reviewer.post(f"/alarms/{alarm.id}/close", {"note": note, "key": "k"})
            assert answer.status_code == 422
            [field] = [a for tag, a in read(answer.text).tags if tag == "textarea"]
            assert (field["name"], field["aria-invalid"]) == ("note", "true")
            assert "</span>办理说明：" in answer.text
            assert note.strip()[:50] in answer.text
        assert len(taken(book, alarm)) == 1

    def test_after_a_mistake_the_corrected_form_is_taken(self, book, desk, alarm):
        reviewer = desk("shenhe", Role.reviewer)
        reviewer.post(f"/alarms/{alarm.id}/close", {"note": "", "key": "k"})
        assert reviewer.post(f"/alarms/{alarm.id}/close", {"note": NOTE, "key": "k"}).status_code == 303
        assert len(taken(book, alarm)) == 2

    def test_the_second_of_two_reviewers_is_told_who_was_first(self, book, desk, alarm):
        first, second = desk("shenhe", Role.reviewer), desk("shenpi", Role.approver)
        first.post(f"/alarms/{alarm.id}/close", {"note": NOTE, "key": "a"})
        answer = second.post(f"/alarms/{alarm.id}/close", {"note": "我也核实了", "key": "b"})
        assert answer.status_code == 409
        assert "没有办理：</b>shenhe 已于" in answer.text
        assert "我也核实了" in answer.text  # nothing typed is lost
        assert taken(book, alarm)[1:] == [("closed", "shenhe", NOTE)]

    def test_nobody_handles_what_their_own_return_raised(self, book, desk, alarm):
        with transaction(book) as session:
            add_user(session, SYSTEM, "liangren", Role.clerk, COUNTY)
            add_user(session, SYSTEM, "liangren", Role.reviewer, COUNTY)
            set_clock(session, date(2025, 3, 21))
            told = Condition(AlarmCode.cap_exceeded, "own", Severity.critical, COUNTY, LIMESTONE)
            own = raise_(session, "liangren", told)
        both = desk("liangren")
        assert self.buttons(both, own) == []
        assert "须由另一人处置" in page(both, f"/alarms/{own.id}").text
        answer = both.post(f"/alarms/{own.id}/close", {"note": NOTE, "key": "k"})
        assert answer.status_code == 409
        assert "须由另一人" in answer.text
        assert taken(book, own) == [("raised", "liangren", None)]
        assert self.buttons(both, alarm)

    def test_a_form_without_the_mark_of_the_sign_in_is_refused(self, book, desk, alarm):
        answer = desk("shenhe", Role.reviewer).post(
            f"/alarms/{alarm.id}/close", {"note": NOTE, "csrf_token": "another"}
        )
        assert answer.status_code == 403
        assert alarm_of(book, AlarmCode.cap_exceeded).state is AlarmState.open
        assert [act for act, *_ in taken(book, alarm)] == [AlarmAct.raised]


def test_the_clock_of_the_book_dates_the_steps(book, desk):
    alarm = alarm_of(book, AlarmCode.cap_exceeded)
    desk("shenhe", Role.reviewer).post(f"/alarms/{alarm.id}/acknowledge", {"note": NOTE})
    assert f"{TODAY} 09:00" in desk("shenhe").get(f"/alarms/{alarm.id}").text
