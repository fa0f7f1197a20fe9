"""An import belongs to the regions of its rows: it is shown, ended and repeated by the roles held today."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from registry.identity.rules import SYSTEM
from registry.identity.service import remove_role
from registry.jobs.tasks import TASKS
from registry.kernel.vocabulary import Role
from registry.platform import jobs
from registry.platform.db import reader, transaction
from registry.platform.jobs import JobRegion
from tests.factories import CITY, COUNTY, right, world
from tests.web.signing import enter_user

MINE, FOREIGN, NEIGHBOUR = "SZ-2020-0001", "SZ-2020-0009", "500101"
HEAD = "矿业权编号,报告期,产量,单位"
OWN, THEIRS, UNREAD = f"{MINE},2025-01,1,斤", f"{FOREIGN},2025-01,1,斤", "SZ-1999-0001,2025-01,1,斤"
ADDRESSES = ("/imports/1", "/imports/1/rejected.csv", "/imports/1/rejected.xlsx", "/jobs/1")


@pytest.fixture
def book(fresh: Engine) -> Engine:
    """Two counties with a mine each."""
    with transaction(fresh) as session:
        world(session, counties=(COUNTY, NEIGHBOUR))
        right(session, MINE)
        right(session, FOREIGN, region=NEIGHBOUR)
    return fresh


@pytest.fixture
def dual(book, desk):
    """Sign in a clerk of both counties."""
    found = desk("dual", Role.clerk)
    enter_user(book, "dual", Role.clerk, NEIGHBOUR)
    return found


def send(who, *rows: str, kind: str = "import_returns", head: str = HEAD) -> None:
    """Upload a table."""
    table = "\n".join([head, *rows]).encode()
    answer = who.post("/imports", {"kind": kind, "key": "k-1"}, files={"file": ("表.csv", table)})
    assert answer.status_code == 303, answer.text


def regions(engine: Engine) -> list[str]:
    with reader(engine) as session:
        return sorted(session.exec(select(JobRegion.region)).all())


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((OWN,), [COUNTY]),
        ((OWN, THEIRS), [NEIGHBOUR, COUNTY]),
        ((UNREAD,), [NEIGHBOUR, COUNTY]),
        ((OWN, f"{MINE},2025-01,1,t,多"), [NEIGHBOUR, COUNTY]),  # a row with a cell too many is not read
    ],
)
def test_it_belongs_where_its_rows_do_and_unread_ones_wherever_its_clerk_records(book, dual, rows, told):
    send(dual, *rows)
    assert regions(book) == told


def test_a_right_that_its_clerk_does_not_see_tells_nothing_of_itself(book, desk):
    clerk = desk("jingban", Role.clerk)
    send(clerk, OWN, THEIRS)
    assert regions(book) == [COUNTY]
    assert clerk.get("/imports/1").status_code == 200


@pytest.mark.parametrize(
    ("names", "told"),
    [((COUNTY,), [COUNTY]), ((COUNTY, "忠县"), [NEIGHBOUR, COUNTY]), (("",), [NEIGHBOUR, COUNTY])],
)
def test_rights_belong_to_the_region_that_their_row_names(book, dual, names, told):
    head = "采矿许可证号,矿山名称,行政区,开采矿种,矿权类型"
    send(dual, *(f",示例矿,{name},建筑石料用灰岩,采矿权" for name in names), kind="import_rights", head=head)
    assert regions(book) == told


def test_an_administrator_of_another_county_reads_ends_and_repeats_nothing(book, dual, desk):
    send(dual, OWN)
    others = desk("guan-2", Role.administrator, NEIGHBOUR)
    assert [others.get(address).status_code for address in ADDRESSES] == [404] * 4
    assert [others.post(f"/jobs/1/{act}").status_code for act in ("cancel", "repeat")] == [404] * 2
    assert others.post("/imports", {"tried": "1"}).status_code in (403, 404)
    jobs.run(book, 1, TASKS["import_returns"])
    assert [others.get(address).status_code for address in ADDRESSES] == [404] * 4
    for name, region in (("guan-1", COUNTY), ("guan-0", CITY)):
        assert [desk(name, Role.administrator, region).get(a).status_code for a in ADDRESSES] == [200] * 4


def test_of_both_counties_it_is_shown_to_whoever_administers_both(book, dual, desk):
    send(dual, OWN, THEIRS)
    for region, status in ((COUNTY, 404), (NEIGHBOUR, 404), (CITY, 200)):
        found = desk(f"guan-{region}", Role.administrator, region)
        assert [found.get(f"/{page}/1").status_code for page in ("imports", "jobs")] == [status] * 2


def test_whoever_lost_the_role_reads_it_no_longer(book, dual):
    send(dual, OWN)
    jobs.run(book, 1, TASKS["import_returns"])
    assert [dual.get(address).status_code for address in ADDRESSES] == [200] * 4
    with transaction(book) as session:
        remove_role(session, SYSTEM, "dual", Role.clerk, COUNTY)
    assert [dual.get(address).status_code for address in ADDRESSES] == [404] * 4
    assert "/imports/1" not in dual.get("/imports").text
    assert dual.post("/imports", {"tried": "1"}).status_code == 404
