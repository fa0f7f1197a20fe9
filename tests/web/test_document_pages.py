"""Pages of printed papers: ordered once, listed, given out as kept, checked by anybody."""

import re
from threading import Thread
from urllib.parse import quote, unquote

import pytest

from registry.documents.queries import by_number
from registry.documents.service import kept_bytes
from registry.identity.rules import SYSTEM
from registry.jobs import prints
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import DocumentState, JobState, Role
from registry.output.service import record
from registry.platform import clock, jobs
from registry.platform.db import reader, transaction
from registry.regions.queries import names
from registry.request import printing
from registry.web import verify
from registry.web.throttle import Throttle
from tests.factories import CITY, COUNTY, cap, right, world
from tests.services.steps import order as output
from tests.services.test_documents_kept import lay_out
from tests.web.signing import sign

MINE, OTHER = "SZ-2025-0001", "500101"
ORDER = {"kind": "inspection", "subject": MINE, "year": "2025", "key": "k1"}


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    """Lay nothing out, and count nobody's checks."""
    monkeypatch.setattr(prints, "print_sheet", lay_out)
    monkeypatch.setattr(verify, "_throttle", Throttle(most=1000, every=1))


def prepare(engine):
    """Give a book with a mine."""
    with transaction(engine) as session:
        world(session, counties=(COUNTY, OTHER))
        cap(session, "1000 万吨/年")
        right(session, MINE)


@pytest.fixture
def book(fresh):
    return fresh


@pytest.fixture
def clerk(book, client):
    return sign(book, client, "jingban", Role.clerk)


@pytest.fixture
def working(book, monkeypatch):
    """Let a worker do what is ordered; the night's work would raise alarms, which papers print."""
    monkeypatch.setattr("registry.jobs.worker.see_to_the_night", lambda _session: None)
    found = Worker(book)
    thread = Thread(target=found.run)
    thread.start()
    found.keep(clock.wall())
    yield found
    found.stopping.set()
    thread.join(30)


def printed(engine, clerk, **changes) -> str:
    """Order a print, let it be done, and return its number."""
    answer = clerk.post("/documents", ORDER | changes)
    number = int(answer.headers["location"].removeprefix("/jobs/"))
    Worker(engine).once(["print"])
    with reader(engine) as session:
        return str(jobs.get(session, number).outcome["document"])


def kept(engine, number):
    """Return a paper as it stands."""
    with reader(engine) as session:
        return by_number(session, number)


def dig(engine):
    """Record a return."""
    with transaction(engine) as session:
        record(session, SYSTEM, output(MINE, "2025-01", "2 t"))


class TestOrdering:
    def test_a_worker_that_is_there_brings_the_paper_itself(self, book, clerk, working):
        answer = clerk.post("/documents", ORDER)
        assert answer.status_code == 303
        assert unquote(answer.headers["location"]) == "/documents/X240-文-2025-000001"
        assert clerk.post("/documents", ORDER).headers["location"] == answer.headers["location"]
        assert (
            clerk.post("/documents", ORDER | {"key": "k2"}).headers["location"] == answer.headers["location"]
        )
        assert clerk.get(answer.headers["location"]).status_code == 200

    def test_without_one_nobody_waits(self, book, clerk):
        answer = clerk.post("/documents", ORDER)
        assert re.fullmatch("/jobs/[0-9]+", answer.headers["location"])
        assert clerk.post("/documents", ORDER).headers["location"] == answer.headers["location"]

    def test_patience_ends(self, book, clerk, monkeypatch):
        monkeypatch.setattr(printing, "PATIENCE", printing.PATIENCE / 10)
        with transaction(book) as session:
            jobs.tell_alive(session, "busy with something else", clock.wall())
        assert clerk.post("/documents", ORDER).headers["location"].startswith("/jobs/")

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"kind": "map"}, "种类"),
            ({"subject": ""}, "对象"),
            ({"year": "25"}, "年度"),
            ({"subject": "SZ-2025-0099"}, "SZ-2025-0099"),
            ({"kind": "cap_table", "subject": OTHER}, OTHER),
            ({"kind": "cap_table", "subject": "某某县"}, "某某县"),
            ({"kind": "progress", "subject": "", "edition": "13"}, "版次"),
            ({"kind": "municipal", "subject": COUNTY, "edition": "定报", "year": "2090"}, "尚未结束"),
        ],
    )
    def test_what_cannot_be_printed_comes_back_with_what_was_typed(self, book, clerk, changes, said):
        answer = clerk.post("/documents", ORDER | changes)
        assert answer.status_code in (404, 422)
        assert said in answer.text
        assert 'value="k1"' in answer.text
        typed = (ORDER | changes)["subject"]
        assert f'name="subject" type="text" value="{typed}"' in answer.text

    def test_a_region_is_named_by_code_or_name_and_ones_own_need_not_be(self, book, clerk):
        with reader(book) as session:
            name = names(session)[COUNTY]
        for number, subject in enumerate((COUNTY, name, " ")):
            order = {"kind": "cap_table", "subject": subject, "year": "2025", "key": f"r{number}"}
            assert clerk.post("/documents", order).headers["location"].startswith("/jobs/")
        with reader(book) as session:
            assert [job.given["subject"] for job in jobs.newest(session)] == [COUNTY, name, COUNTY]

    def test_another_order_under_the_same_key_is_not_printed(self, book, clerk):
        clerk.post("/documents", ORDER)
        answer = clerk.post("/documents", ORDER | {"year": "2024"})
        assert answer.status_code == 422
        with reader(book) as session:
            assert len(jobs.newest(session)) == 1

    def test_a_print_that_fails_says_why(self, book, clerk, monkeypatch):
        def full(_sheet):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(prints, "print_sheet", full)
        address = clerk.post("/documents", ORDER).headers["location"]
        Worker(book).once(["print"])
        with reader(book) as session:
            assert jobs.newest(session)[0].state is JobState.failed
        assert "No space left" in clerk.get(address).text


class TestPages:
    def test_the_list_finds_it(self, book, clerk):
        number = printed(book, clerk)
        for query in (
            "",
            "?kind=inspection",
            "?q=SZ-2025-0001",
            "?q=ＳＺ－2025－0001",
            "?year=2025",
            f"?q={quote(number)}",
            "?state=current",
        ):
            assert f'data-row="{number}"' in clerk.get(f"/documents{query}").text, query
        for query in ("?kind=permit", "?q=none", "?year=2024", "?state=revoked"):
            assert "data-row" not in clerk.get(f"/documents{query}").text, query
        assert clerk.get("/documents?kind=map").status_code == 422

    def test_the_file_is_the_kept_one_under_a_name_in_chinese(self, book, clerk):
        number = printed(book, clerk)
        answer = clerk.get(f"/documents/{number}.pdf")
        assert answer.content == kept_bytes(kept(book, number))
        assert answer.headers["content-type"] == "application/pdf"
        assert number in unquote(answer.headers["content-disposition"].partition("UTF-8''")[2])

    def test_it_tells_what_replaced_it(self, book, clerk):
        old = printed(book, clerk)
        dig(book)
        new = printed(book, clerk, key="k2")
        assert new in clerk.get(f"/documents/{old}").text
        assert old in clerk.get(f"/documents/{new}").text

    def test_another_county_finds_nothing_and_the_municipality_does(self, book, client, clerk):
        number = printed(book, clerk)
        abroad = sign(book, client, "elsewhere", Role.approver, OTHER)
        for path in ("", ".pdf"):
            assert abroad.get(f"/documents/{number}{path}").status_code == 404
        assert "data-row" not in abroad.get("/documents").text
        assert abroad.post(f"/documents/{number}/revoke", {"reason": "x"}).status_code == 404
        assert abroad.post("/documents", ORDER).status_code == 404
        assert (
            sign(book, client, "shiju", Role.municipal, CITY).get(f"/documents/{number}.pdf").status_code
            == 200
        )

    def test_an_approver_takes_it_back_with_a_reason(self, book, client, clerk):
        number = printed(book, clerk)
        approver = sign(book, client, "shenpi", Role.approver)
        assert "撤销这份文书" not in clerk.get(f"/documents/{number}").text
        assert clerk.post(f"/documents/{number}/revoke", {"reason": "x"}).status_code == 403
        assert approver.post(f"/documents/{number}/revoke", {"reason": ""}).status_code == 422
        assert kept(book, number).state is DocumentState.current
        assert approver.post(f"/documents/{number}/revoke", {"reason": "用错印章"}).status_code == 303
        assert "用错印章" in approver.get(f"/documents/{number}").text
        assert approver.post(f"/documents/{number}/revoke", {"reason": "x"}).status_code == 409


class TestVerifying:
    def test_each_state_is_told_to_anybody(self, book, client, clerk):
        old = printed(book, clerk)
        assert heading(client.get(f"/verify/{old}")) == "真实"
        dig(book)
        new = printed(book, clerk, key="k2")
        assert heading(client.get(f"/verify/{old}")) == "已替换"
        sign(book, client, "shenpi", Role.approver).post(f"/documents/{new}/revoke", {"reason": "秘密的理由"})
        assert heading(client.get(f"/verify/{new}")) == "已撤销"
        assert heading(client.get("/verify/X240-文-2025-000099")) == "未知"
        assert heading(client.get("/verify/<b>")) == "未知"

    def test_nothing_of_what_it_says_is_disclosed(self, book, client, clerk):
        number = printed(book, clerk)
        page = client.get(f"/verify/{number}").text
        assert "年检报告书" in page
        for secret in (MINE, "jingban", kept(book, number).sha256):
            assert secret not in page

    def test_a_file_is_compared(self, book, client, clerk):
        number = printed(book, clerk)
        content = kept_bytes(kept(book, number))
        for sent, told in ((content, "真实"), (content + b" ", "内容不符")):
            answer = client.post(f"/verify/{number}", files={"file": ("a.pdf", sent)})
            assert answer.status_code == 200
            assert heading(answer) == told
            assert answer.request.method == "GET"  # a reload sends nothing again

    def test_a_digest_is_compared(self, book, client, clerk):
        number = printed(book, clerk)
        digest = kept(book, number).sha256
        for sent, told in ((digest, "真实"), (f" {digest.upper()} ", "真实"), ("0" * 64, "内容不符")):
            assert heading(client.post(f"/verify/{number}", data={"digest": sent})) == told

    @pytest.mark.parametrize("digest", ["", "abc", "<script>", "g" * 64, "0" * 65])
    def test_what_is_no_digest_is_refused_at_its_field(self, book, client, clerk, digest):
        answer = client.post(f"/verify/{printed(book, clerk)}", data={"digest": digest})
        assert answer.status_code == 422
        assert "wrong-digest" in answer.text
        assert "<script>" not in answer.text.partition("<main")[2]

    def test_it_is_asked_gently(self, book, client, monkeypatch):
        monkeypatch.setattr(verify, "_throttle", Throttle(most=3, every=30))
        answers = [client.get("/verify/X-文-2025-000001") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert 0 < int(answers[3].headers["retry-after"]) <= 30


def heading(answer) -> str:
    """Return the word of the verdict."""
    found = re.search(r'id="verdict-title">.*?</span>([^<]+)</h2>', answer.text)
    return found[1] if found else ""


def test_ready_tells_that_no_worker_was_seen(book, client):
    assert "registry worker" in client.get("/readyz").json()["checks"]["worker"]
    assert client.get("/readyz").status_code == 200
    with transaction(book) as session:
        jobs.tell_alive(session, "worker", clock.wall())
    assert client.get("/readyz").json()["checks"]["worker"] == "ok"
