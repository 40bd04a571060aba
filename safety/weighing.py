"""All evidence about an adult at one moment, and the one number that it comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import prod

from safety import behaviour, complaints
from safety.behaviour import Openings
from safety.complaints import Tally
from safety.facts import Person
from safety.memory import DAY, Memory
from safety.tuning import Tuned

# In the order in which a reviewer reads them.
RULES = ("R1", "R11", "R8", "R10", "R2", "R3", "R4", "R12", "R5", "R6", "R7")
_BEHAVIOUR = ("R2", "R3", "R4", "R12", "R5", "R6", "R7")
_MOST_BEHAVIOUR = 0.60
# Without a complaint by a minor to whom the adult turned first, and without a link, whatever else there is.
_MOST_UNGROUNDED = 0.70
NEW_DAYS = 30
LABEL_WINDOW = 60 * DAY
_DAYS_TO_OBJECT = 2
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(slots=True)
class Scales:
    """What weighs: the memory with its running sums, and who the adult is."""

    subject: Person
    memory: Memory
    openings: Openings
    tally: Tally
    tuned: Tuned
    without: Collection[str]
    # Minors whom the adult wrote to, within the horizon.
    reached: float = 0.0

    def __post_init__(self) -> None:
        self.reached = sum(self.memory.reached.values())

    def weights(self, at: float) -> dict[str, float]:
        """Every rule that has something to say, with its weight."""
        found = {
            "R1": self._complaints(at),
            "R11": self._objectors(at),
            "R8": self.tuned.linked if self.subject.is_linked_to_sanctioned else 0.0,
            "R10": self._labels(at),
            **self._behaviour(at),
        }
        if any(found.values()) and _is_new(self.subject, at):
            found["R6"] = self.tuned.new_account
        if "R7" in found and not any(found.get(rule) for rule in ("R2", "R3", "R4", "R12", "R5")):
            del found["R7"]  # Where somebody lives says nothing alone.
        return {rule: weight for rule, weight in found.items() if weight and rule not in self.without}

    def score(self, at: float) -> float:
        return self.total(self.weights(at))

    def total(self, weights: Mapping[str, float]) -> float:
        """Evidence of different kinds adds up as doubts multiply; without a ground for it, it can't restrict."""
        by_behaviour = min(_MOST_BEHAVIOUR, _any_of(weights.get(rule, 0.0) for rule in _BEHAVIOUR))
        others = (weights.get(rule, 0.0) for rule in ("R1", "R11", "R8", "R10"))
        score = _any_of((by_behaviour, *others))
        has_ground = ("R1" in weights and self.tally.unprovoked()) or "R8" in weights
        return round(score if has_ground else min(score, _MOST_UNGROUNDED), 6)

    def forget(self, at: float) -> None:
        """Drop what has left every window. What is dropped had no weight any more."""
        self.tally.forget(at)
        reached, oldest = self.memory.reached, int((at - complaints.HORIZON) // DAY)
        while reached and (day := next(iter(reached))) < oldest:
            self.reached -= reached.pop(day)
        labelled = self.memory.labelled
        while labelled and labelled[minor := next(iter(labelled))][0] < at - LABEL_WINDOW:
            del labelled[minor]

    def reach(self, at: float) -> None:
        """The adult wrote to a minor to whom he had not."""
        day = int(at // DAY)
        self.memory.reached[day] = self.memory.reached.get(day, 0) + 1
        self.reached += 1

    def reached_a_while_ago(self, at: float) -> float:
        """Whoever was written to just now had no time to object."""
        today, reached = int(at // DAY), self.memory.reached
        return self.reached - sum(reached.get(today - ago, 0) for ago in range(_DAYS_TO_OBJECT))

    def _complaints(self, at: float) -> float:
        if self.tally.is_empty():
            return 0.0
        left = complaints.left_after_background(
            grounded=self.tally.grounded(), reached=self.reached, tuned=self.tuned
        )
        return self.tally.score(at, left=left)

    def _objectors(self, at: float) -> float:
        reached = self.reached_a_while_ago(at)
        return complaints.many_object(unprovoked=self.tally.unprovoked(), reached=reached, tuned=self.tuned)

    def _minded(self, at: float) -> float:
        reached = self.reached_a_while_ago(at)
        return complaints.few_object(unprovoked=self.tally.unprovoked(), reached=reached, tuned=self.tuned)

    def _behaviour(self, at: float) -> dict[str, float]:
        fade = behaviour.faded(at, self.memory.counted_at)
        found = {rule: fade * weight for rule, weight in behaviour.ratios(self.openings, self.tuned).items()}
        peak = behaviour.velocity(self.memory.peak, self.tuned)
        found["R2"] = peak * behaviour.faded_peak(at, self.memory.peak_at)
        left = self._minded(at) if "R11" not in self.without else 1.0
        return {rule: left * weight for rule, weight in found.items()}

    def _labels(self, at: float) -> float:
        """Half the weight for one child, three quarters for two, and so on."""
        children = sum(since >= at - LABEL_WINDOW for since, _ in self.memory.labelled.values())
        return self.tuned.labels * (1 - 0.5**children)


def _any_of(weights: Iterable[float]) -> float:
    return 1 - prod(1 - weight for weight in weights)


def _is_new(person: Person, at: float) -> bool:
    return person.joined_on is not None and age_in_days(person.joined_on, at) < NEW_DAYS


def age_in_days(joined_on: date, at: float) -> int:
    return int(at // DAY) + _EPOCH - joined_on.toordinal()
