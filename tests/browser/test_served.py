"""A registry that is really served, under what no browser sends: slow forms, many at once, raw addresses."""

import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from registry.alarms.models import Alarm
from registry.platform.db import locked, transaction
from tests.browser.desk import Desk
from tests.signing_in import mark_of, sign_in

SLOW, WAITING = 12, 40
AT_ONCE = 1.0  # second; what does not wait is answered within some milliseconds


@contextmanager
def half_sent(desk: Desk, address: str, name: str | None) -> Iterator[socket.socket]:
    """Give a connection over which a form has been begun that never comes to its end."""
    where = urlsplit(desk.address)
    cookies = "; ".join(f"{key}={value}" for key, value in desk.cookies(name).items()) if name else ""
    head = (
        f"POST {address} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nnote=x"
    )
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=60) as connection:
        connection.sendall(head.encode())
        yield connection


@pytest.mark.parametrize("name", [None, "shenhe"])
def test_forms_that_never_end_keep_nobody_from_writing(desk, name):
    with ExitStack() as stack, desk.client() as client:
        sign_in(client, "jingban", desk.passwords["jingban"])
        mark = mark_of(client.get("/alarms"))
        for _ in range(SLOW):
            stack.enter_context(half_sent(desk, "/alarms/1/acknowledge", name))
        time.sleep(0.3)
        start = time.monotonic()
        assert client.get("/alarms").status_code == 200
        assert client.post("/sign-out", data={"csrf_token": mark}).status_code == 303
        assert time.monotonic() - start < AT_ONCE


def test_healthz_answers_at_once_while_forty_requests_wait(desk):
    """They wait for the writer on SQLite, and for the row of the alarm on PostgreSQL."""
    with desk.client("shenhe") as client:
        form = {"csrf_token": mark_of(client.get("/alarms/1")), "note": ""}
        with ThreadPoolExecutor(WAITING) as crowd, transaction(desk.engine) as session:
            assert locked(session, select(Alarm).where(Alarm.id == 1))
            address = "/alarms/1/acknowledge"
            waiting = [crowd.submit(client.post, address, data=form) for _ in range(WAITING)]
            time.sleep(1)
            times = [_healthz(desk) for _ in range(5)]
            assert not any(one.done() for one in waiting)
            session.rollback()
            assert {one.result().status_code for one in waiting} <= {422, 503}
    assert max(times) < AT_ONCE


def _healthz(desk: Desk) -> float:
    start = time.monotonic()
    with desk.client() as client:
        assert client.get("/healthz", timeout=30).json() == {"status": "alive"}
    return time.monotonic() - start


@pytest.mark.parametrize("root", ["/assets", "/fonts", "/lib", "/documents"])
def test_no_raw_address_climbs_out_of_its_folder(reading_desk, root):
    """Clients tidy `..` away before they send it; an attacker does not."""
    where = urlsplit(reading_desk.address)
    for climb in (
        "../" * 5 + "etc/passwd",
        "..\\..\\pyproject.toml",
        "./../../pyproject.toml",
        "/../../x",
        "..;/x",
    ):
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        connection.request("GET", f"{root}/{climb}")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status in (303, 404), climb
        assert b"root:" not in body
        assert b"[project]" not in body
