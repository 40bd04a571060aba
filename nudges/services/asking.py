"""A nudge is asked for. Whoever asks names a teen and a kind: who tried to reach her can't be told here."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from nudges.models import Nudge

# While this lasts, the same kind for the same teen costs one look into the cache and no write.
REMEMBERED_SECONDS = 60
# She blocked or reported a moment ago: it tells her nothing new, and help is worth most now.
_AT_ONCE = frozenset({Nudge.Kind.AFTER_BLOCK, Nudge.Kind.AFTER_REPORT})
_SHORTEST_DELAY_HOURS = 1.0
_chance = random.SystemRandom()


def nudge(*, account_id: int, kind: str, now: datetime) -> None:
    """Ask for a nudge of this kind. While one waits, a second attempt is part of it."""
    nudge_many(account_ids=[account_id], kind=kind, now=now)


def nudge_many(*, account_ids: Collection[int], kind: str, now: datetime) -> None:
    """The same for many: at most one write, in the caller's transaction if there is one."""
    wanted = Nudge.Kind(kind)
    # In one order, so that two who ask for the same teens can't wait for each other.
    names = {_cache_name(account_id, wanted): account_id for account_id in sorted(account_ids)}
    known = cache.get_many(names)
    new = {name: account_id for name, account_id in names.items() if name not in known}
    if not new:
        return
    Nudge.objects.bulk_create(
        [Nudge(account_id=one, kind=wanted, due_at=now + _delay(wanted)) for one in new.values()],
        ignore_conflicts=True,
    )
    # Remembered after the commit only: what was rolled back must be asked for anew.
    transaction.on_commit(lambda: cache.set_many(dict.fromkeys(new, 1), REMEMBERED_SECONDS))


def _cache_name(account_id: int, kind: str) -> str:
    return f"nudge:{account_id}:{kind}"


def _delay(kind: str) -> timedelta:
    """Long and uneven, so that the hour of a card doesn't say who had just tried."""
    if kind in _AT_ONCE:
        return timedelta(0)
    longest = settings.NUDGE_DELAY_HOURS
    return timedelta(hours=_chance.uniform(min(_SHORTEST_DELAY_HOURS, longest), longest))
