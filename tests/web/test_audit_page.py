"""The audit page: who did what in one's own jurisdiction, in sentences, and heads that can be checked."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import event
from sqlmodel import col, select

from registry.identity.rules import SYSTEM
from registry.identity.service import add_user, make_token, set_active
from registry.kernel.vocabulary import Role
from registry.output.service import void
from registry.platform import audit
from registry.platform.audit import AuditEntry, note
from registry.platform.db import reader, transaction
from registry.web import audit as audit_page
from registry.workflows.audit_book import Wanted, find, sentences
from tests.factories import CITY, COUNTY, world
from tests.web.book import enter
from tests.web.reading import read

NEIGHBOUR = "500101"
RETURN = "SZ-2020-0001/建筑石料用灰岩/2025-02"


def prepare(engine):
    """A book with returns, alarms and commitments, and a neighbour who does something too."""
    enter(engine)
    with transaction(engine) as session:
        add_user(session, SYSTEM, "linli", Role.clerk, NEIGHBOUR)
        add_user(session, SYSTEM, "zhang", Role.clerk, COUNTY)


@pytest.fixture
def book(fresh):
    return fresh


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return read(answer.text)


def links(shown):
    return {a.get("href") for tag, a in shown.tags if tag == "a"}


class TestSentences:
    def test_say_who_did_what_and_lead_there(self, book, desk):
        shown = page(desk("shenji", Role.auditor).get("/audit?group=output"))
        [row] = [row for row in shown.rows.values() if "灰岩 2025-02" in row]
        assert "登记产量报表 SZ-2020-0001 建筑石料用灰岩 2025-02 ：51.6 万吨" in row
        assert any(link.startswith("/outputs/one/SZ-2020-0001/") for link in links(shown))

    def test_alarms_lead_to_their_page_with_their_figures(self, book, desk):
        shown = page(desk("shenji", Role.auditor).get("/audit?group=alarm"))
        text = " ".join(shown.rows.values())
        assert (
            "产生预警 “超出总量调控指标”（县500240 建筑石料用灰岩 已开采 2025） ，当时读数 101.6 万吨" in text
        )
        assert any(link.startswith("/alarms/") for link in links(shown))

    def test_capacity_is_told_in_the_unit_of_its_kind(self, book, desk):
        text = page(desk("shenji", Role.auditor).get("/audit?group=cap")).text
        assert "计入已许可能力：建筑石料用灰岩 60 万吨" in text
        assert "计入已许可能力：地热 500 m³" in text
        assert "预占能力：建筑石料用灰岩 15 万吨" in text

    def test_every_entry_of_the_demonstration_reads(self, demonstration):
        with reader(demonstration) as session:
            lines = sentences(session, find(session, None, Wanted(), 0, 5000))
        assert len(lines) > 1000
        for line in lines:
            assert "—" not in line.before + line.after or "—" in line.entry.text, line.sentence
            assert "None" not in line.sentence
            assert line.record or line.entry.act in ("catalogue.load", "user.sign_in")
        assert {line.entry.act for line in lines} >= {"right.import", "plan.import", "job.nightly"}

    def test_what_somebody_typed_stays_text(self, book, desk):
        with transaction(book) as session:
            make_token(session, SYSTEM, "zhang", "<script>alert(1)</script>{record}")
        answer = desk("shenji", Role.auditor).get("/audit?group=user")
        assert "<script>alert(1)" not in answer.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{record}" in answer.text

    def test_an_act_and_a_text_of_another_version_are_shown_as_they_are(self, book, desk):
        with transaction(book) as session:
            note(session, COUNTY, "zhang", "mine.closed", "SZ-1", why="x")
        with transaction(book) as session:
            entry = session.exec(select(AuditEntry).where(AuditEntry.act == "mine.closed")).one()
            entry.text = "[1]"
        assert "SZ-1 （mine.closed）" in page(desk("shenji", Role.auditor).get("/audit")).text

    def test_own_hand_and_others_are_told_apart(self, book, desk):
        with transaction(book) as session:
            set_active(session, SYSTEM, "zhang", active=False)
        rows = " ".join(page(desk("shenji", Role.auditor).get("/audit?group=user")).rows.values())
        assert "系统 停用账户 zhang" in rows
        assert "授予 zhang 经办岗位（县500240）" in rows

    def test_users_are_linked_for_whoever_may_open_them(self, book, desk):
        auditor = desk("shenji", Role.auditor)
        assert "/users/zhang" not in links(page(auditor.get("/audit?group=user")))
        with transaction(book) as session:
            add_user(session, SYSTEM, "shenji", Role.administrator, COUNTY)
        assert "/users/zhang" in links(page(auditor.get("/audit?group=user")))


class TestJurisdiction:
    def test_the_own_county_alone(self, book, desk):
        rows = page(desk("linshenji", Role.auditor, NEIGHBOUR).get("/audit")).rows
        assert rows
        assert all(row.startswith(f"{NEIGHBOUR}:") for row in rows)

    def test_of_the_municipality_all_and_each(self, book, desk):
        auditor = desk("shishenji", Role.auditor, CITY)
        every = page(auditor.get("/audit"))
        assert {row.partition(":")[0] for row in every.rows} >= {COUNTY, NEIGHBOUR}
        one = page(auditor.get(f"/audit?region={NEIGHBOUR}"))
        assert {row.partition(":")[0] for row in one.rows} == {NEIGHBOUR}

    def test_another_county_is_not_there(self, book, desk):
        auditor = desk("linshenji", Role.auditor, NEIGHBOUR)
        assert auditor.get(f"/audit?region={COUNTY}").status_code == 404
        assert auditor.get(f"/audit.xlsx?region={COUNTY}").status_code == 404

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.auditor])
    def test_is_for_auditors(self, book, desk, role):
        for address in ("/audit", "/audit.xlsx"):
            assert desk(role.value, role).get(address).status_code == 403

    def test_heads_of_others_are_neither_shown_nor_checked(self, book, desk):
        with reader(book) as session:
            heads = {head.region: f"{head.region}:{head.seq}:{head.hash}" for head in audit.heads(session)}
        auditor = desk("linshenji", Role.auditor, NEIGHBOUR)
        shown = auditor.get("/audit")
        assert heads[COUNTY] not in shown.text
        assert "不符" in auditor.get("/audit", params={"head": heads[COUNTY]}).text
        assert "相符" in desk("shenji", Role.auditor).get("/audit", params={"head": heads[COUNTY]}).text


class TestFilters:
    @pytest.mark.parametrize(("query", "sought", "other"), [
        ("actor=jingban", "jingban", "系统"), ("group=output", "产量报表", "预警"),
        ("record=2025-02", "2025-02", "授予"), ("from=2025-03-05&to=2025-03-05", "2025-03-05", "2025-02-05"),
        ("group=user&record=zhang", "zhang", "linli"),
    ])  # fmt: skip
    def test_narrow_the_trail(self, book, desk, query, sought, other):
        with transaction(book) as session:
            void(session, SYSTEM, RETURN, "报错矿山")
            note(session, COUNTY, "jingban", "user.sign_in", "jingban")
        rows = page(desk("shenji", Role.auditor).get(f"/audit?{query}")).rows
        assert rows
        assert all(sought in row or "“" in row for row in rows.values())
        assert not any(other in row for row in rows.values())

    @pytest.mark.parametrize("query", [
        "group=x", "from=2025-13-01", "to=x", "from=2025-03-02&to=2025-03-01", "page=0", "actor=%00",
        "record=" + "x" * 300,
    ])  # fmt: skip
    def test_what_cannot_be_asked_is_told(self, book, desk, query):
        auditor = desk("shenji", Role.auditor)
        assert auditor.get(f"/audit?{query}").status_code == 422
        if "page" not in query:
            assert auditor.get(f"/audit.xlsx?{query}").status_code == 422

    @pytest.mark.parametrize(
        "query", ["record=%25", "record=' OR 1=1", "actor=nobody", "page=999", "record=__"]
    )
    def test_nothing_found_is_told(self, book, desk, query):
        assert page(desk("shenji", Role.auditor).get(f"/audit?{query}")).rows == {}

    def test_fifty_on_a_page_the_newest_first(self, book, desk):
        with transaction(book) as session:
            for at in range(60):
                note(session, COUNTY, "zhang", "user.sign_in", "zhang", address=f"10.0.0.{at}")
        auditor = desk("shenji", Role.auditor)
        first = page(auditor.get("/audit?group=user&actor=zhang"))
        second = page(auditor.get("/audit?group=user&actor=zhang&page=2"))
        assert (len(first.rows), len(second.rows)) == (50, 10)
        numbers = [int(key.partition(":")[2]) for key in [*first.rows, *second.rows]]
        assert numbers == sorted(numbers, reverse=True)

    def test_costs_few_statements(self, book, desk):
        auditor = desk("shenji", Role.auditor)
        auditor.get("/audit")
        sent = []
        engine = auditor.client.app.state.engine
        event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: sent.append(text))
        shown = page(auditor.get("/audit"))
        assert any("预警" in row for row in shown.rows.values())
        assert any("能力" in row for row in shown.rows.values())
        assert len(sent) <= 12, "\n".join(sent)


class TestSheet:
    def rows(self, answer):
        assert "attachment" in answer.headers["content-disposition"]
        return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()

    def test_holds_what_was_asked_for_with_the_text_behind_each_hash(self, book, desk):
        rows = self.rows(desk("shenji", Role.auditor).get("/audit.xlsx?group=output"))
        head = rows.index(next(row for row in rows if row[0] == "时间"))
        told = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
        assert "筛选：产量报表" in str(rows[1][0])
        assert {row["类别"] for row in told} == {"产量报表"}
        with reader(book) as session:
            entry = session.exec(select(AuditEntry).where(AuditEntry.hash == told[0]["校验值"])).one()
        assert told[0]["原文"] == entry.text

    def test_is_cut_and_says_so(self, book, desk, monkeypatch):
        monkeypatch.setattr(audit_page, "MOST_ROWS", 5)
        monkeypatch.setattr(audit_page, "_BATCH", 2)
        rows = self.rows(desk("shenji", Role.auditor).get("/audit.xlsx"))
        assert "只列最近 5 条" in str(rows[2][0])
        head = rows.index(next(row for row in rows if row[0] == "时间"))
        assert len(rows) - head - 1 == 5


class TestHeads:
    def head(self, book):
        with reader(book) as session:
            [head] = [head for head in audit.heads(session) if head.region == COUNTY]
        return f"{head.region}:{head.seq}:{head.hash}"

    def test_are_shown_and_hold(self, book, desk):
        auditor = desk("shenji", Role.auditor)
        printed = self.head(book)
        assert printed in auditor.get("/audit").text
        with transaction(book) as session:
            note(session, COUNTY, "zhang", "user.sign_in", "zhang")
        assert "仍在审计链中" in auditor.get("/audit", params={"head": f" {printed} "}).text

    def test_of_a_trail_that_was_cut_or_written_anew_do_not(self, book, desk):
        auditor, printed = desk("shenji", Role.auditor), self.head(book)
        with transaction(book) as session:
            last = session.exec(
                select(AuditEntry).where(AuditEntry.region == COUNTY).order_by(col(AuditEntry.seq).desc())
            ).first()
            session.delete(last)
        assert "不符" in auditor.get("/audit", params={"head": printed}).text

    @pytest.mark.parametrize(
        "text", ["x", "500240:1", "500240:x:ab", "500240:1:zz", "500240:1:ab:c", "5" * 300, "²:²:²"]
    )
    def test_what_is_none_is_told_beside_the_field(self, book, desk, text):
        answer = desk("shenji", Role.auditor).get("/audit", params={"head": text})
        assert (answer.status_code, "不是审计链头" in answer.text) == (422, True)

    @pytest.mark.unprepared
    def test_an_empty_book_says_so(self, fresh, desk):
        with transaction(fresh) as session:
            world(session)
        auditor = desk("shenji", Role.auditor)
        assert "授予 shenji 审计岗位" in page(auditor.get("/audit")).text
        assert "没有符合条件的记录" in page(auditor.get("/audit?group=plan")).text
