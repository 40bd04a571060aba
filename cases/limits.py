"""How much may come before a proof of work is asked, or before it waits for the desk. Counters live in the cache and expire by themselves."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache

_QUARTER_HOUR = 900
_HOUR = 3_600


def _is_full(name: str, limit: int) -> bool:
    return int(cache.get(f"cases:count:{name}", 0)) >= limit


def _add(name: str, *, seconds: int, count: int = 1) -> None:
    key = f"cases:count:{name}"
    if cache.add(key, count, seconds):
        return
    try:
        cache.incr(key, count)
    except ValueError:
        # It expired between the two calls.
        cache.add(key, count, seconds)


def code_needs_proof(*, selector: str, client: str) -> bool:
    """Per selector and per client, never for everybody: a stranger's guesses must not slow anyone else down."""
    return (
        _is_full(f"wrong:selector:{selector}", settings.WRONG_CODES_PER_SELECTOR)
        or _is_full(f"wrong:client:{client}", settings.WRONG_CODES_PER_CLIENT)
        or _is_full(f"codes:client:{client}", settings.CODES_PER_CLIENT)
    )


def note_code(*, client: str) -> None:
    """Right or wrong, each costs a derivation, and a right one could be sent again and again."""
    _add(f"codes:client:{client}", seconds=_QUARTER_HOUR)


def note_wrong_code(*, selector: str, client: str) -> None:
    _add(f"wrong:selector:{selector}", seconds=_QUARTER_HOUR)
    _add(f"wrong:client:{client}", seconds=_QUARTER_HOUR)


def report_needs_proof(*, client: str) -> bool:
    return _is_full("reports", settings.REPORTS_PER_HOUR_BEFORE_PROOF) or _is_full(
        f"reports:client:{client}", settings.REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF
    )


def note_report(*, client: str) -> None:
    _add("reports", seconds=_HOUR)
    _add(f"reports:client:{client}", seconds=_HOUR)


def brings_too_many(*, client: str) -> bool:
    """More pictures than a person has to report: from here on they wait for the desk. It is asked, and never told."""
    return _is_full(f"pictures:client:{client}", settings.PICTURES_PER_CLIENT_HOUR)


def note_pictures(*, client: str, count: int) -> None:
    _add(f"pictures:client:{client}", seconds=_HOUR, count=count)
