"""Asks for the rows of many keys by one value, so that the text of a statement does not grow with them.

A list of fifty parameters costs PostgreSQL a new plan for each length, and the drivers the reading of a
longer text each time.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Keys(TypeDecorator[Collection[Any]]):
    """Keys of a type: an array on PostgreSQL, their JSON on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, key: TypeEngine[Any]) -> None:
        """Keep the type of a key."""
        super().__init__()
        self.key = key

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the value on a database."""
        return ARRAY(self.key) if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """Return the value as a database takes it."""
        keys = list(value or ())
        return keys if dialect.name == "postgresql" else json.dumps(keys)


class _Among(GenericFunction[bool]):
    """Whether a column is one of the keys of a value."""

    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002  (the signature is the library's)
        """Return the condition as it is: compared with 1, as SQLite does, it would find no index."""
        return self


@compiles(_Among, "postgresql")
def _of_array(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, keys = (compiler.process(one, **given) for one in element.clauses)
    return f"{column} = ANY ({keys})"


@compiles(_Among, "sqlite")
def _of_json(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, keys = (compiler.process(one, **given) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608  (both are rendered by the compiler)


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return whether a column of keys is one of the collection that the statement is given under a name."""
    return _Among(column, bindparam(name, type_=_Keys(column.type)))
