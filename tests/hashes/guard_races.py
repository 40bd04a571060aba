"""Who counts, sweeps, blocks and disputes in the same moment, each with a connection of their own.

`python -m tests.hashes.guard_races` with DATABASE_URL naming a migrated database; prints what came of each as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

import django
from django.db import connection, transaction
from django.utils import timezone

if __name__ == "__main__":
    django.setup()

from hashes.models import Concern, Entry, FeedChange, MatchCount, Picture
from hashes.services import (
    counting,
    give_feedback,
    look_for_floods,
    note_found,
    publish,
    quarantine_pictures,
    withdraw_pictures,
)
from hashes.services.concerns import raise_concern
from platforms.services import NewKey
from tests.makers import make_fingerprints, make_picture, make_platform

# How long the first stays in the midst of it while the second comes.
IN_THE_MIDST = 0.3
THREADS, ROUNDS, PICTURES = 4, 12, 10
Act = Callable[[], object]
Outcome = dict[str, object]


def main() -> None:
    platform = make_platform("Loopfeed")
    found = {race.__name__: race(platform) for race in RACES}
    sys.stdout.write(json.dumps(found))


def at_once(*acts: Act) -> list[str]:
    """The first begins, and the others come while it has done it and not yet committed."""
    is_in_the_midst, heard = threading.Event(), [""] * len(acts)

    def begin() -> None:
        with transaction.atomic():
            acts[0]()
            is_in_the_midst.set()
            threading.Event().wait(IN_THE_MIDST)

    def follow(act: Act) -> None:
        is_in_the_midst.wait(20)
        act()

    run([begin, *(partial(follow, act) for act in acts[1:])], heard)
    return heard


def run(acts: list[Act], heard: list[str]) -> None:
    threads = [threading.Thread(target=hear, args=(heard, place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def hear(heard: list[str], place: int, act: Act) -> None:
    try:
        act()
        heard[place] = "done"
    except Exception as error:  # noqa: BLE001 - Whatever it is, the test reads it.
        heard[place] = type(error).__name__
        traceback.print_exc()
    finally:
        connection.close()


def flooded(platform: NewKey) -> UUID:
    picture = make_picture()
    publish(now=timezone.now())
    MatchCount.objects.create(
        picture_id=picture, platform=platform.platform, counted_on=today(), count=100_000
    )
    return picture


def today() -> date:
    return timezone.now().date()


def after(picture: UUID, heard: list[str]) -> Outcome:
    """Whether the feed's last word about each entry is what the entry says."""
    entries = list(Entry.objects.filter(picture=picture))
    told = {
        change.entry_id: (change.change, change.review)
        for change in FeedChange.objects.filter(entry__in=entries).order_by("pk")
    }
    expected = {
        entry.pk: (told[entry.pk][0] if entry.status == "listed" else "withdrawn", entry.review)
        for entry in entries
    }
    return {
        "heard": heard,
        "status": Picture.objects.get(pk=picture).status,
        "reviews": sorted({entry.review for entry in entries}),
        "reviewed": FeedChange.objects.filter(entry__in=entries, change="reviewed").count(),
        "concerns": Concern.objects.filter(picture=picture).count(),
        "feed_agrees": told == expected,
    }


def sweep() -> None:
    look_for_floods(now=timezone.now())


def block(platform: NewKey, picture: UUID) -> None:
    entry = Entry.objects.filter(picture=picture).order_by("pk")[0]
    give_feedback(
        platform_id=platform.platform.pk,
        entry_id=entry.pk,
        outcome="blocked",
        reason=None,
        count=3,
        on=today(),
    )


def two_sweeps(platform: NewKey) -> list[Outcome]:
    picture = flooded(platform)
    return [after(picture, at_once(sweep, sweep))]


def sweep_and_block(platform: NewKey) -> list[Outcome]:
    outcomes = []
    for swapped in (False, True):
        picture = flooded(platform)
        acts: list[Act] = [sweep, partial(block, platform, picture)]
        outcomes.append(after(picture, at_once(*(reversed(acts) if swapped else acts))))
    return outcomes


def sweep_and_withdrawal(platform: NewKey) -> list[Outcome]:
    outcomes = []
    for swapped in (False, True):
        picture = flooded(platform)
        acts: list[Act] = [sweep, partial(withdraw_pictures, picture_ids=[picture])]
        outcomes.append(after(picture, at_once(*(reversed(acts) if swapped else acts))))
    return outcomes


def counting_at_once(platform: NewKey) -> list[Outcome]:
    """Threads that find and threads that say, on the same pictures, while each count is new to the day."""
    pictures = [make_picture() for _ in range(PICTURES)]
    publish(now=timezone.now())
    entries = [Entry.objects.filter(picture=one).order_by("pk")[0].pk for one in pictures]
    counting.WRITE_EVERY_SECONDS = 0.0

    def find() -> None:
        for turn in range(ROUNDS):
            note_found(platform_id=platform.platform.pk, entries=entries[turn % 3 :])

    def say(first: int) -> None:
        for number in range(first, PICTURES, 2):
            block(platform, pictures[number])

    acts: list[Act] = [*[find] * THREADS, partial(say, 0), partial(say, 1)]
    heard = [""] * len(acts)
    run(acts, heard)
    counting.write_counts()
    counts = MatchCount.objects.filter(picture__in=pictures).values_list("count", flat=True)
    return [
        {"heard": heard, "rows": len(counts), "least": min(counts), "most": max(counts), "sum": sum(counts)}
    ]


def report_and_dispute(_platform: NewKey) -> list[Outcome]:
    """One who reports the disputed picture anew before the dispute was committed, and one who does it after."""
    prints = make_fingerprints()
    first = make_picture(*prints)
    anew: list[UUID] = []

    def dispute() -> None:
        quarantine_pictures(picture_ids=[first])
        raise_concern(kind="disputed", picture_id=first, evidence={}, on=today())

    heard = at_once(dispute, lambda: anew.append(make_picture(*prints)))
    anew.append(make_picture(*prints))
    return [{"heard": heard, "statuses": [Picture.objects.get(pk=one).status for one in anew]}]


RACES = (two_sweeps, sweep_and_block, sweep_and_withdrawal, counting_at_once, report_and_dispute)

if __name__ == "__main__":
    main()
