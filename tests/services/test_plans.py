"""Plans are loaded figure by figure; they change only by an amendment that two people made."""

from copy import deepcopy
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from registry.identity.rules import SYSTEM, Actor, SamePerson
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.lifecycle import WrongState
from registry.kernel.period import Day, Year
from registry.kernel.quantity import parse
from registry.kernel.vocabulary import CapPeriod, PlanState, RestrictionKind, Role
from registry.minerals.queries import catalogue, restrictions
from registry.plans.models import Cap, CapLine, Indicator, PlanDocument, PlannedRight, PlanReserve, PlanZone
from registry.plans.queries import caps_of, caps_over, documents, figure, lines_in, lines_of, public, rows_of
from registry.plans.rules import (
    CapKindDiffers,
    CapLinesOverlap,
    CapNotInPlan,
    PersonRequired,
    PlanAlreadyLoaded,
    read_amendment,
    read_plan,
)
from registry.plans.service import confirm_amendment, enter_amendment, import_plan, keep_scan
from registry.platform import clock
from registry.platform.audit import AuditEntry
from seed.catalogue import load_catalogue, read_seed
from tests.factories import set_clock

CITY, COUNTY, LIMESTONE = "500000", "500240", "建筑石料用灰岩"
COUNTY_PLAN, CITY_PLAN = "plans/shizhu-2021-2025.yaml", "plans/chongqing-2021-2025.yaml"
CLERK = Actor("jing", frozenset({(Role.clerk, COUNTY), (Role.approver, COUNTY)}))
APPROVER = Actor("shen", frozenset({(Role.approver, COUNTY)}))
AMENDMENT: dict[str, Any] = {
    "document": {
        "title": "关于调整建筑石料用灰岩开采总量的批复", "number": "某规资〔2025〕9号", "region": COUNTY,
        "level": "county", "valid_from": "2025-07-01", "valid_to": "2025-12-31",
        "amends": "石柱土家族自治县自然资源保护和利用“十四五”规划（2021—2025年）",
    },
    "clauses": [{"id": "第一条", "text": "调整为1300万吨/年"}],
    "caps": [
        {"mineral": LIMESTONE, "value": "1300", "unit": "万吨/年", "period": "year", "clause": "第一条"}
    ],
}  # fmt: skip

# 专栏11 and the two minerals that only the prose names: limit in t or m³, 约束性
COUNTY_CAPS = {
    ("铅矿", "year"): ("20", "矿石万吨/年", "200000 t", False),
    ("锌矿", "year"): ("2", "矿石万吨/年", "20000 t", False),
    ("水泥用灰岩", "year"): ("300", "矿石万吨/年", "3000000 t", True),
    ("建筑石料用灰岩", "year"): ("1200", "矿石万吨/年", "12000000 t", True),
    ("熔剂用灰岩", "year"): ("110", "矿石万吨/年", "1100000 t", False),
    ("饰面用灰岩", "year"): ("5", "矿石万立方米/年", "50000 m3", False),
    ("饰面用白云岩", "year"): ("10", "矿石万立方米/年", "100000 m3", False),
    ("水泥配料用砂岩", "year"): ("20", "矿石万吨/年", "200000 t", False),
    ("建筑用砂岩", "year"): ("130", "矿石万立方米/年", "1300000 m3", False),
    ("砖瓦用页岩", "year"): ("17.6", "矿石万吨/年", "176000 t", False),
    ("地热", "day"): ("600", "立方米/日", "600 m3", False),
    ("冶金用白云岩", "year"): (None, None, None, None),
    ("石英砂岩", "year"): (None, None, None, None),
}
CITY_CAPS = {
    ("地热", "day"): ("10", "万立方米/天", "100000 m3", None),
    ("水泥用灰岩", "year"): ("10000", "万吨/年", "100000000 t", None),
    ("建筑石料用灰岩", "year"): ("35900", "万吨/年", "359000000 t", None),
}
COUNTY_RESERVES = {
    "煤": ("0.7418", "0.7418", "74180000 t"), "铁矿": ("0.08817", "0.08817", "8817000 t"),
    "铅矿": ("44.0", "44.0", "440000 t"), "锌矿": ("8.5", "8.5", "85000 t"),
    "水泥用灰岩": ("8760", "7557", "75570000 t"), "建筑石料用灰岩": ("4204", "161238.5", "1612385000 t"),
    "玻璃用砂岩": ("12631", "12631", "126310000 t"), "水泥配料用砂岩": ("0", "201.5", "2015000 t"),
    "砖瓦用页岩": ("289", "160.7", "1607000 t"),
}  # fmt: skip


@pytest.fixture
def book(session):
    """A session in a book with its catalogue, on 2 January 2025."""
    load_catalogue(session)
    set_clock(session, date(2025, 1, 2))
    return session


def load(session, source: Any, actor: Actor = SYSTEM) -> PlanDocument:
    return import_plan(session, actor, read_plan(source, catalogue(session)))


def amend(session, source: Any = AMENDMENT, actor: Actor = CLERK) -> PlanDocument:
    return enter_amendment(session, actor, read_amendment(source, catalogue(session)))


def with_cap(source: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return source | {"caps": [source["caps"][0] | fields]}


def with_document(source: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return source | {"document": source["document"] | fields}


def printed(session, document: PlanDocument) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {
        (cap.mineral, cap.period.value): (
            line.printed_value, line.printed_unit,
            figure(cap, lines_of(session, [cap])[cap.id or 0], Year(2025)).limit, line.binding,
        )
        for cap, line in lines_in(session, document)
    }  # fmt: skip


def expected(table: dict[tuple[str, str], tuple[Any, ...]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {key: (v, u, limit and parse(limit), b) for key, (v, u, limit, b) in table.items()}


def limit_on(session, day: date, as_of: datetime | None = None) -> Any:
    """The limestone figure of one day, as known at a moment."""
    (cap,) = caps_over(session, [COUNTY], [LIMESTONE])
    return figure(cap, lines_of(session, [cap], as_of).get(cap.id or 0, []), Day(day)).limit


class TestTheTwoPlans:
    def test_the_county_caps_figure_by_figure(self, book):
        document = load(book, read_seed(COUNTY_PLAN))
        assert printed(book, document) == expected(COUNTY_CAPS)
        assert document.state is PlanState.adopted

    def test_the_municipal_caps_figure_by_figure(self, book):
        document = load(book, read_seed(CITY_PLAN))
        assert printed(book, document) == expected(CITY_CAPS)
        heat = next(line for cap, line in lines_in(book, document) if cap.mineral == "地热")
        assert (heat.printed_name, heat.approximate) == ("地热水", True)

    def test_the_reserves_figure_by_figure(self, book):
        rows = rows_of(book, PlanReserve, load(book, read_seed(COUNTY_PLAN)))
        assert len(rows) == 18
        for mineral, (in_2015, in_2020, base) in COUNTY_RESERVES.items():
            old, new = [r for r in rows if r.mineral == mineral]
            assert [(r.year, r.printed_value) for r in (old, new)] == [(2015, in_2015), (2020, in_2020)]
            assert new.amount == parse(base).base
        names = {r.printed_name for r in rows if r.printed_name}
        assert names == {"煤炭", "水泥用石灰岩"}

    def test_targets_zones_and_planned_rights(self, book):
        county, city = load(book, read_seed(COUNTY_PLAN)), load(book, read_seed(CITY_PLAN))
        targets = {(i.code, i.value, i.unit) for i in rows_of(book, Indicator, county)}
        assert {("mine_count", "55", "个"), ("green_mine_share", "48", "%")} <= targets
        assert ("mine_count", "1200", "个") in {
            (i.code, i.value, i.unit) for i in rows_of(book, Indicator, city)
        }
        assert len(rows_of(book, PlanZone, county)) == 4
        (planned,) = rows_of(book, PlannedRight, county)
        assert (planned.place, planned.count, planned.minerals) == ("鱼池—王家一带", 4, "石灰岩、砂岩")

    def test_restrictions_hold_in_every_county_while_the_plan_does(self, book):
        load(book, read_seed(CITY_PLAN))
        banned = restrictions(book, "汞矿", [COUNTY, CITY], date(2025, 6, 1))
        assert [(r.kind, r.printed_name, r.region) for r in banned] == [
            (RestrictionKind.prohibited, "汞", CITY)
        ]
        assert [r.kind for r in restrictions(book, "水泥用灰岩", [CITY], date(2025, 6, 1))] == [
            RestrictionKind.restricted
        ]
        assert restrictions(book, "汞矿", [CITY], date(2026, 1, 1)) == []

    def test_what_is_shown_is_what_was_printed(self, book):
        document = load(book, read_seed(COUNTY_PLAN))
        told, source = public(book, document), read_seed(COUNTY_PLAN)
        for section in ("clauses", "caps", "indicators", "reserves", "zones", "planned_rights", "notes"):
            assert len(told[section]) == len(source[section]), section
        limestone = next(c for c in told["caps"] if c["mineral"] == LIMESTONE)
        assert limestone["printed"] == {"value": "1200", "unit": "矿石万吨/年"}
        assert limestone["limit"] == {"value": "12000000", "unit": "t"}
        assert told["clauses"] == source["clauses"]
        assert told["notes"] == source["notes"]


class TestImport:
    def test_the_same_content_again_changes_nothing(self, book):
        first = load(book, read_seed(COUNTY_PLAN))
        assert load(book, read_seed(COUNTY_PLAN)).id == first.id
        assert len(documents(book)) == 1
        assert len(book.exec(select(CapLine)).all()) == 13
        book.commit()
        acts = book.exec(select(AuditEntry.act).where(col(AuditEntry.act).startswith("plan."))).all()
        assert list(acts) == ["plan.import"]

    def test_other_content_under_the_same_title_is_refused(self, book):
        source = read_seed(COUNTY_PLAN)
        load(book, source)
        other = deepcopy(source)
        other["caps"][3]["value"] = "1300"
        with pytest.raises(PlanAlreadyLoaded):
            load(book, other)

    def test_other_content_under_the_same_number_is_refused(self, book):
        source = read_seed(CITY_PLAN)
        load(book, source)
        with pytest.raises(PlanAlreadyLoaded) as caught:
            load(book, with_document(source, title="另一标题"))
        assert caught.value.facts["number"] == "渝府发〔2021〕44号"

    def test_a_cap_line_that_overlaps_another_documents_is_refused_with_its_clause(self, book):
        source = read_seed(COUNTY_PLAN)
        load(book, source)
        rival = with_document(
            source | {"caps": source["caps"][3:4]}, title="另一规划", valid_from="2025-01-01"
        )
        with pytest.raises(CapLinesOverlap) as caught:
            load(book, rival)
        assert caught.value.facts["cap"] == f"{COUNTY}/{LIMESTONE}/year"
        assert caught.value.facts["clause"] == "专栏11"
        assert caught.value.facts["document"] == source["document"]["title"]

    def test_the_next_plan_follows_on_the_same_caps(self, book):
        source = read_seed(COUNTY_PLAN)
        first = load(book, source)
        later = {"title": "下一轮规划", "valid_from": "2026-01-01", "valid_to": "2030-12-31"}
        second = load(book, with_document(source, **later))
        assert {c.id for c in caps_of(book, second)} == {c.id for c in caps_of(book, first)}
        assert len(book.exec(select(Cap)).all()) == 13
        assert limit_on(book, date(2026, 3, 1)) == parse("12000000 t")

    def test_a_cap_keeps_the_kind_it_has_been_measured_in(self, book):
        source = read_seed(COUNTY_PLAN)
        load(book, source)
        later = {"title": "下一轮规划", "valid_from": "2026-01-01", "valid_to": "2030-12-31"}
        cap = source["caps"][3] | {"unit": "万立方米/年"}
        with pytest.raises(CapKindDiffers):
            load(book, with_document(source | {"caps": [cap]}, **later))

    @pytest.mark.parametrize(
        ("fields", "code", "field"),
        [
            ({"region": "999999"}, "region_unknown", "document.region"),
            ({"level": "municipality"}, "level_differs", "document.level"),
        ],
    )
    def test_the_region_has_to_fit(self, book, fields, code, field):
        with pytest.raises(Invalid) as caught:
            load(book, with_document(read_seed(COUNTY_PLAN), **fields))
        assert (caught.value.code, caught.value.field) == (code, field)

    def test_who_may(self, book):
        chief = Actor("guan", frozenset({(Role.administrator, COUNTY)}))
        with pytest.raises(Forbidden):
            load(book, read_seed(COUNTY_PLAN), CLERK)
        with pytest.raises(NotFound):
            load(book, read_seed(CITY_PLAN), chief)
        assert load(book, read_seed(COUNTY_PLAN), chief).entered_by == "guan"


class TestAmendment:
    @pytest.fixture
    def plan(self, book):
        return load(book, read_seed(COUNTY_PLAN))

    def test_entering_changes_no_figure(self, book, plan):
        set_clock(book, date(2025, 6, 1))
        document = amend(book)
        assert (document.state, document.amends_id, document.confirmed_by) == (
            PlanState.entered,
            plan.id,
            None,
        )
        assert limit_on(book, date(2025, 8, 1)) == parse("12000000 t")
        ((_, line),) = lines_in(book, document)
        assert line.recorded_at is None

    def test_another_person_puts_it_in_force(self, book, plan):
        document = amend(book)
        set_clock(book, date(2025, 6, 10))
        confirmed = confirm_amendment(book, APPROVER, document.id or 0)
        assert (confirmed.state, confirmed.confirmed_by) == (PlanState.adopted, "shen")
        assert confirmed.confirmed_at == clock.now(book)
        assert limit_on(book, date(2025, 7, 1)) == parse("13000000 t")

    def test_nobody_confirms_what_they_entered(self, book, plan):
        document = amend(book)
        with pytest.raises(SamePerson):
            confirm_amendment(book, CLERK, document.id or 0)
        assert document.state is PlanState.entered

    def test_it_is_confirmed_once(self, book, plan):
        document = amend(book)
        confirm_amendment(book, APPROVER, document.id or 0)
        with pytest.raises(WrongState):
            confirm_amendment(book, APPROVER, document.id or 0)
        with pytest.raises(WrongState):
            confirm_amendment(book, APPROVER, plan.id or 0)

    def test_the_days_before_it_keep_the_old_figure(self, book, plan):
        confirm_amendment(book, APPROVER, amend(book).id or 0)
        assert limit_on(book, date(2025, 6, 30)) == parse("12000000 t")
        assert limit_on(book, date(2025, 7, 1)) == parse("13000000 t")
        (cap,) = caps_over(book, [COUNTY], [LIMESTONE])
        live = lines_of(book, [cap])[cap.id or 0]
        assert [(line.valid_from, line.valid_to) for line, _ in live] == [
            (date(2021, 1, 1), date(2025, 6, 30)),
            (date(2025, 7, 1), date(2025, 12, 31)),
        ]
        days = date(2025, 6, 30), date(2025, 7, 1)
        assert [figure(cap, live, Day(day)).clause for day in days] == ["专栏11", "某规资〔2025〕9号 第一条"]

    def test_a_change_for_a_while_gives_the_old_figure_back(self, book, plan):
        source = with_document(AMENDMENT, valid_from="2023-03-01", valid_to="2023-09-30")
        confirm_amendment(book, APPROVER, amend(book, source).id or 0)
        days = [date(2023, 2, 28), date(2023, 3, 1), date(2023, 9, 30), date(2023, 10, 1)]
        assert [limit_on(book, day) for day in days] == [
            parse(f"{wan} 万吨") for wan in (1200, 1300, 1300, 1200)
        ]

    def test_looking_back_finds_what_was_known_then(self, book, plan):
        set_clock(book, date(2025, 6, 1))
        document = amend(book)
        set_clock(book, date(2025, 6, 10))
        confirm_amendment(book, APPROVER, document.id or 0)
        ends = {day: clock.end_of_day(date(2025, 6, day)) for day in (1, 9, 10)}
        known = [limit_on(book, date(2025, 8, 1), ends[day]) for day in (1, 9, 10)]
        assert known == [parse("1200 万吨"), parse("1200 万吨"), parse("1300 万吨")]
        assert limit_on(book, date(2025, 8, 1), clock.end_of_day(date(2024, 12, 31))) is None
        (cap,) = caps_over(book, [COUNTY], [LIMESTONE])
        ((before, _),) = lines_of(book, [cap], ends[9])[cap.id or 0]
        assert before.valid_to == date(2025, 12, 31)

    def test_a_second_amendment_takes_over_from_the_first(self, book, plan):
        confirm_amendment(book, APPROVER, amend(book).id or 0)
        set_clock(book, date(2025, 9, 1))
        second = with_document(
            with_cap(AMENDMENT, value="1400"), number="某规资〔2025〕20号", valid_from="2025-10-01"
        )
        confirm_amendment(book, APPROVER, amend(book, second).id or 0)
        days = [date(2025, 6, 30), date(2025, 9, 30), date(2025, 10, 1)]
        assert [limit_on(book, day) for day in days] == [parse(f"{wan} 万吨") for wan in (1200, 1300, 1400)]

    def test_the_attribute_stays_where_the_amendment_prints_none(self, book, plan):
        ((_, line),) = lines_in(book, amend(book))
        assert line.binding is True
        other = with_document(with_cap(AMENDMENT, binding="预期性"), number="某规资〔2025〕10号")
        ((_, line),) = lines_in(book, amend(book, other))
        assert line.binding is False

    def test_a_mineral_without_figure_gets_one(self, book, plan):
        source = with_cap(AMENDMENT, mineral="石英砂岩", value="8", binding=False)
        confirm_amendment(book, APPROVER, amend(book, source).id or 0)
        (cap,) = caps_over(book, [COUNTY], ["石英砂岩"])
        assert figure(cap, lines_of(book, [cap])[cap.id or 0], Year(2025)).limit == parse("80000 t")

    def test_only_the_listed_caps_change(self, book, plan):
        confirm_amendment(book, APPROVER, amend(book).id or 0)
        superseded = book.exec(select(CapLine).where(col(CapLine.superseded_at).is_not(None))).all()
        assert [line.printed_value for line in superseded] == ["1200"]

    def test_the_same_content_again_is_the_same_document(self, book, plan):
        document = amend(book)
        assert amend(book).id == document.id
        confirm_amendment(book, APPROVER, document.id or 0)
        with pytest.raises(PlanAlreadyLoaded):
            amend(book, with_cap(AMENDMENT, value="1301"))

    @pytest.mark.parametrize(
        ("source", "refusal"),
        [
            (with_document(AMENDMENT, amends="没有的规划"), NotFound),
            (with_cap(AMENDMENT, mineral="煤"), CapNotInPlan),
            (with_cap(AMENDMENT, mineral="地热", unit="万立方米/年"), CapNotInPlan),
            (with_cap(AMENDMENT, unit="万立方米/年"), CapKindDiffers),
        ],
    )
    def test_what_does_not_fit_the_plan(self, book, plan, source, refusal):
        with pytest.raises(refusal):
            amend(book, source)

    def test_the_system_answers_for_nothing(self, book, plan):
        with pytest.raises(PersonRequired):
            amend(book, actor=SYSTEM)
        document = amend(book)
        with pytest.raises(PersonRequired):
            confirm_amendment(book, SYSTEM, document.id or 0)

    def test_who_may(self, book, plan):
        with pytest.raises(Forbidden):
            amend(book, actor=APPROVER)
        document = amend(book)
        with pytest.raises(Forbidden):
            confirm_amendment(book, Actor("li", frozenset({(Role.clerk, COUNTY)})), document.id or 0)
        with pytest.raises(NotFound):
            confirm_amendment(book, Actor("wai", frozenset({(Role.approver, "500101")})), document.id or 0)

    def test_a_daily_cap_can_be_amended_too(self, book, plan):
        source = with_cap(AMENDMENT, mineral="地热", value="700", unit="立方米/日", period="day")
        confirm_amendment(book, APPROVER, amend(book, source).id or 0)
        (cap,) = caps_over(book, [COUNTY], ["地热"])
        assert cap.period is CapPeriod.day
        lines = lines_of(book, [cap])[cap.id or 0]
        limits = [figure(cap, lines, Day(day)).limit for day in (date(2025, 6, 30), date(2025, 7, 1))]
        assert limits == [parse("600 m3"), parse("700 m3")]


class TestScan:
    @pytest.mark.parametrize(
        "content", [b"%PDF-1.7 a scan", b"\xff\xd8\xff\xe0 a photograph", b"\x89PNG\r\n\x1a\n a picture"]
    )
    def test_what_an_office_scans_is_kept_under_its_hash(self, tmp_path, content):
        digest = keep_scan(tmp_path, content)
        assert (tmp_path / digest[:2] / digest).read_bytes() == content

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "not_a_scan"),
            (b"MZ\x90", "not_a_scan"),
            (b"<svg onload=alert(1)>", "not_a_scan"),
            (b" %PDF-1.7", "not_a_scan"),
            (b"%PDF-" + b"x" * 20_000_000, "file_too_large"),
        ],
    )
    def test_anything_else_is_not(self, tmp_path, content, code):
        with pytest.raises(Invalid, match=code):
            keep_scan(tmp_path, content)
        assert list(tmp_path.iterdir()) == []
