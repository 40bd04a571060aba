"""Processes that write, number, read and answer at the same time. Each is one role, started by the test.

`python -m tests.hashes.feed_load ROLE ARGUMENTS…` with DATABASE_URL naming the database.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import django
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone


def write(seed: str, transactions: str, longest_ms: str) -> None:
    """Four threads list and withdraw pictures in transactions of very different lengths; some give up."""
    threads = [
        threading.Thread(target=_write, args=(f"{seed}-{number}", int(transactions), int(longest_ms)))
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _write(seed: str, transactions: int, longest_ms: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - Nothing secret: a mix of long and short transactions.
    mine: list[UUID] = []
    for _ in range(transactions):
        with transaction.atomic():
            new = make_picture(*make_fingerprints()[: chance.randint(1, 4)])
            if mine and chance.random() < 0.4:
                withdraw_pictures(picture_ids=[mine.pop(chance.randrange(len(mine)))])
            time.sleep(chance.random() ** 3 * longest_ms / 1_000)
            gives_up = chance.random() < 0.1
            transaction.set_rollback(gives_up)
        if not gives_up:
            mine.append(new)
    connection.close()


def number(seed: str, stop: str) -> None:
    """Start a publisher, kill it with -9 wherever it is, start the next: until it is told to stop."""
    chance = random.Random(seed)  # noqa: S311 - Nothing secret: moments to kill at.
    parent = os.getpid()
    while not Path(stop).exists():
        publisher = os.fork()
        if publisher == 0:
            _publish(while_child_of=parent)
        time.sleep(chance.uniform(0.02, 0.4))
        if os.waitpid(publisher, os.WNOHANG) != (0, 0):
            sys.exit("A publisher ended by itself.")
        os.kill(publisher, signal.SIGKILL)
        os.waitpid(publisher, 0)


def _publish(*, while_child_of: int) -> None:
    settings.PUBLISH_BATCH = 7
    try:
        _publish_in_turn(while_child_of=while_child_of)
    finally:
        # A fork must not run what its parent would at its end.
        traceback.print_exc()
        os._exit(1)


def _publish_in_turn(*, while_child_of: int) -> None:
    # Without its parent, nobody would ever end it.
    while os.getppid() == while_child_of:
        if not services.publish(now=timezone.now()):
            time.sleep(0.002)


def read(platform: str, log: str, stop: str) -> None:
    """Follow the feed as a platform does and write down every change, until there is a last one."""
    after = 0
    with Path(log).open("w") as lines:
        while True:
            stopping = Path(stop).exists()
            page = services.read_feed(platform_id=int(platform), after=after, limit=11)
            lines.writelines(
                json.dumps([change.number, change.change, str(change.entry)]) + "\n"
                for change in page.changes
            )
            after = page.next_after
            if stopping and not page.changes:
                return
            time.sleep(0 if page.has_more else 0.002)


def say(platform: str, entry: str, times: str, outcome: str) -> None:
    """Say the same about an entry from several threads at once."""

    def once() -> None:
        services.give_feedback(
            platform_id=int(platform),
            entry_id=UUID(entry),
            outcome=outcome,
            reason=None,
            count=1,
            on=date(2026, 11, 23),
        )

    _at_once(once, times=int(times))


def plant(platform: str, times: str) -> None:
    """A platform's list is read for the first time by several clients of its own at once."""

    def once() -> None:
        services.ensure_canaries(platform_id=int(platform), now=timezone.now())

    _at_once(once, times=int(times))


def number_slowly(stamped: str, go_on: str) -> None:
    """Number what waits, but stop between the stamp and the commit until told to go on."""

    def stop(**_: object) -> None:
        Path(stamped).touch()
        while not Path(go_on).exists():
            time.sleep(0.02)

    publishing.announce = stop  # type: ignore[attr-defined]  # The last thing before the commit.
    services.publish(now=timezone.now())


def read_range(platform: str, since: str, before: str, wait_ms: str) -> None:
    """Print the entries that a reader by time is told of a range, or that it has to ask again."""
    closing._WAIT_MS = int(wait_ms)
    try:
        page = services.entries_by_time(
            platform_id=int(platform),
            since=datetime.fromisoformat(since),
            before=datetime.fromisoformat(before),
            after=0,
            is_first=False,
            limit=1_000,
        )
    except ListBusy:
        sys.stdout.write(json.dumps("busy"))
        return
    sys.stdout.write(json.dumps([str(row.entry) for row in page.rows]))


def _at_once(do: Callable[[], None], *, times: int) -> None:
    start = threading.Barrier(times)
    failed: list[Exception] = []

    def once() -> None:
        start.wait()
        try:
            do()
        except Exception as error:  # noqa: BLE001 - Told by the process.
            failed.append(error)
        connection.close()

    threads = [threading.Thread(target=once) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


ROLES: dict[str, Callable[..., None]] = {
    "write": write,
    "number": number,
    "read": read,
    "say": say,
    "plant": plant,
    "number_slowly": number_slowly,
    "read_range": read_range,
}

if __name__ == "__main__":
    django.setup()

from hashes import services  # noqa: E402 - Models can be imported once Django is set up.
from hashes.errors import ListBusy  # noqa: E402
from hashes.services import closing, publishing, withdraw_pictures  # noqa: E402
from tests.makers import make_fingerprints, make_picture  # noqa: E402

if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])
