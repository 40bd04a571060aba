"""A key's limits hold over all processes, without a look at the shared cache for each request."""

from __future__ import annotations

from time import time

from django.core.cache import cache

from platforms.rate_limits import WINDOW_SECONDS, Allowance, Limit, Share, resets_in, window_of
from platforms.services.cache_failures import CACHE_IS_DOWN

_MOST_KEPT = 10_000
_shares: dict[tuple[str, str], Share] = {}


def take(*, limit: Limit, key: str, cost: int) -> Allowance:
    """Use up so much of the key's quota, or nothing at all if less than that is left."""
    now = time()
    share = _share(limit, key)
    with share.lock:
        share.enter(window_of(now))
        if share.leased < cost and share.may_claim(limit):
            _claim(share, limit, key, missing=cost - share.leased)
        is_granted = share.spend(cost)
        return Allowance(limit, is_granted, share.remaining(limit), resets_in(now))


def _share(limit: Limit, key: str) -> Share:
    if len(_shares) > _MOST_KEPT:
        # Leases are lost with it, so the limit stays kept.
        _shares.clear()
    return _shares.setdefault((limit.name, key), Share())


def _claim(share: Share, limit: Limit, key: str, *, missing: int) -> None:
    asked = max(missing, limit.lease)
    try:
        claimed = _claimed_by_all(f"rate:{limit.name}:{key}:{share.window}", asked)
    except CACHE_IS_DOWN:
        # Without the cache nobody's uploads may go unmatched: each process counts for itself until the window ends.
        asked, claimed = limit.quota - share.claimed, limit.quota
    share.add_claim(asked=asked, claimed=claimed, limit=limit)


def _claimed_by_all(name: str, asked: int) -> int:
    """One step in the cache: no two processes are given the same part of the quota."""
    # A window is asked about for a minute, or for longer by a machine whose clock is behind.
    cache.add(name, 0, 2 * WINDOW_SECONDS)
    return cache.incr(name, asked)
