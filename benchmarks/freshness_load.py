"""The parts of `benchmarks.freshness`, each a process of its own: one writes, one numbers, some match.

`python -m benchmarks.freshness_load ROLE FILE NUMBER` writes what it saw to the file, a JSON line each.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import django

# In one transaction, and how many of them are withdrawals.
TOGETHER = 10
WITHDRAWN = 3
# As many as the feed is promised to bear.
A_SECOND = 200
_PUBLISH_EVERY = 0.25
_MATCH_EVERY = 0.01

Seen = Iterator[list[Any]]


def write(changes: int) -> Seen:
    """Pictures with one fingerprint, and withdrawals, at a steady pace: [when they were committed, how many so far]."""
    chance, begun = random.Random(1), time.monotonic()  # noqa: S311 - Nothing secret.
    listed: list[UUID] = []
    for done in range(0, changes, TOGETHER):
        time.sleep(max(0.0, begun + done / A_SECOND - time.monotonic()))
        gone = [listed.pop(chance.randrange(len(listed))) for _ in range(WITHDRAWN if listed else 0)]
        with transaction.atomic():
            services.withdraw_pictures(picture_ids=gone)
            new = [_picture(chance) for _ in range(TOGETHER - len(gone))]
            listed += services.list_pictures(pictures=new, release=True)
        yield [time.monotonic(), done + TOGETHER]


def _picture(chance: random.Random) -> services.NewPicture:
    value = f"{chance.getrandbits(256):064x}"
    return services.NewPicture("image", (services.Fingerprint("pdq", value, 90),))


def number(changes: int) -> Seen:
    """As the worker does: [when it was committed, the last number]."""
    while services.which_list()[1] < changes:
        started = time.monotonic()
        while services.publish(now=timezone.now()):
            yield [time.monotonic(), services.which_list()[1]]
        time.sleep(max(0.0, started + _PUBLISH_EVERY - time.monotonic()))


def match(changes: int) -> Seen:
    """[when, up to which number was seen, whether it came from files], and at the end whether it answers exactly."""
    # Smaller than ever outside, so that it goes over to newer files some times in so short a time.
    follower = following._follower[0] = following._Follower(build_at=changes // 4)  # noqa: SLF001 - As said.
    seen = 0
    # As a web process has it from its parent.
    compile_all()
    follower.look()
    yield [time.monotonic(), seen, False]
    while seen < changes:
        index = follower.look()
        index.find(algorithm="pdq", value="0" * 64)
        if index.number != seen:
            seen = index.number
            yield [time.monotonic(), seen, bool(list(index.segments()))]
        time.sleep(_MATCH_EVERY)
    while follower.builder.is_at_work():
        time.sleep(_MATCH_EVERY)
    yield [time.monotonic(), seen, _answers_exactly(follower.look())]


def _answers_exactly(index: Index) -> bool:
    entries = Entry.objects.values_list("pk", "value", "status")
    return all(
        (pk in {hit.entry for hit in index.find(algorithm="pdq", value=value)}) == (status == "listed")
        for pk, value, status in entries
    )


ROLES: dict[str, Callable[[int], Seen]] = {"write": write, "number": number, "match": match}

if __name__ == "__main__":
    django.setup()

from django.db import transaction  # noqa: E402 - Models can be imported once Django is set up.
from django.utils import timezone  # noqa: E402

from hashes import services  # noqa: E402
from hashes.index import Index  # noqa: E402
from hashes.models import Entry  # noqa: E402
from hashes.segments import compile_all  # noqa: E402
from hashes.services import following  # noqa: E402

if __name__ == "__main__":
    with Path(sys.argv[2]).open("w", encoding="utf-8", buffering=1) as lines:
        lines.writelines(json.dumps(seen) + "\n" for seen in ROLES[sys.argv[1]](int(sys.argv[3])))
