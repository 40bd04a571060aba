"""How soon every process that matches knows what was numbered, while two hundred changes a second come."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psycopg

from benchmarks.bench import Bench
from tests.databases import SERVER, OwnDatabase, own_database

CHANGES = 4_000
MATCHERS = 3
Seen = list[list[Any]]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        os.environ["VAR_DIR"] = name
        kind = "postgres" if _has_postgres() else "sqlite"
        title = f"From numbering to matching ({kind}, {CHANGES:,} changes, {MATCHERS} processes match)"
        bench = Bench("freshness", title)
        with own_database(kind, folder=Path(name)) as database:
            _report(bench, *_measured(database, Path(name)))
        bench.finish()


def _has_postgres() -> bool:
    try:
        psycopg.connect(f"{SERVER}/postgres", connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _measured(database: OwnDatabase, folder: Path) -> tuple[Seen, Seen, list[Seen]]:
    lookers = [f"match-{number}" for number in range(MATCHERS)]
    running = [_started(database, role, folder) for role in lookers]
    # What a process needs to begin is not what is measured.
    while any(process.poll() is None for process in running) and not all(
        (folder / role).exists() and (folder / role).stat().st_size for role in lookers
    ):
        time.sleep(0.1)
    running += [_started(database, role, folder) for role in ("number", "write")]
    for process in running:
        _, errors = process.communicate()
        if process.returncode:
            sys.exit(errors)
    written, numbered, *seen = [_read(folder / role) for role in ("write", "number", *lookers)]
    return written, numbered, seen


def _started(database: OwnDatabase, role: str, folder: Path) -> subprocess.Popen[str]:
    return database.start(
        "-m", "benchmarks.freshness_load", role.split("-", maxsplit=1)[0], str(folder / role), str(CHANGES)
    )


def _read(path: Path) -> Seen:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _report(bench: Bench, written: Seen, numbered: Seen, seen: list[Seen]) -> None:
    last = numbered[-1][1]
    bench.add("changes numbered", last, "")
    bench.add("changes a second", last / (written[-1][0] - written[0][0]), "")
    _add(bench, "committed → numbered", _waits(written, numbered))
    everybody: list[float] = []
    for looker in seen:
        everybody += _waits(_each(numbered), looker[:-1])
    _add(bench, "numbered → seen by a process that matches", everybody)
    bench.add("processes that saw all of it", sum(looker[-1][1] == last for looker in seen), "")
    bench.add("processes that answer exactly at the end", sum(looker[-1][2] for looker in seen), "")
    from_files = sum(any(line[2] for line in looker[:-1]) for looker in seen)
    bench.add("processes that went over to files, and to newer ones", from_files, "")


def _each(numbered: Seen) -> Seen:
    """Every number and when it was committed, not only the last of its batch."""
    rows, before = [], 0
    for when, last in numbered:
        rows += [[when, number] for number in range(before + 1, last + 1)]
        before = last
    return rows


def _waits(happened: Seen, followed: Seen) -> list[float]:
    """For each that happened, how long until somebody had followed so far, in ms."""
    marks = [line[1] for line in followed]
    return [1_000 * (followed[bisect_left(marks, number)][0] - when) for when, number in happened]


def _add(bench: Bench, what: str, waits: list[float]) -> None:
    bench.add(f"{what}, median", median(waits), "ms")
    bench.add(f"{what}, 99 of 100", quantiles(waits, n=100)[98], "ms")
    bench.add(f"{what}, longest", max(waits), "ms")


if __name__ == "__main__":
    main()
