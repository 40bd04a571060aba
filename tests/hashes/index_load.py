"""Processes that build the index, are killed while they do, and look into it. Each is one role, started by the test.

`python -m tests.hashes.index_load ROLE ARGUMENTS…` with DATABASE_URL naming the database and VAR_DIR the folder.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from uuid import UUID

import django
from django.db import connection
from django.utils import timezone


def kill(seed: str, rounds: str) -> None:
    """Kill a build wherever it is, again and again. What lies on disk can be opened after each, and never goes back."""
    chance = random.Random(seed)  # noqa: S311 - Nothing secret: moments to kill at.
    # Children have it from here; making it would take each of them longer than it lives.
    compile_all()
    numbers = [0]
    for _ in range(int(rounds)):
        _add(chance)
        # Sometimes several at once, of which one builds.
        builders = [_forked(_build) for _ in range(chance.choice([1, 1, 3]))]
        time.sleep(chance.uniform(0, 0.3))
        for builder in builders:
            os.kill(builder, signal.SIGKILL)
            os.waitpid(builder, 0)
        stored = _store().open()
        numbers.append(stored.number if stored else 0)
    connection.close()
    _require(os.waitpid(_forked(_build), 0)[1] == 0, "The last build failed.")
    _require(numbers == sorted(numbers), f"What lies on disk went back: {numbers}")
    _require(numbers[-1] > 0, "Nothing was ever complete.")
    _require_as_listed(following.current_index())
    _tell(len(set(numbers)))


def follow() -> None:
    """Look into a list that grows, until this process has gone over to files that it had built."""
    chance = random.Random(1)  # noqa: S311 - Nothing secret: which value.
    follower = following._follower[0] = following._Follower(build_at=20, far=10_000)
    for _ in range(10):
        _add(chance)
    while not list(follower.look().segments()) or follower.builder.is_at_work():
        time.sleep(0.05)
    _require_as_listed(follower.look())
    _require(follower.builder.is_usable, "A build that went well is taken for one that failed.")
    _tell(follower.index.number)


def wait_far_behind() -> None:
    """Begin with a list that is far ahead: this process has it read by another and is then near."""
    follower = following._follower[0] = following._Follower(build_at=20, far=30)
    for _ in range(200):
        try:
            index = follower.look()
            break
        except ListNotReady:
            continue
    _require(bool(list(index.segments())), "It was read in this process.")
    _require_as_listed(index)
    _tell(index.number)


def _add(chance: random.Random) -> None:
    pictures = [make_picture(*make_fingerprints(pdq=f"{chance.getrandbits(256):064x}")) for _ in range(6)]
    services.publish(now=timezone.now())
    services.withdraw_pictures(picture_ids=pictures[:2])
    services.publish(now=timezone.now())


def _forked(work: Callable[[], None]) -> int:
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - Told, whatever it is.
            traceback.print_exc()
            os._exit(1)
        # A fork must not run what its parent would at its end.
        os._exit(0)
    return child


def _build() -> None:
    if _store().lock() is not None:
        services.build_index(root=services.index_folder(), list_id=_list_id(), checkpoint_lines=20)


def _store() -> Store:
    return Store(services.index_folder(), _list_id())


def _list_id() -> UUID:
    return FeedCounter.objects.get().list_id


def _require_as_listed(index: Index) -> None:
    compared = BruteForce()
    for lines in feed_lines.lines(after=0, through=index.number):
        compared.apply(lines)
    for algorithm, value in Entry.objects.values_list("algorithm", "value"):
        expected = compared.find(algorithm=algorithm, value=value)
        _require(index.find(algorithm=algorithm, value=value) == expected, "It answers otherwise.")


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")


def _require(holds: bool, told: str) -> None:  # noqa: FBT001 - As an assert, which may be switched off.
    if not holds:
        sys.exit(told)


ROLES: dict[str, Callable[..., None]] = {"kill": kill, "follow": follow, "wait": wait_far_behind}

if __name__ == "__main__":
    django.setup()

from hashes import services  # noqa: E402 - Models can be imported once Django is set up.
from hashes.errors import ListNotReady  # noqa: E402
from hashes.index import Index  # noqa: E402
from hashes.models import Entry, FeedCounter  # noqa: E402
from hashes.segments import compile_all  # noqa: E402
from hashes.services import feed_lines, following  # noqa: E402
from hashes.store import Store  # noqa: E402
from tests.hashes.test_index import BruteForce  # noqa: E402
from tests.makers import make_fingerprints, make_picture  # noqa: E402

if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])
