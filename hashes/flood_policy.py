"""When a picture is found suspiciously often. Counts in, a decision out. Pure.

A leak that goes viral looks like an innocent picture that everybody shares, so this only calls a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp, log1p
from statistics import median

# Below so many finds in a day nobody's day is spoiled by looking at each.
FLOOR = 50
# How far above the middle a flood lies, in spreads.
FAR = 6.0
# So many times its own usual day, or what a person left as it was, is sudden.
SUDDEN = 3
DAYS = 28

# What is thought of a list that is not known yet: it weighs as much as so many days of pictures.
_PRIOR_DAYS = 30
_PRIOR_MIDDLE = log1p(2)
_PRIOR_SPREAD = 0.6
# Equal counts must not make a flood of one find more, nor wild ones hide any: between 8 and 400 times the usual.
_LEAST_SPREAD, _MOST_SPREAD = 0.35, 1.0
# By which the median of the deviations equals the standard deviation of a bell curve, and how many of those below
# which nineteen in twenty lie. Most pictures are found once or twice, so the median alone sees no tail.
_AS_DEVIATION = 1.4826
_TAIL, _TAIL_DEVIATIONS = 0.95, 1.645

Histogram = Mapping[int, int]
"""How many pictures were found so often in a day; each day of a picture counts once."""


@dataclass(frozen=True)
class Usual:
    """Of log(1 + finds in a day), for pictures that were found at all."""

    middle: float
    spread: float

    @property
    def count(self) -> float:
        return exp(self.middle) - 1

    @property
    def bar(self) -> float:
        return max(FLOOR, exp(self.middle + FAR * self.spread) - 1)


def usual_of(days: Histogram) -> Usual:
    """Robust: half of the days would have to be floods before the middle moves, and the spread has a bound."""
    weight = sum(days.values())
    if not weight:
        return Usual(_PRIOR_MIDDLE, _PRIOR_SPREAD)
    logs = {log1p(count): often for count, often in days.items()}
    middle = _quantile(logs, 0.5)
    spread = _blended(_spread(logs, middle), _PRIOR_SPREAD, weight)
    return Usual(_blended(middle, _PRIOR_MIDDLE, weight), min(max(spread, _LEAST_SPREAD), _MOST_SPREAD))


def is_flood(today: int, *, usual: Usual, earlier: Collection[int] = (), left_at: int = 0) -> bool:
    """`earlier`: its own days. `left_at`: the highest count that a person saw and left as it was."""
    own = median(earlier) if earlier else 0
    return today >= FLOOR and today > usual.bar and today > SUDDEN * max(own, left_at)


def _blended(found: float, prior: float, weight: int) -> float:
    return (weight * found + _PRIOR_DAYS * prior) / (weight + _PRIOR_DAYS)


def _spread(logs: Mapping[float, int], middle: float) -> float:
    apart: Counter[float] = Counter()
    for value, often in logs.items():
        apart[abs(value - middle)] += often
    tail = (_quantile(logs, _TAIL) - middle) / _TAIL_DEVIATIONS
    return max(_AS_DEVIATION * _quantile(apart, 0.5), tail)


def _quantile(values: Mapping[float, int], part: float) -> float:
    """The smallest value at which so much of the weight is reached."""
    wanted = sum(values.values()) * part
    reached = 0
    for value in sorted(values):
        reached += values[value]
        if reached >= wanted:
            return value
    raise ValueError("nothing has no quantile")
