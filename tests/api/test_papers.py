"""Printed papers and the jobs that print them; a permit is printed when it is asked for."""

from hashlib import sha256
from urllib.parse import quote

import pytest

from registry.documents.rules import Order
from registry.documents.service import issue, order_print, revoke
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.jobs import prints
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import DocumentKind
from registry.platform import clock, jobs
from registry.platform.db import transaction
from registry.request import printing
from registry.settings import settings
from tests.api.calling import PDF
from tests.api.working import working
from tests.factories import COUNTY
from tests.services.test_documents_kept import lay_out

RIGHT, PERMIT = "SZ-2020-0001", "示例-SZ-2020-0001"
SHEET = f"/permits/{quote(PERMIT)}.pdf"
YEAR = Order(DocumentKind.inspection, RIGHT, 2025)


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    """Lay nothing out."""
    monkeypatch.setattr(prints, "print_sheet", lay_out)


@pytest.fixture
def worker(engine_of_book, monkeypatch):
    """Let a worker do what is ordered."""
    with working(engine_of_book, monkeypatch):
        yield


@pytest.fixture
def papers(engine_of_book) -> list[str]:
    """Give the numbers of three papers of the county: the sheets of two years and of a permit."""
    orders = (YEAR, Order(DocumentKind.inspection, RIGHT, 2024), Order(DocumentKind.permit, PERMIT))
    return [issue(engine_of_book, order, "jingban", lay_out) for order in orders]


class TestPapers:
    def test_the_newest_comes_first_over_pages(self, clerk, papers):
        whole = clerk.get("/documents").json()["items"]
        assert [one["number"] for one in whole] == papers[::-1]
        assert clerk.every("/documents", limit=1) == whole
        assert (whole[0]["subject"], whole[0]["kind"], whole[0]["state"]) == (PERMIT, "permit", "current")

    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ("kind=permit", 1), ("kind=inspection", 2), ("state=revoked", 0), ("year=2024", 1),
            (f"q={RIGHT}", 3), (f"region={COUNTY}", 3),
        ],
    )  # fmt: skip
    def test_filters(self, clerk, papers, asked, count):
        assert len(clerk.get(f"/documents?{asked}").json()["items"]) == count

    def test_one_and_what_became_of_it(self, clerk, papers, engine_of_book):
        with transaction(engine_of_book) as session:
            revoke(session, SYSTEM, papers[0], "示例")
        told = clerk.get(f"/documents/{papers[0]}").json()
        assert (told["state"], told["reason"], told["replaced_by"]) == ("revoked", "示例", None)

    def test_its_file(self, clerk, papers):
        answer = clerk.get(f"/documents/{papers[1]}.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, PDF)
        assert answer.content == lay_out_of(papers[1], clerk)

    def test_of_another_county_they_are_not_there(self, caller, papers):
        assert caller("linxian").get("/documents").json()["items"] == []
        assert caller("linxian").get(f"/documents/{papers[0]}").status_code == 404
        assert caller("linxian").get(f"/documents/{papers[0]}.pdf").status_code == 404
        assert caller("shiju").get(f"/documents/{papers[0]}.pdf").status_code == 200

    @pytest.mark.parametrize("number", ["x", "SZ-文-1999-000001", "..%2F..%2Fetc", "%00"])
    def test_what_is_not_there(self, clerk, number):
        for path in (f"/documents/{number}", f"/documents/{number}.pdf", f"/permits/{number}.pdf"):
            assert clerk.get(path).status_code in (404, 422)


def lay_out_of(number: str, clerk) -> bytes:
    """Return the bytes whose hash the paper tells."""
    told = clerk.get(f"/documents/{number}").json()
    content: bytes = clerk.get(f"/documents/{number}.pdf").content
    assert sha256(content).hexdigest() == told["sha256"]
    assert len(content) == told["size"]
    return content


class TestPermit:
    def test_it_is_printed_once_while_it_says_the_same(self, clerk, worker):
        first = clerk.get(SHEET)
        assert (first.status_code, first.headers["content-type"]) == (200, PDF)
        assert clerk.get(SHEET).content == first.content
        assert len(clerk.get("/documents?kind=permit").json()["items"]) == 1

    def test_a_right_gives_its_permit(self, clerk, papers):
        assert clerk.get(f"/permits/{RIGHT}.pdf").content == clerk.get(f"/documents/{papers[2]}.pdf").content

    def test_one_whose_file_is_gone_is_printed_again(self, clerk, papers, worker):
        told = clerk.get(f"/documents/{papers[2]}").json()
        path = settings().files_dir / told["sha256"][:2] / told["sha256"]
        path.unlink()
        answer = clerk.get(SHEET)
        assert (answer.status_code, answer.headers["content-type"]) == (200, PDF)

    def test_the_municipality_is_given_the_paper_of_the_county(self, caller, papers):
        assert caller("shiju").get(SHEET).content == caller("jingban").get(SHEET).content
        assert len(caller("shiju").get("/documents").json()["items"]) == 3

    def test_without_a_worker_it_is_for_later_and_nothing_is_ordered(self, clerk):
        answer = clerk.get(SHEET)
        assert (answer.status_code, answer.json()["code"]) == (503, "print_waiting")
        assert answer.headers["retry-after"] == "5"
        assert clerk.get("/jobs").json()["items"] == []

    def test_a_print_that_takes_long_is_for_later(self, clerk, engine_of_book, monkeypatch):
        monkeypatch.setattr(printing, "PATIENCE", printing.PATIENCE / 10)
        with transaction(engine_of_book) as session:
            jobs.tell_alive(session, "busy with something else", clock.wall())
        assert clerk.get(SHEET).json()["code"] == "print_waiting"
        assert len(clerk.get("/jobs?state=queued").json()["items"]) == 1

    def test_of_another_county_it_is_not_there(self, caller, papers):
        assert caller("linxian").get(SHEET).status_code == 404


def work_off(engine, ordered: list[int]) -> None:
    """Let a worker do every job."""
    for _ in ordered:
        Worker(engine).once(["print"])


class TestJobs:
    @pytest.fixture
    def ordered(self, engine_of_book) -> list[int]:
        """Give the numbers of three jobs, the last of which has failed."""
        found = []
        for year in (2023, 2024, 2025):
            with transaction(engine_of_book) as session:
                actor = actor_named(session, None if year == 2023 else "jingban")
                found.append(order_print(session, actor, Order(DocumentKind.inspection, RIGHT, year)).id or 0)
        return found

    def test_the_newest_comes_first_and_others_are_not_seen(self, caller, ordered):
        assert [one["id"] for one in caller("jingban").every("/jobs", limit=1)] == ordered[:0:-1]
        assert caller("shenhe").get("/jobs").json()["items"] == []
        assert [one["id"] for one in caller("guanli").every("/jobs", limit=1)] == ordered[::-1]
        assert caller("jingban").get(f"/jobs/{ordered[0]}").status_code == 404
        assert caller("linxian").get(f"/jobs/{ordered[1]}").status_code == 404

    def test_one_tells_how_far_it_is_and_what_came_of_it(self, clerk, engine_of_book, ordered):
        assert clerk.get(f"/jobs/{ordered[1]}").json()["state"] == "queued"
        work_off(engine_of_book, ordered)
        told = clerk.get(f"/jobs/{ordered[1]}").json()
        assert (told["state"], told["error"]) == ("done", None)
        assert clerk.get(f"/documents/{told['result']['document']}").status_code == 200

    def test_one_that_failed_says_why(self, clerk, engine_of_book, ordered, monkeypatch):
        def broken(_: object) -> bytes:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(prints, "print_sheet", broken)
        work_off(engine_of_book, ordered)
        told = clerk.get(f"/jobs/{ordered[2]}").json()
        assert (told["state"], told["error"]["code"]) == ("failed", "unexpected")
        assert "secret" not in told["error"]["message"]
