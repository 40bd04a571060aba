"""Where a play is written down: accounts, events, and who is who."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import exp, log
from random import Random

from benchmarks.scenarios.shapes import Account, Event, Truth, World

STARTS_AT = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 90.0
# A platform doesn't always say how many friends two people share.
_UNTOLD_MUTUALS = 0.1


@dataclass
class Stage:
    seed: int
    accounts: dict[str, Account] = field(default_factory=dict)
    truths: dict[str, Truth] = field(default_factory=dict)
    # Whoever is a teen in truth, whatever age was declared: by school, and of these the older ones.
    pupils: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    older_pupils: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    # Whom an account has written to.
    met: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pairs: set[tuple[str, str]] = field(default_factory=set)
    _events: list[tuple[float, int, Event]] = field(default_factory=list)

    def chance(self, *what: object) -> Random:
        """A stream of its own for each thing, so that one more of these moves nothing of those."""
        return Random(":".join(map(str, (self.seed, *what))))  # noqa: S311 - Repeatable, not secret.

    def enter(self, account: Account, truth: Truth) -> str:
        self.accounts[account.id] = account
        self.truths[account.id] = truth
        return account.id

    def happen(
        self,
        kind: str,
        actor: str,
        target: str,
        day: float,
        *,
        mutuals: int | None = None,
        labels: tuple[str, ...] = (),
    ) -> None:
        if 0 <= day < DAYS:
            at = STARTS_AT + timedelta(seconds=int(day * 86_400))
            event = Event("", kind, actor, target, at, mutuals, labels)
            self._events.append((day, len(self._events), event))

    def world(self) -> World:
        in_order = (event for _, _, event in sorted(self._events, key=lambda row: row[:2]))
        return World(
            seed=self.seed,
            starts_at=STARTS_AT,
            ends_at=STARTS_AT + timedelta(days=DAYS),
            accounts=self.accounts,
            truths=self.truths,
            events=tuple(_numbered(event, number) for number, event in enumerate(in_order)),
            pairs=frozenset(self.pairs),
        )


def _numbered(event: Event, number: int) -> Event:
    return Event(
        f"e{number:07d}",
        event.kind,
        event.actor,
        event.target,
        event.occurred_at,
        event.mutuals,
        event.labels,
    )


def opaque(*what: object) -> str:
    """An id that says nothing about whose it is."""
    return hashlib.blake2s(":".join(map(str, what)).encode(), digest_size=6).hexdigest()


def joined(day: float, age: float) -> date:
    return (STARTS_AT + timedelta(days=day - age)).date()


def between(chance: Random, bounds: tuple[int, int]) -> float:
    return chance.uniform(*bounds)


def log_normal(chance: Random, median: float, spread: float) -> float:
    return exp(chance.gauss(log(median), spread))


def told_mutuals(chance: Random, *, has_none: bool) -> int | None:
    if chance.random() < _UNTOLD_MUTUALS:
        return None
    return 0 if has_none else 1 + min(int(chance.expovariate(0.25)), 30)
