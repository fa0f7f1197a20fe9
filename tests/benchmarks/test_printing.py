"""What printing costs beside WeasyPrint itself: one permit, two workers, and the memory of two hundred papers."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import Engine, update

from registry.documents.rules import Order
from registry.documents.service import order_print
from registry.identity.rules import SYSTEM
from registry.jobs.printer import Printer
from registry.kernel.vocabulary import DocumentKind, JobState
from registry.platform.db import connect, reader, transaction
from registry.platform.jobs import Job
from registry.platform.rows import table_of
from registry.rights.models import RightVersion
from reports.permit import PermitSheet, permit_pdf
from tests.benchmarks import bare
from tests.benchmarks.ratios import tell, timed
from tests.databases import ROOT, Database
from tests.factories import cap, right, world
from tests.reports.samples import FONTS, PERMIT
from tests.reports.samples_inspection import INSPECTION

ROUNDS = 15
SHEETS = ROOT / "seed" / "demo" / "rights.csv"
PAPERS, WARM = 24, 8  # of each measured run of workers, and before it
FEW, MANY = 40, 200


def permit(at: int) -> PermitSheet:
    """Return a permit that says something else than every other."""
    return replace(PERMIT, facts=replace(PERMIT.facts, holder=f"示例青杠坪矿业有限公司 {at:04d}"))


def test_a_permit_costs_little_more_than_its_layout() -> None:
    sheets, text = [permit(at) for at in range(ROUNDS)], bare.html_of(PERMIT)
    permit_pdf(PERMIT, FONTS)
    bare.write(text)
    ours, theirs = [], []
    for sheet in sheets:  # in turn
        ours.append(timed(partial(permit_pdf, sheet, FONTS)))
        theirs.append(timed(partial(bare.write, text)))
    ratio = median(ours) / median(theirs)
    tell(
        "one permit, data frozen and attached", ratio, "≤ 1.3 × WeasyPrint on the same HTML",
        ours=f"{median(ours):.0f} ms", theirs=f"{median(theirs):.0f} ms",
    )  # fmt: skip
    assert ratio <= 1.3


def rss(pid: int) -> int:
    """Return the resident memory of a process in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS")))


def test_the_memory_of_a_printer_stays_flat() -> None:
    printer, seen = Printer(), {}
    for at in range(1, MANY + 1):
        sheet = replace(INSPECTION, facts=permit(at).facts) if at % 10 == 0 else permit(at)
        printer.pdf(sheet)
        if at in (FEW, MANY):
            child = printer._child
            assert child is not None
            seen[at] = rss(child.pid or 0)
    printer.end()
    ratio = seen[MANY] / seen[FEW]
    tell(
        f"memory of a printer after {MANY} papers", ratio, f"≤ 1.1 × after {FEW}",
        few=f"{seen[FEW] // 1024} MB", many=f"{seen[MANY] // 1024} MB",
    )  # fmt: skip
    assert ratio <= 1.1


@pytest.fixture
def book(database: Database) -> Iterator[tuple[str, Engine]]:
    """Give a book with four times as many mines as a run prints permits."""
    with SHEETS.open(encoding="utf-8-sig", newline="") as stream:
        corners = next(csv.DictReader(stream))["corners"]
    url = database.create()
    engine = connect(url)
    with transaction(engine) as session:
        world(session, date(2025, 6, 30))
        cap(session, "9000000 万吨/年")
        for at in range(4 * (PAPERS + WARM)):
            right(session, f"SZ-2025-{at:04d}")
        session.execute(update(table_of(RightVersion)).values(corners=corners))
    yield url, engine
    engine.dispose()
    database.drop(url)


def test_two_workers_gain_what_two_processes_of_weasyprint_gain(book: tuple[str, Engine]) -> None:
    url, engine = book
    theirs, ours = [], []
    for at in range(2):  # in turn, for the machine is never quite idle
        theirs.append(by_library(1) / by_library(2))
        one, two = (
            by_workers(url, engine, count, (2 * at + count - 1) * (PAPERS + WARM)) for count in (1, 2)
        )
        ours.append(one / two)
    ratio = max(ours) / max(theirs)
    tell(
        f"two workers, {engine.dialect.name}", ratio, "≥ 0.85 × the gain of two processes of WeasyPrint",
        ours=f"{max(ours):.2f} times one", theirs=f"{max(theirs):.2f} times one",
    )  # fmt: skip
    assert ratio >= 0.85


def by_library(processes: int) -> float:
    """Return the seconds in which some processes of WeasyPrint lay out the papers of a run between them."""
    command = [sys.executable, "-m", "tests.benchmarks.bare", str(PAPERS // processes)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    pipes = [(one.stdin, one.stdout) for one in running if one.stdin and one.stdout]
    assert [told.readline() for _, told in pipes] == ["ready\n"] * processes
    begun = time.perf_counter()
    for go, _ in pipes:
        go.write("\n")
        go.flush()
    assert [told.readline() for _, told in pipes] == ["done\n"] * processes
    took = time.perf_counter() - begun
    for one in running:
        one.communicate()
    return took


def by_workers(url: str, engine: Engine, workers: int, first: int) -> float:
    """Return the seconds in which some workers print a run's permits: read, laid out, kept and numbered."""
    with working(url, workers):
        _print(engine, range(first, first + WARM))  # every child has read its fonts
        begun = time.perf_counter()
        _print(engine, range(first + WARM, first + WARM + PAPERS))
        return time.perf_counter() - begun


@contextmanager
def working(url: str, workers: int) -> Iterator[None]:
    """Let some worker processes run."""
    environment = os.environ | {"REGISTRY_DATABASE_URL": url}
    command = [sys.executable, "-m", "registry.jobs"]  # which ends with this process
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE) for _ in range(workers)
    ]
    try:
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.communicate(timeout=60)


def _print(engine: Engine, rights: range) -> None:
    """Order permits and wait until they are printed."""
    with transaction(engine) as session:
        ordered = [
            order_print(session, SYSTEM, Order(DocumentKind.permit, f"SZ-2025-{at:04d}")).id for at in rights
        ]
    table = table_of(Job)
    while True:
        with reader(engine) as session:
            states = session.connection().execute(
                table.select().with_only_columns(table.c.state).where(table.c.id.in_(ordered))
            )
            found = set(states.scalars())
        assert JobState.failed not in found
        if found == {JobState.done}:
            return
        time.sleep(0.05)
