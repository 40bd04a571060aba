"""What a rule is worth: whom it finds, how soon, and whom it wrongs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.judging import RESTRICT, Judged
from benchmarks.scenarios import parameters

_ROLES = ("ordinary", "relatives", "young_adults", "teens_declared_adult", "teachers", "creators")
_BAD = ("bad_rings", "bad_slow", "bad_infiltrators", "bad_returners")
Measure = tuple[str, tuple[float, str]]


@dataclass(frozen=True)
class Platform:
    """Everybody whom a rule could flag, of all seeds together; those whom no minor met are only counted."""

    judgements: Sequence[Judged]
    # How many there are of each role, or under each attack.
    sizes: Mapping[str, int]
    seeds: int

    @classmethod
    def of(cls, judgements: Sequence[Judged], *, count: int) -> Platform:
        roles, attacks = parameters.roles(), parameters.attacks()
        sizes = Counter({role.name: role.count * count for role in roles})
        for attack in attacks:
            sizes[attack.name] = attack.victims * count
        for one in judgements:
            if one.attack:
                sizes[one.role] -= 1
        return cls(judgements, sizes, count)

    def flagged(self, rule: str) -> list[Judged]:
        return [one for one in self.judgements if rule in one.flagged]

    def caught(self, rule: str) -> list[Judged]:
        return [one for one in self.flagged(rule) if one.is_bad]

    def bad(self) -> int:
        return sum(self.sizes[role] for role in _BAD)

    def precision(self, rule: str, *, without_attacks: bool = False) -> float:
        flagged = [one for one in self.flagged(rule) if not (without_attacks and one.attack)]
        return len(self.caught(rule)) / len(flagged) if flagged else 0.0

    def recall(self, rule: str) -> float:
        return len(self.caught(rule)) / self.bad()

    def share_of(self, rule: str, group: str) -> float:
        return sum((one.attack or one.role) == group for one in self.flagged(rule)) / self.sizes[group]

    def precision_at(self, rule: str, share: float) -> float:
        """If that share of adults were bad and all else the same."""
        innocent = sum(self.sizes.values()) - self.bad()
        wronged = (len(self.flagged(rule)) - len(self.caught(rule))) / innocent
        found = self.recall(rule) * share
        return found / (found + wronged * (1 - share)) if found else 0.0


def measured(platform: Platform, rule: str) -> Iterator[Measure]:
    yield "precision", (platform.precision(rule), "")
    yield "precision, nobody attacked", (platform.precision(rule, without_attacks=True), "")
    yield "recall", (platform.recall(rule), "")
    caught = platform.caught(rule)
    if caught:
        yield "minors reached before, median", (median(one.reached_before(rule) for one in caught), "")
        yield "hours before, median", (median(one.hours_before(rule) for one in caught), "h")
    adults = sum(platform.sizes.values())
    yield "flags for 1,000 adults in 30 days", (len(platform.flagged(rule)) / adults * 1_000 / 3, "")
    for group in (*_ROLES, "brigaded", "baited", "colluded_against"):
        yield f"{group} flagged", (100 * platform.share_of(rule, group), "%")
    for group in _BAD:
        yield f"{group} found", (100 * platform.share_of(rule, group), "%")
    if rule == RESTRICT:
        for group in ("brigaded", "colluded_against"):
            told = sum(one.is_burst for one in platform.judgements if one.attack == group)
            yield f"{group} shown to a person as a burst", (100 * told / platform.sizes[group], "%")


def equal_recall(platform: Platform, rule: str, *, without_attacks: bool = False) -> tuple[float, float]:
    """Our precision at the score that finds as many as that rule does, and the rule's."""
    enough = len(platform.caught(rule))
    scores = sorted((one.score for one in platform.judgements if one.is_bad), reverse=True)
    least = scores[enough - 1]
    found = [
        one for one in platform.judgements if one.score >= least > 0 and not (without_attacks and one.attack)
    ]
    ours = sum(one.is_bad for one in found) / len(found) if found else 0.0
    return ours, platform.precision(rule, without_attacks=without_attacks)
