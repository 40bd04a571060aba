"""Many new rows at once, as fast as the database takes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, models

from hashes.models import Entry, FeedChange, Picture

_CHANGES = FeedChange._meta.db_table  # noqa: SLF001 - Documented in spite of its name.
_NUMBER_ONE = f"UPDATE {_CHANGES} SET number = %s, stamped_at = %s WHERE id = %s"  # noqa: S608 - Our own table's name.
_NUMBER_AT_ONCE = (
    f"UPDATE {_CHANGES} SET number = dealt.number, stamped_at = %s"  # noqa: S608 - Our own table's name.
    " FROM unnest(%s::bigint[], %s::bigint[]) AS dealt (id, number)"
    f" WHERE {_CHANGES}.id = dealt.id"
)


def store(kind: type[models.Model], names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """New rows of a model, each given as the values of these fields; the others have their defaults."""
    if connection.vendor == "postgresql":
        _copy(kind, names, rows)
    else:
        kind._default_manager.bulk_create(  # noqa: SLF001 - Documented in spite of its name.
            kind(**dict(zip(names, row, strict=True))) for row in rows
        )


def tell_the_planner() -> None:
    """After many new rows. Until PostgreSQL counts them by itself it takes the tables for small, and looks at every row."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for kind in (Picture, Entry, FeedChange):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(kind._meta.db_table)}")  # noqa: SLF001 - Documented in spite of its name.


def number_rows(ids: Sequence[int], numbers: Sequence[int], *, at: datetime) -> None:
    """Give these changes their numbers. One short statement, because the publisher's lock is held meanwhile."""
    stamp = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_NUMBER_AT_ONCE, [stamp, list(ids), list(numbers)])
        else:
            rows = [(number, stamp, row) for row, number in zip(ids, numbers, strict=True)]
            cursor.executemany(_NUMBER_ONE, rows)


def _copy(kind: type[models.Model], names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """COPY, and no object a row: together a third of what `bulk_create` takes."""
    table = kind._meta  # noqa: SLF001 - Documented in spite of its name.
    fields = {field.attname: field for field in table.concrete_fields}
    others = [
        field
        for name, field in fields.items()
        if name not in names and not isinstance(field, models.AutoField)
    ]
    defaults = tuple(field.get_default() for field in others)
    columns = [*(fields[name].column for name in names), *(field.column for field in others)]
    quoted = ", ".join(connection.ops.quote_name(str(column)) for column in columns)
    command = f"COPY {connection.ops.quote_name(table.db_table)} ({quoted}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copied:
        for row in rows:
            copied.write_row(row + defaults)
