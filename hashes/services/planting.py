"""Canaries: planted once in each platform's list, and thanked for like any other entry."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from hashes.canaries import KINDS, invented
from hashes.errors import OutcomeDoesNotFit, UnknownEntry
from hashes.models import Canary, Feedback, FeedCounter
from hashes.services.publishing import newest_stamp, next_stamp
from hashes.services.saying import GivenFeedback, fitting_reason, give_feedback
from platforms.services import CACHE_IS_DOWN


def ensure_canaries(*, platform_id: int, now: datetime) -> None:
    """Give the platform's list its canaries, once."""
    # Asked at every reading, so without a transaction: SQLite would take its only lock for writing.
    if not Canary.objects.filter(platform=platform_id).exists():
        _plant(platform_id, now)


@transaction.atomic
def _plant(platform_id: int, now: datetime) -> None:
    counter, _ = FeedCounter.objects.select_for_update().get_or_create(pk=1)
    # Of two first requests at once, the second finds them.
    if Canary.objects.filter(platform=platform_id).exists():
        return
    # With the time of what was numbered last: one of their own would tell them apart.
    stamp = newest_stamp() or next_stamp(now, counter=counter)
    Canary.objects.bulk_create(
        Canary(
            platform_id=platform_id,
            kind=kind,
            algorithm=algorithm,
            value=invented(length, secrets.token_bytes),
            number=counter.last_number + place,
            stamped_at=stamp,
        )
        for place, (kind, algorithm, length) in enumerate(KINDS, start=1)
    )
    FeedCounter.objects.update(last_number=counter.last_number + len(KINDS))


def is_canary_value(*, value: str) -> bool:
    return Canary.objects.filter(value=value).exists()


def take_feedback(
    *, platform_id: int, entry_id: UUID, outcome: str, reason: str | None, count: int, on: date
) -> GivenFeedback:
    """What a platform says of an entry is kept; of a canary it is answered alike and counted nowhere.

    Raises UnknownEntry, ReasonDoesNotFit, OutcomeDoesNotFit.
    """
    try:
        return give_feedback(
            platform_id=platform_id, entry_id=entry_id, outcome=outcome, reason=reason, count=count, on=on
        )
    except UnknownEntry:
        if not Canary.objects.filter(pk=entry_id).exists():
            raise
    if outcome == Feedback.Outcome.REMOVED_AFTER_WITHDRAWAL:
        # It is listed for ever.
        raise OutcomeDoesNotFit
    said = Feedback(
        platform_id=platform_id,
        entry_id=entry_id,
        outcome=outcome,
        reason=fitting_reason(outcome, reason),
        count=count,
        given_on=on,
    )
    return GivenFeedback(said, is_new=_is_news(said))


def _is_news(said: Feedback) -> bool:
    """Said twice it is known, as of any entry: otherwise saying it twice would tell canaries apart."""
    name = f"canary-said:{said.platform_id}:{said.entry_id}"
    content = (said.outcome, said.reason, said.count)
    is_news = True
    with suppress(*CACHE_IS_DOWN):
        is_news = cache.get(name) != content
        cache.set(name, content, timeout=None)
    return is_news
