"""Which rung a case stands on at a platform. Facts in, rung out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    rung: str
    reason: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known of one platform about all pictures of one case. `outcomes` are (outcome, reason) pairs."""

    collected: bool
    followed: bool
    matched: bool
    withdrawal_collected: bool
    outcomes: Sequence[tuple[str, str]]


# The first outcome that any picture has decides: good news before waiting, waiting before bad news.
_BY_OUTCOME = (("blocked", "blocked"), ("pending_review", "checking"), ("not_blocked", "not_blocked"))


def step(standing: Standing) -> Step:
    reasons = dict(reversed(standing.outcomes))
    if standing.withdrawal_collected or "removed_after_withdrawal" in reasons:
        return Step("withdrawn")
    for outcome, rung in _BY_OUTCOME:
        if outcome in reasons:
            return Step(rung, reasons[outcome])
    return _before_any_match(standing)


def _before_any_match(standing: Standing) -> Step:
    if standing.followed or standing.matched:
        # It came back for more of the list, or asked what matches, with hers in it.
        return Step("watching")
    return Step("collected" if standing.collected else "sent")
