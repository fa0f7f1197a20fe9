"""Papers of a filter as one job: none printed twice, none left out in silence, one archive for equal ones."""

import csv
import hashlib
import io
import json
import os
import shutil
from datetime import date
from threading import Event, Thread
from zipfile import ZipFile

import pytest

from registry.alarms.queries import alarms
from registry.documents.queries import Wanted, documents
from registry.documents.rules import Order
from registry.documents.rules.batches import file_name
from registry.documents.service import batch_for, batches, issue, order_batch, order_print, read_batch
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.identity.service import add_user
from registry.jobs import batches as task
from registry.jobs import prints, worker
from registry.jobs.tasks import TASKS
from registry.jobs.worker import Worker
from registry.kernel.errors import Forbidden, Invalid, NotFound
from registry.kernel.vocabulary import AlarmCode, DocumentKind, JobState, OperatingState, Role
from registry.output.service import record
from registry.platform import files, jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import running
from registry.registration.rules import NotOnTheBooks
from registry.rights.queries import permits_of
from registry.settings import settings
from registry.wording import say
from reports.writing import ForeignResource
from tests.factories import CITY, COUNTY, cap, permit, right, spell, world
from tests.services.steps import order as output
from tests.services.test_documents_kept import lay_out

OTHER = "500101"
MINES = tuple(f"SZ-2025-{at:04d}" for at in range(1, 6))


@pytest.fixture
def book(fresh, monkeypatch, own_files):
    """Give a book of five mines, one of another county, one without a permit, one that a plan only names."""
    monkeypatch.setattr(running, "EVERY", 0)
    monkeypatch.setattr(task, "print_sheet", lay_out)
    with transaction(fresh) as session:
        world(session, date(2025, 6, 30), (COUNTY, OTHER))
        cap(session, "1000 万吨/年")
        found = [right(session, number) for number in MINES]
        found[3].region = OTHER
        for key in (found[2].id, found[4].id):
            session.delete(permits_of(session, [key or 0])[key or 0][0])
        found[4].counted = False
        for name, role, region in (
            ("jingban", Role.clerk, COUNTY), ("linxian", Role.clerk, OTHER), ("shiju", Role.municipal, CITY),
            ("guan", Role.administrator, COUNTY),
        ):  # fmt: skip
            add_user(session, SYSTEM, name, role, region)
    return fresh


def order(engine, kind="inspection", who="jingban", year="2025", **filters) -> int:
    """Order a batch and return the number of its job."""
    with transaction(engine) as session:
        actor = actor_named(session, who)
        return order_batch(session, actor, read_batch(session, actor, kind, year, filters)).id or 0


def look(engine, number):
    """Return a job as it stands."""
    with reader(engine) as session:
        return jobs.get(session, number)


def made(engine, number):
    """Let a batch be done, and return its archive: names with their bytes, in their order."""
    assert Worker(engine).once(["batch"])
    job = look(engine, number)
    assert job.state is JobState.done, job.error_code
    return archive(job)


def archive(job) -> dict[str, bytes]:
    """Return the archive of a job that is done."""
    with ZipFile(files.whole(settings().files_dir, job.outcome["archive"])) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def count(engine) -> int:
    """Return how many papers there are."""
    with reader(engine) as session:
        return documents(session, None, Wanted()).total


class TestWhatIsFound:
    def test_the_rights_of_the_filter_within_the_jurisdiction(self, book):
        with reader(book) as session:
            found = {
                who: read_batch(session, actor_named(session, who), "inspection", "2025", {}).subjects
                for who in ("jingban", "linxian", "shiju")
            }
            county = actor_named(session, "jingban")
            one = read_batch(
                session, county, "年检报告书", "2025", {"q": "0002", "mineral": "建筑石料用灰岩"}
            )
        assert found == {
            "jingban": (*MINES[:3], MINES[4]), "linxian": (MINES[3],), "shiju": (*MINES[:4], MINES[4])
        }  # fmt: skip
        assert (one.subjects, one.year, one.regions) == ((MINES[1],), 2025, (COUNTY,))
        assert [(o.kind, o.subject, o.year) for o in one.orders] == [("inspection", MINES[1], 2025)]

    def test_permits_by_their_numbers_and_the_rights_without_one_apart(self, book):
        with reader(book) as session:
            found = read_batch(session, actor_named(session, "jingban"), "permit", "", {})
        assert found.subjects == (f"示例-{MINES[0]}", f"示例-{MINES[1]}", MINES[4])
        assert (found.absent, found.year) == ((MINES[2],), None)

    @pytest.mark.parametrize(
        ("kind", "year", "filters", "code"),
        [
            ("cap_table", "2025", {}, "word_unknown"),
            ("", "2025", {}, "word_unknown"),
            ("inspection", "", {}, "not_a_year"),
            ("inspection", "2025", {"state": "睡着"}, "word_unknown"),
            ("inspection", "2025", {"q": "没有"}, "batch_empty"),
            ("alarm_notice", "", {}, "batch_empty"),
            ("alarm_notice", "", {"state": "生产"}, "filter_unfit"),
        ],
    )
    def test_what_cannot_be_ordered_is_refused_at_once(self, book, kind, year, filters, code):
        with reader(book) as session, pytest.raises(Invalid) as refused:
            read_batch(session, actor_named(session, "jingban"), kind, year, filters)
        assert refused.value.code == code

    def test_reminders_go_to_whom_one_is_due_unless_the_filter_says_otherwise(self, book):
        with transaction(book) as session:
            for number, last in (("SZ-2020-0001", date(2025, 9, 30)), ("SZ-2020-0002", date(2025, 1, 31))):
                right(session, number, valid=(date(2020, 1, 1), last))
            renewed = right(session, "SZ-2020-0003", valid=(date(2020, 1, 1), date(2025, 6, 15)))
            permit(session, renewed, "示例-续", (date(2025, 8, 1), date(2035, 7, 31)))
            closing = right(session, "SZ-2020-0004", valid=(date(2020, 1, 1), date(2025, 5, 31)))
            spell(session, closing, OperatingState.closing, date(2024, 1, 1))
            clerk = actor_named(session, "jingban")
            found = read_batch(session, clerk, "renewal_notice", "", {})
            assert (found.subjects, found.absent) == (("SZ-2020-0001", "SZ-2020-0002"), ())
            for standing, subjects in (
                ("expired", ("SZ-2020-0002", "SZ-2020-0003", "SZ-2020-0004")),
                ("valid", ("SZ-2025-0001", "SZ-2025-0002")),
            ):
                assert (
                    read_batch(session, clerk, "renewal_notice", "", {"permit": standing}).subjects
                    == subjects
                )
            with pytest.raises(Invalid) as refused:
                read_batch(session, clerk, "renewal_notice", "", {"q": MINES[0]})
            assert (refused.value.code, refused.value.field) == ("batch_empty", "kind")

    def test_open_alarms_of_caps_for_notices(self, book):
        with transaction(book) as session:
            record(session, SYSTEM, output(MINES[0], "2025-01", "950 万吨"))
        with reader(book) as session:
            codes = {str(one.id): one.code for one in alarms(session)}
            county, other = actor_named(session, "jingban"), actor_named(session, "linxian")
            found = read_batch(session, county, "alarm_notice", "", {"mineral": "建筑石料用灰岩"})
            assert sorted(codes[one] for one in found.subjects) == [AlarmCode.cap_near, AlarmCode.cap_warning]
            assert found.regions == (COUNTY,)
            for actor, mineral in ((county, "地热"), (other, "建筑石料用灰岩")):
                with pytest.raises(Invalid, match="batch_empty"):
                    read_batch(session, actor, "alarm_notice", "", {"mineral": mineral})
            for kind in ("alarm_notice", "permit"):
                with pytest.raises(Invalid, match="mineral_unknown"):
                    read_batch(session, county, kind, "", {"mineral": "铅矿"})

    def test_too_many_at_once_say_how_many_there_are(self, book, monkeypatch):
        monkeypatch.setattr(batches, "MOST", 3)
        with reader(book) as session, pytest.raises(Invalid) as refused:
            read_batch(session, actor_named(session, "jingban"), "inspection", "2025", {})
        assert (refused.value.code, refused.value.value, refused.value.accepted) == (
            "batch_too_large",
            "4",
            "≤ 3",
        )

    def test_nothing_beyond_the_jurisdiction_and_nothing_without_a_role(self, book):
        with reader(book) as session:
            with pytest.raises(NotFound):
                read_batch(session, actor_named(session, "jingban"), "inspection", "2025", {"region": OTHER})
            nobody = actor_named(session, "jingban").__class__("niemand", frozenset())
            with pytest.raises(Forbidden):
                read_batch(session, nobody, "inspection", "2025", {})


class TestTheArchive:
    def test_every_paper_is_in_it_or_named_with_a_reason(self, book):
        found = made(book, number := order(book, "permit"))
        job, names = look(book, number), list(found)
        assert names[:2] == ["manifest.csv", "manifest.json"]
        assert names[2:] == sorted(names[2:])
        told = json.loads(found["manifest.json"])
        assert (told["kind"], told["year"], told["filters"]) == ("permit", None, {})
        for one in told["papers"]:
            content = found[one["file"]]
            assert one["file"] == f"{one['number']} {one['title']}.pdf"
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (one["sha256"], one["size"])
        reasons = {one["subject"]: one["reason"] for one in told["refused"]}
        named = say(
            NotOnTheBooks.code,
            {"field": "right_no", "value": MINES[4], "accepted": "登记在册的矿业权，如 SZ-2025-0007"},
        )
        assert reasons == {MINES[2]: say("not_found", {"what": "permit", "value": MINES[2]}), MINES[4]: named}
        assert (job.outcome["papers"], job.outcome["refused"], job.done, job.total) == (2, 2, 4, 4)
        rows = list(csv.reader(io.StringIO(found["manifest.csv"].decode("utf-8-sig"))))
        assert [len(row) for row in rows] == [8] * 5
        assert [row[0] for row in rows[1:]] == [one["number"] for one in told["papers"]] + ["", ""]
        assert [row[-1] for row in rows[1:]] == ["", "", *(reasons[row[2]] for row in rows[3:])]

    def test_equal_papers_give_the_same_archive_and_what_has_changed_another(self, book):
        first, second = order(book), order(book)
        made(book, first)
        papers = count(book)
        made(book, second)
        assert count(book) == papers
        assert look(book, first).outcome == look(book, second).outcome
        with transaction(book) as session:
            record(session, SYSTEM, output(MINES[0], "2025-01", "2 t"))
        third = order(book)
        made(book, third)
        assert count(book) == 2 * papers  # the cap above it stands in every one of them
        assert look(book, third).outcome["archive"] != look(book, first).outcome["archive"]

    def test_names_are_safe_on_every_system(self):
        assert file_name("SZ-文-2025-000318", "年检 表") == "SZ-文-2025-000318 年检 表.pdf"
        bad = file_name("SZ-文-2025-000318", '../..\\甲:"乙"\n|丙?*<丁>\x00 . ')
        assert bad == "SZ-文-2025-000318 .. .. 甲 乙 丙 丁.pdf"
        long = file_name("SZ-文-2025-000318", "长" * 500)
        assert len(long.encode()) <= 184
        assert long.endswith("长.pdf")

    def test_it_is_seen_by_whoever_sees_the_job_and_all_that_is_in_it(self, book):
        home, both = order(book), order(book, who="shiju")
        with transaction(book) as session:
            add_user(session, SYSTEM, "shiju", Role.clerk, COUNTY)  # so that the county administers them too
            guan = actor_named(session, "guan")
            assert batch_for(session, guan, home)[0].id == home
            for who, number in (("linxian", home), ("guan", both), ("guan", 99)):
                with pytest.raises(NotFound):
                    batch_for(session, actor_named(session, who), number)
            night = jobs.enqueue(session, "nightly", "guan").id or 0
            with pytest.raises(NotFound):
                batch_for(session, guan, night)


class TestTrouble:
    def test_cancelled_it_ends_between_two_papers_and_goes_on_later(self, book, monkeypatch):
        number = order(book)

        def then_cancel(sheet):
            with transaction(book) as session:
                jobs.cancel(session, number)
            return lay_out(sheet)

        monkeypatch.setattr(task, "print_sheet", then_cancel)
        Worker(book).once(["batch"])
        job = look(book, number)
        assert (job.state, job.done, job.total, job.outcome) == (JobState.cancelled, 1, 4, {})
        assert count(book) == 1
        with transaction(book) as session:
            jobs.again(session, number)
        monkeypatch.setattr(task, "print_sheet", lay_out)
        found = made(book, number)
        assert [name[:17] for name in found if name.endswith(".pdf")] == [
            f"X240-文-2025-00000{n}"[:17] for n in (1, 2, 3)
        ]

    @pytest.mark.parametrize(
        "error",
        [ForeignResource(url="file:///etc/passwd"), files.FileUnwritable(file="x", reason="No space left")],
        ids=lambda error: error.code,
    )
    def test_what_no_other_paper_would_survive_ends_it_with_its_code(self, book, monkeypatch, error):
        def fail(_sheet):
            raise error

        monkeypatch.setattr(task, "print_sheet", fail)
        number = order(book)
        Worker(book).once(["batch"])
        job = look(book, number)
        assert (job.state, job.error_code, job.outcome, job.done) == (JobState.failed, error.code, {}, 0)
        assert count(book) == 0
        assert issue(book, Order(DocumentKind.inspection, MINES[0], 2025), None, lay_out)[-6:] == "000001"

    def test_a_disk_that_fills_under_the_archive_leaves_the_papers_and_nothing_half(self, book, monkeypatch):
        number = order(book)
        folder = settings().files_dir

        def full(content, target, _chunk):
            target.write(content.read(9))
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(shutil, "copyfileobj", full)
            Worker(book).once(["batch"])
        job = look(book, number)
        assert (job.state, job.error_code) == (JobState.failed, "file_unwritable")
        assert count(book) == 3
        assert list(folder.glob(".batch-*")) == []
        with transaction(book) as session:
            jobs.again(session, number)
        assert len(made(book, number)) == 5
        assert count(book) == 3

    def test_what_a_killed_worker_left_of_an_archive_is_swept_away(self, book):
        number = order(book)
        settings().files_dir.mkdir(exist_ok=True)
        names = (f".batch-{number}-0.part", f".batch-{number}-1.part", f".batch-{number}1-0.part")
        parts = [settings().files_dir / name for name in names]
        for part in parts:
            part.touch()
        os.utime(parts[0], (0, 0))
        made(book, number)
        assert [part.exists() for part in parts] == [False, True, True]  # one may still be written

    def test_a_file_that_was_changed_on_disk_is_given_to_nobody(self, book):
        made(book, number := order(book))
        path = files.whole(settings().files_dir, look(book, number).outcome["archive"])
        path.write_bytes(b"PK forged")
        with pytest.raises(files.FileDamaged):
            files.whole(settings().files_dir, path.name)
        path.unlink()


def test_a_print_that_somebody_waits_for_comes_between_and_nothing_is_laid_out_twice(book, monkeypatch):
    """Line: `turns.take`; without it both lanes show one number, and one paper is laid out again."""
    laid_out: list[str] = []

    def slowly(sheet):
        laid_out.append(sheet.paper.label)
        Event().wait(0.2)
        return lay_out(sheet)

    monkeypatch.setattr(worker, "see_to_the_night", lambda _session: None)
    for module in (task, prints):
        monkeypatch.setattr(module, "print_sheet", slowly)
    many = order(book)
    with transaction(book) as session:
        one = order_print(session, SYSTEM, Order(DocumentKind.inspection, MINES[0], 2024)).id or 0
    found = Worker(book)
    thread = Thread(target=found.run)
    thread.start()
    for _ in range(300):
        if look(book, many).is_over and look(book, one).is_over:
            break
        Event().wait(0.1)
    found.stopping.set()
    thread.join(30)
    assert (look(book, many).state, look(book, one).state) == (JobState.done, JobState.done)
    assert len(laid_out) == len(set(laid_out)) == 4
    assert "2024" in "".join(laid_out[:3])


def test_the_task_is_one_of_the_workers():
    assert TASKS[batches.BATCH] is task.print_papers
