"""Numbers of permits, rights and holders: read, doubted, refused, and never minted."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import Invalid
from registry.kernel.period import Day, Month
from registry.kernel.vocabulary import OperatingState, RightKind
from registry.parties.rules import check_character, parse_credit_code
from registry.registration import cells
from registry.registration.columns import DERIVED, HEADINGS, column_named, is_derived
from registry.rights.models import OperatingSpell, Permit
from registry.rights.rules import (
    current_permit,
    doubts,
    next_number,
    parse_permit_number,
    parse_right_number,
    permit_on,
    permit_touching,
    state_on,
)

SAMPLE = "C6400002019087110148436"  # a public notice of 2019: Ningxia, gypsum
NOW = datetime(2025, 1, 1, tzinfo=UTC)
REGIONS = {"500000", "500240", "640000"}


def number(text=SAMPLE):
    return parse_permit_number(text, demonstration=False)


class TestPermitNumber:
    def test_the_published_sample_is_taken_apart(self):
        found = number()
        assert (found.letter, found.authority, found.year, found.month, found.mineral_class) == (
            "C", "640000", 2019, 8, "7",
        )  # fmt: skip
        assert found.national
        assert not found.legacy

    def test_an_old_exploration_licence_has_eighteen_places(self):
        found = number("T50120090302000123"[:18])
        assert (found.legacy, found.authority, found.month, found.mineral_class) == (True, "50", 3, "02")

    def test_full_width_digits_are_read(self):
        assert number("Ｃ６４００００２０１９０８７１１０１４８４３６").text == SAMPLE

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("C64000020190871101484", "permit_number"),
            ("C64000020190871101484367", "permit_number"),
            ("D6400002019087110148436", "permit_number"),
            ("6400002019087110148436C", "permit_number"),
            ("C50012009030200012", "permit_number"),
            ("SZ-2025-0007", "permit_number"),
            ("", "permit_number"),
            ("C6400002019137110148436", "permit_month"),
            ("C6400002019007110148436", "permit_month"),
            ("SZ-草-2026-0001", "permit_draft"),
            ("示例-SZ-2025-0007", "permit_demonstration"),
        ],
    )
    def test_what_is_no_permit_number(self, text, code):
        with pytest.raises(Invalid) as refused:
            number(text)
        assert (refused.value.code, refused.value.field) == (code, "permit_no")

    def test_a_number_of_the_demonstration_is_local_and_only_for_demonstrations(self):
        found = parse_permit_number("示例-SZ-2025-0007", demonstration=True)
        assert not found.national

    def test_a_draft_is_no_permit_even_in_a_demonstration(self):
        with pytest.raises(Invalid, match="permit_draft"):
            parse_permit_number("SZ-草-2026-0001", demonstration=True)


class TestDoubts:
    def codes(self, text=SAMPLE, kind=RightKind.mining, mineral_class="8", issued=date(2019, 8, 7)):
        return [remark.code for remark in doubts(number(text), kind, mineral_class, issued, REGIONS)]

    def test_the_sample_is_beyond_doubt(self):
        assert self.codes() == []

    def test_nothing_refuses_a_national_number(self):
        found = self.codes("C1234562019097210148436", RightKind.exploration, "1", date(2019, 8, 31))
        assert found == ["permit_letter", "permit_month_late", "permit_authority", "permit_class"]

    def test_the_number_is_permanent_so_it_may_be_much_older_than_the_permit(self):
        assert self.codes(issued=date(2030, 1, 1)) == []

    def test_the_ministry_is_an_authority(self):
        assert self.codes("C1000002019087110148436") == []

    @pytest.mark.parametrize(
        ("mineral_class", "digit"),
        [("1", 1), ("2", 2), ("3", 3), ("4", 4), ("5", 5), ("6", 6), ("7", 6), ("8", 7), ("9", 8)],
    )
    def test_nine_classes_of_minerals_share_eight_digits(self, mineral_class, digit):
        fitting = f"C640000201908{digit}110148436"
        assert self.codes(fitting, mineral_class=mineral_class) == []
        other = f"C640000201908{digit % 8 + 1}110148436"
        assert self.codes(other, mineral_class=mineral_class) == ["permit_class"]

    def test_an_unknown_class_or_day_is_not_doubted(self):
        assert self.codes(mineral_class=None, issued=None) == []

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("T50120090302000123", []),
            ("T01120090302000123", []),
            ("T51120090302000123", ["permit_authority"]),
            ("T50120090303000123", ["permit_class"]),
            ("D50020090300000123", []),
        ],
    )
    def test_old_exploration_numbers(self, text, expected):
        assert self.codes(text, RightKind.exploration, "3", date(2010, 1, 1)) == expected

    def test_a_local_number_has_nothing_to_doubt(self):
        local = parse_permit_number("示例-SZ-2025-0007", demonstration=True)
        assert doubts(local, RightKind.mining, "1", None, REGIONS) == []


class TestRightNumber:
    def test_it_carries_the_letters_of_its_region(self):
        assert parse_right_number(" sz-2025-0007 ", "SZ") == "SZ-2025-0007"

    @pytest.mark.parametrize(
        "text",
        ["CQ-2025-0007", "SZ-25-0007", "SZ-2025-7", "SZ-2025-00007", "SZ-草-2026-0001", "SZ-1025-0007", ""],
    )
    def test_others_are_refused(self, text):
        with pytest.raises(Invalid, match="right_number"):
            parse_right_number(text, "SZ")

    def test_the_next_is_one_above_the_highest_even_when_some_are_free(self):
        assert next_number("SZ", 2025, []) == "SZ-2025-0001"
        assert next_number("SZ", 2025, ["SZ-2025-0003", "SZ-2025-0001", "SZ-规划-0009"]) == "SZ-2025-0004"
        assert next_number("SZ", 2025, ["SZ-2025-9999"]) == "SZ-2025-10000"


class TestCreditCode:
    def test_a_published_code_is_right(self):
        assert parse_credit_code("91350100M000100Y43") == "91350100M000100Y43"

    def test_small_letters_and_full_width_are_read(self):
        assert parse_credit_code(" ９1350100m000100y43 ") == "91350100M000100Y43"

    @pytest.mark.parametrize(
        "text", ["", "91350100M000100Y4", "91350100M000100Y433", "9135O100M000100Y43", "91350100I000100Y43"]
    )
    def test_another_shape(self, text):
        with pytest.raises(Invalid, match="credit_code_shape"):
            parse_credit_code(text)

    def test_a_wrong_check_character_names_the_right_one(self):
        with pytest.raises(Invalid) as refused:
            parse_credit_code("91350100M000100Y44")
        assert (refused.value.code, refused.value.accepted) == ("credit_code_check", "91350100M000100Y43")

    @given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 16), st.data())
    def test_one_character_misread_is_always_noticed(self, tail, place, data):
        first = f"91350100{tail}"
        wrong = data.draw(
            st.sampled_from([c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if c != first[place]])
        )
        assert check_character(first) != check_character(first[:place] + wrong + first[place + 1 :])


def permit(number, first, last=None):
    return Permit(right_id=1, number=number, national=False, valid_from=first, valid_to=last, recorded_at=NOW)


class TestPermits:
    first = permit("a", date(2015, 1, 1), date(2024, 12, 31))
    second = permit("b", date(2025, 1, 1), date(2034, 12, 31))

    def test_the_one_that_covers_the_whole_period(self):
        both = [self.first, self.second]
        assert permit_on(both, Month(2025, 1)) is self.second
        assert permit_on(both, Day(date(2024, 12, 31))) is self.first
        assert permit_on(both, Month(2035, 1)) is None

    def test_touching_is_enough_for_the_other(self):
        short = permit("c", date(2025, 1, 15))
        assert permit_on([short], Month(2025, 1)) is None
        assert permit_touching([short], Month(2025, 1)) is short

    def test_a_list_shows_the_newest_that_has_begun_else_the_first_to_come(self):
        both = [self.first, self.second]
        assert current_permit(both, date(2024, 6, 1)) is self.first
        assert current_permit(both, date(2040, 1, 1)) is self.second
        assert current_permit(both, date(2010, 1, 1)) is self.first
        assert current_permit([], date(2024, 1, 1)) is None


class TestStates:
    spells = [  # noqa: RUF012
        OperatingSpell(
            right_id=1, state=OperatingState.construction, since=date(2018, 6, 1), recorded_at=NOW
        ),
        OperatingSpell(right_id=1, state=OperatingState.producing, since=date(2019, 5, 1), recorded_at=NOW),
    ]

    @pytest.mark.parametrize(
        ("day", "state"),
        [
            (date(2018, 5, 31), None),
            (date(2018, 6, 1), OperatingState.construction),
            (date(2019, 4, 30), OperatingState.construction),
            (date(2030, 1, 1), OperatingState.producing),
        ],
    )
    def test_a_spell_lasts_until_the_next_begins(self, day, state):
        assert state_on(self.spells, day) is state

    def test_the_text_of_a_list(self):
        assert cells.spells("生产@2019-05-01；停产@2025/7/1") == (
            (OperatingState.producing, date(2019, 5, 1)),
            (OperatingState.stopped, date(2025, 7, 1)),
        )
        assert cells.spells("生产") == ((OperatingState.producing, None),)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("生产@2019-05-01;停产@2019-05-01", "states_unordered"),
            ("停产@2025-07-01;生产@2019-05-01", "states_unordered"),
            ("生产;停产@2025-07-01", "states_unordered"),
            ("挖矿@2019-05-01", "word_unknown"),
            ("生产@2019-02-30", "not_a_date"),
        ],
    )
    def test_texts_that_say_nothing(self, text, code):
        with pytest.raises(Invalid) as refused:
            cells.spells(text)
        assert (refused.value.code, refused.value.field) == (code, "state")


class TestCells:
    @pytest.mark.parametrize(
        "text", ["2025-07-14", "2025/7/14", "2025.07.14", "2025年7月14日", "2025-07-14 00:00:00"]
    )
    def test_days_as_offices_write_them(self, text):
        assert cells.day(text, "valid_from") == date(2025, 7, 14)

    @pytest.mark.parametrize("text", ["2025-13-01", "长期", "14/7/2025", "2025-7", "45852"])
    def test_no_day(self, text):
        with pytest.raises(Invalid, match="not_a_date"):
            cells.day(text, "valid_from")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("探明:12 万吨;探明资源量:3 万吨", "category_repeated"),
            ("探采:12 万吨", "word_unknown"),
            ("探明:12", "not_a_quantity"),
            ("探明:12 万吨/年", "rate_not_expected"),
            ("探明:-12 万吨", "negative"),
            ("探明", "not_a_quantity"),
            ("证实:1.00000000001 吨", "too_many_places"),
        ],
    )
    def test_reserves_that_cannot_be_read(self, text, code):
        with pytest.raises(Invalid) as refused:
            cells.reserves(text)
        assert (refused.value.code, refused.value.field) == (code, "reserves")

    def test_reserves_by_short_full_and_english_names(self):
        lines = cells.reserves("探明:12 万吨；可信储量：3万吨\ninferred:1 t")
        assert [(line.category.value, line.amount.base) for line in lines] == [
            ("measured", 12 * 10**10), ("probable", 3 * 10**10), ("inferred", 10**6),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("value", "unit", "code"),
        [
            ("260", "万吨", "rate_expected"),
            ("260", "担/年", "unit_unknown"),
            ("-260", "万吨/年", "negative"),
            ("260", "", "not_a_quantity"),
        ],
    )
    def test_scales_that_cannot_be_read(self, value, unit, code):
        with pytest.raises(Invalid) as refused:
            cells.rate(value, unit, "scale")
        assert refused.value.code == code

    def test_a_scale_in_one_cell_or_two(self):
        assert (
            cells.rate("260 万吨/年", "", "scale").quantity == cells.rate("260", "万吨/年", "scale").quantity
        )


class TestHeadings:
    def test_every_column_has_a_chinese_name_of_its_own(self):
        titles = [title for names in HEADINGS.values() for title in names]
        assert len(titles) == len(set(titles))
        assert all(HEADINGS.values())
        assert all(is_derived(title) and column_named(title) is None for title in DERIVED)

    def test_english_chinese_and_full_width_brackets(self):
        assert column_named("RIGHT_NO") == column_named("矿业权编号") == "right_no"
        assert column_named("矿区面积（km²）") == "area_km2"
        assert column_named("矿主") is None
