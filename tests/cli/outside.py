"""A database as another program reaches it: past the registry and its rules."""

import sqlite3
from typing import Any

import psycopg

from tests.databases import libpq


def execute(url: str, *statements: str) -> list[Any]:
    """Run statements, each at once; return the rows of the last."""
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    else:
        connection = psycopg.connect(libpq(url), autocommit=True)
    try:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
