"""How the feed's numbers are dealt out: at random over pictures, in order within an entry."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID


def deal(entries: Sequence[UUID], *, first: int, shuffle: Callable[[list[int]], object]) -> list[int]:
    """A number for each change, given by its entry, oldest change first.

    Neighbouring numbers would say which entries came in one report. An entry's own changes stay in
    their order, or a reader would withdraw first and add afterwards.
    """
    numbers = list(range(first, first + len(entries)))
    shuffle(numbers)
    places = defaultdict(list)
    for place, entry in enumerate(entries):
        places[entry].append(place)
    for own in places.values():
        for place, number in zip(own, sorted(numbers[place] for place in own), strict=True):
            numbers[place] = number
    return numbers


def rounded_up(moment: datetime, *, seconds: int) -> datetime:
    return datetime.fromtimestamp(math.ceil(moment.timestamp() / seconds) * seconds, tz=UTC)
