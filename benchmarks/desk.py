"""What a page of the desk costs as cases pile up. `DATABASE_URL` names the database, which must be an empty one; else SQLite.

It goes on to a million; `DESK_CASES=100000` stops there. A case has one picture with two fingerprints, two clocks and its
event.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.bench import Bench
from benchmarks.own_database import django as django  # noqa: PLC0414 - Before any model.
from benchmarks.waiting_cases import fill
from cases.models import Case
from cases.services import queue
from cases.services.queue import Place
from tests.makers import make_platform, make_user, signed_in

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 31
DEEP = 30


class Seen(NamedTuple):
    took: float
    fastest: float
    worked: float
    queries: int


def main() -> None:
    most = int(os.environ.get("DESK_CASES", "1000000"))
    call_command("migrate", verbosity=0)
    if Case.objects.exists():
        sys.exit("DATABASE_URL names a database with cases in it. This wants an empty one.")
    make_platform("Loopfeed")
    desk = signed_in(Client(), make_user("tessa", role="triager"))
    bench = Bench(
        "desk", f"The desk on {connection.vendor} (the whole request; peer: the same with 1,000 open cases)"
    )
    first: dict[str, Seen] = {}
    filled = 0
    for size in (size for size in SIZES if size <= most):
        fill(first=filled, to=size)
        filled = size
        for name, path in _pages():
            seen = _measure(desk, path)
            where = f"{size:,} open: {name}"
            bench.add(f"{where}, median", seen.took, "ms", peer=first.setdefault(name, seen).took)
            bench.add(f"{where}, fastest", seen.fastest, "ms", peer=first[name].fastest)
            bench.add(f"{where}, processor", seen.worked, "ms", peer=first[name].worked)
            bench.add(f"{where}, queries", seen.queries, "", peer=first[name].queries)
    bench.finish()


def _pages() -> Iterator[tuple[str, str]]:
    yield "the queue", "/triage/"
    yield f"the queue, page {DEEP}", f"/triage/?after={_place_of_page(DEEP)}"
    yield "the queue, filtered by risk", "/triage/?risk=high"
    middle = queue.waiting().order_by("-is_overdue", "-risk", "received_on", "id")[500:501].get()
    yield "a case", f"/triage/{middle.pk}/"


def _place_of_page(number: int) -> Place:
    ordered = queue.waiting().order_by("-is_overdue", "-risk", "received_on", "id")
    before = number * queue.PAGE - 1
    return (
        Place.of(ordered[before : before + 1].get())
        if ordered.count() > before
        else Place.of(ordered[queue.PAGE])
    )


def _measure(desk: Client, path: str) -> Seen:
    """Medians, and the fastest, which other programs disturb the least. On SQLite the database works in this process, so its time is in the processor's, whatever else runs here."""
    for _ in range(3):
        assert desk.get(path).status_code == 200
    took, worked = [], []
    for _ in range(ROUNDS):
        at, used = time.perf_counter(), time.process_time()
        desk.get(path)
        took.append((time.perf_counter() - at) * 1_000)
        worked.append((time.process_time() - used) * 1_000)
    with CaptureQueriesContext(connection) as caught:
        desk.get(path)
    return Seen(median(took), min(took), median(worked), len(caught))


if __name__ == "__main__":
    main()
