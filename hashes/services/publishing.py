"""The one publisher: it numbers what was committed, so that no slow transaction can slip in behind a reader."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from hashes.models import FeedChange, FeedCounter
from hashes.numbering import deal, rounded_up
from hashes.services import following
from platforms.services import announce

_random = secrets.SystemRandom()


def publish(*, now: datetime) -> int:
    """Number up to a batch of waiting changes; say how many."""
    # Asked four times a second: the counter's lock, SQLite's only one for writing, is taken when there is work.
    if not FeedChange.objects.filter(number=None).exists():
        return 0
    published = _publish_batch(now=now)
    following.look_at_once()
    return published


def oldest_waiting() -> int | None:
    """The id of the oldest change without a number, for whoever watches that a worker lives."""
    return FeedChange.objects.filter(number=None).order_by("id").values_list("id", flat=True).first()


@transaction.atomic
def _publish_batch(*, now: datetime) -> int:
    counter, _ = FeedCounter.objects.select_for_update().get_or_create(pk=1)
    waiting = list(FeedChange.objects.filter(number=None).order_by("id")[: settings.PUBLISH_BATCH])
    entries = [change.entry_id for change in waiting]
    numbers = deal(entries, first=counter.last_number + 1, shuffle=_random.shuffle)
    stamp = next_stamp(now, after=counter.last_number)
    for change, number in zip(waiting, numbers, strict=True):
        change.number, change.stamped_at = number, stamp
    # One plain statement: `bulk_update` writes a case for each row and takes ten times as long, under the lock.
    FeedChange.objects.bulk_create(
        waiting, update_conflicts=True, unique_fields=["id"], update_fields=["number", "stamped_at"]
    )
    latest = counter.last_number + len(waiting)
    FeedCounter.objects.update(last_number=latest)
    if waiting:
        announce(scope="feed", event="list.changed", payload={"latest_number": latest}, now=now)
    return len(waiting)


def next_stamp(now: datetime, *, after: int) -> datetime:
    """The batch's time. It never lies before the last one's, whatever the clocks of two workers say."""
    stamp = rounded_up(now, seconds=settings.FEED_STAMP_SECONDS)
    before = FeedChange.objects.filter(number=after).values_list("stamped_at", flat=True).first()
    return max(stamp, before) if before else stamp
