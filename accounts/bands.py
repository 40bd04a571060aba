"""Ages as platforms tell them: bands, never birth dates."""

from __future__ import annotations

from datetime import date, timedelta

BANDS = ("under_13", "13_15", "16_17", "18_20", "21_plus")
MINORS = frozenset(BANDS[:3])
UNDER_16 = frozenset(BANDS[:2])
# Thirteen months: who was told with their birthday every year is never asked for.
_REFRESH_AFTER = timedelta(days=396)


def is_minor(band: str) -> bool:
    return band in MINORS


def is_under_16(band: str) -> bool:
    return band in UNDER_16


def are_near_peers(one: str, other: str) -> bool:
    """16_17 with 18_20: three years apart at most, as far as bands can tell."""
    return {one, other} == {"16_17", "18_20"}


def is_refresh_due(*, said_on: date, today: date) -> bool:
    """A band grows old with who is in it; only the platform can move it."""
    return today - said_on > _REFRESH_AFTER
