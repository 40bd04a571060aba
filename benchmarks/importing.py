"""A list taken from a file: until it is stored, and until all of it is numbered. On PostgreSQL, in a database of its own.

`CI_POSTGRES` names the server, `IMPORT_ROWS=100000` makes it shorter. The peer is PostgreSQL's bare COPY of the same lines
into a table without an index.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psycopg

from benchmarks.bench import Bench
from tests.databases import OwnDatabase, own_database

ROWS = int(os.environ.get("IMPORT_ROWS", "1000000"))
# As a platform's export has them: mostly pictures, some videos.
PDQ_IN_TEN = 9
ADD = "from tests.makers import make_platform; make_platform('Loopfeed')"
NUMBER = (
    "from django.utils import timezone; from hashes.services import publish\n"
    "while publish(now=timezone.now()): pass"
)
COUNT = "from hashes.models import FeedCounter; print(FeedCounter.objects.get().last_number)"


def main() -> None:
    bench = Bench("importing", f"A list of {ROWS:,} fingerprints taken from a file, on PostgreSQL")
    with tempfile.TemporaryDirectory() as made, own_database("postgres", folder=Path(made)) as database:
        file = Path(made) / "list.jsonl"
        _write(file)
        copied = _seconds(lambda: _copied(database, file))
        _run(database, "shell", "-v", "0", "-c", ADD)
        stored = _seconds(lambda: _run(database, "list_import", str(file), "--source", "loopfeed"))
        numbered = _seconds(lambda: _run(database, "shell", "-v", "0", "-c", NUMBER))
        again = _seconds(lambda: _run(database, "list_import", str(file), "--source", "loopfeed"))
        if int(_run(database, "shell", "-v", "0", "-c", COUNT)) != ROWS:
            raise AssertionError("Not every row has a number.")
    bench.add("stored", stored, "s", peer=copied)
    bench.add("stored, rows a second", ROWS / stored, "", peer=ROWS / copied)
    bench.add("all numbered after that, one publisher", numbered, "s")
    bench.add("numbered, rows a second", ROWS / numbered, "")
    bench.add("the same file again", again, "s")
    bench.finish()


def _write(file: Path) -> None:
    chance = np.random.default_rng(0)
    with file.open("w", encoding="ascii") as lines:
        for number in range(ROWS):
            is_video = number % 10 >= PDQ_IN_TEN
            kind, algorithm, size = ("video", "md5", 16) if is_video else ("image", "pdq", 32)
            row = {"kind": kind, "algorithm": algorithm, "value": chance.bytes(size).hex()}
            lines.write(f"{json.dumps(row)}\n")


def _copied(database: OwnDatabase, file: Path) -> None:
    """Into three columns, as they stand in the file."""
    with psycopg.connect(database.url) as server, server.cursor() as cursor:
        cursor.execute("CREATE TABLE copied (kind text, algorithm text, value text)")
        with file.open() as lines, cursor.copy("COPY copied FROM STDIN") as copy:
            for line in lines:
                copy.write_row(tuple(json.loads(line).values()))


def _run(database: OwnDatabase, *arguments: str) -> str:
    process = database.start("manage.py", *arguments)
    out, errors = process.communicate()
    if process.returncode:
        sys.exit(f"{arguments[0]}: {errors}")
    return out


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
