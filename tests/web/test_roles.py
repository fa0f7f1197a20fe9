"""Every role against every route, as the table written by hand says; every read also from another county."""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from sqlmodel import select
from starlette.testclient import TestClient

from registry.app import create_app
from registry.kernel.vocabulary import Role
from registry.platform.db import connect, reader
from registry.rights.models import MineralRight
from registry.settings import Settings
from seed.play import ACCOUNTS
from tests.architecture.routes import all_routes
from tests.furnished import Furnished, furnished
from tests.web.roles_table import API, BODIES, NOT_FOUND, OF_ONE_CLERK, OPEN, PAGES, PUBLIC, Row
from tests.web.signing import CSRF, Desk, sign, token

# Reads come first, since acts change what there is to be read; leaving comes last.
TABLE = sorted([*PAGES, *API], key=lambda row: (row.method != "GET", row.path == "/sign-out"))
PEOPLE = {role: name for name, role, _ in ACCOUNTS}


@pytest.fixture
def book(database) -> Iterator[Furnished]:
    """Give a furnished demonstration of this test's own."""
    book = furnished(database)
    yield book
    database.drop(book.url)


@pytest.fixture
def engine_of_book(book) -> Iterator[Engine]:
    """Give its engine."""
    engine = connect(book.url)
    yield engine
    engine.dispose()


@pytest.fixture
def visitor(book) -> Iterator[TestClient]:
    """Give a client in front of it."""
    app = create_app(Settings(database_url=book.url))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def ask(who: TestClient | Desk, row: Row, book: Furnished) -> Response:
    """Use a route with its example, and an empty form or object where it takes one."""
    address = row.example.format_map(book.ids)
    if row.method == "GET":
        answer = who.get(address, follow_redirects=False)
    elif row.path.startswith("/api/") and isinstance(who, Desk):
        given = {"cookie": f"registry={who.secret}", "x-csrf-token": CSRF}
        answer = who.client.post(address, json=BODIES.get(row.path, {}), headers=given)
    else:
        answer = who.post(address)
    assert answer.status_code < 500, f"{row.method} {address}: {answer.status_code}"
    return answer


def is_refused(answer: Response) -> bool:
    """Tell whether an answer says that one may not, or is to sign in."""
    return answer.status_code in (401, 403) or answer.headers.get("location", "").startswith("/sign-in")


def read_as(role: Role, row: Row) -> int:
    """Return the status of a read that the role permits; what is another's own work is not there."""
    return 404 if row.path in OF_ONE_CLERK and role not in (Role.clerk, Role.administrator) else 200


def normal(path: str) -> str:
    return re.sub(r"{\w+}", "{}", path)


def test_the_table_lists_every_route_and_no_other():
    there = {(route.method, normal(route.path)) for route in all_routes() if route.method != "HEAD"}
    told = {(row.method, normal(row.path)) for row in TABLE}
    assert sorted(there - told) == [], "routes that tests/web/roles_table.py does not speak of"
    assert sorted(told - there) == [], "rows of tests/web/roles_table.py without a route"


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_a_role_may_what_the_table_says(role, book, engine_of_book, visitor):
    sign(engine_of_book, visitor, "linxian")  # whose sign-in has the number 1
    somebody = sign(engine_of_book, visitor, PEOPLE[role])
    wrong = []
    for row in TABLE:
        answer = ask(somebody, row, book)
        expected = row.who is PUBLIC or role in row.who
        if expected and row.method == "GET" and answer.status_code != read_as(role, row):
            wrong.append(f"{row.method} {row.path}: {answer.status_code}, due: {read_as(role, row)}")
        if row.path not in ("/sign-in", "/sign-out") and is_refused(answer) is expected:
            wrong.append(f"{row.method} {row.path}: {answer.status_code}, allowed: {expected}")
    assert not wrong, "\n".join(wrong)


def test_whoever_is_not_signed_in_sees_what_is_public(book, visitor):
    wrong = []
    for row in TABLE:
        answer = ask(visitor, row, book)
        if row.path not in ("/sign-in", "/sign-out") and is_refused(answer) is (row.who is PUBLIC):
            wrong.append(f"{row.method} {row.path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


class TestFromAnotherCounty:
    @pytest.fixture
    def secrets(self, engine_of_book) -> re.Pattern[str]:
        """Give a pattern of what only the book of the home county holds."""
        with reader(engine_of_book) as session:
            rights = session.exec(select(MineralRight).where(MineralRight.region == "500240")).all()
            words = [word for right in rights for word in (right.number, right.mine)]
        return re.compile("|".join(map(re.escape, [*words, "SZ-文-", "示例-12月报表"])))

    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_nothing_of_the_home_county_is_told(self, role, book, engine_of_book, visitor, secrets):
        token(engine_of_book, sign(engine_of_book, visitor, "jingban").name)
        neighbour = sign(engine_of_book, visitor, "lindeng", role, "500230")
        wrong = []
        for row in TABLE:
            if row.abroad is OPEN or role not in row.who:
                continue
            answer = ask(neighbour, row, book)
            due = 404 if row.abroad is NOT_FOUND else 200
            if answer.status_code != due:
                wrong.append(f"{row.method} {row.path}: {answer.status_code} where {due} was due")
            asked = row.example.format_map(book.ids)
            told = [word for word in secrets.findall(words(answer)) if word not in asked]
            if told:
                wrong.append(f"{row.method} {row.path} tells {sorted(set(told))[:3]}")
        assert not wrong, "\n".join(wrong)

    def test_the_pattern_finds_what_is_shown_at_home(self, engine_of_book, visitor, secrets):
        """The test above would find nothing if the pattern fitted nothing."""
        clerk = sign(engine_of_book, visitor, PEOPLE[Role.clerk])
        for address in ("/rights", "/outputs", "/alarms", "/rights.xlsx", "/api/v1/rights", "/documents"):
            assert secrets.search(words(clerk.get(address))), address


def words(answer: Response) -> str:
    """Return what an answer says: the text of a page or an object, the cells of a sheet."""
    if is_zipfile(BytesIO(answer.content)):
        with ZipFile(BytesIO(answer.content)) as sheet:
            return "".join(sheet.read(name).decode() for name in sheet.namelist() if name.endswith(".xml"))
    return answer.text
