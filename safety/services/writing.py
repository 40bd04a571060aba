"""Many rows in one statement, with what to do where there is one already: Django has no words for either."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import Field, JSONField, Model

Rows = Sequence[Sequence[object]]
Columns = Sequence["Field[Any, Any]"]


def write_rows(
    model: type[Model], columns: Sequence[str], rows: Rows, *, on_conflict: str
) -> list[tuple[Any, ...]]:
    """Write them, each a value a column, and give what the statement returns."""
    if not rows:
        return []
    meta = model._meta  # noqa: SLF001 - Django's documented way to a model's fields.
    fields = [cast("Field[Any, Any]", meta.get_field(name)) for name in columns]
    lines, values = (_arrays if connection.vendor == "postgresql" else _lines)(fields, rows)
    names = ", ".join(str(field.column) for field in fields)
    # Every part of the text is our own; what strangers sent is in the values.
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {meta.db_table} ({names}) {lines} {on_conflict}", values)
        return cursor.fetchall() if cursor.description else []


def _arrays(fields: Columns, rows: Rows) -> tuple[str, list[Any]]:
    """One array a column: thousands of single values take the driver longer than the database."""
    columns = zip(*rows, strict=True)
    arrays = [_array(field, column) for field, column in zip(fields, columns, strict=True)]
    casts = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    return f"SELECT * FROM unnest({casts})", arrays  # noqa: S608 - Names of types.


def _array(field: Field[Any, Any], column: Sequence[object]) -> list[object]:
    return [json.dumps(value) for value in column] if isinstance(field, JSONField) else [*column]


def _type(field: Field[Any, Any]) -> str:
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))


def _lines(fields: Columns, rows: Rows) -> tuple[str, list[Any]]:
    line = f"({', '.join(['%s'] * len(fields))})"
    values = [
        field.get_db_prep_save(value, connection)
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]
    return f"VALUES {', '.join([line] * len(rows))}", values
