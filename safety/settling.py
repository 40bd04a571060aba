"""What a reading comes to beside what people decided: their word goes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from safety.answers import DEFAULT, RESTRICTED, SANCTIONED

# A standing that people hold in place is looked at again after this time.
LOOK_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decided:
    """What people decided about an account, and where it stood."""

    level: int = DEFAULT
    is_sanctioned: bool = False
    is_frozen: bool = False
    upheld_until: datetime | None = None
    lifted_until: datetime | None = None


def settled_level(read: int, decided: Decided, *, now: datetime) -> int:
    if decided.is_sanctioned:
        return SANCTIONED
    if decided.lifted_until is not None and now < decided.lifted_until:
        return DEFAULT
    if decided.is_frozen:
        return decided.level
    by_machine = min(read, RESTRICTED)
    if decided.upheld_until is not None and now < decided.upheld_until:
        return max(RESTRICTED, by_machine)
    return by_machine


def look_again_at(read: datetime, decided: Decided, *, now: datetime) -> datetime:
    """When time alone may change the level: never at once, or the worker would turn in a circle."""
    ends = [end for end in (decided.upheld_until, decided.lifted_until) if end is not None and end > now]
    earliest = min([read, *ends]) if read > now else min(ends, default=now)
    return earliest if earliest > now else now + LOOK_AGAIN
