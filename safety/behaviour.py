"""How an adult turns to minors with whom there was nothing: how many, answered or not, where, through whom."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from math import log10

from safety.memory import DAY, Opening
from safety.shares import likely_share
from safety.tuning import Tuned

WINDOW = 45 * DAY
_WEEK = 7 * DAY
# An answer is given this long before it counts as none.
_PATIENCE = DAY
# Behaviour of the past fades from the last time that somebody new was turned to.
_HALF_LIFE = 30 * DAY
_PEAK_HALF_LIFE = 14 * DAY
_ENOUGH = 8
_ENOUGH_FOR_MUTUALS = 5
_SELDOM = 0.40
_SCATTERED = 0.70
_MOSTLY = 0.80
# So many strangers in a group that isn't one's own are a way into it.
_ENTERED = 6
# Below it a week is nothing; fifty strangers a week are the most that counts.
_FEWEST_SHARE, _MOST_STRANGERS = 1 / 3, 50
_UNKNOWN_MUTUALS = 0.5


def strangeness(opening: Opening) -> float:
    """1 without mutual friends; half where the platform doesn't say."""
    if opening.mutuals is None:
        return _UNKNOWN_MUTUALS * opening.weight
    return 0.0 if opening.mutuals else opening.weight


class Openings:
    """The openings of the last 45 days with running sums, each of them added once and taken off once."""

    def __init__(self, kept: deque[Opening], counted_at: float, *, own: str) -> None:
        self.kept: deque[Opening] = deque()
        self.week: deque[Opening] = deque()
        self._ripening: deque[Opening] = deque()
        self._by_minor: dict[str, Opening] = {}
        self.strangers = self.ripe = self.answered = self.told = self.alone = self.placed = self.squares = 0.0
        self.region_told = self.far = 0.0
        self.entered = 0
        self._own, self._places = own, Counter[str]()
        self._strangers_in: dict[str, float] = defaultdict(float)
        for opening in kept:
            self._add(opening)
        self._count_at(counted_at)

    def add(self, opening: Opening) -> None:
        self._add(opening)
        self._count_at(opening.at)

    def answer(self, minor: str, at: float) -> bool:
        """Whether it answered an opening."""
        opening = self._by_minor.get(minor)
        if opening is None or opening.is_answered:
            return False
        self._count_at(at)
        if self._by_minor.get(minor) is not opening:
            return False
        opening.is_answered = True
        self.answered += opening.weight
        self._ripen(opening)
        return True

    @property
    def groups(self) -> int:
        return sum(count > 0 for count in self._places.values())

    def scattered(self) -> float:
        """How likely two of the minors belong to different groups."""
        pairs = self.placed * (self.placed - 1)
        return 1 - (self.squares - self.placed) / pairs if pairs else 0.0

    def _add(self, opening: Opening) -> None:
        self.kept.append(opening)
        self._by_minor[opening.minor] = opening
        self.week.append(opening)
        self.strangers += strangeness(opening)
        self._count(opening, 1)
        if opening.is_ripe:
            self.ripe += opening.weight
            self.answered += opening.weight if opening.is_answered else 0
        else:
            self._ripening.append(opening)

    def _count_at(self, at: float) -> None:
        while self.week and self.week[0].at < at - _WEEK:
            self.strangers -= strangeness(self.week.popleft())
        while self._ripening and self._ripening[0].at < at - _PATIENCE:
            self._ripen(self._ripening.popleft())
        while self.kept and self.kept[0].at < at - WINDOW:
            self._drop(self.kept.popleft())

    def _ripen(self, opening: Opening) -> None:
        if not opening.is_ripe:
            opening.is_ripe = True
            self.ripe += opening.weight

    def _drop(self, opening: Opening) -> None:
        self._count(opening, -1)
        self.ripe -= opening.weight
        self.answered -= opening.weight if opening.is_answered else 0
        if self._by_minor.get(opening.minor) is opening:
            del self._by_minor[opening.minor]

    def _count(self, opening: Opening, times: int) -> None:
        weight = times * opening.weight
        if opening.mutuals is not None:
            self.told += weight
            self.alone += 0 if opening.mutuals else weight
        if opening.is_far is not None:
            self.region_told += weight
            self.far += weight if opening.is_far else 0
        if opening.community:
            before = self._places[opening.community]
            self._places[opening.community] = before + times
            self.squares += (before + times) ** 2 - before**2
            self.placed += times
            self._count_strangers(opening, times)

    def _count_strangers(self, opening: Opening, times: int) -> None:
        """Halves are exact, so that what was added can be taken off."""
        if opening.community != self._own:
            before = self._strangers_in[opening.community]
            after = self._strangers_in[opening.community] = before + times * strangeness(opening)
            self.entered += (after >= _ENTERED) - (before >= _ENTERED)


def velocity(strangers: float, tuned: Tuned) -> float:
    """A third of the weight from the first number that counts, all of it from fifty a week, by the logarithm."""
    if strangers < tuned.velocity_from:
        return 0.0
    share = log10(strangers / tuned.velocity_from) / log10(_MOST_STRANGERS / tuned.velocity_from)
    return tuned.velocity * min(1.0, _FEWEST_SHARE + (1 - _FEWEST_SHARE) * share)


def ratios(openings: Openings, tuned: Tuned) -> dict[str, float]:
    found: dict[str, float] = {}
    if openings.ripe >= _ENOUGH and likely_share(openings.answered, openings.ripe, z=1.96)[1] < _SELDOM:
        found["R3"] = tuned.unanswered
    if openings.placed >= _ENOUGH and openings.scattered() > _SCATTERED:
        found["R4"] = tuned.scattered
    if openings.told >= _ENOUGH_FOR_MUTUALS and openings.alone > _MOSTLY * openings.told:
        found["R5"] = tuned.no_mutuals
    if openings.entered:
        found["R12"] = tuned.entering
    if openings.region_told >= _ENOUGH and openings.far > _MOSTLY * openings.region_told:
        found["R7"] = tuned.region
    return found


def faded(at: float, since: float) -> float:
    return 2 ** ((since - at) / _HALF_LIFE) if at - since <= WINDOW else 0.0


def faded_peak(at: float, since: float) -> float:
    return 2 ** ((since - at) / _PEAK_HALF_LIFE) if at - since <= WINDOW else 0.0
