"""The reserve ledger: openings, surveyed years that must balance, a recomputation that finds the rest."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select, update

from registry.identity.rules import SYSTEM
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import ReserveCategory, ReserveMove, Role
from registry.reserves.models import ReserveEntry
from registry.reserves.queries import balances, count
from registry.reserves.rules import (
    AlreadyOpened,
    AlreadySurveyed,
    Balance,
    BelowZero,
    DoesNotBalance,
    NotInTurn,
    OpeningLine,
    PostOpening,
    PostYear,
    SurveyLine,
    opening_year,
    walk,
    year_sums,
)
from registry.reserves.service import differences, post_opening, post_year
from registry.rights.queries import rights_in
from tests.factories import LIMESTONE, right, set_clock, user, world

T = 10**6  # grams in a tonne
NOW = datetime(2025, 1, 1, tzinfo=UTC)
NUMBER = "X240-2020-0001"
MEASURED, INDICATED, PROVED = ReserveCategory.measured, ReserveCategory.indicated, ReserveCategory.proved


def opening(*lines, at=date(2024, 12, 31), number=NUMBER):
    told = tuple(OpeningLine(category, parse(text), "万吨") for category, text in lines)
    return PostOpening(number, LIMESTONE, at, told, "示例储量报告")


def survey(year, *lines):
    return PostYear(NUMBER, LIMESTONE, year, lines, "示例储量年报", "万吨")


def line(category=MEASURED, **figures):
    return SurveyLine(category, **{name: value * T for name, value in figures.items()})


@pytest.fixture
def book(session):
    """Give a right with 1000 t measured and 500 t indicated at the end of 2024, on 31 January 2027."""
    world(session, date(2027, 1, 31))
    right(session, NUMBER)
    post_opening(session, SYSTEM, opening((MEASURED, "1000 t"), (INDICATED, "500 t")))
    return session


def ledger(session, year):
    rows = balances(session, rights_in(session), year)
    return {row["category"]: row for row in rows}


def figures(row):
    names = (
        "opening",
        "extracted",
        "lost",
        "explored",
        "reestimated",
        "transferred",
        "closing",
        "cumulative",
    )
    return [row[name] for name in names]


class TestOpening:
    @pytest.mark.parametrize(
        ("at", "year"), [(date(2024, 12, 31), 2025), (date(2025, 1, 1), 2025), (date(2025, 6, 30), 2025)]
    )
    def test_the_last_day_of_a_year_opens_the_next(self, at, year):
        assert opening_year(at) == year

    def test_it_is_the_years_opening_closing_and_cumulative_figure(self, book):
        assert figures(ledger(book, 2025)["measured"]) == ["1000", "0", "0", "0", "0", "0", "1000", "1000"]

    def test_before_it_there_is_no_ledger(self, book):
        assert ledger(book, 2024) == {}

    def test_the_same_opening_again_changes_nothing(self, book):
        assert post_opening(book, SYSTEM, opening((MEASURED, "0.1 万吨"))) == []

    @pytest.mark.parametrize(
        "told", [opening((MEASURED, "1001 t")), opening((MEASURED, "1000 t"), at=date(2023, 12, 31))]
    )
    def test_another_opening_is_refused(self, book, told):
        with pytest.raises(AlreadyOpened):
            post_opening(book, SYSTEM, told)

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            (opening((PROVED, "1 t"), (PROVED, "1 t")), "category_repeated"),
            (opening((PROVED, "1 个")), "kinds_mixed"),
        ],
    )
    def test_what_cannot_open_a_ledger(self, book, told, code):
        with pytest.raises(Invalid) as refused:
            post_opening(book, SYSTEM, told)
        assert refused.value.code == code

    def test_a_cumulative_figure_may_be_larger_and_never_smaller(self, book):
        told = OpeningLine(PROVED, parse("10 t"), "t", cumulative=parse("9 t"))
        with pytest.raises(Invalid, match="cumulative_below"):
            post_opening(book, SYSTEM, PostOpening(NUMBER, LIMESTONE, date(2024, 12, 31), (told,), "示例"))
        told = OpeningLine(PROVED, parse("10 t"), "t", cumulative=parse("30 t"))
        post_opening(book, SYSTEM, PostOpening(NUMBER, LIMESTONE, date(2024, 12, 31), (told,), "示例"))
        assert ledger(book, 2025)["proved"]["cumulative"] == "30"
        assert differences(book) == []

    def test_an_unknown_right(self, book):
        with pytest.raises(NotFound):
            post_opening(book, SYSTEM, opening((MEASURED, "1 t"), number="X240-2020-0009"))


class TestYear:
    def test_every_column_moves_the_balance_its_way(self, book):
        told = line(
            extracted=100, lost=5, explored=20, reestimated=-10, transferred=-3, opening=1000, closing=902
        )
        post_year(book, SYSTEM, survey(2025, told))
        assert figures(ledger(book, 2025)["measured"]) == [
            "1000",
            "100",
            "5",
            "20",
            "-10",
            "-3",
            "902",
            "1007",
        ]

    def test_what_was_found_less_what_is_left_grows_by_what_was_consumed(self, book):
        post_year(book, SYSTEM, survey(2025, line(extracted=100, lost=5, explored=20, reestimated=-10)))
        row = ledger(book, 2025)["measured"]
        assert int(row["cumulative"]) - int(row["closing"]) == 105

    def test_next_year_opens_with_this_years_closing(self, book):
        post_year(book, SYSTEM, survey(2025, line(extracted=100), line(INDICATED)))
        post_year(book, SYSTEM, survey(2026, line(extracted=50, opening=900)))
        assert figures(ledger(book, 2026)["measured"])[0] == "900"
        assert figures(ledger(book, 2026)["indicated"]) == ["500", "0", "0", "0", "0", "0", "500", "500"]

    def test_categories_stand_apart_and_resources_are_never_added_to_reserves(self, book):
        post_opening(book, SYSTEM, opening((PROVED, "300 t")))
        assert list(ledger(book, 2025)) == ["indicated", "measured", "proved"]

    def test_a_reclassification_leaves_the_sum_alone(self, book):
        post_year(book, SYSTEM, survey(2025, line(transferred=200), line(INDICATED, transferred=-200)))
        assert {name: row["closing"] for name, row in ledger(book, 2025).items()} == {
            "measured": "1200", "indicated": "300",
        }  # fmt: skip

    def test_gains_are_posted_first_so_that_no_step_dips_below_zero(self, book):
        post_year(book, SYSTEM, survey(2025, line(extracted=1400, explored=500)))
        assert ledger(book, 2025)["measured"]["closing"] == "100"

    @pytest.mark.parametrize(
        ("told", "refusal"),
        [
            (survey(2025, line(opening=999)), DoesNotBalance),
            (survey(2025, line(extracted=100, closing=901)), DoesNotBalance),
            (survey(2025, line(extracted=1001)), BelowZero),
            (survey(2025, line(reestimated=-1001)), BelowZero),
            (survey(2026, line()), NotInTurn),
            (survey(2024, line()), NotInTurn),
            (survey(2025, line(PROVED)), NotInTurn),
            (survey(2025), NotInTurn),
            (survey(2027, line()), Invalid),
            (survey(2025, line(extracted=-1)), Invalid),
            (survey(2025, line(), line()), Invalid),
        ],
    )
    def test_a_year_that_does_not_balance_leaves_nothing_behind(self, book, told, refusal):
        with pytest.raises(refusal):
            post_year(book, SYSTEM, told)
        assert len(book.exec(select(ReserveEntry)).all()) == 2

    def test_a_year_is_surveyed_once_even_when_nothing_moved(self, book):
        post_year(book, SYSTEM, survey(2025, line()))
        with pytest.raises(AlreadySurveyed):
            post_year(book, SYSTEM, survey(2025, line(extracted=1)))

    def test_the_year_must_be_over(self, book):
        set_clock(book, date(2025, 12, 30))
        with pytest.raises(Invalid, match="year_not_over"):
            post_year(book, SYSTEM, survey(2025, line()))
        set_clock(book, date(2025, 12, 31))
        post_year(book, SYSTEM, survey(2025, line()))

    def test_only_who_may_post_posts(self, book):
        post_year(book, user(book, "经办甲", Role.clerk), survey(2025, line()))
        with pytest.raises(Forbidden):
            post_year(book, user(book, "检查乙", Role.inspector), survey(2026, line()))


class TestRecomputation:
    def test_a_posted_ledger_agrees(self, book):
        post_year(book, SYSTEM, survey(2025, line(extracted=100, explored=7), line(INDICATED, lost=1)))
        assert differences(book) == []
        assert count(book) == 2

    @pytest.mark.parametrize(
        ("column", "value"), [("amount", 1), ("balance_after", 7), ("cumulative_after", 7), ("seq", 9)]
    )
    def test_a_falsified_figure_is_found(self, book, column, value):
        post_year(book, SYSTEM, survey(2025, line(extracted=100)))
        last = book.exec(select(ReserveEntry).order_by(col(ReserveEntry.id).desc())).first()
        book.exec(update(ReserveEntry).where(col(ReserveEntry.id) == last.id).values(**{column: value}))
        book.expire_all()
        found = differences(book)
        assert found[-1]["kind"] == "reserves"
        assert found[-1]["key"].startswith(f"{NUMBER}/{LIMESTONE}/measured/")
        assert found[-1]["stored"] != found[-1]["computed"]

    def test_an_entry_taken_out_is_found(self, book):
        post_year(book, SYSTEM, survey(2025, line(extracted=100, lost=5)))
        statement = select(ReserveEntry).where(ReserveEntry.move == ReserveMove.extracted)
        book.delete(book.exec(statement).one())
        book.flush()
        assert len(differences(book)) == 1


_AMOUNTS = st.integers(0, 400)
_SIGNED = st.integers(-400, 400)
_YEARS = st.lists(st.builds(
    SurveyLine, category=st.just(MEASURED), extracted=_AMOUNTS, lost=_AMOUNTS, explored=_SIGNED,
    reestimated=_SIGNED, transferred=_SIGNED,
), max_size=6)  # fmt: skip


class TestAnySequence:
    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(_YEARS)
    def test_years_chain_and_nothing_falls_below_zero(self, years):
        at, entries, seq = Balance(1000, 1000), [], 1
        entries.append(_entry(seq, 2020, ReserveMove.opening, 1000, at))
        for year, told in enumerate(years, start=2020):
            try:
                steps = walk(at, told, parse("1 t").kind)
            except BelowZero:
                break
            for move, amount, after in steps:
                seq, at = seq + 1, after
                entries.append(_entry(seq, year, move, amount, after))
            sums = year_sums(entries, year) or {}
            assert sums["closing"] == at.held >= 0
            assert sums["cumulative"] - sums["closing"] == sum(
                e.amount for e in entries if e.move in (ReserveMove.extracted, ReserveMove.lost)
            )
            following = (
                year_sums([*entries, _entry(seq + 1, year + 1, ReserveMove.lost, 0, at)], year + 1) or {}
            )
            assert following["opening"] == sums["closing"]


def _entry(seq, year, move, amount, after):
    return ReserveEntry(
        right_id=1, mineral=LIMESTONE, category=MEASURED, seq=seq, year=year, move=move, amount=amount,
        balance_after=after.held, cumulative_after=after.cumulative, unit="t", source="test",
        recorded_at=NOW,
    )  # fmt: skip
