"""Who has a case's page open. In the cache only: it is a courtesy between colleagues, not a record."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from cases.models import Case
from staff.services import User

# The page tells again every half minute; who has not told for longer is gone.
_SEEN_FOR = timedelta(seconds=75)


def look_at(*, case: Case, by: User, now: datetime) -> list[str]:
    """Say that somebody looks; hear who else does."""
    lookers: dict[int, tuple[str, datetime]] = cache.get(_key(case), {})
    others = {pk: seen for pk, seen in lookers.items() if pk != by.pk and now - seen[1] < _SEEN_FOR}
    cache.set(_key(case), {**others, by.pk: (by.username, now)}, _SEEN_FOR.total_seconds())
    return sorted(name for name, _at in others.values())


def _key(case: Case) -> str:
    return f"desk:looking:{case.pk}"
