"""The one publisher: it numbers what was committed, so that no slow transaction can slip in behind a reader."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from hashes.models import Canary, FeedChange, FeedCounter
from hashes.numbering import deal, rounded_up
from hashes.services import following
from hashes.services.bulk_rows import number_rows
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
    rows = FeedChange.objects.filter(number=None).order_by("id").values_list("id", "entry_id")
    waiting = list(rows[: settings.PUBLISH_BATCH])
    entries = [entry for _, entry in waiting]
    numbers = deal(entries, first=counter.last_number + 1, shuffle=_random.shuffle)
    number_rows([row for row, _ in waiting], numbers, at=next_stamp(now, counter=counter))
    latest = counter.last_number + len(waiting)
    FeedCounter.objects.update(last_number=latest)
    if waiting:
        announce(scope="feed", event="list.changed", payload={"latest_number": latest}, now=now)
    return len(waiting)


def next_stamp(now: datetime, *, counter: FeedCounter) -> datetime:
    """The batch's time, for whoever holds the counter's lock.

    Never before the last one's, whatever the clocks of two workers say, and never before a time up to
    which a reader was told everything: it would not ask for that time again.
    """
    earliest = max([now, *filter(None, (newest_stamp(), counter.told_before))])
    return rounded_up(earliest, seconds=settings.FEED_STAMP_SECONDS)


def newest_stamp() -> datetime | None:
    """Of what was numbered; where that is nothing yet, of the canaries that stand in lists already."""
    numbered: datetime | None = FeedChange.objects.aggregate(last=Max("stamped_at"))["last"]
    planted: datetime | None = Canary.objects.aggregate(last=Max("stamped_at"))["last"]
    return numbered or planted
