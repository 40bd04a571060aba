"""What she was shown so far, as the policy asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from nudges.models import Nudge
from nudges.policy import MEMORY, Shown


def shown_to(account_id: int, *, now: datetime) -> list[Shown]:
    return shown_to_many([account_id], now=now)[account_id]


def shown_to_many(account_ids: Collection[int], *, now: datetime) -> dict[int, list[Shown]]:
    """For each of them; an empty list for who was shown nothing."""
    past: dict[int, list[Shown]] = defaultdict(list)
    for one in Nudge.objects.filter(account__in=account_ids, shown_at__gt=now - MEMORY):
        past[one.account_id].append(_as_shown(one))
    return past


def _as_shown(nudge: Nudge) -> Shown:
    assert nudge.shown_at is not None  # noqa: S101 - Only rows with it are asked for.
    return Shown(
        kind=nudge.kind,
        settings=frozenset(nudge.advised),
        shown_at=nudge.shown_at,
        dismissed_at=nudge.decided_at if nudge.state == Nudge.State.DISMISSED else nudge.undone_at,
    )
