"""What a return must say, and when it is due."""

from datetime import date

import pytest

from registry.kernel.errors import Invalid, SeveralInvalid
from registry.kernel.period import Day, Month, parse_period
from registry.kernel.quantity import LARGEST, Mass, Volume
from registry.output.rules import due_on, read_output, usual_if_far

LIMESTONE = "建筑石料用灰岩"
ROW = {"right_no": "SZ-2025-0007", "period": "2025-07", "quantity": "120.5", "unit": "千吨"}


class TestReading:
    def test_a_month(self):
        read = read_output({**ROW, "mineral": f" {LIMESTONE} ", "lost": "3", "note": "一号采区"})
        assert (read.right, read.period, read.mineral) == ("SZ-2025-0007", Month(2025, 7), LIMESTONE)
        assert read.written is not None
        assert (read.written.quantity, read.written.value) == (Mass(120_500_000_000), "120.5")
        assert read.lost is not None
        assert read.lost.quantity == Mass(3_000_000_000)
        assert (read.nil, read.note, read.correct, read.reason) == (False, "一号采区", False, None)

    def test_a_day_with_losses_in_another_unit(self):
        row = {
            **ROW,
            "period": "2025-07-14",
            "quantity": "600.001",
            "unit": "m³",
            "lost": "5",
            "lost_unit": "l",
        }
        read = read_output(row)
        assert read.period == Day(date(2025, 7, 14))
        assert read.written is not None
        assert read.lost is not None
        assert (read.written.quantity, read.lost.quantity) == (Volume(600_001), Volume(5))

    @pytest.mark.parametrize(
        "row",
        [
            {"nil": "1", "quantity": "", "unit": ""},
            {"nil": "是", "quantity": "0", "unit": "t"},
            {"nil": "零报", "quantity": ""},
            {"nil": "TRUE", "quantity": ""},
            {"quantity": "0"},
            {"quantity": "0.000", "nil": "否"},
        ],
    )
    def test_a_nil_return_is_said_so_or_is_a_zero(self, row):
        read = read_output({**ROW, **row})
        assert read.nil
        assert read.written is None or read.written.quantity.base == 0

    @pytest.mark.parametrize("missing", ["mineral", "note", "lost", "nil"])
    def test_what_may_be_missing(self, missing):
        assert getattr(read_output(ROW), missing) in (None, False)

    def test_a_correction_gives_its_reason(self):
        assert read_output(ROW, correct=True, reason=" 过磅单复核 ").reason == "过磅单复核"

    def test_a_note_of_several_lines_is_kept(self):
        assert read_output({**ROW, "note": "甲\r\n乙\n丙"}).note == "甲\n乙\n丙"
        assert read_output({**ROW, "note": "长" * 2000}).note == "长" * 2000

    @pytest.mark.parametrize(
        ("row", "code", "field", "value"),
        [
            ({"right_no": ""}, "field_missing", "right_no", ""),
            ({"right_no": "  "}, "field_missing", "right_no", ""),
            ({"period": ""}, "field_missing", "period", ""),
            ({"period": "2025"}, "not_a_period", "period", "2025"),
            ({"period": "2025-02-30"}, "not_a_period", "period", "2025-02-30"),
            ({"period": "9999-12-31"}, "not_a_period", "period", "9999-12-31"),
            ({"quantity": ""}, "field_missing", "quantity", ""),
            ({"unit": ""}, "field_missing", "unit", ""),
            ({"unit": "担"}, "unit_unknown", "unit", "担"),
            ({"unit": "千吨/年"}, "rate_not_expected", "unit", "千吨/年"),
            ({"quantity": "-3"}, "negative", "quantity", "-3"),
            ({"quantity": "1e3"}, "not_a_number", "quantity", "1e3"),
            ({"quantity": "12吨"}, "not_a_number", "quantity", "12吨"),
            ({"quantity": "١٢"}, "not_a_number", "quantity", "١٢"),
            ({"quantity": "0.0000000001"}, "too_many_places", "quantity", "0.0000000001 千吨"),
            ({"quantity": str(LARGEST)}, "overflow", "quantity", f"{LARGEST} 千吨"),
            ({"lost": "-1"}, "negative", "lost", "-1"),
            ({"lost": "1", "lost_unit": "斗"}, "unit_unknown", "lost_unit", "斗"),
            ({"lost": "1", "lost_unit": "t/d"}, "rate_not_expected", "lost_unit", "t/d"),
            ({"nil": "1"}, "nil_with_quantity", "nil", "120.5"),
            ({"nil": "maybe"}, "not_a_flag", "nil", "maybe"),
            ({"nil": "是", "quantity": "零"}, "not_a_number", "quantity", "零"),
            ({"note": "长" * 2001}, "too_long", "note", "长" * 120 + "…"),
            ({"mineral": "岩" * 2001}, "too_long", "mineral", "岩" * 120 + "…"),
            ({"note": "a\x00b"}, "control_character", "note", "a·b"),
            ({"right_no": "SZ\x00"}, "control_character", "right_no", "SZ·"),
            ({"note": "\ud800"}, "control_character", "note", "·"),
        ],
    )
    def test_what_cannot_be_read_names_field_and_value(self, row, code, field, value):
        with pytest.raises(Invalid) as refused:
            read_output({**ROW, **row})
        told = refused.value
        assert (told.code, told.field, told.value) == (code, field, value)
        assert told.accepted

    @pytest.mark.parametrize(
        ("row", "faults"),
        [
            (
                {"period": "2026-13", "quantity": "9", "unit": "箱"},
                [("period", "not_a_period"), ("unit", "unit_unknown")],
            ),
            (
                dict.fromkeys(ROW, ""),
                [(field, "field_missing") for field in ("right_no", "period", "quantity", "unit")],
            ),
            (
                {"right_no": "SZ\x00", "quantity": "x", "lost": "-1", "nil": "也许"},
                [
                    ("right_no", "control_character"), ("quantity", "not_a_number"), ("lost", "negative"),
                    ("nil", "not_a_flag"),
                ],
            ),
            (
                {"quantity": "1", "unit": "箱", "lost": "1", "nil": "是", "period": "7"},
                [("period", "not_a_period"), ("unit", "unit_unknown")],
            ),
        ],
    )  # fmt: skip
    def test_every_fault_is_told_once_per_field_in_the_order_of_the_fields(self, row, faults):
        with pytest.raises(SeveralInvalid) as refused:
            read_output({**ROW, **row})
        assert [(fault.field, fault.code) for fault in refused.value.faults] == faults

    def test_where_figure_and_unit_come_as_one_only_the_figure_is_missed(self):
        with pytest.raises(Invalid) as refused:
            read_output({"right_no": "SZ-2025-0007", "period": "2025-07"})
        assert (refused.value.code, refused.value.field) == ("field_missing", "quantity")

    @pytest.mark.parametrize("reason", [None, "", "  "])
    def test_a_correction_without_reason_is_refused(self, reason):
        with pytest.raises(Invalid) as refused:
            read_output(ROW, correct=True, reason=reason)
        assert (refused.value.code, refused.value.field) == ("field_missing", "reason")


class TestUsual:
    @pytest.mark.parametrize(
        ("quantity", "earlier", "usual"),
        [
            (100, [10, 10, 10], 10),
            (99, [10, 10, 10], None),
            (1, [10, 10, 10], 10),
            (2, [10, 10, 10], None),
            (1000, [10, 10], None),
            (1000, [10, 10, 0], None),
            (0, [10, 10, 10], None),
            (500, [10, 40, 60, 10_000], 50),
            (499, [10, 40, 60, 10_000], None),
            (5, [1, 40, 60, 1000], 50),
            (1000, [1, 2, 3, 4], 2),  # 2.5, rounded half-even
            (1000, [1, 3, 4, 5], 4),  # 3.5
            (60, [9, 1, 1000, 5, 6], 6),
            (59, [9, 1, 1000, 5, 6], None),
        ],
    )
    def test_a_figure_ten_times_or_a_tenth_of_the_median_is_far_from_it(self, quantity, earlier, usual):
        assert usual_if_far(quantity, earlier) == usual


class TestDue:
    @pytest.mark.parametrize(
        ("month", "day", "due"),
        [("2025-07", 10, "2025-08-10"), ("2025-12", 10, "2026-01-10"), ("2025-01", 28, "2025-02-28")],
    )
    def test_on_that_day_of_the_month_after(self, month, day, due):
        period = parse_period(month)
        assert isinstance(period, Month)
        assert due_on(period, day).isoformat() == due
