"""Real processes: streams that cannot be written, kills at any moment, and two at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.databases import ROOT

PROGRAM = [sys.executable, "-c", "import registry.cli; registry.cli.main()"]


def start(*words: object, url: str, **streams: object) -> "subprocess.Popen[bytes]":
    """Start the command in a process of its own."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams
    env = os.environ | {"REGISTRY_DATABASE_URL": url}
    return subprocess.Popen([*PROGRAM, *map(str, words)], cwd=ROOT, env=env, **given)  # type: ignore[call-overload,no-any-return]


def run(*words: object, url: str, **streams: object) -> tuple[int, str]:
    """Run the command and return its exit code with what it said on stderr."""
    with start(*words, url=url, **streams) as process:
        _, err = process.communicate(timeout=120)
    said = (err or b"").decode()
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    return process.returncode, said


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give an SQLite book: what these tests are about knows no database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('streams')}/book.db"
    assert run("init", url=url)[0] == 0
    return url


class TestStreams:
    @pytest.mark.parametrize("words", [("check",), ("check", "--json"), ("--help",)])
    def test_output_that_cannot_be_written_is_an_error(self, url, words):
        with Path("/dev/full").open("wb") as full:
            code, said = run(*words, url=url, stdout=full)
        assert (code, said.count("\n")) == (1, 1)

    def test_a_reader_who_has_read_enough_is_none(self, url):
        reading, writing = os.pipe()
        os.close(reading)
        assert run("check", url=url, stdout=writing) in ((0, ""), (1, ""))
        os.close(writing)

    def test_a_terminal_without_chinese(self, url):
        env = {"PYTHONIOENCODING": "ascii", "PATH": os.environ["PATH"], "REGISTRY_DATABASE_URL": url}
        done = subprocess.run([*PROGRAM, "alarms"], cwd=ROOT, env=env, capture_output=True, check=True)
        assert b"\\u9884\\u8b66" in done.stdout

    def test_a_file_name_that_is_no_text(self, url):
        done = subprocess.run(
            [*PROGRAM, "output", "import", b"\xd5\xcb.csv", "--json"],
            cwd=ROOT, env=os.environ | {"REGISTRY_DATABASE_URL": url}, capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode, b"control_character" in done.stderr) == (1, True)


class TestTogether:
    def test_three_make_the_same_database(self, database):
        url = database.empty()
        processes = [start("init", url=url) for _ in range(3)]
        assert [process.communicate()[1] for process in processes] == [b""] * 3
        assert [process.returncode for process in processes] == [0] * 3
        assert run("check", url=url)[0] == 0
        database.drop(url)


class TestKilled:
    def test_a_demonstration_killed_halfway_is_made_anew(self, database, tmp_path):
        url = database.empty()
        words = ("demo", "--no-serve", "--out", tmp_path / "out", "--accounts", tmp_path / "accounts.json")
        with start(*words, url=url) as process:
            time.sleep(3)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert not (tmp_path / "accounts.json").exists()
        # what stands is nothing, or a book that agrees with itself
        code, said = run("check", url=url)
        assert code == 0 or "registry init" in said
        assert run(*words, url=url)[0] == 0
        assert run("check", url=url)[0] == 0
        assert len(list((tmp_path / "out").iterdir())) >= 3
        assert not list(tmp_path.glob("**/.*"))
        database.drop(url)

    def test_one_told_to_end_leaves_nothing_behind(self, tmp_path):
        url = f"sqlite:///{tmp_path}/book.db"
        with start("demo", "--no-serve", "--out", tmp_path / "out", url=url) as process:
            while not list(tmp_path.glob(".*.making")) and process.poll() is None:
                time.sleep(1)
            process.terminate()
            process.communicate()  # what it still says is read, or its last words would fail it
        assert process.returncode == 128 + signal.SIGTERM
        assert list(tmp_path.iterdir()) == []
