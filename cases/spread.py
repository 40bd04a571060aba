"""The middle and the slow end of many durations, told as how often each number of hours came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    count: int
    median: int
    p90: int


def spread(times_of: Mapping[int, int]) -> Spread | None:
    """From {hours: how often}. Nothing where there is nothing."""
    count = sum(times_of.values())
    if not count:
        return None
    return Spread(count=count, median=_at(times_of, 50, of=count), p90=_at(times_of, 90, of=count))


def _at(times_of: Mapping[int, int], percent: int, *, of: int) -> int:
    """The smallest number of hours that at least so many per cent stayed within."""
    seen = 0
    for hours in sorted(times_of):
        seen += times_of[hours]
        if seen * 100 >= of * percent:
            break
    return hours
