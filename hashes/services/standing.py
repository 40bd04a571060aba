"""How far each platform has read the list, for whoever looks after platforms."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping
from typing import cast

from hashes.models import Canary, FeedChange, Reader
from platforms.services import Reading

# How far behind somebody is, is counted so far and no further.
_COUNTED = 1_000


def readings(platform_ids: Collection[int]) -> Mapping[int, Reading]:
    """For each platform, in three queries however many there are."""
    numbered = FeedChange.objects.filter(number__isnull=False).order_by("-number")
    newest = [cast("int", number) for number in numbered.values_list("number", flat=True)[:_COUNTED]]
    canaries = Counter(Canary.objects.filter(platform__in=platform_ids).values_list("platform_id", flat=True))
    readers = {one.pk: one for one in Reader.objects.filter(pk__in=platform_ids)}
    return {
        pk: _reading(readers.get(pk, Reader()), newest=newest[::-1], canaries=canaries[pk])
        for pk in platform_ids
    }


def _reading(reader: Reader, *, newest: list[int], canaries: int) -> Reading:
    behind = len(newest) - bisect_right(newest, reader.collected_through)
    return Reading(
        collected=reader.collected_through,
        matched=reader.matched_through,
        behind=behind,
        is_further_behind=behind == _COUNTED,
        canaries=canaries,
    )
