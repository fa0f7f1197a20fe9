"""What goes wrong while a paper is printed leaves a clear state: no number spent, no half file."""

import resource
import shutil
import signal
from contextlib import contextmanager
from datetime import date

import pytest

from registry.documents.queries import Wanted, documents
from registry.documents.rules import Order
from registry.documents.service import issue, order_print, pdf_of
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.jobs import prints
from registry.jobs.worker import Worker
from registry.kernel.vocabulary import DocumentKind, JobState
from registry.platform import files, jobs
from registry.platform.db import reader, transaction
from registry.settings import settings
from reports import permit as sheet
from reports import render
from tests.factories import cap, right, world
from tests.services.test_documents_kept import lay_out

MINE = "SZ-2025-0001"
ORDER = Order(DocumentKind.permit, MINE)
FIRST = "X240-文-2025-000001"


@pytest.fixture
def book(fresh, own_files):
    """Give a book with a mine."""
    with transaction(fresh) as session:
        world(session, date(2025, 6, 30))
        cap(session, "1000 万吨/年")
        right(session, MINE)
    return fresh


def printed(engine, monkeypatch, by) -> jobs.Job:
    """Let a worker print the permit in some way, and return its job."""
    monkeypatch.setattr(prints, "print_sheet", by)
    with transaction(engine) as session:
        number = order_print(session, actor_named(session, SYSTEM.name), ORDER).id or 0
    assert Worker(engine).once(["print"])
    with reader(engine) as session:
        return jobs.get(session, number)


def stored() -> set[str]:
    """Return everything that lies among the kept files, half-written ones too."""
    return {path.name for path in settings().files_dir.rglob("*") if path.is_file()}


def untouched(engine, before) -> bool:
    """Tell whether nothing was printed, kept or counted, and the next paper gets the first number."""
    with reader(engine) as session:
        assert documents(session, None, Wanted()).total == 0
    assert stored() == before
    return issue(engine, ORDER, None, lay_out) == FIRST


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """Give a copy of our templates, from which the permit is laid out."""
    folder = tmp_path / "pdf"
    shutil.copytree(render.TEMPLATES, folder)
    monkeypatch.setattr(sheet, "render", lambda name, found, fonts: render.render(name, found, fonts, folder))
    return folder / "permit" / "sheet.html"


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("{{ sheet.no_such_field }}", "unexpected"),
        ("{% if %}", "unexpected"),
        ('<img src="file:///etc/passwd">', "foreign_resource"),
        ('<img src="http://127.0.0.1:9/x.png">', "foreign_resource"),
    ],
)
def test_a_template_with_a_mistake_fails_the_job_and_spends_nothing(
    book, monkeypatch, templates, broken, code
):
    before = stored()
    whole = templates.read_text()
    templates.write_text(whole.replace("{% endblock %}", f"{broken}{{% endblock %}}"))
    job = printed(book, monkeypatch, pdf_of)
    assert (job.state, job.error_code, job.outcome) == (JobState.failed, code, {})
    assert job.worker is None
    assert untouched(book, before)


@contextmanager
def no_room():
    """Let the kernel refuse what is written beyond a kilobyte, as a disk without room would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_fails_the_job_and_leaves_no_half_file(book, monkeypatch):
    before, keep = stored(), files.keep

    def full(folder, content):
        with no_room():
            return keep(folder, content)

    with monkeypatch.context() as patch:
        patch.setattr(files, "keep", full)
        job = printed(book, patch, lambda found: lay_out(found) + b"%" * 4096)
    assert (job.state, job.error_code) == (JobState.failed, "file_unwritable")
    assert "large" in job.trouble["reason"]
    assert untouched(book, before)


def test_a_disk_that_fills_while_the_row_is_written_gives_no_number(book, monkeypatch):
    """The bytes lie there, under their hash; nothing points at them, and the number is the next paper's."""

    def fail(*_, **_facts):
        raise files.FileUnwritable(file="registry.db", reason="No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("registry.documents.service.issuing.audit.note", fail)
        job = printed(book, patch, lay_out)
    assert (job.state, job.error_code) == (JobState.failed, "file_unwritable")
    with reader(book) as session:
        assert documents(session, None, Wanted()).total == 0
    assert issue(book, ORDER, None, lay_out) == FIRST
