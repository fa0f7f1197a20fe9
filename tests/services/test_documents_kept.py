"""Papers are kept: numbered without a gap, printed again only when they say something else, and checked."""

import hashlib
import zlib
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from registry.documents.models import Document
from registry.documents.queries import Wanted, by_number, documents, successor
from registry.documents.rules import NotCurrent, Order, number_in, read_order
from registry.documents.service import (
    check_digest,
    check_file,
    check_number,
    document_for,
    issue,
    kept_bytes,
    order_print,
    pdf_of,
    revoke,
)
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.vocabulary import DocumentKind, DocumentState, DocumentVerdict, Role
from registry.output.service import record
from registry.platform import files
from registry.platform.audit import AuditEntry, heads
from registry.platform.db import reader, transaction
from registry.settings import settings
from reports.frozen import freeze, thaw, with_paper
from reports.permit import PermitSheet
from tests.factories import CITY, COUNTY, cap, right, set_clock, world
from tests.reports.samples import PERMIT as SAMPLE
from tests.services.steps import order as output

MINE, PERMIT, OTHER = "SZ-2025-0001", "示例-SZ-2025-0001", "500101"
PEOPLE = {"jingban": (Role.clerk, COUNTY), "shenpi": (Role.approver, COUNTY), "shiju": (Role.municipal, CITY)}
INSPECTION = Order(DocumentKind.inspection, MINE, 2025)


def lay_out(sheet):
    """Return something like a PDF: the data of a paper in it, and nothing else."""
    return b"%PDF-1.7\nstream\n" + zlib.compress(freeze(sheet).encode())


@pytest.fixture
def book(fresh):
    """Give a book with a mine and some people."""
    with transaction(fresh) as session:
        world(session, date(2025, 6, 30), (COUNTY, OTHER))
        cap(session, "1000 万吨/年")
        right(session, MINE)
        for name, (role, region) in PEOPLE.items():
            add_user(session, SYSTEM, name, role, region)
    return fresh


def look(engine, number) -> Document:
    """Return a paper as it stands."""
    with reader(engine) as session:
        found = by_number(session, number)
        assert found is not None
        return found


def told(checked) -> tuple[DocumentVerdict, str | None]:
    """Return the verdict and the number of the paper that it is about."""
    return checked.verdict, checked.document.number if checked.document else None


def noted(session, act) -> list[tuple[str, str]]:
    """Return chain and record of every entry of an act."""
    return [(one.region, one.record) for one in session.exec(select(AuditEntry).where(AuditEntry.act == act))]


def dig(engine, month="2025-01", quantity="2 t"):
    """Record a return."""
    with transaction(engine) as session:
        record(session, SYSTEM, output(MINE, month, quantity))


def night(engine, day):
    """Let a day come."""
    with transaction(engine) as session:
        set_clock(session, day)


class TestPrinting:
    def test_it_keeps_data_bytes_and_who(self, book):
        number = issue(book, Order(DocumentKind.permit, PERMIT), "jingban", lay_out)
        found = look(book, number)
        assert number == "X240-文-2025-000001"
        assert (found.kind, found.subject, found.region, found.office) == ("permit", PERMIT, COUNTY, COUNTY)
        assert (found.actor, found.state, found.year) == ("jingban", DocumentState.current, 2025)
        content = kept_bytes(found)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (found.size, found.sha256)
        sheet = thaw(PermitSheet, found.data)
        assert lay_out(sheet) == content  # the data are the whole paper
        assert sheet.paper.number == number
        assert (sheet.paper.verify or "").endswith(f"/verify/{number}")

    def test_a_rights_own_number_prints_its_permit(self, book):
        number = issue(book, Order(DocumentKind.permit, MINE), None, lay_out)
        assert look(book, number).subject == PERMIT
        assert issue(book, Order(DocumentKind.permit, PERMIT), None, lay_out) == number

    def test_what_says_the_same_is_the_same_paper_also_on_another_day(self, book):
        orders = [Order(DocumentKind.permit, PERMIT), INSPECTION, Order(DocumentKind.cap_table, COUNTY, 2025)]
        first = [issue(book, order, None, lay_out) for order in orders]
        night(book, date(2025, 7, 1))
        assert [issue(book, order, None, lambda _: pytest.fail("printed")) for order in orders] == first

    def test_what_says_something_else_replaces_it(self, book):
        old = issue(book, INSPECTION, None, lay_out)
        dig(book)
        new = issue(book, INSPECTION, None, lay_out)
        assert [number[-6:] for number in (old, new)] == ["000001", "000002"]
        assert (look(book, old).state, look(book, new).state) == (
            DocumentState.replaced,
            DocumentState.current,
        )
        with reader(book) as session:
            later = successor(session, look(book, old))
            assert later is not None
            assert later.number == new
        assert issue(book, Order(DocumentKind.inspection, MINE, 2024), None, lay_out)[-6:] == "000003"
        assert look(book, new).state is DocumentState.current

    def test_a_new_year_begins_at_one(self, book):
        issue(book, INSPECTION, None, lay_out)
        night(book, date(2026, 1, 2))
        dig(book)
        assert issue(book, INSPECTION, None, lay_out) == "X240-文-2026-000001"

    def test_a_failed_print_gives_no_number(self, book, monkeypatch):
        def full(*_):
            raise files.FileUnwritable(file="x", reason="No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(files, "keep", full)
            with pytest.raises(files.FileUnwritable):
                issue(book, INSPECTION, None, lay_out)
        with pytest.raises(ZeroDivisionError):
            issue(book, INSPECTION, None, lambda _: b"" * (1 // 0))
        with reader(book) as session:
            assert documents(session, None, Wanted()).total == 0
        assert issue(book, INSPECTION, None, lay_out)[-6:] == "000001"

    def test_a_file_that_was_changed_on_disk_is_not_given_out(self, book):
        found = look(book, issue(book, INSPECTION, None, lay_out))
        path = settings().files_dir / found.sha256[:2] / found.sha256
        content = path.read_bytes()
        path.write_bytes(b"%PDF forged")
        with pytest.raises(files.FileDamaged):
            kept_bytes(found)
        files.keep(settings().files_dir, content)
        assert kept_bytes(found) == content

    def test_a_file_that_is_gone_is_laid_out_again_from_its_data(self, book):
        found = look(book, issue(book, INSPECTION, None, lay_out))
        content = kept_bytes(found)
        (settings().files_dir / found.sha256[:2] / found.sha256).unlink()
        assert issue(book, INSPECTION, None, lay_out) == found.number
        assert kept_bytes(found) == content

    def test_where_the_templates_have_changed_meanwhile_it_is_a_new_paper(self, book):
        found = look(book, issue(book, INSPECTION, None, lay_out))
        (settings().files_dir / found.sha256[:2] / found.sha256).unlink()
        number = issue(book, INSPECTION, None, lambda sheet: lay_out(sheet) + b"another frame")
        assert number[-6:] == "000002"
        assert look(book, found.number).state is DocumentState.replaced


class TestOffices:
    def test_the_municipal_officer_prints_for_the_municipality(self, book):
        """Line: `office_of`: neither the county's numbers nor its chain nor its papers are touched."""
        own = issue(book, INSPECTION, "jingban", lay_out)
        with reader(book) as session:
            before = {head.region: head.seq for head in heads(session)}
        dig(book)
        with reader(book) as session:
            dug = {head.region: head.seq for head in heads(session)}
        theirs = issue(book, INSPECTION, "shiju", lay_out)
        with reader(book) as session:
            after = {head.region: head.seq for head in heads(session)}
        assert theirs == "CQ-文-2025-000001"
        assert (look(book, theirs).region, look(book, theirs).office) == (COUNTY, CITY)
        assert look(book, own).state is DocumentState.current
        assert before[COUNTY] < dug[COUNTY] == after[COUNTY]
        assert after[CITY] == dug.get(CITY, 0) + 1

    def test_the_countys_print_is_noted_in_its_chain(self, book):
        number = issue(book, INSPECTION, "jingban", lay_out)
        with reader(book) as session:
            assert noted(session, "document.print") == [(COUNTY, number)]

    def test_nobody_prints_what_lies_elsewhere(self, book):
        with transaction(book) as session:
            add_user(session, SYSTEM, "elsewhere", Role.clerk, OTHER)
        with pytest.raises(NotFound):
            issue(book, INSPECTION, "elsewhere", lay_out)
        number = issue(book, INSPECTION, None, lay_out)
        with reader(book) as session:
            actor = actor_named(session, "elsewhere")
            with pytest.raises(NotFound):
                document_for(session, actor, number)
            assert document_for(session, actor_named(session, "shiju"), number).number == number


class TestOrdering:
    def test_it_enqueues_one_job_for_a_key(self, book):
        with transaction(book) as session:
            actor = actor_named(session, "jingban")
            first = order_print(session, actor, INSPECTION, "k")
            assert order_print(session, actor, INSPECTION, "k").id == first.id
            assert (first.region, first.given["subject"]) == (COUNTY, MINE)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            (("map", MINE, "2025"), "word_unknown"),
            (("inspection", "", "2025"), "field_missing"),
            (("inspection", MINE, ""), "not_a_year"),
            (("cap_table", COUNTY, "25"), "not_a_year"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, given, code):
        with pytest.raises(Invalid, match=code):
            read_order(*given)

    def test_a_permit_has_no_year(self):
        assert read_order("permit", PERMIT, "2025") == Order(DocumentKind.permit, PERMIT)


class TestChecking:
    def test_the_kept_bytes_are_genuine(self, book):
        number = issue(book, INSPECTION, None, lay_out)
        content = kept_bytes(look(book, number))
        with reader(book) as session:
            for checked in (
                check_number(session, number),
                check_file(session, content),
                check_file(session, content, number),
                check_digest(session, look(book, number).sha256, number),
            ):
                assert told(checked) == (DocumentVerdict.genuine, number)

    def test_one_changed_sign_is_altered(self, book):
        number = issue(book, INSPECTION, None, lay_out)
        content = kept_bytes(look(book, number)) + b" "
        with reader(book) as session:
            for checked in (check_file(session, content), check_file(session, content, number)):
                assert told(checked) == (DocumentVerdict.altered, number)

    def test_another_paper_of_ours_is_not_this_one(self, book):
        number = issue(book, INSPECTION, None, lay_out)
        other = issue(book, Order(DocumentKind.permit, PERMIT), None, lay_out)
        with reader(book) as session:
            checked = check_file(session, kept_bytes(look(book, other)), number)
        assert checked.verdict is DocumentVerdict.altered

    def test_what_is_not_ours_is_unknown(self, book):
        with reader(book) as session:
            assert check_file(session, b"%PDF-1.7").verdict is DocumentVerdict.unknown
            assert check_file(session, b"%PDF-1.7", "X240-文-2025-000009").verdict is DocumentVerdict.unknown
            assert check_number(session, "X240-文-2025-000009").verdict is DocumentVerdict.unknown

    def test_a_replaced_one_is_told_so(self, book):
        number = issue(book, INSPECTION, None, lay_out)
        content = kept_bytes(look(book, number))
        dig(book)
        issue(book, INSPECTION, None, lay_out)
        with reader(book) as session:
            assert check_file(session, content).verdict is DocumentVerdict.replaced

    @pytest.mark.parametrize(
        "content",
        [b"", b"stream\n", b"stream\nx\x9c", zlib.compress(b"x"), b"stream\n" + zlib.compress(b"X-2025")],
    )
    def test_a_spoilt_file_has_no_number(self, content):
        assert number_in(content) is None

    def test_a_file_that_unpacks_without_end_is_left_at_its_beginning(self):
        packed = zlib.compress(bytes(2**26) + b"X240-\xe6\x96\x87-2025-000001")
        assert number_in(b"stream\n" + packed) is None

    def test_a_number_is_found_in_a_real_paper(self):
        paper = replace(SAMPLE.paper, number="SZ-文-2026-000001")
        assert number_in(pdf_of(with_paper(SAMPLE, paper))) == "SZ-文-2026-000001"


class TestRevoking:
    def test_it_is_told_to_whoever_checks(self, book):
        number = issue(book, INSPECTION, None, lay_out)
        with transaction(book) as session:
            revoke(session, actor_named(session, "shenpi"), number, "用错印章")
        found = look(book, number)
        assert (found.state, found.reason) == (DocumentState.revoked, "用错印章")
        with reader(book) as session:
            assert check_file(session, kept_bytes(found)).verdict is DocumentVerdict.revoked
            assert noted(session, "document.revoke") == [(COUNTY, number)]
        assert issue(book, INSPECTION, None, lay_out)[-6:] == "000002"

    def test_it_takes_a_reason_a_role_and_a_paper_that_holds(self, book):
        number = issue(book, INSPECTION, None, lay_out)
        for name, reason, error in (
            ("jingban", "x", Forbidden),
            ("shiju", "x", Forbidden),
            ("shenpi", " ", Invalid),
        ):
            with pytest.raises(error), transaction(book) as session:
                revoke(session, actor_named(session, name), number, reason)
        for expected in (None, NotCurrent):
            with transaction(book) as session:
                if expected is None:
                    revoke(session, SYSTEM, number, "x")
                else:
                    with pytest.raises(expected):
                        revoke(session, SYSTEM, number, "x")


def test_a_list_is_filtered(book):
    numbers = [
        issue(book, order, None, lay_out)
        for order in (
            INSPECTION,
            Order(DocumentKind.permit, PERMIT),
            Order(DocumentKind.cap_table, CITY, 2024),
        )
    ]
    with reader(book) as session:

        def listed(regions=None, **wanted):
            return [one.number for one in documents(session, regions, Wanted(**wanted)).documents]

        assert listed() == numbers[::-1]
        assert listed(kind=DocumentKind.permit) == [numbers[1]]
        assert listed(year=2024) == [numbers[2]]
        assert listed(text="sz-2025-0001") == numbers[1::-1]
        assert listed(text="%") == []
        assert listed({COUNTY}) == numbers[1::-1]
        assert listed(state=DocumentState.replaced) == []
