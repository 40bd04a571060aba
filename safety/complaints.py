"""What minors say about an adult by blocking and reporting him, and how much of it counts."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log

from safety.memory import DAY, Tie, Vote
from safety.shares import likely_share
from safety.tuning import Tuned

HORIZON = 120 * DAY
_OF_NEW_ACCOUNT = 0.3
# So many minors are nothing that blocks would come of by themselves.
_REACHED_BY_ANYBODY = 20
# Shares of objecting minors: what is usual, what is many, and what shows that behaviour is minded. Bounds at 80 %.
_USUAL, _MANY, _MINDED, _Z = 0.02, 0.07, 0.10, 1.28
_MORE_TO_BE_SURE = 4
# What came before the complaint: the adult began, he answered, or he did nothing.
GROUNDS: Mapping[str, float] = {"began": 1.0, "answered": 0.6, "nothing": 0.15}
# However many there are: those who wrote to him first, and those to whom he never wrote.
_MOST_ANSWERED, _MOST_NOTHING = 0.70, 0.35


def ground_of(tie: Tie | None, at: float) -> str:
    if tie is None or tie.adult_at is None or not tie.is_alive(at):
        return "nothing"
    # Somebody whom she asked to be connected, a month ago or more, is no stranger who began.
    return "began" if tie.adult_began and not tie.is_long_wanted(at) else "answered"


def weight_of(
    *, is_report: bool, ground: str, is_new: bool, credit: float, near_peers: bool, tuned: Tuned
) -> float:
    weight = (tuned.report if is_report else tuned.block) * GROUNDS[ground]
    return (
        weight * (_OF_NEW_ACCOUNT if is_new else 1) * (0.5 if near_peers else 1) * min(max(credit, 0.0), 1.0)
    )


class Tally:
    """The votes, with sums that fade so that no vote has to be looked at twice.

    A vote of weight w is -log(1 - w) of evidence, halved every half-life: with no time gone by, the sum comes to
    the noisy-or of all weights.
    """

    def __init__(self, votes: dict[str, Vote], tuned: Tuned) -> None:
        self._votes = votes
        self._half_life = tuned.half_life_days * DAY
        self._sums = dict.fromkeys(GROUNDS, 0.0)
        self._counts = dict.fromkeys(GROUNDS, 0)
        for vote in votes.values():
            self._count(vote, 1)

    def cast(self, key: str, vote: Vote) -> None:
        """One vote each: the stronger one, as of now."""
        before = self._votes.get(key)
        if before is not None:
            if vote.weight < before.weight * 2 ** ((before.at - vote.at) / self._half_life):
                return
            self._count(self._votes.pop(key), -1)
        self._votes[key] = vote
        self._count(vote, 1)

    def forget(self, at: float) -> None:
        while self._votes:
            key = next(iter(self._votes))
            if self._votes[key].at >= at - HORIZON:
                break
            self._count(self._votes.pop(key), -1)

    def grounded(self) -> int:
        return self._counts["began"] + self._counts["answered"]

    def unprovoked(self) -> int:
        """Of those with whom the adult began: fakes that wrote first can't raise it."""
        return self._counts["began"]

    def is_empty(self) -> bool:
        return not self._votes

    def score(self, at: float, *, left: float) -> float:
        """`left` is the share of grounded evidence that stays once what anybody meets is taken off."""
        began = self._certainty("began", at, left)
        answered = min(_MOST_ANSWERED, self._certainty("answered", at, left))
        nothing = min(_MOST_NOTHING, self._certainty("nothing", at, 1.0))
        unbegun = min(_MOST_ANSWERED, 1 - (1 - answered) * (1 - nothing))
        return 1 - (1 - began) * (1 - unbegun)

    def _certainty(self, ground: str, at: float, left: float) -> float:
        if not self._counts[ground]:
            return 0.0
        return 1 - exp(-max(self._sums[ground], 0.0) * left * 2 ** ((_ZERO - at) / self._half_life))

    def _count(self, vote: Vote, times: int) -> None:
        self._counts[vote.ground] += times
        evidence = -log(1 - min(vote.weight, 0.99)) * 2 ** ((vote.at - _ZERO) / self._half_life)
        self._sums[vote.ground] += times * evidence


# Sums are kept as of this day, so that they needn't be touched as they fade: 2020-01-01, in seconds.
_ZERO = 1_577_836_800.0


def left_after_background(*, grounded: int, reached: float, tuned: Tuned) -> float:
    """Who writes to four hundred is blocked by some whatever he writes: that share is taken off, within bounds."""
    beyond = max(0.0, reached - _REACHED_BY_ANYBODY)
    if not grounded or not beyond:
        return 1.0
    return max(tuned.least_left, 1 - tuned.background * beyond / grounded)


def many_object(*, unprovoked: int, reached: float, tuned: Tuned) -> float:
    """A share of those reached that is too large for chance. Five who object are sure; one is none, two may be friends."""
    low, _ = likely_share(unprovoked, max(reached, unprovoked, 1), z=_Z)
    sure = min(1.0, max(0, unprovoked - 1) / _MORE_TO_BE_SURE)
    return tuned.objectors * sure * min(1.0, max(0.0, (low - _USUAL) / (_MANY - _USUAL)))


def few_object(*, unprovoked: int, reached: float, tuned: Tuned) -> float:
    """What is left of behaviour when next to nobody minds it: less the surer it is that few do."""
    if reached < _REACHED_BY_ANYBODY:
        return 1.0
    _, high = likely_share(unprovoked, max(reached, unprovoked), z=_Z)
    return min(1.0, max(tuned.unminded, high / _MINDED))
