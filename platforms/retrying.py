"""How long a delivery waits for its next try. Standard Webhooks' first steps, ended after a day."""

from __future__ import annotations

from datetime import timedelta

_WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=8),
    timedelta(hours=8),
)
# So that what failed together does not come back together.
_JITTER = 0.1


def wait_after(tries: int, *, chance: float) -> timedelta | None:
    """The wait after so many tries, with a `chance` from 0 to 1 for the jitter; nothing when it was the last."""
    if tries > len(_WAITS):
        return None
    return _WAITS[tries - 1] * (1 + _JITTER * chance)
