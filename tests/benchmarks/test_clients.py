"""Forty clients over forty counties against one, on a PostgreSQL that really writes to disk."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from registry.platform.db import connect, transaction
from tests.benchmarks.ratios import tell
from tests.databases import ROOT, launch, migrate, postgresql_binaries
from tests.factories import CITY, cap, right, world

COUNTIES = tuple(f"5002{at:02d}" for at in range(40))
SECONDS, SPAN = 8, (date(2010, 1, 1), date(2030, 1, 1))


@pytest.fixture
def durable() -> Iterator[str]:
    """Give a PostgreSQL cluster on a real disk with its defaults: fsync on, every commit on disk."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="registry-bench-"))
    folder.chmod(0o755)
    cluster = folder / "cluster"
    cluster.mkdir(mode=0o755)
    owner: list[str] = []
    if os.geteuid() == 0:
        os.chown(cluster, pwd.getpwnam("postgres").pw_uid, -1)
        owner = ["runuser", "-u", "postgres", "--"]
    programs, data = postgresql_binaries(), cluster / "data"
    launch([*owner, programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], cluster)
    options = f"-c listen_addresses='' -c unix_socket_directories='{cluster}' -c max_connections=100"
    launch(
        [*owner, programs / "pg_ctl", "-D", data, "-l", cluster / "log", "-o", options, "-w", "start"],
        cluster,
    )
    yield f"postgresql+psycopg://postgres@/postgres?host={cluster}"
    launch([*owner, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], cluster)
    shutil.rmtree(folder)


def enter(url: str) -> None:
    """Enter forty counties, each with its cap and twenty rights, under one municipal cap."""
    migrate(url)
    engine = connect(url)
    with transaction(engine) as session:
        world(session, date(2025, 6, 30), COUNTIES)
        for region in (*COUNTIES, CITY):
            cap(session, "9000000 万吨/年", region=region, years=(2010, 2030))
        for at, region in enumerate(COUNTIES):
            for number in range(20):
                name = f"SZ-2025-{at:02d}{number:02d}"
                right(session, name, region=region, scale="9000000 万吨/年", valid=SPAN)
    engine.dispose()


def per_second(url: str, processes: int, threads: int, start: int) -> float:
    """Return how many returns all clients together commit in a second."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.client", url]
            + [str(number) for number in (at * threads, threads, start, SECONDS)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for at in range(processes)
    ]  # fmt: skip
    pipes = [(client.stdin, client.stdout) for client in clients if client.stdin and client.stdout]
    for _, told in pipes:
        assert told.readline() == "ready\n"
    for go, _ in pipes:
        go.write("\n")
        go.flush()
    done = sum(int(told.readline()) for _, told in pipes)
    for client in clients:
        client.communicate()
    return done / SECONDS


def test_forty_clients_reach_three_times_one(durable: str) -> None:
    enter(durable)
    one, many = [], []
    for turn in range(2):
        one.append(per_second(durable, 1, 1, turn * 1100))
        many.append(per_second(durable, 4, 10, turn * 1100 + 800))
    ratio = max(many) / max(one)
    tell(
        "40 clients over 40 counties, postgresql", ratio, "≥ 3 × one client",
        one=f"{max(one):.0f}/s", forty=f"{max(many):.0f}/s", clients="4 processes of 10 threads",
    )  # fmt: skip
    assert ratio >= 3
