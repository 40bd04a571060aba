"""Who reads the list by time is told all of a time once, so nothing may be stamped with that time afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import Q

from hashes.errors import ListBusy
from hashes.models import FeedCounter

# A publisher holds the counter for milliseconds; one that was stopped in the middle holds it until it ends.
_WAIT_MS = 5_000


def close_time(*, before: datetime) -> None:
    """From now on nothing is stamped before this time, and what was is committed.

    Needs no clock: the mark is raised under the publishers' own lock, so whoever stamped earlier has
    committed, and whoever comes later stamps at the mark or after it. Raises ListBusy.
    """
    if FeedCounter.objects.filter(pk=1, told_before__gte=before).exists():
        return
    try:
        _raise_mark(before)
    except OperationalError:
        raise ListBusy from None


@transaction.atomic
def _raise_mark(before: datetime) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(_WAIT_MS)])
    FeedCounter.objects.get_or_create(pk=1)
    lower = Q(told_before=None) | Q(told_before__lt=before)
    FeedCounter.objects.filter(lower, pk=1).update(told_before=before)
