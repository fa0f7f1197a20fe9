"""Any sequence of returns, corrections and voidings keeps meters, movements, returns and alarms in step."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from registry.caps.models import Meter
from registry.identity.rules import SYSTEM
from registry.kernel.errors import Invalid, NotFound, Refused
from registry.kernel.vocabulary import OperatingState
from registry.output.queries import missing
from registry.output.service import Recorded, open_duties, record, record_many, void
from registry.platform import clock
from registry.registration.service import set_state
from registry.rights.queries import right_by_number
from registry.workflows.check import check, repair
from registry.workflows.export.basis import basis
from tests.factories import COUNTY, LIMESTONE, set_clock
from tests.services.book_model import (
    DAYS,
    EXPIRED,
    FIRST,
    MINERAL,
    MONTHS,
    WELL,
    Model,
    Slot,
    compare,
    small_book,
)
from tests.services.steps import order

TONNES = (
    0,
    1,
    40_000_000,
    50_000_000,
    79_999_999,
    80_000_000,
    90_000_000,
    100_000_000,
    100_000_001,
    120_000_000,
)
LITRES = (0, 1, 9_999, 10_000, 10_001, 12_000)

Row = tuple[Slot, int, bool]  # right and period, base units, whether it corrects
mine_rows = st.tuples(
    st.tuples(st.sampled_from((FIRST, EXPIRED)), st.sampled_from(MONTHS)),
    st.sampled_from(TONNES),
    st.booleans(),
)
well_rows = st.tuples(st.tuples(st.just(WELL), st.sampled_from(DAYS)), st.sampled_from(LITRES), st.booleans())
rows = mine_rows | well_rows
an_act = st.lists(rows, min_size=1, max_size=4) | rows.map(lambda row: row[0])
acts = st.lists(an_act, min_size=1, max_size=12)


def play(session: Session, model: Model, act: Sequence[Row] | Slot) -> None:
    """Do one act on the book and on the model; both must say the same of it."""
    if isinstance(act, tuple):
        take_back(session, model, act)
        return
    commands = [
        order(number, period, f"{amount} {'L' if number == WELL else 'g'}", correct=correcting, reason="示例")
        for (number, period), amount, correcting in act
    ]
    assert [outcome(found) for found in record_many(session, SYSTEM, commands)] == model.record(act)


def outcome(found: Recorded) -> str:
    """Return what came of one row."""
    return "refused" if found.error else "unchanged" if found.unchanged else "new"


def take_back(session: Session, model: Model, slot: Slot) -> None:
    public_id = f"{slot[0]}/{MINERAL[slot[0]]}/{slot[1]}"
    if model.void(slot):
        void(session, SYSTEM, public_id, "误报")
        return
    with pytest.raises((NotFound, Refused)):
        void(session, SYSTEM, public_id, "误报")


@settings(max_examples=60)
@given(played=acts)
def test_meters_movements_returns_and_alarms_stay_in_step(engine: Engine, played):
    with small_book(engine) as session:
        model = Model()
        for act in played:
            play(session, model, act)
            compare(session, model)
        session.commit()
        assert check(session)["differences"] == []


@settings(max_examples=25)
@given(
    played=acts,
    then=st.none() | an_act,
    amount=st.sampled_from((-1, 1, 60_000_000, -60_000_000)),
    choice=st.integers(0, 99),
)
def test_a_falsified_meter_is_found_and_repaired_with_its_alarms(
    engine: Engine, played, then, amount, choice
):
    with small_book(engine) as session:
        model = Model()
        play(session, model, [((FIRST, "2025-01"), 40_000_000, False)])
        for act in played:
            play(session, model, act)
        meters = session.exec(select(Meter).order_by(col(Meter.id))).all()
        chosen = meters[choice % len(meters)]
        statement = update(Meter).where(col(Meter.id) == chosen.id).values(used=Meter.used + amount)
        session.execute(statement, execution_options={"synchronize_session": False})
        session.commit()
        session.expire_all()
        assert {found["kind"] for found in check(session)["differences"]} == {"meter", "returns"}
        if then is not None:
            play(session, model, then)  # judged on a false meter
            session.commit()
        [repaired] = repair(session, SYSTEM, "示例修复")
        assert repaired["stored"]["used"] - repaired["computed"]["used"] == amount
        session.commit()
        compare(session, model)
        # Movements are never edited: those written on a false meter keep the balance they left behind.
        left = {found["kind"] for found in check(session)["differences"]}
        assert left <= ({"movement"} if then is not None else set())


Story = tuple[int, str, str]  # days that pass, what is done, and the month or the first day of a state
months = st.sampled_from(MONTHS)
since = st.sampled_from(("2024-12-15", "2025-01-01", "2025-02-10", "2025-03-01"))
stories = st.tuples(st.integers(0, 40), st.sampled_from(("tell", "void", "nothing")), months) | st.tuples(
    st.integers(0, 40), st.sampled_from(("stopped", "producing")), since
)


def happen(session: Session, mine: int, what: str, when: str) -> None:
    """Let one thing be told of a mine, where it can be, and the night pass."""
    with suppress(NotFound, Refused, Invalid):
        match what:
            case "tell":
                record(session, SYSTEM, order(FIRST, when, "5 t"))
            case "void":
                void(session, SYSTEM, f"{FIRST}/{LIMESTONE}/{when}", "误报")
            case "stopped" | "producing":
                set_state(session, SYSTEM, FIRST, OperatingState(what), date.fromisoformat(when), "示例")
    open_duties(session, [mine])


@settings(max_examples=40)
@given(told=st.lists(stories, min_size=2, max_size=12))
def test_what_was_missing_and_owed_on_a_day_is_never_rewritten(engine: Engine, told: list[Story]):
    with small_book(engine) as session:
        today, mine = date(2025, 1, 5), right_by_number(session, FIRST).id or 0
        set_clock(session, today)
        open_duties(session, [mine])
        was: dict[date, list[object]] = {}
        for passing, what, when in told:
            today += timedelta(passing)
            set_clock(session, today)
            happen(session, mine, what, when)
            before = today + timedelta(1)
            [missed] = missing(session, [COUNTY], [LIMESTONE], 2025, (before, None))
            was[today] = [missed, duties_on(session, today)]
        for day, found in was.items():
            sight = day + timedelta(1), clock.end_of_day(day)
            [missed] = missing(session, [COUNTY], [LIMESTONE], 2025, sight)
            assert [missed, duties_on(session, day)] == found


def duties_on(session: Session, day: date) -> list[object]:
    """Return the duties as the export of a day writes them."""
    _, statement = basis(clock.end_of_day(day))["duties"]
    return [tuple(row) for row in session.execute(statement).all()]
