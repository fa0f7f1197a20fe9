"""A registry that is really served, under requests that no browser sends: slow ones, many at once, raw ones."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from tests.browser.desk import Desk
from tests.signing_in import mark_of, sign_in

SLOW, WAITING = 12, 40
AT_ONCE = 1.0  # second; a request that does not wait is answered within some milliseconds


@contextmanager
def half_sent(desk: Desk, address: str, name: str | None) -> Iterator[socket.socket]:
    """Give a connection over which a form has been begun and never comes to its end."""
    where = urlsplit(desk.address)
    cookies = "; ".join(f"{key}={value}" for key, value in desk.cookies(name).items()) if name else ""
    head = (
        f"POST {address} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\nnote=x"
    )
    with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
        connection.sendall(head.encode())
        yield connection


@pytest.mark.parametrize("name", [None, "shenhe"])
def test_forms_that_never_end_keep_nobody_from_writing(desk, name):
    opened = [half_sent(desk, "/alarms/1/acknowledge", name) for _ in range(SLOW)]
    for one in opened:
        one.__enter__()
    time.sleep(0.3)
    try:
        with desk.client() as client:
            sign_in(client, "jingban", desk.passwords["jingban"])
            mark = mark_of(client.get("/alarms"))
            start = time.monotonic()
            answer = client.post("/sign-out", data={"csrf_token": mark}, timeout=10)
            assert answer.status_code == 303
            assert time.monotonic() - start < AT_ONCE
    finally:
        for one in opened:
            one.__exit__(None, None, None)
