"""Facts of the register keep their sign, their places and their gaps when they are worded for paper."""

from datetime import date

import pytest

from registry.documents.rules import area, coordinates, depth, of_year, standing, term
from registry.kernel.display import base_rate
from registry.kernel.quantity import parse_rate
from registry.kernel.vocabulary import AlarmCode, CapPeriod


class TestWords:
    @pytest.mark.parametrize(
        ("first", "last", "told"),
        [
            (date(2019, 12, 19), date(2029, 12, 18), "10年，自2019年12月19日至2029年12月18日"),
            (date(2025, 1, 1), date(2027, 3, 31), "2年3个月，自2025年1月1日至2027年3月31日"),
            (date(2025, 1, 1), date(2025, 6, 30), "6个月，自2025年1月1日至2025年6月30日"),
            (date(2025, 1, 1), date(2026, 1, 14), "自2025年1月1日至2026年1月14日"),
            (None, date(2026, 1, 14), "自（未载）至2026年1月14日"),
            (None, None, None),
        ],
    )
    def test_a_term(self, first, last, told):
        assert term(first, last) == told

    def test_elevations_keep_their_sign(self):
        assert depth(-12_500, -300_000) == "由 -12.5 m 至 -300 m 标高"
        assert depth(0, None) == "由 0 m 至 （未载） 标高"
        assert depth(None, None) is None

    def test_an_area_keeps_what_is_known_of_it(self):
        assert area(399_000) == "0.3990 km²"
        assert area(399_021) == "0.399021 km²"
        assert area(None) is None

    def test_belts(self):
        assert coordinates(18) == "2000国家大地坐标系，6度带第18带"
        assert coordinates(None) == "2000国家大地坐标系"

    def test_base_figures_set_thousands_apart(self):
        assert base_rate(parse_rate("17.6 矿石万吨/年").quantity, CapPeriod.year) == "176,000 t/年"
        assert base_rate(parse_rate("600.5 立方米/日").quantity, CapPeriod.day) == "600.5 m³/日"

    def test_a_permit_not_yet_begun(self):
        assert standing(date(2026, 1, 1), None, date(2025, 12, 31)) == "尚未生效，2026年1月1日起"

    @pytest.mark.parametrize(
        ("code", "period", "raised", "belongs"),
        [
            (AlarmCode.cap_exceeded, "2025", date(2026, 1, 8), True),
            (AlarmCode.return_missing, "2025-12", date(2026, 1, 15), True),
            (AlarmCode.renewal_due, "2026-05-20", date(2025, 11, 20), True),
            (AlarmCode.cap_missing, None, date(2025, 1, 2), True),
            (AlarmCode.cap_exceeded, "2026", date(2026, 1, 8), False),
        ],
    )
    def test_the_year_an_alarm_belongs_to(self, code, period, raised, belongs):
        assert of_year(code, period, raised, 2025) is belongs
