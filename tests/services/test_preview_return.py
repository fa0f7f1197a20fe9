"""What a return will do is told exactly and leaves nothing: it is compared with what it then does."""

from datetime import date

import pytest
from sqlmodel import Session, col, func, select

from registry.alarms.models import Alarm, AlarmStep
from registry.caps.models import Meter, Movement
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import AlarmAct, CapState, Covered, Role
from registry.output.models import OutputReturn, ReturnDuty
from registry.output.rules import AlreadyReturned, NotReturned
from registry.output.service import open_duties, void
from registry.platform.audit import AuditEntry
from registry.workflows.preview_return import Outcome, preview, preview_void
from tests.factories import CITY, LIMESTONE, WATER, associate, cap, mineral, right, user, world
from tests.services.steps import correct, order, tell

MINE, OTHER, WELL = "SZ-2025-0001", "SZ-2025-0002", "SZ-2025-0003"


@pytest.fixture
def book(session: Session) -> Session:
    """A county's limestone cap of 100 t under a municipal one, a daily cap of water, two mines and a well."""
    world(session, date(2025, 6, 30), ("500240", "500101"))
    cap(session, "100 t/年")
    cap(session, "1000 t/年", region=CITY)
    cap(session, "600 m3/日", WATER)
    right(session, MINE, scale="90 t/年")
    right(session, OTHER, scale="50 t/年")
    right(session, WELL, WATER, scale=None, max_day="500 m3/日")
    open_duties(session)
    return session


TABLES = (OutputReturn, ReturnDuty, Meter, Movement, Alarm, AlarmStep, AuditEntry)


def content(session: Session) -> list[object]:
    """Return what a preview could have left behind."""
    session.flush()
    counts: list[object] = [session.exec(select(func.count()).select_from(t)).one() for t in TABLES]
    statement = select(Meter).order_by(col(Meter.id)).execution_options(populate_existing=True)
    meters = session.exec(statement).all()
    open_now = select(func.count()).where(col(ReturnDuty.fulfilled_at).is_(None))
    return [*counts, [(m.used, m.returns, m.seq) for m in meters], session.exec(open_now).one()]


def meters(outcome: Outcome) -> list[tuple[str, int, int]]:
    return [(step.cap.name, step.before.base // 10**6, step.after.base // 10**6) for step in outcome.meters]


def acts(outcome: Outcome) -> list[tuple[str, str]]:
    return sorted((str(effect.act), str(effect.told["code"])) for effect in outcome.alarms)


class TestRecording:
    def test_it_tells_both_meters_their_states_and_the_marks_that_are_passed(self, book):
        tell(book, OTHER, "2025-01", "75 t")
        outcome = preview(book, SYSTEM, order(MINE, "2025-02", "16 t"))
        assert meters(outcome) == [(f"500240/{LIMESTONE}/year", 75, 91), (f"500000/{LIMESTONE}/year", 75, 91)]
        county, city = outcome.meters
        assert (county.state_before, county.state_after) == (CapState.ok, CapState.warning)
        assert [mark.hundredths for mark in county.passes] == [8000, 9000]
        assert (f"{county.share_before:.4f}", f"{county.share_after:.4f}") == ("0.7500", "0.9100")
        assert (city.state_after, city.share_after) == (CapState.partial, None)

    def test_it_is_what_recording_then_does(self, book):
        tell(book, OTHER, "2025-01", "45 t")
        outcome = preview(book, SYSTEM, order(MINE, "2025-02", "91 t"))
        told = tell(book, MINE, "2025-02", "91 t")
        assert [(s.cap.name, s.before, s.after) for s in outcome.meters] == [
            (m["cap"], parse(f"{m['before']} t"), parse(f"{m['after']} t")) for m in told["meters"]
        ]
        raised = [code for act, code in acts(outcome) if act == AlarmAct.raised]
        assert raised == sorted(alarm["code"] for alarm in told["alarms"])
        assert raised == ["cap_exceeded", "cap_near", "cap_warning", "permit_exceeded"]
        assert (outcome.return_id, outcome.revision) == (told["return"], told["revision"])

    def test_it_leaves_nothing(self, book):
        tell(book, OTHER, "2025-01", "45 t")
        before = content(book)
        preview(book, SYSTEM, order(MINE, "2025-02", "91 t"))
        assert content(book) == before

    def test_it_sets_the_year_of_the_right_against_its_permit(self, book):
        tell(book, MINE, "2025-01", "60 t")
        permit = preview(book, SYSTEM, order(MINE, "2025-02", "31 t")).permit
        assert permit is not None
        assert (permit.before, permit.after, permit.scale) == (parse("60 t"), parse("91 t"), parse("90 t"))
        assert (permit.exceeded, permit.exceeds) == (False, True)

    def test_a_period_after_the_permit_is_told(self, book):
        right(book, "SZ-2025-0004", valid=(date(2020, 1, 1), date(2025, 3, 31)))
        outcome = preview(book, SYSTEM, order("SZ-2025-0004", "2025-05", "1 t"))
        assert outcome.covered is Covered.expired
        assert acts(outcome) == [("raised", "after_expiry")]

    def test_a_day_stands_on_the_meter_of_its_day(self, book):
        tell(book, WELL, "2025-02-01", "10 m3")
        outcome = preview(book, SYSTEM, order(WELL, "2025-02-01", "601 m3", correct=True, reason="x"))
        [step] = outcome.meters
        assert (str(step.period), step.before.base, step.after.base) == ("2025-02-01", 10_000, 601_000)
        assert step.state_after is CapState.exceeded
        assert acts(outcome) == [("raised", "cap_exceeded"), ("raised", "permit_exceeded")]
        assert outcome.permit is not None
        assert outcome.permit.max_day == parse("500 m3")

    def test_what_does_not_count_moves_no_meter(self, book):
        mineral(book, "砂岩")
        associate(book, right(book, "SZ-2025-0005"), "砂岩")
        outcome = preview(book, SYSTEM, order("SZ-2025-0005", "2025-02", "5 t", mineral="砂岩"))
        assert (outcome.counted, outcome.meters, outcome.permit) == (False, (), None)
        assert outcome.year_after == parse("5 t")

    def test_a_late_one_says_by_how_many_days(self, book):
        assert preview(book, SYSTEM, order(MINE, "2025-01", "1 t")).days_late == 140
        assert preview(book, SYSTEM, order(MINE, "2025-06", "1 t")).days_late == 0

    def test_what_would_be_refused_is_refused_and_the_session_lives_on(self, book):
        tell(book, MINE, "2025-01", "5 t")
        with pytest.raises(AlreadyReturned):
            preview(book, SYSTEM, order(MINE, "2025-01", "6 t"))
        with pytest.raises(Invalid):
            preview(book, SYSTEM, order(MINE, "2025-01-01", "6 t"))
        assert preview(book, SYSTEM, order(MINE, "2025-01", "5 t")).unchanged
        with pytest.raises(NotFound):
            preview(book, user(book, "qita", Role.clerk, "500101"), order(MINE, "2025-02", "5 t"))


class TestCorrecting:
    def test_it_tells_what_stood_and_what_recedes(self, book):
        tell(book, OTHER, "2025-01", "50 t")
        tell(book, MINE, "2025-01", "55 t")
        outcome = preview(book, SYSTEM, order(MINE, "2025-01", "35 t", correct=True, reason="核实"))
        assert meters(outcome)[0] == (f"500240/{LIMESTONE}/year", 105, 85)
        assert outcome.had is not None
        assert (outcome.had.value, outcome.had.unit, outcome.revision) == ("55", "t", 2)
        assert [mark.hundredths for mark in outcome.meters[0].leaves] == [9000, 10000]
        assert acts(outcome) == [("receded", "cap_exceeded"), ("receded", "cap_warning")]
        assert outcome.days_late == 0

    def test_without_a_reason_it_is_refused(self, book):
        with pytest.raises(Invalid) as caught:
            order(MINE, "2025-01", "35 t", correct=True)
        assert caught.value.field == "reason"


class TestVoiding:
    def test_it_tells_what_comes_back(self, book):
        tell(book, OTHER, "2025-01", "50 t")
        tell(book, MINE, "2025-01", "55 t")
        before = content(book)
        outcome = preview_void(book, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
        assert content(book) == before
        assert meters(outcome)[0] == (f"500240/{LIMESTONE}/year", 105, 50)
        assert (outcome.voided, outcome.revision, outcome.quantity.base) == (True, 2, 0)
        assert acts(outcome) == [("receded", f"cap_{mark}") for mark in ("exceeded", "near", "warning")]
        void(book, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")
        with pytest.raises(NotReturned):
            preview_void(book, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报")

    def test_the_same_key_takes_back_once_and_answers_alike(self, book):
        tell(book, MINE, "2025-01", "55 t")
        first = void(book, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报", "key-1")
        correct(book, MINE, "2025-01", "1 t")
        assert void(book, SYSTEM, f"{MINE}/{LIMESTONE}/2025-01", "误报", "key-1") == first
        assert book.exec(select(func.max(OutputReturn.revision))).one() == 3
