"""What a page of the desk costs as cases pile up. `DATABASE_URL` names the database, which must be an empty one; else SQLite.

`DESK_CASES=1000000` goes on to a million. A case has one picture with two fingerprints, two clocks and its events.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.bench import Bench
from benchmarks.own_database import django as django  # noqa: PLC0414 - Before any model.
from cases.models import Case, CaseEvent, CasePicture, Clock
from cases.services import queue
from cases.services.queue import Place
from hashes.models import Entry, FeedChange, FeedCounter, Picture
from tests.makers import make_platform, make_user, signed_in

SIZES = (1_000, 10_000, 100_000, 1_000_000)
ROUNDS = 31
BATCH = 5_000
DEEP = 30
RISKS = (0, 0, 0, 0, 120, 350, 600, 800, 1_600, 4_000)


class Seen(NamedTuple):
    took: float
    worked: float
    queries: int


def main() -> None:
    most = int(os.environ.get("DESK_CASES", "100000"))
    call_command("migrate", verbosity=0)
    if Case.objects.exists():
        sys.exit("DATABASE_URL names a database with cases in it. This wants an empty one.")
    make_platform("Loopfeed")
    desk = signed_in(Client(), make_user("tessa", role="triager"))
    bench = Bench(
        "desk", f"The desk on {connection.vendor} (the whole request; peer: the same with 1,000 open cases)"
    )
    first: dict[str, Seen] = {}
    for size in (size for size in SIZES if size <= most):
        _fill(to=size)
        for name, path in _pages():
            seen = _measure(desk, path)
            where = f"{size:,} open: {name}"
            bench.add(f"{where}, median", seen.took, "ms", peer=first.setdefault(name, seen).took)
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
    """Medians. On SQLite the database works in this process, so its time is in the processor's, whatever else runs here."""
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
    return Seen(median(took), median(worked), len(caught))


def _fill(*, to: int) -> None:
    place = Case.objects.count()
    while place < to:
        count = min(BATCH, to - place)
        _add(place, count)
        place += count
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _add(first: int, count: int) -> None:
    now = timezone.now()
    cases = [_case(number, now.date()) for number in range(first, first + count)]
    pictures = [Picture(kind="image", status="listed") for _ in cases]
    entries = [_entry(one, algorithm) for one in pictures for algorithm in ("pdq", "sha256")]
    _write(Case, cases)
    _write(Picture, pictures)
    _write(
        CasePicture, [CasePicture(case=case, picture=one) for case, one in zip(cases, pictures, strict=True)]
    )
    _write(Entry, entries)
    _write(
        FeedChange, [_change(entry, 2 * first + place, now) for place, entry in enumerate(entries, start=1)]
    )
    _write(CaseEvent, [CaseEvent(case=case, kind="received", happened_on=now.date()) for case in cases])
    due_at = now + timedelta(hours=20)
    _write(
        Clock,
        [Clock(case=case, kind=kind, due_at=due_at) for case in cases for kind in ("first_look", "ladder")],
    )
    FeedCounter.objects.update_or_create(pk=1, defaults={"last_number": 2 * (first + count)})


def _case(number: int, today: Any) -> Case:
    # Selectors only have to differ here.
    return Case(
        status=("received", "open")[number % 2],
        received_on=today - timedelta(days=number % 30),
        selector=_selector(number),
        salt=secrets.token_bytes(16),
        verifier=secrets.token_bytes(32),
        key_for_reporter=secrets.token_bytes(80),
        key_for_team=secrets.token_bytes(80),
        team_key_id="bench",
        risk=RISKS[number % len(RISKS)],
        in_danger=RISKS[number % len(RISKS)] >= 4_000,
        is_overdue=number % 20 == 0,
    )


def _selector(number: int) -> str:
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(digits[number // 32**place % 32] for place in range(5))


def _entry(picture: Picture, algorithm: str) -> Entry:
    return Entry(picture=picture, algorithm=algorithm, value=secrets.token_hex(32), status="listed")


def _change(entry: Entry, number: int, now: Any) -> FeedChange:
    return FeedChange(change="added", entry=entry, review="unreviewed", number=number, stamped_at=now)


def _write(model: type[Model], rows: list[Any]) -> None:
    model._default_manager.bulk_create(rows, batch_size=1_000)  # noqa: SLF001 - Every model's.


if __name__ == "__main__":
    main()
