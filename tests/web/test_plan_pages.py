"""The pages of plans: what they say clause by clause, and amendments that two people make."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from registry.alarms.queries import alarms
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.vocabulary import AlarmCode, PlanState, Role
from registry.minerals.queries import catalogue
from registry.plans.models import PlanClause, PlanDocument
from registry.plans.queries import caps_over, documents
from registry.plans.rules import read_plan
from registry.platform import clock
from registry.platform.db import reader, transaction
from registry.workflows.adopt_plan import adopt
from seed.catalogue import load_catalogue, read_seed
from tests.factories import CITY, COUNTY, LIMESTONE, QUARTZ, cap, mineral, right, set_clock, world
from tests.services.demands import commit, demand
from tests.services.steps import tell
from tests.services.test_plans import COUNTY_PLAN
from tests.web.book import HOSTILE
from tests.web.reading import Page, read

NEIGHBOUR, NAME = "500101", f"{COUNTY}/{LIMESTONE}/year"
PLAN = f"示例规划 {COUNTY}{LIMESTONE}"
PDF = b"%PDF-1.7 a scan"
TYPED = {
    "title": "示例：关于调整的批复", "number": "示例〔2025〕9号", "valid_from": "2025-07-01",
    "valid_to": "2025-12-31", "clause": "第一条", "text": "调整为一百三十万吨", "remark": "与附表一致",
}  # fmt: skip


@pytest.fixture
def book(fresh: Engine) -> Engine:
    """A county with two plans of one cap each, in June 2025; limestone has passed its 100 万吨."""
    with transaction(fresh) as session:
        world(session, date(2025, 6, 2), (COUNTY, NEIGHBOUR))
        mineral(session, QUARTZ)
        cap(session, "100 矿石万吨/年")
        cap(session, None, QUARTZ, binding=None)
        [plan] = [one for one in documents(session) if one.title == PLAN]
        session.add(PlanClause(document_id=plan.id or 0, code="专栏11", text="示例条款 100万吨"))
        right(session, "SZ-2020-0001", LIMESTONE, scale=None)
        tell(session, "SZ-2020-0001", "2025-05", "105 万吨")
    return fresh


def plan_of(engine: Engine, title: str = PLAN) -> PlanDocument:
    with reader(engine) as session:
        return next(one for one in documents(session) if one.title == title)


def amendments(engine: Engine) -> list[PlanDocument]:
    with reader(engine) as session:
        return [one for one in documents(session) if one.amends_id]


def typed(engine: Engine, value: str = "130", **more: str) -> dict[str, Any]:
    """Return the form with a new figure of limestone."""
    with reader(engine) as session:
        [found] = caps_over(session, [COUNTY], [LIMESTONE])
    return TYPED | {f"value-{found.id}": value, f"unit-{found.id}": "矿石万吨/年"} | more


def page(desk, address: str, status: int = 200) -> Page:
    answer = desk.get(address)
    assert answer.status_code == status, answer.text
    return read(answer.text)


def enter(engine: Engine, desk, **more: Any) -> PlanDocument:
    """Enter an amendment as the clerk."""
    at = plan_of(engine).id
    answer = desk("jingban", Role.clerk).post(f"/plans/{at}/amend", typed(engine), **more)
    assert answer.status_code == 303, answer.text
    return amendments(engine)[-1]


def buttons(shown: Page) -> list[str]:
    """Return where the forms of a page lead, but for that which signs out."""
    actions = [a.get("action") or "" for tag, a in shown.tags if tag == "form" and a.get("method") == "post"]
    return [action for action in actions if action != "/sign-out"]


class TestReading:
    def test_the_list_has_each_plan_and_what_waits(self, book, desk):
        entered = enter(book, desk)
        shown = page(desk("shenpi", Role.approver), "/plans")
        row = shown.rows[str(entered.id)]
        assert f"示例〔2025〕9号 县{COUNTY} · {PLAN} 2025-07-01 — 2025-12-31 jingban" in row
        assert "1 件；由录入人以外的审批人员确认后生效" in shown.text
        assert shown.text.count(PLAN) >= 2

    def test_the_county_plan_figure_by_figure(self, fresh, desk):
        with transaction(fresh) as session:
            load_catalogue(session)
            set_clock(session, date(2025, 1, 2))
            plan = adopt(session, SYSTEM, read_plan(read_seed(COUNTY_PLAN), catalogue(session))).document
        shown = page(desk("jingban", Role.clerk), f"/plans/{plan.id}")
        assert (
            "1200 矿石万吨/年 12,000,000 t 约束性 按年 2021-01-01 — 2025-12-31 专栏11 有效"
            in shown.rows[NAME]
        )
        assert "未列数值 — 属性未列" in shown.rows[f"{COUNTY}/石英砂岩/year"]
        assert "48 % 目标值 预期性 2025 专栏3" in shown.rows["green_mine_share"]
        for words in (
            "161238.5 万吨 1,612,385,000 t", "六塘乡建筑石料产业区", "鱼池—王家一带 4 石灰岩、砂岩",
            "规划期末矿山数量55个。", "建筑石料用灰岩为1200矿石万吨/年，即12000千吨/年", "未印文号",
        ):  # fmt: skip
            assert words in shown.text
        ids = {a["id"] for _, a in shown.tags if a.get("id")}
        clauses = {clause["id"] for clause in read_seed(COUNTY_PLAN)["clauses"]}
        assert {f"clause-{code}" for code in clauses} <= ids
        used = [a["id"] for _, a in shown.tags if "id" in a]
        assert len(used) == len(set(used))

    def test_a_county_reads_the_city_s_plan_but_not_its_neighbour_s(self, book, desk):
        with transaction(book) as session:
            cap(session, "900 矿石万吨/年", region=CITY)
        neighbour = desk("linxian", Role.clerk, NEIGHBOUR)
        own, above = plan_of(book), plan_of(book, f"示例规划 {CITY}{LIMESTONE}")
        assert neighbour.get(f"/plans/{own.id}").status_code == 404
        assert PLAN not in neighbour.get("/plans").text
        assert neighbour.get(f"/plans/{above.id}").status_code == 200
        assert neighbour.get(f"/plans/{above.id}/amend").status_code == 404
        assert neighbour.post(f"/plans/{own.id}/amend", typed(book)).status_code == 404

    def test_a_number_that_no_document_has_is_not_found(self, book, desk):
        office = desk("jingban", Role.clerk)
        for number in ("0", "-1", "x", "99999", "9" * 30, "9" * 5000, "１"):
            for tail in ("", "/amend", "/scan"):
                assert office.get(f"/plans/{number}{tail}").status_code == 404, (number, tail)

    def test_an_empty_book_says_what_to_do(self, fresh, desk):
        with transaction(fresh) as session:
            world(session)
        assert "还没有规划" in page(desk("jingban", Role.clerk), "/plans").text

    def test_what_is_stored_is_never_markup(self, book, desk):
        with transaction(book) as session:
            plan = session.get_one(PlanDocument, plan_of(book).id)
            session.add(PlanClause(document_id=plan.id or 0, code=f'"{HOSTILE}', text=HOSTILE))
        text = desk("jingban", Role.clerk).get(f"/plans/{plan.id}").text
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text


class TestEntering:
    def test_a_form_becomes_an_amendment_that_waits(self, book, desk):
        entered = enter(book, desk, files={"scan": ("批复.pdf", PDF)})
        assert (entered.state, entered.entered_by, entered.number) == (
            PlanState.entered, "jingban", "示例〔2025〕9号",
        )  # fmt: skip
        shown = page(desk("jingban"), f"/plans/{entered.id}")
        assert "100 矿石万吨/年 130 矿石万吨/年 1,300,000 t +30 万吨 约束性" in shown.rows[NAME]
        assert "调整为一百三十万吨" in shown.text
        assert "与附表一致" in shown.text
        scan = desk("jingban").get(f"/plans/{entered.id}/scan")
        assert (scan.content, scan.headers["content-type"]) == (PDF, "application/pdf")
        assert scan.headers["content-disposition"].startswith("attachment")

    def test_twice_is_once(self, book, desk):
        clerk, at = desk("jingban", Role.clerk), plan_of(book).id
        answers = [clerk.post(f"/plans/{at}/amend", typed(book, key="k")) for _ in range(2)]
        assert len({one.headers["location"] for one in answers}) == 1
        assert len(amendments(book)) == 1

    def test_after_it_was_withdrawn_a_reload_does_not_enter_it_again(self, book, desk):
        clerk, at = desk("jingban", Role.clerk), plan_of(book).id
        clerk.post(f"/plans/{at}/amend", typed(book, key="k"))
        clerk.post(f"/plans/{amendments(book)[0].id}/withdraw", {"reason": "录错"})
        clerk.post(f"/plans/{at}/amend", typed(book, key="k"))
        assert [one.state for one in amendments(book)] == [PlanState.withdrawn]

    @pytest.mark.parametrize("changed", [
        {"number": ""}, {"title": " "}, {"valid_from": "2025-13-01"}, {"valid_to": "2025-01-01"},
        {"clause": ""}, {"text": ""}, {"value": "三百"}, {"value": "-1"}, {"value": ""}, {"unit": "担/年"},
        {"unit": "矿石万吨"}, {"unit": "立方米/日"}, {"value": "1.00000000001"}, {"title": "a\x07"},
    ])  # fmt: skip
    def test_a_mistake_comes_back_beside_its_field_with_what_was_typed(self, book, desk, changed):
        given = typed(book)
        for name, value in changed.items():
            given[next(key for key in given if key.split("-")[0] == name)] = value
        answer = desk("jingban", Role.clerk).post(f"/plans/{plan_of(book).id}/amend", given)
        assert answer.status_code == 422
        shown = read(answer.text)
        assert "未办理，请更正后再提交" in shown.text
        assert "caps[" not in shown.text
        assert "document." not in shown.text
        kept = {a.get("name"): a.get("value") for tag, a in shown.tags if tag == "input"}
        assert all(kept[name] == value for name, value in given.items() if name in kept)
        wrong = [a.get("name") for _, a in shown.tags if a.get("aria-invalid")]
        [(name, value)] = changed.items()
        assert [one and one.split("-")[0] for one in wrong] == [name] or value == ""
        assert amendments(book) == []

    @pytest.mark.parametrize(("changed", "marked", "whole"), [
        ({"title": "", "number": "", "valid_from": "", "valid_to": "", "clause": "", "text": "", "value": ""},
         ["title", "number", "valid_from", "valid_to", "clause", "text"], "调整后的数值：缺少内容"),
        ({"valid_from": "明年", "value": "三十", "unit": "箱"}, ["valid_from", "value", "unit"], ""),
    ])  # fmt: skip
    def test_every_mistake_is_told_at_once(self, book, desk, changed, marked, whole):
        given = typed(book)
        for name, value in changed.items():
            given[next(key for key in given if key.split("-")[0] == name)] = value
        clerk, at = desk("jingban", Role.clerk), plan_of(book).id
        answer = clerk.post(f"/plans/{at}/amend", given, files={"scan": ("a.pdf", b"MZ")})
        assert answer.status_code == 422
        shown = read(answer.text)
        wrong = [str(a.get("name")).split("-")[0] for _, a in shown.tags if a.get("aria-invalid")]
        assert sorted(wrong) == sorted(marked)
        assert "扫描件：文件内容不是 PDF" in shown.text
        assert whole in shown.text
        assert amendments(book) == []

    def test_what_is_no_scan_is_refused_and_nothing_entered(self, book, desk):
        clerk, at = desk("jingban", Role.clerk), plan_of(book).id
        for content in (b"MZ\x90", b"<html>", b"%PDF-" + b"x" * (10 * 2**20)):
            answer = clerk.post(f"/plans/{at}/amend", typed(book), files={"scan": ("a.pdf", content)})
            assert answer.status_code == 422
            assert "扫描件：" in answer.text
            assert "调整为一百三十万吨" in answer.text
        assert amendments(book) == []

    def test_the_same_number_with_other_content_names_the_way_out(self, book, desk):
        enter(book, desk)
        answer = desk("jingban").post(f"/plans/{plan_of(book).id}/amend", typed(book, "140"))
        assert answer.status_code == 409
        assert "已录入待确认" in answer.text

    def test_the_file_of_the_command_line_is_read_too(self, book, desk):
        clerk, at = desk("jingban", Role.clerk), plan_of(book).id
        text = f"""
document:
  {{title: 示例批复, number: 示例〔2025〕7号, region: "{COUNTY}", level: county, valid_from: 2025-07-01,
   valid_to: 2025-12-31, amends: {PLAN}}}
clauses: [{{id: 一, text: 示例}}]
caps: [{{mineral: {LIMESTONE}, value: "140", unit: 万吨/年, period: year, clause: 一}}]
"""
        files = {"file": ("a.yaml", text.encode()), "scan": ("a.png", b"\x89PNG\r\n\x1a\n...")}
        answer = clerk.post(f"/plans/{at}/amend/file", files=files)
        assert answer.status_code == 303, answer.text
        [entered] = amendments(book)
        assert (entered.number, entered.scan is not None) == ("示例〔2025〕7号", True)

    def test_a_file_that_cannot_be_read_is_told(self, book, desk):
        clerk, at = desk("jingban", Role.clerk), plan_of(book).id
        for content, words in (
            (b"", "缺少内容"), (b"\xff\xfe", "UTF-8"), (b"a: &b 1", "锚点"), (b"document: 1", "不是一组键值"),
            (b"x" * 3_000_000, "文件过大"), (b"document: {}\ncaps: []", "document.title：缺少内容"),
            (b"document: {}\ncaps: []", "caps：缺少内容。可接受：至少一条指标"),
        ):  # fmt: skip
            answer = clerk.post(f"/plans/{at}/amend/file", files={"file": ("a.yaml", content)})
            assert answer.status_code == 422, content[:20]
            assert words in answer.text
        assert amendments(book) == []

    def test_only_who_may_enter_sees_the_form(self, book, desk):
        at = plan_of(book).id
        for role in set(Role) - {Role.clerk}:
            somebody = desk(f"mouren {role.value}", role)
            assert somebody.get(f"/plans/{at}/amend").status_code == 403
            assert somebody.post(f"/plans/{at}/amend", typed(book)).status_code == 403
            assert "录入规划调整" not in somebody.get(f"/plans/{at}").text


class TestDeciding:
    @pytest.fixture
    def entered(self, book, desk) -> PlanDocument:
        return enter(book, desk)

    def test_the_approver_sees_what_it_does_and_then_confirms(self, book, desk, entered):
        approver, at = desk("shenpi", Role.approver), f"/plans/{entered.id}"
        assert buttons(page(approver, at)) == [f"{at}/confirm", f"{at}/return"]
        shown = read(approver.post(f"{at}/confirm").text)
        assert "2025 100 万吨 130 万吨 0 万吨 105 万吨 ■ 超出 △ 接近" in shown.rows[f"{NAME}:2025"]
        assert f"超出总量调控指标 {LIMESTONE} 2025 已开采 · 将回落" in shown.text
        assert "将回落" in shown.text
        assert amendments(book)[0].state is PlanState.entered
        answer = approver.post(f"{at}/confirm", {"step": "confirm", "key": "k"})
        assert (answer.status_code, answer.headers["location"]) == (303, at)
        [adopted] = amendments(book)
        assert (adopted.state, adopted.confirmed_by) == (PlanState.adopted, "shenpi")
        after = page(approver, at)
        assert buttons(after) == []
        assert "由此产生、回落的预警" in after.text
        plan = page(approver, f"/plans/{plan_of(book).id}")
        assert "历次数值" in plan.text
        assert "130 矿石万吨/年 2025-07-01 — 2025-12-31" in plan.text

    def test_what_it_let_go_says_the_limit_that_holds_now(self, book, desk, entered):
        approver = desk("shenpi", Role.approver)
        approver.post(f"/plans/{entered.id}/confirm", {"step": "confirm"})
        with reader(book) as session:
            [gone] = [one for one in alarms(session) if one.code is AlarmCode.cap_exceeded]
        shown = page(approver, f"/alarms/{gone.id}").text
        assert "已开采 105 万吨（产生时）。 现已回落" in shown  # it was over 100 then: not held against 130
        assert "限值 130 万吨" in shown
        assert "现已回落，回落时为 105 万吨。" in shown
        assert "限值由 100 万吨 改为 130 万吨" in shown

    def test_each_year_that_changes_has_its_row(self, book, desk):
        with transaction(book) as session:
            set_clock(session, date(2026, 1, 31))
            commit(session, demand("90 万吨", "2020-01-01"))
        entered = enter(book, desk)
        shown = read(desk("shenpi", Role.approver).post(f"/plans/{entered.id}/confirm").text)
        assert "2025 100 万吨 130 万吨 90 万吨 105 万吨" in shown.rows[f"{NAME}:2025"]
        assert "2026 100 万吨 沿用 130 万吨 沿用 90 万吨 0 万吨" in shown.rows[f"{NAME}:2026"]

    def test_twice_is_once_and_leads_to_the_same_page(self, book, desk, entered):
        approver, given = desk("shenpi", Role.approver), {"step": "confirm", "key": "k"}
        answers = [approver.post(f"/plans/{entered.id}/confirm", given) for _ in range(3)]
        told = {(one.status_code, one.headers["location"]) for one in answers}
        assert told == {(303, f"/plans/{entered.id}")}

    def test_nobody_confirms_what_they_entered(self, book, desk, entered):
        with transaction(book) as session:
            add_user(session, SYSTEM, "jingban", Role.approver, COUNTY)
        both, at = desk("jingban"), f"/plans/{entered.id}"
        assert f"{at}/confirm" not in buttons(page(both, at))
        assert "须由另一名审批人员确认" in page(both, at).text
        for given in ({}, {"step": "confirm"}):
            answer = both.post(f"{at}/confirm", given)
            assert answer.status_code == 409
            assert "须由另一人" in answer.text
        assert amendments(book)[0].state is PlanState.entered

    def test_the_second_to_decide_is_told_who_was_first(self, book, desk, entered):
        desk("shenpi", Role.approver).post(f"/plans/{entered.id}/confirm", {"step": "confirm"})
        second = desk("fuzhuren", Role.approver)
        answer = second.post(f"/plans/{entered.id}/return", {"reason": "数值不符"})
        assert answer.status_code == 409
        assert "没有办理：</b>shenpi 已于" in answer.text
        assert "数值不符" in answer.text
        assert amendments(book)[0].state is PlanState.adopted

    @pytest.mark.parametrize("act", ["confirm", "return", "withdraw"])
    def test_a_plan_that_was_loaded_is_not_decided_on(self, book, desk, act):
        who = desk("shenpi", Role.approver) if act != "withdraw" else desk("jingban", Role.clerk)
        answer = who.post(f"/plans/{plan_of(book).id}/{act}", {"reason": "数值不符", "step": act})
        assert answer.status_code == 409
        assert "此件已生效" in answer.text

    def test_the_clerk_withdraws_and_the_approver_returns_with_a_reason(self, book, desk, entered):
        clerk, at = desk("jingban"), f"/plans/{entered.id}"
        assert buttons(page(clerk, at)) == [f"{at}/withdraw"]
        answer = clerk.post(f"{at}/withdraw", {"reason": " "})
        assert answer.status_code == 422
        assert "理由：此项必填" in answer.text
        assert clerk.post(f"{at}/withdraw", {"reason": "数值录错"}).status_code == 303
        assert "09:00 撤回。理由：数值录错" in page(clerk, at).text
        again = enter(book, desk)
        approver = desk("shenpi", Role.approver)
        assert approver.post(f"/plans/{again.id}/return", {"reason": "与原件不符"}).status_code == 303
        assert [one.state for one in amendments(book)] == [PlanState.withdrawn] * 2
        assert "shenpi 于" in (told := page(clerk, f"/plans/{again.id}").text)
        assert "退回。理由：与原件不符" in told

    def test_what_was_sent_back_later_is_a_change_of_that_day(self, book, desk, entered):
        with transaction(book) as session:
            set_clock(session, later := clock.today(session) + timedelta(days=9))
        clerk = desk("jingban")
        assert entered.title not in page(clerk, f"/changes/plans?since={later}").text
        assert clerk.post(f"/plans/{entered.id}/withdraw", {"reason": "数值录错"}).status_code == 303
        shown = page(clerk, f"/changes/plans?since={later}").text
        assert "规划 1" in shown
        assert f"{entered.title} " in shown

    def test_others_are_offered_nothing_and_refused(self, book, desk, entered):
        for role in set(Role) - {Role.clerk, Role.approver}:
            somebody = desk(f"mouren {role.value}", role)
            assert buttons(page(somebody, f"/plans/{entered.id}")) == []
            for act in ("confirm", "return", "withdraw"):
                given = {"step": "confirm", "reason": "x"}
                assert somebody.post(f"/plans/{entered.id}/{act}", given).status_code == 403, (role, act)
        assert amendments(book)[0].state is PlanState.entered

    def test_from_another_county_there_is_nothing_to_decide(self, book, desk, entered):
        other = desk("linxian", Role.approver, NEIGHBOUR)
        for given in ({}, {"step": "confirm"}):
            assert other.post(f"/plans/{entered.id}/confirm", given).status_code == 404
        assert other.get(f"/plans/{entered.id}/scan").status_code == 404

    def test_a_scan_that_is_not_there_is_not_found(self, book, desk, entered):
        assert desk("shenpi", Role.approver).get(f"/plans/{entered.id}/scan").status_code == 404


def test_the_list_takes_at_most_twelve_statements(book, desk):
    enter(book, desk)
    office = desk("shenpi", Role.approver)
    office.get("/plans")
    sent: list[str] = []
    engine = office.client.app.state.engine
    event.listen(engine, "before_cursor_execute", lambda _c, _u, text, *_: sent.append(text))
    office.get("/plans")
    assert len(sent) <= 12, "\n".join(sent)
