"""Many rows written with one statement: on PostgreSQL as arrays that the server unfolds, on SQLite as a repeated statement.

The object layer's own bulk update grows with the square of the columns, and a statement repeated for each row costs PostgreSQL
more than the row itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Model]) -> None:
    """Insert rows whose numbers nobody asks for. `columns`: the names as the database has them."""
    fields = [_field(model, name) for name in columns]
    values = [[_stored(field, getattr(row, name)) for field, name in zip(fields, columns, strict=True)] for row in rows]
    if not values:
        return
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    if connection.vendor == "postgresql":
        sql = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({_arrays(fields)})"  # noqa: S608 - names of our own
        _execute(sql, values)
        return
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", values)  # noqa: S608 - names of our own


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Model]) -> None:
    """Bring `columns` of these rows, which have their numbers, to what the objects hold."""
    named = (*columns, "id")
    fields = [_field(model, name) for name in named]
    values = [[_stored(field, getattr(row, name)) for field, name in zip(fields, named, strict=True)] for row in rows]
    if not values:
        return
    table = _quoted(model._meta.db_table)
    if connection.vendor == "postgresql":
        sets = ", ".join(f"{_quoted(name)} = fresh.{_quoted(name)}" for name in columns)
        fresh = f"unnest({_arrays(fields)}) AS fresh ({', '.join(map(_quoted, named))})"
        _execute(f"UPDATE {table} SET {sets} FROM {fresh} WHERE {table}.id = fresh.id", values)  # noqa: S608 - names of our own
        return
    sets = ", ".join(f"{_quoted(name)} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE id = %s", values)  # noqa: S608 - names of our own


def _execute(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _arrays(fields: Sequence[Field[Any, Any]]) -> str:
    """A place for the array of each column, with the type that the server is to read it as."""
    return ", ".join(f"%s::{str(each.db_type(connection)).partition('(')[0]}[]" for each in fields)


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _stored(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, JSONField):
        return connection.ops.adapt_json_value(value, None)
    if isinstance(field, DateTimeField):
        return connection.ops.adapt_datetimefield_value(value)
    return value.value if isinstance(value, Enum) else value


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
