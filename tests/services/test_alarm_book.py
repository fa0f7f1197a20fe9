"""The list of alarms is narrowed and counted in the database; one alarm leads to what it rests on."""

from datetime import date

import pytest
from sqlmodel import Session

from registry.alarms.models import Alarm
from registry.alarms.rules import Condition
from registry.alarms.service import handle, raise_, recede
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmSight, MeterSide, Severity
from registry.plans.models import PlanClause
from registry.plans.queries import documents
from registry.workflows.alarm_book import Wanted, find, one_alarm, read_wanted
from tests.factories import CITY, COUNTY, LIMESTONE, QUARTZ, WATER, cap, mineral, right, set_clock, world
from tests.services.steps import tell

PLAN = f"示例规划 {COUNTY}{LIMESTONE}"
NEIGHBOUR, PLAIN = "500243", Wanted()


def condition(key: str, severity: Severity = Severity.info, **more: object) -> Condition:
    """Return the condition of an alarm of the county about limestone in 2025."""
    given: dict[str, object] = {
        "code": AlarmCode.cap_near, "key": key, "severity": severity, "region": COUNTY, "mineral": LIMESTONE,
        "side": MeterSide.output, "period": "2025",
    }  # fmt: skip
    return Condition(**(given | more))  # type: ignore[arg-type]


def keys(session: Session, wanted: Wanted = PLAIN, regions: set[str] | None = None, **more: int) -> list[str]:
    """Return which alarms a list shows, by key."""
    ids = [told["id"] for told, _ in find(session, regions, wanted, **more).alarms]
    return [session.get_one(Alarm, one).key for one in ids]


@pytest.fixture
def book(session: Session) -> Session:
    """Four standing alarms of two counties, one closed and one receded; raised on four days."""
    world(session, date(2024, 12, 30), (COUNTY, NEIGHBOUR))
    mineral(session, QUARTZ)
    right(session, "SZ-2020-0001").mine = "示例100%采石场"
    right(session, "SZ-2020-0002").mine = "示例王家采石场"
    raise_(session, "jingban", condition("old", period="2024-12", right="SZ-2020-0001"))
    set_clock(session, date(2025, 3, 1))
    raise_(session, "jingban", condition("run", Severity.warning, period="2024-12-31/2025-01-02"))
    raise_(session, "jingban", condition("worst", Severity.critical, code=AlarmCode.cap_exceeded))
    set_clock(session, date(2025, 4, 1))
    raise_(session, "jingban", condition("new", mineral=QUARTZ, right="SZ-2020-0002"))
    raise_(session, "jingban", condition("other", Severity.warning, region=NEIGHBOUR))
    closed = raise_(session, "jingban", condition("closed", Severity.critical))
    handle(session, SYSTEM, closed.id or 0, AlarmAct.closed, "已核实")
    raise_(session, "jingban", condition("receded", Severity.warning))
    recede(session, "jingban", ["receded"], {}, "back")
    return session


class TestList:
    def test_what_stands_comes_by_urgency_then_newest_first(self, book):
        assert keys(book) == ["worst", "other", "run", "new", "old"]

    def test_what_is_settled_comes_last(self, book):
        assert keys(book, Wanted(sight=AlarmSight.all))[-2:] == ["closed", "receded"]

    @pytest.mark.parametrize(("wanted", "expected"), [
        (Wanted(sight=AlarmSight.closed), ["closed"]),
        (Wanted(sight=AlarmSight.receded), ["receded"]),
        (Wanted(sight=AlarmSight.acknowledged), []),
        (Wanted(code=AlarmCode.cap_exceeded), ["worst"]),
        (Wanted(severity=Severity.warning), ["other", "run"]),
        (Wanted(mineral=QUARTZ), ["new"]),
        (Wanted(text="王家"), ["new"]),
        (Wanted(text="sz-2020"), ["new", "old"]),
        (Wanted(text="%"), ["old"]),
        (Wanted(text="100%"), ["old"]),
        (Wanted(text="_"), []),
        (Wanted(year=2024), ["run", "old"]),
        (Wanted(year=2025), ["worst", "other", "run", "new"]),
        (Wanted(year=2023), []),
    ])  # fmt: skip
    def test_each_filter_narrows_it(self, book, wanted, expected):
        assert keys(book, wanted) == expected

    def test_what_somebody_took_up_is_found_by_it(self, book):
        [taken] = find(book, None, Wanted(text="王家")).alarms
        handle(book, SYSTEM, taken[0]["id"], AlarmAct.acknowledged, "去现场")
        book.flush()
        assert keys(book, Wanted(sight=AlarmSight.acknowledged)) == ["new"]
        assert "new" not in keys(book, Wanted(sight=AlarmSight.open))
        assert "new" in keys(book)

    def test_only_the_regions_that_may_be_seen(self, book):
        assert keys(book, regions={NEIGHBOUR}) == ["other"]
        assert keys(book, regions=set()) == []

    def test_counts_tell_what_each_severity_would_show(self, book):
        found = find(book, None, Wanted(severity=Severity.warning))
        assert found.by_severity == {Severity.critical: 1, Severity.warning: 2, Severity.info: 2}
        assert found.total == 2
        assert find(book, {COUNTY}, Wanted(year=1999)).by_severity == dict.fromkeys(Severity, 0)

    def test_pages_follow_each_other(self, book):
        assert keys(book, skipped=0, most=2) + keys(book, skipped=2, most=2) == keys(book)[:4]
        assert find(book, None, Wanted(), 4, 2).total == 5

    def test_each_row_names_its_mine_and_the_list_its_minerals(self, book):
        found = find(book, None, Wanted())
        assert [mine for _, mine in found.alarms] == [None, None, None, "示例王家采石场", "示例100%采石场"]
        assert found.minerals == sorted([LIMESTONE, QUARTZ])


class TestWanted:
    def test_nothing_asks_for_what_stands(self):
        assert read_wanted({}) == Wanted()
        assert read_wanted({"open": "1", "state": "", "year": ""}).sight is AlarmSight.standing
        assert read_wanted({"open": "0"}).sight is AlarmSight.all

    def test_words_are_read_as_values_and_labels(self):
        given = {"state": "已办结", "code": "cap_near", "severity": "严重", "q": "ＳＺ-2020 ", "year": "2025"}
        assert read_wanted(given) == Wanted(
            AlarmSight.closed, "ＳＺ-2020", AlarmCode.cap_near, Severity.critical, year=2025
        )

    @pytest.mark.parametrize(("name", "value", "code"), [
        ("state", "done", "word_unknown"), ("code", "x" * 5000, "word_unknown"),
        ("severity", "urgent", "word_unknown"), ("year", "25", "not_a_year"),
        ("q", "a\x00", "control_character"),
        ("mineral", "长" * 201, "too_long"),
    ])  # fmt: skip
    def test_what_it_does_not_know_is_refused(self, name, value, code):
        with pytest.raises(Invalid) as refused:
            read_wanted({name: value})
        assert (refused.value.code, refused.value.field) == (code, name)


class TestOne:
    @pytest.fixture
    def passed(self, session: Session) -> Session:
        """A county whose one right passes the limestone cap of its plan by a return of June."""
        world(session, date(2025, 6, 30), (COUNTY, NEIGHBOUR))
        cap(session, "100 矿石万吨/年")
        cap(session, "600 立方米/日", WATER)
        right(session, "SZ-2020-0001", scale=None)
        [plan] = [one for one in documents(session) if LIMESTONE in one.title]
        session.add(PlanClause(document_id=plan.id or 0, code="专栏11", text="示例条款"))
        tell(session, "SZ-2020-0001", "2025-06", "120 万吨")
        session.flush()
        return session

    def one(self, session: Session, code: AlarmCode) -> int:
        found = find(session, None, Wanted(code=code)).alarms
        return int(found[0][0]["id"])

    def test_leads_to_the_return_the_plan_the_clause_and_the_cap(self, passed):
        found = one_alarm(passed, self.one(passed, AlarmCode.cap_exceeded), {COUNTY})
        assert found.told["excess"] == "200000"
        assert found.document is not None
        assert found.document.title == PLAN
        assert found.clause == "专栏11"
        assert [account.name for account in found.caps] == [f"{COUNTY}/{LIMESTONE}/year"]
        assert found.cause is not None
        assert found.cause.returned is not None
        assert (found.cause.returned.value, found.cause.returned.unit) == ("120", "万吨")
        assert found.cause.right is not None
        assert found.cause.right.number == "SZ-2020-0001"
        assert found.behind == {SYSTEM.name}

    def test_a_clause_that_the_document_does_not_have_is_no_link(self, passed):
        alarm = raise_(
            passed, "x", condition("a", document=f"示例规划 {COUNTY}{LIMESTONE}（沿用）", clause="九")
        )
        found = one_alarm(passed, alarm.id or 0, None)
        assert found.document is not None
        assert found.clause is None

    @pytest.mark.parametrize(("caused_by", "right", "document"), [
        ("SZ-2020-0001", True, False), (PLAN, False, True),
        ("日终核对 2025-06-30", False, False), ("no/such/right/2025-06", False, False), (None, False, False),
    ])  # fmt: skip
    def test_other_causes_lead_as_far_as_they_are_on_the_books(self, passed, caused_by, right, document):
        alarm = raise_(passed, "x", condition("a", caused_by=caused_by))
        cause = one_alarm(passed, alarm.id or 0, None).cause
        assert (cause is not None) is (caused_by is not None)
        if cause is not None:
            assert (cause.right is not None, cause.document is not None) == (right, document)
            assert cause.returned is None

    def test_outside_the_regions_there_is_none(self, passed):
        at = self.one(passed, AlarmCode.cap_exceeded)
        for number, regions in (
            (at, {NEIGHBOUR}),
            (at, {CITY}),
            (0, None),
            (-1, None),
            (2**63, None),
            (10**30, None),
        ):
            with pytest.raises(NotFound):
                one_alarm(passed, number, regions)
