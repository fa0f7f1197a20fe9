"""Papers printed at once get numbers without a gap, and the same paper is one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from registry.documents.queries import Wanted, documents
from registry.documents.rules import Order
from registry.documents.service import issue, issuing
from registry.kernel.vocabulary import DocumentKind, DocumentState
from registry.platform.db import reader
from tests.races.books import enter, number
from tests.races.rivals import meet_after

RIGHTS, PRINTERS = 8, 6


def lay_out(sheet) -> bytes:
    """Return something that holds what the paper says."""
    return f"%PDF {sheet!r}".encode()


def print_all(engine, orders) -> list[str]:
    """Print every order in a thread of its own, at once."""
    start = Barrier(len(orders))

    def one(order):
        start.wait()
        return issue(engine, order, None, lay_out)

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(one, orders))


def test_numbers_run_without_a_gap(fresh, monkeypatch):
    """Line: the count's upsert in `_keep`; a paper whose number was taken meanwhile is printed again."""
    enter(fresh, RIGHTS)
    meet_after(monkeypatch, issuing, "_last", PRINTERS)
    orders = [Order(DocumentKind.inspection, number(at * 2), 2025) for at in range(RIGHTS // 2)]
    orders += [Order(DocumentKind.inspection, number(at * 2), 2024) for at in range(RIGHTS // 2)]
    given = print_all(fresh, orders[:PRINTERS])
    assert sorted(int(one[-6:]) for one in given) == list(range(1, PRINTERS + 1))
    with reader(fresh) as session:
        found = documents(session, None, Wanted())
    assert found.total == PRINTERS
    assert all(one.number in one.data for one in found.documents)  # each shows the number it has


def test_one_paper_printed_at_once_is_one(fresh, monkeypatch):
    """Line: the second look at the standing paper in `_keep`, under the count's lock."""
    enter(fresh, RIGHTS)
    meet_after(monkeypatch, issuing, "_last", PRINTERS)
    order = Order(DocumentKind.inspection, number(0), 2025)
    assert len(set(print_all(fresh, [order] * PRINTERS))) == 1
    with reader(fresh) as session:
        [kept] = documents(session, None, Wanted()).documents
    assert (kept.state, kept.number[-6:]) == (DocumentState.current, "000001")
