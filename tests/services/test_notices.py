"""Notices tell what the book holds, to whom it concerns, and are refused where there is nothing to tell."""

from datetime import date

import pytest

from registry.caps.service import judge_licensed
from registry.documents.rules import Order
from registry.documents.rules.notices import AlarmReceded, NoEnd, NotACapAlarm, NothingMissing
from registry.documents.service import order_print
from registry.documents.service.notices import (
    alarm_notice_data,
    missing_notice_data,
    reminder,
    renewal_notice_data,
    wording,
)
from registry.identity.rules import SYSTEM, Actor
from registry.kernel.errors import Invalid, NotFound
from registry.kernel.vocabulary import Confidence, DocumentKind, Role
from registry.output.service import open_duties
from registry.plans.queries import caps_over
from registry.platform.facts import set_fact
from registry.rights.queries import permits_of, right_by_number
from registry.wording import problem
from registry.workflows.missing_returns import missing_returns
from tests.factories import (
    COUNTY,
    LIMESTONE,
    QUARTZ,
    WATER,
    cap,
    line,
    mineral,
    permit,
    right,
    set_clock,
    world,
)
from tests.services.demands import commit, demand
from tests.services.steps import alarms, correct, tell

BIG, SMALL, IDLE, WELL, ABROAD = (
    "SZ-2025-0001",
    "SZ-2025-0002",
    "SZ-2025-0003",
    "SZ-2025-0004",
    "WZ-2025-0001",
)
NEIGHBOUR = "500101"
WORDS_OF_BLAME = ("违法", "违规", "非法", "处罚", "查处", "开采总量控制指标")


@pytest.fixture
def book(session):
    """Give a book of five rights under two caps, in January 2025."""
    world(session, date(2025, 1, 2), (COUNTY, NEIGHBOUR))
    cap(session, "100 矿石万吨/年")
    cap(session, "600 立方米/日", WATER, binding=False)
    for number, scale in ((BIG, "60 万吨/年"), (SMALL, "50 万吨/年"), (IDLE, "5 万吨/年")):
        right(session, number, scale=scale)
    right(session, WELL, WATER, scale=None, max_day="500 立方米/日")
    right(session, ABROAD, region=NEIGHBOUR)
    set_clock(session, date(2025, 4, 20))
    return session


def the_alarm(book, code, mineral=LIMESTONE):
    """Return the number of the one alarm of a code and mineral."""
    [found] = [alarm for alarm in alarms(book, code) if alarm.mineral == mineral]
    return found.id


class TestAlarmNotice:
    def test_at_eighty_percent_it_tells_cap_reading_share_and_mark(self, book):
        tell(book, BIG, "2025-01", "50 万吨")
        tell(book, SMALL, "2025-02", "30.5 万吨")
        notice = alarm_notice_data(book, the_alarm(book, "cap_near"))
        says = "".join(notice.letter.says)
        assert "100 矿石万吨/年" in says
        assert "截至 2025年2月28日" in says
        assert "累计开采 80.5 万吨，占该指标的 80.5%，达到 80% 的预警线" in says
        assert "约束性指标" in says
        facts = {fact.name: fact.value for fact in notice.facts}
        assert facts["规划数值"] == "100 矿石万吨/年"
        assert (facts["基准数值"], facts["属性"]) == ("1,000,000 t/年", "约束性")
        assert (facts["已开采"], facts["占指标"], facts["指标余量"]) == ("80.5 万吨", "80.5%", "19.5 万吨")
        assert notice.paper.data_through == date(2025, 2, 28)
        assert notice.letter.sender == f"县{COUNTY}规划和自然资源局"

    def test_it_goes_to_every_right_under_the_cap_and_to_none_outside(self, book):
        tell(book, BIG, "2025-01", "50 万吨")
        tell(book, SMALL, "2025-02", "30 万吨")
        tell(book, ABROAD, "2025-02", "3 万吨")
        notice = alarm_notice_data(book, the_alarm(book, "cap_near"))
        assert [(mine.right, mine.scale, mine.output, mine.share) for mine in notice.mines] == [
            (BIG, "60 万吨/年", "50 万吨", "83.3%"),
            (SMALL, "50 万吨/年", "30 万吨", "60.0%"),
            (IDLE, "5 万吨/年", None, None),
        ]

    def test_past_the_cap_it_tells_the_excess_and_blames_nobody(self, book):
        tell(book, BIG, "2025-01", "90 万吨")
        tell(book, SMALL, "2025-02", "10.0001 万吨")
        for code in ("cap_near", "cap_warning", "cap_exceeded"):
            notice = alarm_notice_data(book, the_alarm(book, code))
            told = "".join((*notice.letter.says, *notice.letter.asks, *notice.remarks))
            assert "超出指标 0.0001 万吨" in told
            assert not [word for word in WORDS_OF_BLAME if word in told + notice.paper.title]

    def test_an_expected_cap_of_days_tells_the_day_and_each_wells_part(self, book):
        tell(book, WELL, "2025-02-01", "618.4 立方米")
        notice = alarm_notice_data(book, the_alarm(book, "cap_exceeded", WATER))
        says = "".join(notice.letter.says)
        assert "2025年2月1日" in says
        assert "日开采量最高为 618.4 m³，占该指标的 103.1%，超出指标 18.4 m³" in says
        assert "预期性指标" in says
        [well] = notice.mines
        assert (well.most, well.day) == ("500 m³/日", "618.4 m³")

    def test_the_licensed_side_is_told_as_such(self, book):
        commit(book, demand("80 万吨"))
        judge_licensed(book, SYSTEM, COUNTY, LIMESTONE, BIG)
        notice = alarm_notice_data(book, the_alarm(book, "cap_near"))
        assert "已许可能力（含预占）最高为 80 万吨" in "".join(notice.letter.says)
        assert notice.paper.data_through == date(2025, 4, 20)

    def test_a_figure_carried_forward_says_so(self, book):
        set_clock(book, date(2026, 3, 5))
        tell(book, BIG, "2026-01", "80 万吨")
        said = "".join(alarm_notice_data(book, the_alarm(book, "cap_near")).letter.says)
        assert "规划期已满" in said
        assert "沿用" in said

    def test_an_amended_figure_is_told_with_its_own_document(self, session):
        world(session, date(2025, 4, 20))
        account = cap(session, "100 矿石万吨/年", years=(2021, 2024))
        line(session, account, "110 万吨/年", (date(2025, 1, 1), date(2025, 12, 31)), known=date(2025, 1, 3))
        right(session, BIG)
        tell(session, BIG, "2025-01", "111 万吨")
        said = "".join(alarm_notice_data(session, the_alarm(session, "cap_exceeded")).letter.says)
        assert "《示例调整》" in said
        assert "110 万吨/年" in said

    def test_limit_and_figure_are_of_one_moment(self, book):
        commit(book, demand("92.4 万吨"))
        judge_licensed(book, SYSTEM, COUNTY, LIMESTONE, BIG)
        [account] = [one for one in caps_over(book, [COUNTY]) if one.mineral == LIMESTONE]
        line(
            book, account, "110 矿石万吨/年", (date(2025, 4, 1), date(2025, 12, 31)), known=date(2025, 4, 20)
        )
        notice = alarm_notice_data(book, the_alarm(book, "cap_near"))  # not judged anew yet: it says 100
        facts = {fact.name: fact.value for fact in notice.facts}
        assert (facts["规划数值"], facts["基准数值"], facts["占指标"], facts["指标余量"]) == (
            "110 矿石万吨/年", "1,100,000 t/年", "84.0%", "17.6 万吨",
        )  # fmt: skip
        assert "占该指标的 84.0%，达到 80% 的预警线" in "".join(notice.letter.says)
        with pytest.raises(AlarmReceded):
            alarm_notice_data(book, the_alarm(book, "cap_warning"))

    def test_a_day_is_held_against_the_limit_of_that_day(self, book):
        tell(book, WELL, "2025-02-01", "618.4 立方米")
        [account] = [one for one in caps_over(book, [COUNTY]) if one.mineral == WATER]
        line(book, account, "700 立方米/日", (date(2025, 3, 1), date(2025, 12, 31)), known=date(2025, 4, 20))
        facts = {
            f.name: f.value for f in alarm_notice_data(book, the_alarm(book, "cap_exceeded", WATER)).facts
        }
        assert (facts["规划数值"], facts["占指标"], facts["超出指标"]) == (
            "600 立方米/日",
            "103.1%",
            "18.4 m³",
        )

    def test_another_kind_of_alarm_is_refused_with_what_is_accepted(self, book):
        tell(book, IDLE, "2025-01", "6 万吨")
        number = the_alarm(book, "permit_exceeded")
        for attempt in (alarm_notice_data, ordered):
            with pytest.raises(NotACapAlarm) as refused:
                attempt(book, number)
            told = problem(refused.value)["detail"]
            assert "超出许可生产规模" in told
            assert "接近总量调控指标、逼近总量调控指标、超出总量调控指标" in told

    def test_an_alarm_that_has_receded_is_refused(self, book):
        tell(book, BIG, "2025-01", "85 万吨")
        number = the_alarm(book, "cap_near")
        correct(book, BIG, "2025-01", "8.5 万吨")
        with pytest.raises(AlarmReceded):
            alarm_notice_data(book, number)
        with pytest.raises(AlarmReceded):
            ordered(book, number)

    def test_another_county_is_told_nothing(self, book):
        tell(book, BIG, "2025-01", "85 万吨")
        abroad = Actor("abroad", frozenset({(Role.clerk, NEIGHBOUR)}))
        with pytest.raises(NotFound):
            alarm_notice_data(book, the_alarm(book, "cap_near"), abroad)
        with pytest.raises(NotFound):
            alarm_notice_data(book, 10**9)


def ordered(book, number):
    """Order the notice of an alarm, as page and API do."""
    return order_print(book, SYSTEM, Order(DocumentKind.alarm_notice, str(number)))


class TestMissingNotice:
    @pytest.fixture
    def owing(self, book):
        """Give a book in which returns of January to March are late."""
        open_duties(book)
        tell(book, BIG, "2025-02", "1 万吨")
        return book

    def test_it_lists_the_periods_with_due_day_and_days_late(self, owing):
        notice = missing_notice_data(owing, BIG, 2025)
        assert [(one.month, one.what, one.due_on, one.late) for one in notice.lines] == [
            ("2025年1月", "月报", date(2025, 2, 10), 69),
            ("2025年3月", "月报", date(2025, 4, 10), 10),
        ]
        assert "共 2 份" in notice.letter.says[0]
        assert notice.letter.to == f"示例矿 {BIG}"

    def test_the_due_day_shows_that_no_text_fixes_it(self, owing):
        set_fact(owing, "return_due_day", "15")
        source = missing_notice_data(owing, BIG, 2025).source
        assert source.confidence is Confidence.d
        assert "次月 15 日" in source.text

    def test_a_well_is_reminded_of_its_days(self, owing):
        tell(owing, WELL, "2025-01-03", "1 立方米")
        january = missing_notice_data(owing, WELL, 2025).lines[0]
        assert january.what == "日报（1–2 日、4–31 日）"

    def test_letter_and_text_to_copy_are_one(self, owing):
        [mine] = missing_returns(owing, SYSTEM, right=BIG).mines
        told, notice = reminder(mine, date(2025, 4, 20), f"县{COUNTY}"), missing_notice_data(owing, BIG, 2025)
        assert (told.letter, told.lines) == (notice.letter, notice.lines)

    def test_only_the_year_that_was_asked_for(self, owing):
        set_clock(owing, date(2026, 3, 20))
        assert {one.month[:4] for one in missing_notice_data(owing, BIG, 2025).lines} == {"2025"}
        assert [one.month for one in missing_notice_data(owing, BIG, 2026).lines] == [
            "2026年1月",
            "2026年2月",
        ]

    def test_where_nothing_is_missing_it_is_refused_in_a_sentence(self, owing):
        for month in (1, 3):
            tell(owing, BIG, f"2025-{month:02d}", "1 万吨")
        for attempt in (
            lambda: missing_notice_data(owing, BIG, 2025),
            lambda: order_print(owing, SYSTEM, Order(DocumentKind.missing_notice, BIG, 2025)),
        ):
            with pytest.raises(NothingMissing) as refused:
                attempt()
            assert (
                problem(refused.value)["detail"] == f"{BIG} 2025 年到期应报的产量报表都已收到，没有需要催报的"
            )
            assert problem(refused.value)["status"] == 409


class TestRenewalNotice:
    def due(self, session, today):
        """Enter a right whose permit ends on 2025-12-31, and return its notice of a day."""
        world(session, today)
        right(session, BIG, valid=(date(2015, 1, 1), date(2025, 12, 31)))
        return renewal_notice_data(session, BIG)

    @pytest.mark.parametrize(
        ("today", "told"),
        [
            (date(2025, 9, 1), "申请截止日为 2025年12月1日。截至 2025年9月1日，距申请截止日还有 91 日"),
            (date(2025, 12, 1), "距申请截止日还有 0 日"),
            (date(2025, 12, 2), "已逾申请期 1 日"),
            (date(2025, 12, 31), "已逾申请期 30 日"),
            (date(2026, 1, 1), "有效期届满已 1 日"),
        ],
    )
    def test_it_counts_to_the_application_day(self, session, today, told):
        assert told in self.due(session, today).letter.says[0]

    def test_it_cites_what_it_rests_on_and_what_is_not_verified(self, session):
        bases = {one.what: one for one in self.due(session, date(2025, 9, 1)).bases}
        assert bases["国务院令第241号第七条"].confidence is Confidence.a
        assert bases["重庆市矿产资源管理条例第二十八条"].confidence is Confidence.a
        doubtful = bases["国务院令第839号"]
        assert doubtful.doubtful
        assert "尚未核实" in doubtful.text

    def test_the_notice_period_is_the_installations(self, session):
        world(session, date(2025, 9, 1))
        set_fact(session, "renewal_notice_days", "60")
        right(session, BIG, valid=(date(2015, 1, 1), date(2025, 12, 31)))
        notice = renewal_notice_data(session, BIG)
        assert "申请截止日为 2025年11月1日" in notice.letter.says[0]
        assert "60 日" in (notice.facts[-1].value or "")

    def test_the_permit_that_ends_last_counts(self, session):
        self.due(session, date(2025, 9, 1))
        permit(session, right_by_number(session, BIG), "示例-续", (date(2026, 1, 1), date(2030, 12, 31)))
        assert "2030年12月31日" in renewal_notice_data(session, BIG).letter.says[0]

    def test_without_an_end_it_is_refused(self, session):
        self.due(session, date(2025, 9, 1))
        key = right_by_number(session, BIG).id or 0
        permits_of(session, [key])[key][0].valid_to = None
        session.flush()
        for attempt in (
            lambda: renewal_notice_data(session, BIG),
            lambda: order_print(session, SYSTEM, Order(DocumentKind.renewal_notice, BIG)),
        ):
            with pytest.raises(NoEnd) as refused:
                attempt()
            assert "没有有效期止" in problem(refused.value)["detail"]


class TestWords:
    @pytest.mark.parametrize(
        "text", ["- 1", "missing: []", "missing: {title: 函}", "missing: {title: 函, opening: '{nobody}'}"]
    )
    def test_a_file_that_lacks_a_word_is_named(self, book, tmp_path, monkeypatch, text):
        path = tmp_path / "words.yaml"
        path.write_text(text, encoding="utf-8")
        monkeypatch.setattr(wording, "_FILE", path)
        open_duties(book)
        with pytest.raises(Invalid) as refused:
            missing_notice_data(book, BIG, 2025)
        assert refused.value.code == "file_unreadable"

    def test_a_mineral_without_a_figure_raises_no_alarm_of_a_cap(self, book):
        mineral(book, QUARTZ)
        cap(book, None, QUARTZ, binding=None)
        right(book, "SZ-2025-0009", QUARTZ)
        tell(book, "SZ-2025-0009", "2025-01", "1 万吨")
        with pytest.raises(NotACapAlarm):
            alarm_notice_data(book, the_alarm(book, "cap_missing", QUARTZ))
