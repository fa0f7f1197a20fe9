"""Asks several statements of the same columns as one: a page may send only so many."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, literal_column, union_all
from sqlmodel import Session

Rows = Sequence[Any]


def together(session: Session, *asked: Sequence[Select[Any]]) -> list[Rows]:
    """Return the rows of each group of statements, all of them asked in one; rows that are alike all count.

    The first statement says what the columns are called and hold. No rows are in any order.
    """
    if len(asked) == 1:
        statements = asked[0]
        return [session.execute(statements[0] if len(statements) == 1 else union_all(*statements)).all()]
    tagged = [
        one.add_columns(literal_column(str(group)).label("asked"))
        for group, statements in enumerate(asked)
        for one in statements
    ]
    found: list[list[Any]] = [[] for _ in asked]
    for row in session.execute(union_all(*tagged)).all():
        found[row.asked].append(row[:-1])
    return list(found)
