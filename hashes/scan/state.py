"""What a scan remembers: the hashes of files, its copy of the list, and what it said. One SQLite file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hashes.fingerprints import Fingerprint
from hashes.scan.errors import MemoryNotUsable
from hashes.scan.looking import Looked
from hashes.scan.walking import Found

_TABLES = """
CREATE TABLE IF NOT EXISTS files (
    name TEXT PRIMARY KEY, size INTEGER, changed_ns INTEGER, fingerprints TEXT, skipped TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listed (
    entry TEXT PRIMARY KEY, algorithm TEXT, value TEXT, review TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS said (entry TEXT PRIMARY KEY, outcome TEXT, count INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY CHECK (id = 1), after INTEGER);
INSERT OR IGNORE INTO position VALUES (1, 0);
"""


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

    def remembered(self, found: Found) -> Looked | None:
        """The hashes of a file that has not changed since."""
        asked = "SELECT fingerprints, skipped FROM files WHERE name = ? AND size = ? AND changed_ns = ?"
        with closing(self._db.execute(asked, (found.name, found.size, found.changed_ns))) as rows:
            row = rows.fetchone()
        if row is None:
            return None
        return Looked(tuple(Fingerprint(*one) for one in json.loads(row[0])), skipped=row[1])

    def remember(self, found: Found, looked: Looked) -> None:
        fingerprints = json.dumps([astuple(one) for one in looked.fingerprints])
        row = (found.name, found.size, found.changed_ns, fingerprints, looked.skipped)
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)

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
                        "INSERT OR REPLACE INTO listed VALUES (:entry, :algorithm, :value, :review)", change
                    )
            self._db.execute("UPDATE position SET after = ?", (after,))

    def forget_list(self) -> None:
        """The portal follows another list now; this copy and what was said about it mean nothing there."""
        with self._db:
            self._db.execute("DELETE FROM listed")
            self._db.execute("DELETE FROM said")
            self._db.execute("UPDATE position SET after = 0")

    def listed(self) -> int:
        row: tuple[int] = self._db.execute("SELECT count(*) FROM listed").fetchone()
        return row[0]

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


def _opened(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=20)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(_TABLES)
    except sqlite3.Error:
        database.close()
        raise
    return database
