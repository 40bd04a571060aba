"""How long everybody has. Limits in, a due time and what is left of it out.

First look: ours, by a person. 1 hour where she said she is in danger, else 24 working hours.
Push: ours, by a machine. 5 minutes until every fingerprint has its number in the feed.
Acknowledge: a platform's. 24 hours from that number until it has proven to hold the fingerprints.
Outcome: a platform's. 48 hours from when it said it found a copy until it says what it did; the limit
of the TAKE IT DOWN Act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_LOOK_IN_DANGER = timedelta(hours=1)
FIRST_LOOK = timedelta(hours=24)
PUSH = timedelta(minutes=5)
ACKNOWLEDGE = timedelta(hours=24)
OUTCOME = timedelta(hours=48)

# No limit of anybody's: it is how long she can still change her mind, and is drawn like one.
WITHDRAWAL = timedelta(hours=24)

_LIMITS = {"push": PUSH, "acknowledge": ACKNOWLEDGE, "outcome": OUTCOME, "withdrawal": WITHDRAWAL}
# Somebody in danger is looked at whatever the hour; other human steps wait for people to be there.
_WORKDAYS = range(5)
# Less than this share of its limit left is drawn as soon due.
_SOON = 0.25


@dataclass(frozen=True)
class Left:
    """What is left until a limit, in whole units; `tone` is one of over, soon, enough."""

    tone: str
    unit: str
    count: int


def limit(kind: str, *, in_danger: bool = False) -> timedelta:
    if kind == "first_look":
        return FIRST_LOOK_IN_DANGER if in_danger else FIRST_LOOK
    return _LIMITS[kind]


def due(kind: str, *, start: datetime, in_danger: bool = False) -> datetime:
    """When it is due. Days without people at the desk don't count for human steps, unless somebody is in danger."""
    if kind != "first_look" or in_danger:
        return start + limit(kind, in_danger=in_danger)
    return _working(start, FIRST_LOOK)


def left(*, due_at: datetime, kind: str, in_danger: bool, now: datetime) -> Left:
    rest = due_at - now
    unit, count = _whole(abs(rest))
    if rest <= timedelta(0):
        return Left("over", unit, count)
    soon = rest < limit(kind, in_danger=in_danger) * _SOON
    return Left("soon" if soon else "enough", unit, count)


def whole_hours(*, due_at: datetime, kind: str, in_danger: bool, now: datetime) -> int:
    """How long it took, in whole hours rounded up; the start itself is kept nowhere."""
    took = limit(kind, in_danger=in_danger) - (due_at - now)
    return max(0, -(-took // timedelta(hours=1)))


def _working(start: datetime, span: timedelta) -> datetime:
    at = _next_workday(start)
    while span > timedelta(0):
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        step = min(span, midnight - at)
        at, span = at + step, span - step
        if span > timedelta(0):
            at = _next_workday(at)
    return at


def _next_workday(at: datetime) -> datetime:
    if at.weekday() in _WORKDAYS:
        return at
    monday = at + timedelta(days=7 - at.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def _whole(rest: timedelta) -> tuple[str, int]:
    if rest < timedelta(hours=1):
        return "minutes", rest // timedelta(minutes=1)
    if rest < timedelta(days=2):
        return "hours", rest // timedelta(hours=1)
    return "days", rest.days
