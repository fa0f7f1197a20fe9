"""An alarm is raised once, recedes, re-opens, and is acknowledged and closed by people."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from registry.alarms.daily import over
from registry.alarms.models import Alarm, AlarmStep
from registry.alarms.queries import alarms, public, steps
from registry.alarms.rules import Condition
from registry.alarms.service import handle, raise_, recede, refresh
from registry.identity.rules import SYSTEM, Actor, SamePerson
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.lifecycle import WrongState
from registry.kernel.quantity import Mass, parse
from registry.kernel.vocabulary import AlarmAct, AlarmCode, AlarmState, MeterSide, Role, Severity
from registry.platform import audit
from registry.platform.audit import AuditEntry
from registry.platform.clock import now
from registry.platform.db import transaction
from tests.factories import CITY, COUNTY, LIMESTONE, set_clock, user, world

NEIGHBOUR = "500243"
NEAR = Condition(
    code=AlarmCode.cap_near, key="cap_near:500240/建筑石料用灰岩:output:2025", severity=Severity.info,
    region=COUNTY, mineral=LIMESTONE, right="SZ-2025-0007", side=MeterSide.output, period="2025",
    limit=parse("1200 万吨"), reading=parse("960 万吨"), caused_by="SZ-2025-0007/建筑石料用灰岩/2025-10",
    document="示例规划", clause="专栏11", revision=2,
)  # fmt: skip
ACKNOWLEDGED, CLOSED = AlarmAct.acknowledged, AlarmAct.closed


@pytest.fixture
def book(session: Session) -> Session:
    """Give a session on two counties, on 30 June 2025."""
    world(session, date(2025, 6, 30), (COUNTY, NEIGHBOUR))
    return session


def acts(session: Session, alarm: Alarm) -> list[str]:
    """Return what has happened to an alarm."""
    return [step.act.value for step in steps(session, [alarm.id]).get(alarm.id or 0, [])]


def fall(session: Session, reading: str = "950 万吨") -> None:
    """Let the alarm recede."""
    recede(session, "jingban", [NEAR.key], {NEAR.key: parse(reading)}, "back")


class TestRaise:
    def test_shows_what_it_is_about(self, book):
        alarm = raise_(book, "jingban", NEAR)
        [told] = public(book, alarms(book))
        moment = now(book).isoformat()
        assert told == {
            "id": alarm.id, "code": "cap_near", "severity": "info", "state": "open", "receded": False,
            "region": COUNTY, "mineral": LIMESTONE, "right": "SZ-2025-0007", "meter": "output",
            "period": "2025", "limit": "12000000", "reading": "9600000", "excess": "-2400000", "unit": "t",
            "note": None, "caused_by": NEAR.caused_by, "document": "示例规划", "clause": "专栏11",
            "raised_at": moment, "days": [],
            "steps": [{
                "act": "raised", "at": moment, "actor": "jingban", "note": None, "reading": "9600000",
                "caused_by": NEAR.caused_by, "severity": "info", "revision": 2,
            }],
        }  # fmt: skip

    def test_an_unknown_limit_or_reading_is_null(self, book):
        raise_(book, "jingban", replace(NEAR, limit=None, reading=None))
        [told] = public(book, alarms(book))
        assert [told[name] for name in ("limit", "reading", "excess", "unit")] == [None] * 4

    def test_while_it_stands_only_its_figures_move(self, book):
        first = raise_(book, "jingban", NEAR)
        set_clock(book, date(2025, 7, 1))
        worse = replace(NEAR, reading=parse("1000 万吨"), severity=Severity.warning, caused_by="another")
        again = raise_(book, "shenhe", worse)
        assert again.id == first.id
        assert (again.reading, again.severity) == (parse("1000 万吨").base, Severity.warning)
        assert (again.caused_by, again.raised_at.date()) == (NEAR.caused_by, date(2025, 6, 30))
        assert acts(book, again) == ["raised"]

    def test_recedes_once_with_the_reading_that_let_it_go(self, book):
        alarm = raise_(book, "jingban", NEAR)
        fall(book)
        fall(book, "900 万吨")
        assert (alarm.receded, alarm.reading, alarm.state) == (True, parse("950 万吨").base, AlarmState.open)
        assert acts(book, alarm) == ["raised", "receded"]
        assert alarms(book, open_only=True) == []

    def test_nothing_recedes_that_was_never_raised(self, book):
        recede(book, "jingban", ["cap_near:nobody"], {}, "back")
        recede(book, "jingban", [], {}, "back")
        assert book.exec(select(AlarmStep)).all() == []

    @pytest.mark.parametrize("handled", [[], [ACKNOWLEDGED], [CLOSED], [ACKNOWLEDGED, CLOSED]])
    def test_passing_again_reopens_the_same_alarm(self, book, handled):
        alarm = raise_(book, "jingban", NEAR)
        for act in handled:
            handle(book, SYSTEM, alarm.id or 0, act, "已核实")
        fall(book)
        again = raise_(book, "jingban", replace(NEAR, caused_by="december"))
        assert again.id == alarm.id
        assert book.exec(select(Alarm)).all() == [alarm]
        assert (again.state, again.receded, again.caused_by) == (AlarmState.open, False, "december")
        assert acts(book, again) == ["raised", *(a.value for a in handled), "receded", "reopened"]

    def test_one_that_was_closed_and_still_stands_stays_closed(self, book):
        alarm = raise_(book, "jingban", NEAR)
        handle(book, SYSTEM, alarm.id or 0, CLOSED, "规划已调整")
        raise_(book, "jingban", replace(NEAR, reading=parse("970 万吨")))
        assert (alarm.state, alarm.reading) == (AlarmState.closed, parse("970 万吨").base)
        assert acts(book, alarm) == ["raised", "closed"]

    def test_a_refreshed_reading_leaves_no_step(self, book):
        alarm = raise_(book, "jingban", NEAR)
        other = raise_(book, "jingban", replace(NEAR, key="other"))
        refresh(book, {NEAR.key: parse("999 万吨"), "nobody": Mass(1)})
        refresh(book, {})
        book.expire_all()
        assert (alarm.reading, other.reading) == (parse("999 万吨").base, parse("960 万吨").base)
        assert acts(book, alarm) == ["raised"]

    def test_each_step_keeps_the_level_and_the_revision_of_its_day(self, book):
        alarm = raise_(book, "jingban", NEAR)
        raise_(book, "jingban", replace(NEAR, severity=Severity.critical, revision=3))
        recede(book, "jingban", [NEAR.key], {}, "back", 4)
        raise_(book, "jingban", replace(NEAR, severity=Severity.warning, revision=5))
        handle(book, SYSTEM, alarm.id or 0, CLOSED, "已核实")
        assert [(s.severity, s.revision) for s in steps(book, [alarm.id])[alarm.id or 0]] == [
            (Severity.info, 2), (Severity.critical, 4), (Severity.warning, 5), (Severity.warning, None),
        ]  # fmt: skip

    def test_every_step_is_in_the_audit_trail(self, book):
        raise_(book, "jingban", NEAR)
        fall(book)
        book.commit()
        told = book.exec(select(AuditEntry).order_by(col(AuditEntry.seq))).all()
        assert [(entry.act, entry.record, entry.actor) for entry in told] == [
            ("alarm.raised", NEAR.key, "jingban"),
            ("alarm.receded", NEAR.key, "jingban"),
        ]
        assert audit.verify(book) == []


class TestHandle:
    @pytest.fixture
    def shenhe(self, book: Session) -> Actor:
        """Give the reviewer of the county."""
        return user(book, "shenhe", Role.reviewer)

    @pytest.fixture
    def alarm(self, book: Session) -> Alarm:
        """Give a standing alarm of the county."""
        return raise_(book, "jingban", NEAR)

    def test_each_step_names_actor_time_and_note(self, book, shenhe, alarm):
        handle(book, shenhe, alarm.id or 0, ACKNOWLEDGED, " 已通知矿山 ")
        set_clock(book, date(2025, 7, 2))
        handle(book, shenhe, alarm.id or 0, CLOSED, "已停产")
        taken = steps(book, [alarm.id])[alarm.id or 0][1:]
        assert [(s.act, s.actor, s.note, str(s.at.date())) for s in taken] == [
            (ACKNOWLEDGED, "shenhe", "已通知矿山", "2025-06-30"),
            (CLOSED, "shenhe", "已停产", "2025-07-02"),
        ]
        assert alarm.state is AlarmState.closed

    @pytest.mark.parametrize(("before", "act"), [
        ([CLOSED], CLOSED), ([CLOSED], ACKNOWLEDGED), ([ACKNOWLEDGED], ACKNOWLEDGED), ([], AlarmAct.raised),
        ([], AlarmAct.receded), ([], AlarmAct.extended),
    ])  # fmt: skip
    def test_a_step_out_of_turn_is_refused(self, book, shenhe, alarm, before, act):
        for earlier in before:
            handle(book, shenhe, alarm.id or 0, earlier, "已核实")
        state = alarm.state
        with pytest.raises(WrongState):
            handle(book, shenhe, alarm.id or 0, act, "再办")
        assert alarm.state is state
        assert acts(book, alarm) == ["raised", *(a.value for a in before)]

    @pytest.mark.parametrize(("note", "code"), [
        ("", "note_missing"), (" \n\t ", "note_missing"), ("\u200b\ufeff", "note_missing"),
        ("\u3164 \u2800", "note_missing"), ("a\x00b", "control_character"),
        ("长" * 20_001, "too_long"),
    ])  # fmt: skip
    def test_a_note_that_says_nothing_is_refused(self, book, shenhe, alarm, note, code):
        with pytest.raises(Invalid) as refused:
            handle(book, shenhe, alarm.id or 0, CLOSED, note)
        assert (refused.value.code, refused.value.field) == (code, "note")
        assert alarm.state is AlarmState.open

    @pytest.mark.parametrize(
        "role", [Role.clerk, Role.inspector, Role.municipal, Role.auditor, Role.administrator]
    )
    def test_whoever_may_only_look_is_forbidden(self, book, alarm, role):
        with pytest.raises(Forbidden) as refused:
            handle(book, user(book, "someone", role), alarm.id or 0, CLOSED, "办结")
        assert refused.value.facts == {"permission": "alarm.handle", "actor": "someone"}

    def test_outside_the_jurisdiction_it_does_not_exist(self, book, alarm):
        other = user(book, "linxian", Role.approver, NEIGHBOUR)
        with pytest.raises(NotFound) as refused:
            handle(book, other, alarm.id or 0, CLOSED, "办结")
        assert refused.value.facts == {"what": "alarm", "value": str(alarm.id)}

    def test_the_city_s_reviewer_reaches_the_county_but_the_county_s_not_the_city(self, book, shenhe, alarm):
        above = raise_(book, "jingban", replace(NEAR, key="city", region=CITY))
        handle(book, user(book, "shishen", Role.reviewer, CITY), alarm.id or 0, CLOSED, "办结")
        assert alarm.state is AlarmState.closed
        with pytest.raises(NotFound):
            handle(book, shenhe, above.id or 0, CLOSED, "办结")

    @pytest.mark.parametrize("unknown", [0, -1, 10**6, 2**63 - 1, 2**63, 10**30, -(10**30)])
    def test_a_number_that_no_alarm_has(self, book, shenhe, unknown):
        with pytest.raises(NotFound):
            handle(book, shenhe, unknown, CLOSED, "办结")


class TestOwn:
    """Nobody handles an alarm that their own act made what it is: clerk and reviewer may be one person."""

    @pytest.fixture
    def both(self, book: Session) -> Actor:
        """Give somebody who records returns and handles alarms."""
        user(book, "liangren", Role.clerk)
        return user(book, "liangren", Role.reviewer)

    @pytest.mark.parametrize("act", [ACKNOWLEDGED, CLOSED])
    def test_whoever_raised_it_by_a_return_does_not_handle_it(self, book, both, act):
        alarm = raise_(book, both.name, NEAR)
        with pytest.raises(SamePerson) as refused:
            handle(book, both, alarm.id or 0, act, "已核实")
        assert refused.value.facts == {"actor": "liangren"}
        assert (alarm.state, acts(book, alarm)) == (AlarmState.open, ["raised"])
        handle(book, user(book, "shenhe", Role.reviewer), alarm.id or 0, act, "已核实")
        assert acts(book, alarm) == ["raised", act.value]

    def test_whoever_corrects_what_raised_it_does_not_close_it(self, book, both):
        alarm = raise_(book, "jingban", NEAR)
        handle(book, both, alarm.id or 0, ACKNOWLEDGED, "去现场")
        recede(book, both.name, [NEAR.key], {NEAR.key: parse("950 万吨")}, NEAR.caused_by or "")
        with pytest.raises(SamePerson):
            handle(book, both, alarm.id or 0, CLOSED, "已更正")
        assert alarm.state is AlarmState.acknowledged

    @pytest.mark.parametrize("act", [ACKNOWLEDGED, CLOSED])
    def test_whose_act_only_let_it_recede_may_handle_it(self, book, both, act):
        alarm = raise_(book, "jingban", NEAR)
        recede(book, both.name, [NEAR.key], {NEAR.key: parse("960 万吨")}, "某规资〔2025〕9号")
        handle(book, both, alarm.id or 0, act, "指标已调整")
        assert acts(book, alarm) == ["raised", "receded", act.value]

    def test_but_not_what_the_same_act_raised_before(self, book, both):
        alarm = raise_(book, both.name, replace(NEAR, caused_by="某规资〔2025〕9号"))
        recede(book, "shenpi", [NEAR.key], {NEAR.key: parse("960 万吨")}, "某规资〔2025〕10号")
        with pytest.raises(SamePerson):
            handle(book, both, alarm.id or 0, CLOSED, "指标已调整")

    def test_what_another_raised_anew_is_no_longer_their_own(self, book, both):
        alarm = raise_(book, both.name, NEAR)
        fall(book)
        raise_(book, "jingban", NEAR)
        assert handle(book, both, alarm.id or 0, CLOSED, "已停产").state is AlarmState.closed

    def test_a_day_added_to_a_run_is_their_own_too(self, book, both):
        day = replace(NEAR, code=AlarmCode.cap_exceeded, key="cap_exceeded:water:output", period="")
        alarm = over(book, "jingban", day, date(2025, 6, 1), parse("700 万吨"))
        over(book, both.name, day, date(2025, 6, 2), parse("700 万吨"))
        with pytest.raises(SamePerson):
            handle(book, both, alarm.id or 0, CLOSED, "已停产")

    def test_the_system_raises_by_night_and_may_be_told_by_the_command_line(self, book):
        alarm = raise_(book, SYSTEM.name, NEAR)
        assert handle(book, SYSTEM, alarm.id or 0, CLOSED, "已停产").state is AlarmState.closed


class TestRace:
    """The lock is the insert in alarms.service.raise_ and platform.db.locked in locked_by_keys."""

    def test_eight_who_raise_the_same_at_once_raise_one(self, fresh):
        with transaction(fresh) as session:
            world(session)
        start = Barrier(8)

        def one(number: int) -> int | None:
            start.wait()
            with transaction(fresh) as session:
                return raise_(session, f"clerk {number}", NEAR).id

        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(one, range(8)))
        with transaction(fresh) as session:
            [alarm] = session.exec(select(Alarm)).all()
            assert set(ids) == {alarm.id}
            assert acts(session, alarm) == ["raised"]

    def test_those_who_raise_and_let_go_take_turns(self, fresh):
        with transaction(fresh) as session:
            world(session)

        def one(number: int) -> None:
            with transaction(fresh) as session:
                raise_(session, "up", NEAR) if number % 2 else fall(session)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, range(40)))
        with transaction(fresh) as session:
            [alarm] = session.exec(select(Alarm)).all()
            told = acts(session, alarm)
            assert told[0] == "raised"
            assert told[1::2] == ["receded"] * len(told[1::2])
            assert told[2::2] == ["reopened"] * len(told[2::2])
            assert alarm.receded is (told[-1] == "receded")
