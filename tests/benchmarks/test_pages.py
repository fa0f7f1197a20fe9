"""A page of fifty rights against the same template from ready data: 1,200 rights, five years of returns."""

import statistics
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, event
from starlette.requests import Request

from registry.identity.queries import signed_in
from registry.kernel.vocabulary import Role
from registry.platform.db import connect, glance, reader
from registry.web import page as framed
from registry.web.rights.pages import right_list
from registry.web.templates import render
from tests.benchmarks.ratios import tell, timed
from tests.benchmarks.rights import RIGHTS, make
from tests.databases import Database
from tests.web.signing import sign

MOST_STATEMENTS, ROUNDS = 12, 40
LIST, FILTERED = 3.0, 4.0  # times its rendering; what a filter may cost: decision 41
PAGES: tuple[tuple[dict[str, str], float], ...] = (
    ({}, LIST),
    ({"page": "24"}, LIST),
    ({"q": "示例0", "state": "producing"}, FILTERED),
    ({"mineral": "铅矿", "permit": "valid"}, FILTERED),
    ({"scale": "large"}, FILTERED),
)


def show(engine: Engine, secret: str, query: dict[str, str]) -> bytes:
    """Give one page of the list as the application does: who asks, what is there, the page."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/rights",
        "query_string": urlencode(query).encode(),
        "headers": [],
    }
    request = Request(scope)
    with glance(engine) as session:
        who = signed_in(session, secret)
    assert who is not None
    request.state.signed_in = who
    with reader(engine) as session:
        return bytes(right_list(request, session, who.actor).body)


def ready_for(
    engine: Engine, secret: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[Any, ...]:
    """Return the template of a page and everything that it is rendered from."""
    seen: list[tuple[Any, ...]] = []

    def keep(*given: Any) -> Any:
        seen.append(given)
        return render(*given)

    with monkeypatch.context() as patched:
        patched.setattr(framed, "render", keep)
        show(engine, secret, query)
    return seen[-1]


def test_a_page_of_fifty_rights_costs_few_times_its_rendering(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect(database.create())
    returns = make(engine)
    nobody: Any = None
    secret = sign(engine, nobody, "jingban", Role.clerk).secret
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    missed = []
    for query, most in PAGES:
        ready = ready_for(engine, secret, query, monkeypatch)
        assert len(ready[1]["lines"]) == 50
        sent.clear()
        whole, alone = [], []
        for _ in range(ROUNDS):
            whole.append(timed(partial(show, engine, secret, query)))
            alone.append(timed(partial(render, *ready)))
        ratio, statements = statistics.median(whole) / statistics.median(alone), len(sent) // ROUNDS
        tell(
            f"50 of {RIGHTS:,} rights ({urlencode(query) or 'all'}), {database.kind}", ratio, f"≤ {most} ×",
            returns=f"{returns:,}", page=f"{statistics.median(whole):.1f} ms",
            rendering=f"{statistics.median(alone):.1f} ms", statements=statements,
        )  # fmt: skip
        if statements > MOST_STATEMENTS or ratio > most:
            missed.append((query, statements, ratio))
    engine.dispose()
    assert not missed
