"""When which rule would have flagged whom: ours beside three that are simpler."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.bands import is_minor
from benchmarks.played import cases
from benchmarks.scenarios.shapes import Truth, World
from safety import engine
from safety.facts import Case

DAY = 86_400.0
ONE, THREE, TEN = "one report", "three minors", "ten minors"
FRICTION, RESTRICT = "friction", "restrict"
RULES = (ONE, THREE, TEN, FRICTION, RESTRICT)
_APPROACHES = frozenset({"contact", "follow", "comment"})
_OBJECTIONS = frozenset({"block", "report"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One declared adult, and when each rule would have flagged them."""

    role: str
    is_bad: bool
    attack: str
    flagged: Mapping[str, float]
    # The highest score that ours ever gave.
    score: float
    is_burst: bool
    # When each minor was turned to for the first time, in order.
    reached: tuple[float, ...] = ()

    def reached_before(self, rule: str) -> int:
        return sum(at <= self.flagged[rule] for at in self.reached)

    def hours_before(self, rule: str) -> float:
        return max(0.0, self.flagged[rule] - self.reached[0]) / 3_600 if self.reached else 0.0


def judged(
    world: World,
    *,
    without: Collection[str] = frozenset(),
    with_labels: bool = False,
    honest: bool = False,
    tuned: Mapping[str, float] | None = None,
) -> Iterator[Judged]:
    """Everybody whom a rule could flag; those whom no minor met are left out, for no rule sees them."""
    for case in cases(world, with_labels=with_labels, honest=honest):
        given = Case(case.subject, case.people, case.happenings, case.pairs, tuned or {})
        yield _judged(given, world.truths[case.subject], without, world.ends_at)


def _judged(case: Case, truth: Truth, without: Collection[str], ends_at: datetime) -> Judged:
    flagged = dict(_simple(case))
    score, is_burst = 0.0, False
    for step in engine.course(case, at=ends_at, without=without):
        score, is_burst = max(score, step.score), is_burst or step.is_burst
        if step.level:
            flagged.setdefault(FRICTION, step.at)
        if step.level > 1:
            flagged.setdefault(RESTRICT, step.at)
    return Judged(truth.role, truth.is_bad, truth.attack, flagged, score, is_burst, tuple(_reached(case)))


def _simple(case: Case) -> Iterator[tuple[str, float]]:
    """The rules that ours is compared with, each with its first moment."""
    objected: set[str] = set()
    week: deque[tuple[float, str]] = deque()
    found: dict[str, float] = {}
    for one in case.happenings:
        at = one.occurred_at.timestamp()
        if one.kind in _OBJECTIONS and one.actor != case.subject:
            objected.add(one.actor)
        elif one.kind in _APPROACHES and one.actor == case.subject:
            week.append((at, one.target or ""))
            while week[0][0] < at - 7 * DAY:
                week.popleft()
        for rule, is_met in (
            (ONE, bool(objected)),
            (THREE, len(objected) >= 3),
            (TEN, len(week) >= 10 and len({name for _, name in week}) >= 10),
        ):
            if is_met:
                found.setdefault(rule, at)
    yield from found.items()


def _reached(case: Case) -> Iterator[float]:
    seen: set[str] = set()
    for one in case.happenings:
        name = one.target if one.actor == case.subject else None
        if name is not None and name not in seen and is_minor(case.people[name].age_band):
            seen.add(name)
            yield one.occurred_at.timestamp()
