"""A long list, brought in the database's fastest way."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from uuid import UUID

import psycopg

# A file of values that are listed, for whoever wants to find some.
KNOWN = 2_000
_AT_A_TIME = 50_000

_Numbered = tuple[int, tuple[str, str]]


def values(count: int) -> Iterator[tuple[str, str]]:
    """Entries' ids and their values; the same each time."""
    chance = random.Random(20_26)  # noqa: S311 - Invented fingerprints.
    for _ in range(count):
        yield str(UUID(int=chance.getrandbits(128), version=4)), f"{chance.getrandbits(256):064x}"


def fill(url: str, *, count: int, known: Path) -> None:
    """One picture an entry, each numbered; the counter stands at the last."""
    known.write_text("\n".join(value for _entry, value in values(min(count, KNOWN))), encoding="ascii")
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"), count)
    else:
        _fill_postgres(url, count)


def _fill_postgres(url: str, count: int) -> None:
    with psycopg.connect(url) as rows, rows.cursor() as cursor:
        # Rows that fit together by their making need not be looked up one by one.
        cursor.execute("SET session_replication_role = replica")
        for start, written in _STATEMENTS.items():
            numbered = enumerate(values(count), 1)
            with cursor.copy(start.encode()) as copy:
                while some := list(islice(numbered, _AT_A_TIME)):
                    copy.write("".join(map(written, some)))
        cursor.execute(
            "INSERT INTO hashes_feedcounter (id, list_id, last_number) VALUES (1, gen_random_uuid(), %(count)s)"
            " ON CONFLICT (id) DO UPDATE SET last_number = %(count)s",
            {"count": count},
        )
    with psycopg.connect(url, autocommit=True) as rows:
        rows.execute("ANALYZE")


def _picture(row: _Numbered) -> str:
    return f"{row[1][0]}\timage\tlisted\n"


def _entry(row: _Numbered) -> str:
    entry, value = row[1]
    return f"{entry}\t{entry}\tpdq\t{value}\t100\toriginal\tunreviewed\tlisted\n"


def _change(row: _Numbered) -> str:
    return f"{row[0]}\tadded\t{row[1][0]}\tunreviewed\t2026-11-01T00:00:00Z\n"


_STATEMENTS: dict[str, Callable[[_Numbered], str]] = {
    "COPY hashes_picture (id, kind, status) FROM STDIN": _picture,
    "COPY hashes_entry (id, picture_id, algorithm, value, quality, variant, review, status) FROM STDIN": _entry,
    "COPY hashes_feedchange (number, change, entry_id, review, stamped_at) FROM STDIN": _change,
}


def _fill_sqlite(file: str, count: int) -> None:
    with sqlite3.connect(file) as rows:
        # The tables' checks call it; Django brings it along in its own connections.
        rows.create_function("REGEXP", 2, lambda pattern, value: re.search(pattern, value) is not None)
        numbered = enumerate(((UUID(entry).hex, value) for entry, value in values(count)), 1)
        while some := list(islice(numbered, _AT_A_TIME)):
            rows.executemany(
                "INSERT INTO hashes_picture (id, kind, status) VALUES (?, 'image', 'listed')",
                ((entry,) for _number, (entry, _value) in some),
            )
            rows.executemany(
                "INSERT INTO hashes_entry (id, picture_id, algorithm, value, quality, variant, review, status)"
                " VALUES (?, ?, 'pdq', ?, 100, 'original', 'unreviewed', 'listed')",
                ((entry, entry, value) for _number, (entry, value) in some),
            )
            rows.executemany(
                "INSERT INTO hashes_feedchange (number, change, entry_id, review, stamped_at)"
                " VALUES (?, 'added', ?, 'unreviewed', '2026-11-01 00:00:00')",
                ((number, entry) for number, (entry, _value) in some),
            )
        rows.execute(
            "INSERT OR REPLACE INTO hashes_feedcounter (id, list_id, last_number) VALUES (1, ?, ?)",
            (UUID(int=1).hex, count),
        )
