"""How often platforms find what, by picture and day: a statistic that the flood guard reads.

Counted in memory and written every few seconds in one statement, so that a match costs no write of its own. A process
that dies takes its last seconds along, and what came after the last write waits for the next find: nothing but a
count is lost or late by it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from hashes.flood_policy import DAYS
from hashes.models import Entry, Feedback, MatchCount

_log = logging.getLogger(__name__)
WRITE_EVERY_SECONDS = 2.0
WRITE_AT_ONCE = 1_000
_ROWS_AT_A_TIME = 500

Found = tuple[date, int, UUID]
"""A day, a platform and an entry."""


class _Counts:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[Found] = Counter()
        self._write_next_at = 0.0

    def add(self, found: Mapping[Found, int]) -> Mapping[Found, int]:
        """Give all that waits, once it is due: whoever gets it writes it, while others go on counting."""
        with self._lock:
            self._counts.update(found)
            now = time.monotonic()
            if now < self._write_next_at and len(self._counts) < WRITE_AT_ONCE:
                return {}
            self._write_next_at = now + WRITE_EVERY_SECONDS
            return self._taken()

    def take(self) -> Mapping[Found, int]:
        with self._lock:
            return self._taken()

    def _taken(self) -> Mapping[Found, int]:
        taken, self._counts = self._counts, Counter()
        return taken


_counts = _Counts()


def note_found(*, platform_id: int, entries: Collection[UUID]) -> None:
    """A platform asked for matches and these entries were found; each as often as it was found."""
    today = timezone.now().date()
    _write(_counts.add(Counter((today, platform_id, entry) for entry in entries)))


def note_said(said: Feedback) -> None:
    """A platform says how often it found an entry: what is more than it said before. Counted after the commit."""
    if said.outcome == Feedback.Outcome.REMOVED_AFTER_WITHDRAWAL:
        return
    earlier = Feedback.objects.filter(platform=said.platform_id, entry=said.entry_id, pk__lt=said.pk)
    before = earlier.exclude(outcome=Feedback.Outcome.REMOVED_AFTER_WITHDRAWAL)
    most = before.aggregate(most=models.Max("count"))["most"] or 0
    if said.count > most:
        news = {(said.given_on, said.platform_id, said.entry_id): said.count - most}
        # Inside, the lock on the picture and those on counts would be taken in another order than elsewhere.
        transaction.on_commit(partial(_note, news))


def write_counts() -> None:
    """Write what waits in this process."""
    _write(_counts.take())


def forget_counts(*, now: datetime) -> int:
    """Delete what the flood guard looks at no more."""
    first_kept = now.date() - timedelta(days=DAYS)
    return MatchCount.objects.filter(counted_on__lt=first_kept).delete()[0]


def _note(news: Mapping[Found, int]) -> None:
    _write(_counts.add(news))


def _write(found: Mapping[Found, int]) -> None:
    if not found:
        return
    try:
        with transaction.atomic():
            _add(_by_picture(found))
    except DatabaseError:
        # A match must be answered though its count can't be kept.
        _log.exception("%s counts of finds were lost", len(found))


def _by_picture(found: Mapping[Found, int]) -> dict[Found, int]:
    """One copy hits several entries of its picture at once, so the entry that was found most stands for all."""
    entries = {entry for _, _, entry in found}
    owners = dict(Entry.objects.filter(pk__in=entries).values_list("pk", "picture_id"))
    counts: dict[Found, int] = {}
    for (on, platform_id, entry), count in found.items():
        if entry in owners:
            place = (on, platform_id, owners[entry])
            counts[place] = max(count, counts.get(place, 0))
    return counts


def _add(counts: Mapping[Found, int]) -> None:
    # In one order, so that two processes that write at once wait for each other one after the other.
    rows = sorted(counts.items())
    for first in range(0, len(rows), _ROWS_AT_A_TIME):
        some = rows[first : first + _ROWS_AT_A_TIME]
        values = [value for place, count in some for value in (*place, count)]
        with connection.cursor() as cursor:
            cursor.execute(_ADDING % ", ".join(["(%s, %s, %s, %s)"] * len(some)), _adapted(values))


# Django's own upsert replaces; this one adds.
_ADDING = """
    INSERT INTO hashes_matchcount (counted_on, platform_id, picture_id, count) VALUES %s
    ON CONFLICT (counted_on, platform_id, picture_id)
    DO UPDATE SET count = hashes_matchcount.count + excluded.count
"""


def _adapted(values: Collection[object]) -> list[Any]:
    uuids = Entry._meta.pk  # noqa: SLF001 - Documented in spite of its name.
    return [
        uuids.get_db_prep_value(value, connection)
        if isinstance(value, UUID)
        else value.isoformat()
        if isinstance(value, date)
        else value
        for value in values
    ]
