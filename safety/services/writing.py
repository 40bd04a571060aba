"""Many rows in one statement, with what to do where there is one already: Django has no words for either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model


def write_rows(
    model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]], *, on_conflict: str
) -> list[tuple[object, ...]]:
    """Write them, each a value a column, and give what the statement returns. PostgreSQL and SQLite read it alike."""
    fields = [model._meta.get_field(name) for name in columns]  # noqa: SLF001 - Django's documented way to a field.
    values = [
        field.get_db_prep_save(value, connection)  # type: ignore[union-attr]  # Columns only.
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]
    if not values:
        return []
    line = f"({', '.join(['%s'] * len(fields))})"
    lines = ", ".join([line] * (len(values) // len(fields)))
    names = ", ".join(str(field.column) for field in fields)  # type: ignore[union-attr]
    table = model._meta.db_table  # noqa: SLF001
    # Every part of the text is our own; what strangers sent is in the values.
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES {lines} {on_conflict}", values)  # noqa: S608
        return cursor.fetchall() if cursor.description else []
