"""What a scan remembers: the hashes of files, what they hit, its copy of the list, and what it said. One SQLite file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

from hashes.fingerprints import Fingerprint
from hashes.index import Hit
from hashes.scan.errors import MemoryNotUsable
from hashes.scan.looking import Looked
from hashes.scan.news import Entry, Kept, NewHit
from hashes.scan.walking import Found

_VERSION = 3
# `through`: a file's hashes were compared with the list up to this number; NULL if they never were.
# `number`: where on the list an entry was added.
_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, size INTEGER, changed_ns INTEGER, fingerprints TEXT, skipped TEXT, through INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS hits (
    name TEXT, entry TEXT, distance INTEGER, PRIMARY KEY (name, entry)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listed (
    entry TEXT PRIMARY KEY, algorithm TEXT, value TEXT, review TEXT, number INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS listed_number ON listed (number);
CREATE TABLE IF NOT EXISTS said (entry TEXT PRIMARY KEY, outcome TEXT, count INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY CHECK (id = 1), after INTEGER);
INSERT OR IGNORE INTO position VALUES (1, 0);
"""
# The copy of the list did not know its numbers, and files were not looked into for frames. What was said is kept.
_FROM_THE_FIRST = """
DROP TABLE files;
DROP TABLE listed;
DROP TABLE IF EXISTS hits;
UPDATE position SET after = 0;
"""


class Remembered(NamedTuple):
    """The hashes of a file, and up to which number of the list they were compared."""

    looked: Looked
    through: int | None


class State:
    """Each method is one transaction: a scan killed at any moment goes on from the last one."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # File names and hashes of uploads are nobody else's business.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = _opened(path)
        except (OSError, sqlite3.Error) as error:
            raise MemoryNotUsable(f"{path} can't hold what the scan remembers: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def remembered(self, found: Found) -> Remembered | None:
        """What is known of a file that has not changed since."""
        asked = (
            "SELECT fingerprints, skipped, through FROM files WHERE name = ? AND size = ? AND changed_ns = ?"
        )
        with closing(self._db.execute(asked, (found.name, found.size, found.changed_ns))) as rows:
            row = rows.fetchone()
        return None if row is None else Remembered(Looked(_fingerprints(row[0]), skipped=row[1]), row[2])

    def remember(self, found: Found, looked: Looked) -> None:
        """Its hashes are new, so what the file hit before is no longer true."""
        fingerprints = json.dumps([astuple(one) for one in looked.fingerprints])
        row = (found.name, found.size, found.changed_ns, fingerprints, looked.skipped)
        with self._db:
            self._db.execute("DELETE FROM hits WHERE name = ?", (found.name,))
            self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, NULL)", row)

    def compared(self, names: Iterable[str], hits: Iterable[NewHit], *, through: int) -> None:
        """These files were compared with everything on the list up to this number."""
        with self._db:
            self._db.executemany("INSERT OR IGNORE INTO hits VALUES (?, ?, ?)", hits)
            self._db.executemany(
                "UPDATE files SET through = ? WHERE name = ?", ((through, name) for name in names)
            )

    def forget_comparisons(self) -> None:
        with self._db:
            self._forget_comparisons()

    def hits_of(self, name: str) -> list[Hit]:
        """What this file hits of what is on the list now."""
        rows = self._db.execute(
            "SELECT entry, algorithm, distance, review FROM hits JOIN listed USING (entry) WHERE name = ?",
            (name,),
        )
        return [Hit(UUID(entry), *others) for entry, *others in rows]

    def behind(self) -> list[int]:
        """The numbers up to which some files were compared, while the list has gone on."""
        asked = "SELECT DISTINCT through FROM files WHERE through < ? ORDER BY through"
        return [row[0] for row in self._db.execute(asked, (self.position(),))]

    def kept(self, *, through: int, at_a_time: int) -> Iterator[list[Kept]]:
        """The files that were compared up to this number, in the order of their names."""
        asked = "SELECT name, fingerprints FROM files WHERE through = ? AND name > ? ORDER BY name LIMIT ?"
        last = ""
        while rows := self._db.execute(asked, (through, last, at_a_time)).fetchall():
            last = rows[-1][0]
            yield [Kept(name, _fingerprints(fingerprints)) for name, fingerprints in rows]

    def news(self, *, after: int) -> Iterator[Entry]:
        """What was added to the list since and is still on it."""
        asked = "SELECT entry, algorithm, value FROM listed WHERE number > ?"
        return (Entry(*row) for row in self._db.execute(asked, (after,)))

    def position(self) -> int:
        row: tuple[int] = self._db.execute("SELECT after FROM position").fetchone()
        return row[0]

    def follow(self, changes: Iterable[Mapping[str, Any]], *, after: int) -> None:
        """Take a page of the feed into the copy of the list, together with the new position."""
        with self._db:
            for change in changes:
                if change["change"] == "withdrawn":
                    self._db.execute("DELETE FROM listed WHERE entry = :entry", change)
                else:
                    self._db.execute(
                        "INSERT INTO listed VALUES (:entry, :algorithm, :value, :review, :number)"
                        " ON CONFLICT (entry) DO UPDATE SET review = excluded.review",
                        change,
                    )
            self._db.execute("UPDATE position SET after = ?", (after,))

    def forget_list(self) -> None:
        """The portal follows another list now; what is known of this one means nothing there."""
        with self._db:
            self._forget_comparisons()
            self._db.execute("DELETE FROM listed")
            self._db.execute("DELETE FROM said")
            self._db.execute("UPDATE position SET after = 0")

    def was_said(self, entry: str, outcome: str, count: int) -> bool:
        asked = "SELECT 1 FROM said WHERE entry = ? AND outcome = ? AND count = ?"
        return self._db.execute(asked, (entry, outcome, count)).fetchone() is not None

    def say(self, entry: str, outcome: str, count: int) -> None:
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO said VALUES (?, ?, ?)", (entry, outcome, count))

    def withdrawn_after_saying(self) -> list[tuple[str, int]]:
        """Entries about which something was said, and which then left the list."""
        rows = self._db.execute(
            "SELECT entry, count FROM said"
            " WHERE outcome IN ('blocked', 'pending_review') AND entry NOT IN (SELECT entry FROM listed)"
        )
        return rows.fetchall()

    def _forget_comparisons(self) -> None:
        self._db.execute("DELETE FROM hits")
        self._db.execute("UPDATE files SET through = NULL")


def _fingerprints(written: str) -> tuple[Fingerprint, ...]:
    return tuple(Fingerprint(*one) for one in json.loads(written))


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=20)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        _make_ready(database)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _make_ready(database: sqlite3.Connection) -> None:
    """In one transaction, so that a kill leaves either the old tables or the new ones."""
    # Of two scans that begin at once, the second finds what the first made of an older memory.
    database.execute("BEGIN IMMEDIATE")
    with database:
        is_older = database.execute("PRAGMA table_info(files)").fetchall() and _version(database) < _VERSION
        for step in f"{_FROM_THE_FIRST if is_older else ''}{_TABLES}".split(";"):
            database.execute(step)
        database.execute(f"PRAGMA user_version = {_VERSION}")


def _version(database: sqlite3.Connection) -> int:
    row: tuple[int] = database.execute("PRAGMA user_version").fetchone()
    return row[0]
