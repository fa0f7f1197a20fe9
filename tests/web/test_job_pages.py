"""Pages of long work: found again by whoever ordered it, ended by them, hidden from others."""

from typing import Any

import pytest

from registry.identity.rules import SYSTEM
from registry.identity.service import remove_role
from registry.jobs.tasks import TASKS
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import JobState, Role
from registry.platform import clock, jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import running
from registry.regions.queries import region
from tests.factories import CITY, COUNTY, world
from tests.web.signing import enter_user, sign

OTHER = "500101"


@pytest.fixture
def book(fresh):
    """Give a book with two counties."""
    with transaction(fresh) as session:
        world(session, counties=(COUNTY, OTHER))
    return fresh


@pytest.fixture
def clerk(book, client):
    return sign(book, client, "jingban", Role.clerk)


def put(engine, actor="jingban", kind="nightly", **given):
    """Enqueue a job and return its number."""
    with transaction(engine) as session:
        return jobs.enqueue(session, kind, actor, **given).id


def look(engine, number):
    """Return a job as it stands."""
    with reader(engine) as session:
        return jobs.get(session, number)


class TestWhoSees:
    def test_everybody_their_own(self, book, client, clerk):
        number = put(book)
        assert f'data-row="{number}"' in clerk.get("/jobs").text
        assert clerk.get(f"/jobs/{number}").status_code == 200
        other = sign(book, client, "shenhe", Role.reviewer)
        assert f'data-row="{number}"' not in other.get("/jobs").text
        assert other.get(f"/jobs/{number}").status_code == 404
        assert other.post(f"/jobs/{number}/cancel").status_code == 404
        assert look(book, number).state is JobState.queued

    def test_an_administrator_those_about_the_jurisdiction_alone(self, book, client, clerk):
        numbers = [put(book, about=about) for about in ((COUNTY,), (OTHER,), (COUNTY, OTHER), ())]
        numbers.append(put(book, "system"))  # the night's work is on the whole book
        told = [
            (COUNTY, Role.administrator, [True, False, False, False, False]),
            (OTHER, Role.administrator, [False, True, False, False, False]),
            (CITY, Role.administrator, [True, True, True, True, True]),
            (CITY, Role.auditor, [False, False, False, True, True]),
            (COUNTY, Role.auditor, [False] * 5),
        ]
        for place, role, sees in told:
            desk = sign(book, client, f"{role}-{place}", role, place)
            assert [desk.get(f"/jobs/{number}").status_code == 200 for number in numbers] == sees
            assert [f'data-row="{number}"' in desk.get("/jobs").text for number in numbers] == sees
            ends = 403 if role is Role.auditor else 303  # who audits looks on
            for act in ("cancel", "repeat"):
                found = [desk.post(f"/jobs/{number}/{act}").status_code for number in numbers]
                assert found == [ends if seen else 404 for seen in sees]

    def test_who_only_looks_on_is_offered_no_end(self, book, client, clerk):
        number = put(book)
        auditor = sign(book, client, "shenji", Role.auditor, CITY)
        assert "取消任务" in clerk.get(f"/jobs/{number}").text
        assert "取消任务" not in auditor.get(f"/jobs/{number}").text
        auditor.post(f"/jobs/{number}/cancel")
        assert look(book, number).state is JobState.queued

    def test_a_region_is_called_by_its_name(self, book, clerk):
        with transaction(book) as session:
            given: dict[str, Any] = {"kind": "cap_table", "subject": COUNTY, "year": "2025"}
            number = jobs.enqueue(session, "print", "jingban", about=(COUNTY,), **given).id
            region(session, COUNTY).name = "示例县"
        for page in (clerk.get("/jobs").text, clerk.get(f"/jobs/{number}").text):
            assert "总量调控表 示例县 2025 年" in page

    def test_ones_own_as_long_as_one_has_a_role_in_all_it_is_about(self, book, client):
        both = sign(book, client, "dual", Role.clerk)
        enter_user(book, "dual", Role.clerk, OTHER)
        numbers = [put(book, "dual", about=about) for about in ((COUNTY,), (OTHER,), (COUNTY, OTHER))]
        assert [both.get(f"/jobs/{number}").status_code for number in numbers] == [200] * 3
        with transaction(book) as session:
            remove_role(session, SYSTEM, "dual", Role.clerk, COUNTY)
        assert [both.get(f"/jobs/{number}").status_code for number in numbers] == [404, 200, 404]
        assert [both.post(f"/jobs/{number}/cancel").status_code for number in numbers] == [404, 303, 404]

    def test_the_municipality_sees_only_its_own(self, book, client, clerk):
        number = put(book)
        assert sign(book, client, "shiju", Role.municipal, CITY).get(f"/jobs/{number}").status_code == 404

    @pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 30, "１"])
    def test_what_is_not_there(self, clerk, number):
        assert clerk.get(f"/jobs/{number}").status_code == 404


class TestProgress:
    def test_a_page_without_a_script_comes_again_until_it_is_over(self, book, clerk, monkeypatch):
        monkeypatch.setattr(running, "EVERY", 0)
        number, seen = put(book, kind="count"), []

        def task(job):
            job.progress(3, 8, "第三步")
            seen.append(clerk.get(f"/jobs/{number}").text)
            return {}

        monkeypatch.setitem(TASKS, "count", task)
        before = clerk.get(f"/jobs/{number}").text
        Worker(book).once(["count"])
        after = clerk.get(f"/jobs/{number}").text
        for page in (before, seen[0]):
            assert '<noscript><meta http-equiv="refresh"' in page
            assert "hx-trigger" in page
        assert "3／8" in seen[0]
        assert "第三步" in seen[0]
        assert "refresh" not in after
        assert "hx-trigger" not in after

    def test_it_says_when_nobody_works(self, book, clerk):
        number = put(book)
        assert "没有运行" in clerk.get(f"/jobs/{number}").text
        assert "没有运行" in clerk.get("/jobs").text
        with transaction(book) as session:
            jobs.tell_alive(session, "worker", clock.wall())
        assert "没有运行" not in clerk.get(f"/jobs/{number}").text

    def test_a_failure_is_told_in_words(self, book, clerk, monkeypatch):
        def task(_job):
            raise jobs.JobOver(job=7)

        monkeypatch.setitem(TASKS, "count", task)
        number = put(book, kind="count")
        Worker(book).once(["count"])
        assert "任务 7 已经结束" in clerk.get(f"/jobs/{number}").text


class TestEnding:
    def test_cancelled_and_done_again(self, book, clerk):
        number = put(book)
        answer = clerk.post(f"/jobs/{number}/cancel")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/jobs/{number}")
        assert look(book, number).state is JobState.cancelled
        assert "再办一次" in clerk.get(f"/jobs/{number}").text
        clerk.post(f"/jobs/{number}/repeat")
        assert look(book, number).state is JobState.queued

    def test_what_is_over_stays_as_it_is(self, book, clerk):
        number = put(book)
        Worker(book).once(["nightly"])
        for act in ("cancel", "repeat"):
            assert clerk.post(f"/jobs/{number}/{act}").status_code == 303
        assert look(book, number).state is JobState.done

    def test_a_form_of_another_site_ends_nothing(self, book, clerk):
        number = put(book)
        assert clerk.post(f"/jobs/{number}/cancel", {"csrf_token": "x"}).status_code == 403
        assert look(book, number).state is JobState.queued


def test_states_are_filtered_and_an_unknown_one_is_refused(book, clerk):
    first, second = put(book), put(book)
    clerk.post(f"/jobs/{first}/cancel")
    page = clerk.get("/jobs?state=cancelled").text
    assert f'data-row="{first}"' in page
    assert f'data-row="{second}"' not in page
    assert clerk.get("/jobs?state=lost").status_code == 422
    assert clerk.get("/jobs?page=x").status_code == 422
    assert clerk.get("/jobs?page=99").status_code == 200
