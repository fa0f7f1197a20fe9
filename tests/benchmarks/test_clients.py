"""Forty clients over forty counties against one, on a PostgreSQL that really writes to disk.

Where clients and database share two cores, one client keeps one of them busy and no design could triple it:
that figure is told without a target. With the database on another machine, as an installation of several
machines has it, a client mostly waits; then the rows that clients share decide, and the target holds.
"""

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
SECONDS = 8
RIGHTS, RIGHTS_ALONE = 40, 600  # each reports twelve months
ALONE = len(COUNTIES)  # whose rights the one client reports: more of the first county
ROUND_TRIP = 500  # microseconds between two machines of one network


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
    """Enter forty counties, each with its cap and its rights, under one municipal cap."""
    migrate(url)
    engine = connect(url)
    with transaction(engine) as session:
        world(session, date(2025, 6, 30), COUNTIES)
        for region in (*COUNTIES, CITY):
            cap(session, "9000000 万吨/年", region=region)
        for at, region in enumerate((*COUNTIES, COUNTIES[0])):
            for number in range(RIGHTS if at < ALONE else RIGHTS_ALONE):
                right(session, f"SZ-2025-{at:02d}{number:03d}", region=region, scale="9000000 万吨/年")
    engine.dispose()


def per_second(url: str, processes: int, threads: int, start: int, round_trip: int, first: int = 0) -> float:
    """Return how many returns all clients together commit in a second."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.client", url]
            + [str(number) for number in (first + at * threads, threads, start, SECONDS, round_trip)],
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
    here = compare(durable, 0, 0, "on one machine of two cores", "told only")
    apart = compare(durable, 1, ROUND_TRIP, f"{ROUND_TRIP} µs from the database", "≥ 3 × one client")
    assert here > 1
    assert apart >= 3


def compare(url: str, turn: int, round_trip: int, where: str, target: str) -> float:
    """Tell how many times the returns of one client forty of them reach; one is measured before and after."""
    start = turn * RIGHTS_ALONE * 6
    before = per_second(url, 1, 1, start, round_trip, ALONE)
    many = per_second(url, 4, 10, turn * RIGHTS * 6, round_trip)
    one = max(before, per_second(url, 1, 1, start + RIGHTS_ALONE * 3, round_trip, ALONE))
    tell(
        f"40 clients over 40 counties, postgresql, {where}", many / one, target,
        one=f"{one:.0f}/s", forty=f"{many:.0f}/s", clients="4 processes of 10 threads",
    )  # fmt: skip
    return many / one
