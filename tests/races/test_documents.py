"""Papers printed at once get numbers without a gap, and the same paper is one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlmodel import select

from registry.documents.models import DocumentTurn
from registry.documents.queries import Wanted, documents
from registry.documents.rules import Order
from registry.documents.service import issue, turns
from registry.kernel.vocabulary import DocumentKind, DocumentState
from registry.platform import clock
from registry.platform.db import reader, transaction
from tests.races.books import enter, number
from tests.races.rivals import meet_after

RIGHTS, PRINTERS = 8, 6


def lay_out(sheet) -> bytes:
    """Return something that holds what the paper says."""
    return f"%PDF {sheet!r}".encode()


def noting(shown: list[str]):
    """Return a way to lay out that notes which number each paper showed."""

    def laid_out(sheet) -> bytes:
        shown.append(sheet.paper.number)
        return lay_out(sheet)

    return laid_out


def print_all(engine, orders, by=lay_out) -> list[str]:
    """Print every order in a thread of its own, at once."""
    start = Barrier(len(orders))

    def one(order):
        start.wait()
        return issue(engine, order, None, by)

    with ThreadPoolExecutor(len(orders)) as pool:
        return list(pool.map(one, orders))


def test_numbers_run_without_a_gap(fresh, monkeypatch):
    """Line: the count's upsert in `_keep`; a paper whose number was taken meanwhile is printed again."""
    enter(fresh, RIGHTS)
    meet_after(monkeypatch, turns, "take", PRINTERS)
    orders = [Order(DocumentKind.inspection, number(at * 2), 2025) for at in range(RIGHTS // 2)]
    orders += [Order(DocumentKind.inspection, number(at * 2), 2024) for at in range(RIGHTS // 2)]
    given = print_all(fresh, orders[:PRINTERS])
    assert sorted(int(one[-6:]) for one in given) == list(range(1, PRINTERS + 1))
    with reader(fresh) as session:
        found = documents(session, None, Wanted())
    assert found.total == PRINTERS
    assert all(one.number in one.data for one in found.documents)  # each shows the number it has


def test_papers_printed_at_once_are_laid_out_once_each(fresh, monkeypatch):
    """Line: `turns.take`; without it all of them show one number, and all but one are laid out again."""
    enter(fresh, RIGHTS)
    meet_after(monkeypatch, turns, "take", PRINTERS)
    shown: list[str] = []
    numbers = [at * 2 for at in range(RIGHTS // 2)]
    orders = [Order(DocumentKind.inspection, number(at), year) for at in numbers for year in (2024, 2025)]
    given = print_all(fresh, orders[:PRINTERS], noting(shown))
    assert sorted(shown) == sorted(given)
    with reader(fresh) as session:
        assert session.exec(select(DocumentTurn)).all() == []


def test_a_turn_that_a_dead_printer_left_is_waited_for_no_longer_than_it_lasts(fresh):
    enter(fresh, RIGHTS)
    dead, shown = turns.take(fresh, "500240", 2025), []

    def lay_out_meanwhile(sheet) -> bytes:
        shown.append(sheet.paper.number[-6:])
        with transaction(fresh) as session:  # its time ends while the next paper is laid out
            for turn in session.exec(select(DocumentTurn).where(DocumentTurn.running == dead.running)):
                turn.until = clock.wall()
        return lay_out(sheet)

    order = Order(DocumentKind.inspection, number(0), 2025)
    assert issue(fresh, order, None, lay_out_meanwhile)[-6:] == "000001"
    assert shown == ["000002", "000001"]


def test_one_paper_printed_at_once_is_one(fresh, monkeypatch):
    """Line: the second look at the standing paper in `_keep`, under the count's lock."""
    enter(fresh, RIGHTS)
    meet_after(monkeypatch, turns, "take", PRINTERS)
    order = Order(DocumentKind.inspection, number(0), 2025)
    assert len(set(print_all(fresh, [order] * PRINTERS))) == 1
    with reader(fresh) as session:
        [kept] = documents(session, None, Wanted()).documents
    assert (kept.state, kept.number[-6:]) == (DocumentState.current, "000001")
