"""Every figure of the yearly report is reckoned a second time from the export, by a script of its own."""

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from registry.alarms.queries import alarms
from registry.alarms.service import handle
from registry.caps.service import place_hold
from registry.documents.service import pdf_of
from registry.documents.service.municipal import municipal_data
from registry.identity.queries import actor_named
from registry.identity.rules import SYSTEM
from registry.kernel.vocabulary import AlarmAct, AlarmCode
from registry.output.rules import read_output
from registry.output.service import record, void
from registry.platform.db import connect, reader, transaction
from registry.workflows.export import export
from reports.frozen import freeze
from reports.writing import ATTACHED
from tests.conftest import FOLDER
from tests.databases import KINDS, Database
from tests.factories import CITY, COUNTY, set_clock
from tests.services.demands import demand

SCRIPT = Path(__file__).with_name("municipal_check.py")
YEAR = 2025


def check(folder, data):
    """Run the script over an export and the data of a report; return its exit code and what it told."""
    report = folder / "report.json"
    report.write_text(data, encoding="utf-8")
    run = [sys.executable, "-I", str(SCRIPT), str(folder), str(report)]
    done = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=False)
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


def handled(session: Session) -> None:
    """Let people handle alarms, correct and take back returns, and hold capacity: more than a year plays."""
    reviewer = actor_named(session, "shenhe")
    standing = [one for one in alarms(session, {COUNTY}) if not one.receded]
    passed, *others = [one for one in standing if one.code is AlarmCode.cap_exceeded]
    handle(session, reviewer, passed.id or 0, AlarmAct.acknowledged, "=1+1，已约谈")
    handle(session, reviewer, others[0].id or 0, AlarmAct.acknowledged, "已核实")
    handle(session, reviewer, others[0].id or 0, AlarmAct.closed, "当日检修后复测")
    told = {"right_no": "SZ-2015-0001", "period": "2025-03", "quantity": "12.34567", "unit": "万吨"}
    record(session, SYSTEM, read_output(told, correct=True, reason="磅单核对"))
    void(session, SYSTEM, "SZ-2016-0006/建筑石料用灰岩/2025-06", "重复")
    set_clock(session, date(2025, 12, 20))  # a plan that has ended gives no room any more
    place_hold(session, SYSTEM, demand("5 万吨", mineral="熔剂用灰岩", ends="2026-01-01"), None)
    set_clock(session, date(2026, 1, 31))


def frozen(session, code, edition="快报"):
    return freeze(municipal_data(session, YEAR, code, edition))


@pytest.fixture(scope="module")
def printed(pytestconfig, tmp_path_factory):
    """Give an export of the demonstration and the data inside the PDF of its report, laid out once."""
    database, folder = Database(KINDS[0], pytestconfig.stash[FOLDER]), tmp_path_factory.mktemp("printed")
    url = database.demonstration()
    engine = connect(url)
    with reader(engine) as session:
        export(session, folder)
        sheet = municipal_data(session, YEAR, COUNTY, "快报")
    engine.dispose()
    database.drop(url)
    [data] = PdfReader(io.BytesIO(pdf_of(sheet))).attachments[ATTACHED]
    return folder, data.decode()


def test_every_figure_printed_is_the_one_computed_from_the_export(printed):
    assert check(*printed) == (0, ["no difference"])


@pytest.mark.parametrize(
    "place",
    [
        ("summary", "returns_reported"), ("caps", 6, "output", "used"), ("caps", 6, "licensed", "ratio"),
        ("years", 3, "months", 4, "cumulative"), ("alarms", 5, "line", "excess"), ("aims", 1, "numerator"),
        ("by_scale", "lines", 2, "counts", 3), ("balance", 7, "closing"), ("plan_reserves", 4, "held"),
        ("missing", 0, "count"),
    ],
    ids=lambda place: place[0],
)  # fmt: skip
def test_one_figure_changed_is_found_and_named(printed, place):
    folder, data = printed
    told = json.loads(data)
    *way, last = place
    parent = told.get("sheet", told)
    for step in way:
        parent = parent[step]
    parent[last] = parent[last] + 1 if isinstance(parent[last], int) else f"{parent[last]}1"
    code, lines = check(folder, json.dumps(told, ensure_ascii=False))
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith(f"report.{place[0]}")


@pytest.mark.parametrize(("code", "today"), [(COUNTY, None), (CITY, None), (COUNTY, date(2025, 10, 20))])
def test_it_agrees_on_a_book_that_people_have_worked_in(demonstration, tmp_path, code, today):
    with transaction(demonstration) as session:
        handled(session)
        if today is not None:
            set_clock(session, today)
    with reader(demonstration) as session:
        export(session, tmp_path)
        assert check(tmp_path, frozen(session, code)) == (0, ["no difference"])
