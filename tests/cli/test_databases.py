"""A database that is not there, another program's, of another version, a real book: told and left alone."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url

from seed.catalogue import COUNTY_PLAN
from tests.cli.outside import execute

STATUS = ("caps", "status", "--json")
READS = [STATUS, ("check", "--json"), ("alarms", "--json"), ("job", "run", "nightly", "--json")]


@pytest.fixture
def play(shell, tmp_path):
    """Give `registry demo` as far as making the book goes."""
    places = ("--out", tmp_path / "out", "--accounts", tmp_path / "accounts.json")
    return lambda url, *words: shell("demo", "--no-serve", *places, *words, url=url)


@pytest.fixture
def empty_url(database):
    url = database.empty()
    yield url
    database.drop(url)


class TestNotThere:
    def test_asking_makes_no_file(self, shell, tmp_path):
        for words in READS:
            problem = shell(*words, url=f"sqlite:///{tmp_path}/book.db").problem
            assert problem["code"] == "not_ready"
        assert list(tmp_path.iterdir()) == []

    def test_an_empty_one_is_not_ready_and_stays_empty(self, shell, empty_url):
        for words in READS:
            assert shell(*words, url=empty_url).problem["code"] == "not_ready"
        assert shell("init", url=empty_url).code == 0
        assert shell(*STATUS).data == []

    @pytest.mark.parametrize(
        "url", ["", "nonsense", "mysql://x/y", "sqlite", "postgresql+nothing://", "postgresql+pg8000://"]
    )
    def test_a_url_that_is_none(self, shell, monkeypatch, url):
        monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
        for words in (("init",), STATUS):
            told = shell(*words)
            assert (told.code, "REGISTRY_DATABASE_URL" in told.err) == (1, True)

    def test_a_server_that_does_not_answer_is_worth_another_try(self, shell):
        told = shell(*STATUS, url="postgresql+psycopg://nobody:secret@127.0.0.1:1/book")
        assert (told.code, told.problem["code"]) == (4, "database_unreachable")
        assert "secret" not in told.err

    def test_a_file_that_is_no_database(self, shell, play, tmp_path):
        path = tmp_path / "book.db"
        path.write_bytes(b"no database at all" * 1000)
        for words in READS:
            assert shell(*words, url=f"sqlite:///{path}").problem["code"] == "database_unusable"
        assert (shell("init").code, play(f"sqlite:///{path}").code) == (1, 1)
        assert path.read_bytes() == b"no database at all" * 1000

    def test_a_folder_is_no_database(self, shell, tmp_path):
        assert shell(*STATUS, url=f"sqlite:///{tmp_path}").problem["code"] == "database_unusable"


class TestAnotherProgram:
    def test_its_tables_are_left_alone(self, shell, play, empty_url):
        execute(empty_url, "CREATE TABLE invoice (sum INTEGER)", "INSERT INTO invoice VALUES (42)")
        file = Path(empty_url.removeprefix("sqlite:///"))
        before = file.read_bytes() if file.is_file() else b""
        for words in READS:
            assert shell(*words, url=empty_url).problem["code"] == "database_of_another"
        for told in (shell("init", url=empty_url), play(empty_url)):
            assert (told.code, "invoice" in told.err) == (1, True)
        assert execute(empty_url, "SELECT * FROM invoice") == [(42,)]
        assert (file.read_bytes() if file.is_file() else b"") == before

    @pytest.mark.parametrize("revision", ["9999", "ae1027a6acf"])
    def test_another_version_is_left_alone(self, shell, play, fresh_url, revision):
        execute(fresh_url, f"UPDATE alembic_version SET version_num = '{revision}'")
        for words in READS:
            assert shell(*words, url=fresh_url).problem["code"] == "database_newer"
        for told in (shell("init", url=fresh_url), play(fresh_url)):
            assert (told.code, revision in told.err) == (1, True)
        assert execute(fresh_url, "SELECT version_num FROM alembic_version") == [(revision,)]


class TestRealBook:
    @pytest.mark.parametrize(
        "begun",
        [("plan", "import", COUNTY_PLAN), ("user", "add", "lao", "--role", "clerk", "--region", "500240")],
        ids=["plan", "user"],
    )
    def test_the_demonstration_never_touches_it(self, shell, play, fresh_url, tmp_path, begun):
        assert shell("init", url=fresh_url).code == 0
        assert shell(*begun).code == 0
        before = shell("check", "--json").data
        told = play(fresh_url)
        assert (told.code, "真实登记簿" in told.err) == (1, True)
        assert shell("check", "--json").data == before
        assert not (tmp_path / "out").exists()

    def test_a_refused_figure_leaves_the_demonstration_as_it_is(self, shell, play, demonstration_url):
        before = shell("check", "--json", url=demonstration_url).data
        for figure, code in (
            ("1200 m3/a", "wrong_period"), ("1200 kt/d", "wrong_period"), ("1200 kt", "rate_expected"),
            ("-1 kt/a", "negative"), ("99999999999999 t/a", "overflow"), ("x", "not_a_quantity"),
        ):  # fmt: skip
            told = play(demonstration_url, "--limestone-cap", figure)
            assert (told.code, told.out) == (1, ""), code
        assert shell("check", "--json", url=demonstration_url).data == before


def test_a_book_that_cannot_be_written(shell, demonstration_url, database, tmp_path):
    """On SQLite nobody can make its journal there; on PostgreSQL it lets nobody write."""
    url = demonstration_url
    if database.kind == "sqlite":
        shutil.copyfile(url.removeprefix("sqlite:///"), tmp_path / "book.db")
        (tmp_path / "book.db-shm").mkdir()
        url = f"sqlite:///{tmp_path}/book.db"
    else:
        execute(url, f'ALTER DATABASE "{make_url(url).database}" SET default_transaction_read_only = on')
    problem = shell("output", "record", "SZ-2015-0001", "2026-01", "1 t", "--json", url=url).problem
    assert problem["code"] == "database_unusable"
