"""No reader misses a number: with real processes that write, number and read at once, on both databases."""

from __future__ import annotations

import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import BOTH, OwnDatabase, finished, own_database

MAKERS = (
    "from django.utils import timezone; from hashes.services import publish;"
    "from tests.makers import make_picture, make_platform"
)

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(150)]


@dataclass(frozen=True)
class Database(OwnDatabase):
    """Its rows are asked for in other processes: this one has the suite's."""

    @property
    def longest_ms(self) -> int:
        """SQLite has one writer at a time: long transactions would only make the others wait."""
        return 15 if self.is_sqlite else 300

    def play(self, role: str, *arguments: object) -> subprocess.Popen[str]:
        return self.start("-m", "tests.hashes.feed_load", role, *map(str, arguments))

    def ask(self, question: str) -> list[list[object]]:
        """Rows of a queryset, written as Python."""
        script = f"import json; from hashes.models import *; print(json.dumps(list({question}), default=str))"
        rows: list[list[object]] = json.loads(self.run("shell", "-v", "0", "-c", script))
        return rows


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with own_database(request.param, folder=tmp_path) as made:
        yield Database(made.url)


def add_platforms(database: Database) -> list[int]:
    script = f"{MAKERS}; print([make_platform(name).platform.pk for name in ('Loopfeed', 'Chatterbox')])"
    added: list[int] = json.loads(database.run("shell", "-v", "0", "-c", script))
    return added


def test_every_reader_sees_every_change_once_in_order_whatever_is_killed(
    database: Database, tmp_path: Path
) -> None:
    platforms = add_platforms(database)
    stop, logs = tmp_path / "stop", [tmp_path / f"{platform}.jsonl" for platform in platforms]
    readers = [
        database.play("read", platform, log, stop) for platform, log in zip(platforms, logs, strict=True)
    ]
    writers = [database.play("write", seed, 15, database.longest_ms) for seed in range(2)]
    publishers = [database.play("number", seed, stop) for seed in range(2)]
    try:
        for writer in writers:
            finished(writer)
        wait_until_all_is_numbered(database)
        stop.touch()
        for process in (*publishers, *readers):
            finished(process)
    finally:
        for process in (*publishers, *writers, *readers):
            process.kill()
            process.communicate()
    check(database, [[json.loads(line) for line in log.read_text().splitlines()] for log in logs])


def wait_until_all_is_numbered(database: Database) -> None:
    for _ in range(60):
        if not database.ask("FeedChange.objects.filter(number=None).values_list('id')"):
            return
        time.sleep(0.2)
    raise AssertionError("The publishers left lines without a number.")


def check(database: Database, seen_by_readers: list[list[list[object]]]) -> None:
    rows = database.ask(
        "FeedChange.objects.order_by('number').values_list('number', 'change', 'entry', 'stamped_at')"
    )
    written = [row[:3] for row in rows]
    assert {change for _, change, _ in written} == {"added", "withdrawn"}
    for seen in seen_by_readers:
        assert seen == written
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row[3] for row in rows] == sorted(str(row[3]) for row in rows)
    by_entry = defaultdict(list)
    for _, change, entry in written:
        by_entry[entry].append(change)
    assert all(changes in (["added"], ["added", "withdrawn"]) for changes in by_entry.values())


def test_the_same_feedback_at_once_is_kept_once_and_confirms_once(database: Database) -> None:
    platforms = add_platforms(database)
    database.run("shell", "-v", "0", "-c", f"{MAKERS}; make_picture(); publish(now=timezone.now())")
    entries = [row[0] for row in database.ask("Entry.objects.values_list('id')")]
    # Two platforms, each with six workers, about two entries of one picture.
    sayers = [
        database.play("say", platform, entry, 6, "blocked") for platform in platforms for entry in entries[:2]
    ]
    for sayer in sayers:
        finished(sayer)
    assert len(database.ask("Feedback.objects.values_list('id')")) == 4
    reviewed = database.ask("FeedChange.objects.filter(change='reviewed').values_list('entry')")
    assert sorted(str(row[0]) for row in reviewed) == sorted(map(str, entries))
