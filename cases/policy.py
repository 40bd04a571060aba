"""Where a case may go. Plain tables: read them aloud to check them."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases.errors import MoveNotAllowed

LIVING = ("received", "open", "closed")
"""A case in one of these has fingerprints that may be on the list."""

CLOCK_STEP = timedelta(minutes=15)


def rounded_up(at: datetime) -> datetime:
    """The next full quarter hour: a due time must not say when she was here."""
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at if not past else at - past + CLOCK_STEP


def withdrawal_delay_hours(*, threatened: bool, usual: int, when_threatened: int) -> int:
    """Longer for somebody who said she is threatened: whoever threatens her may be the one who asks."""
    return max(usual, when_threatened) if threatened else usual


_AFTER = {
    ("received", "accept"): "open",
    ("received", "ask"): "open",
    ("open", "ask"): "open",
    ("received", "decline"): "declined",
    ("open", "decline"): "declined",
    ("received", "escalate"): "open",
    ("open", "escalate"): "open",
    ("closed", "escalate"): "closed",
    ("open", "close"): "closed",
    ("closed", "reopen"): "open",
    ("declined", "reopen"): "open",
    ("received", "withdraw"): "received",
    ("open", "withdraw"): "open",
    ("closed", "withdraw"): "closed",
    ("received", "quarantine"): "received",
    ("open", "quarantine"): "open",
    ("closed", "quarantine"): "closed",
    ("received", "restore"): "received",
    ("open", "restore"): "open",
    ("closed", "restore"): "closed",
}

WAITING_FOR_US = ("received", "open")
"""What stands in the queue."""

UNDOABLE = ("accept", "ask", "decline", "close", "reopen")
IN_BULK = ("accept", "close")
"""What may be done to many at once: it can be undone, and it takes nothing off the list."""

AT_MOST_IN_BULK = 100
UNDO_FOR = timedelta(seconds=30)
LEASE = timedelta(minutes=10)
LONGEST_HOLD = timedelta(hours=24)
BREAK_GLASS_FOR = timedelta(hours=1)

DECLINE_REASONS = ("not_a_young_person", "not_intimate", "not_a_person", "cannot_help", "not_a_report")
"""Which of the prepared sentences she reads. None accuses her."""


def after(status: str, verb: str) -> str:
    """The status that a verb leads to. Raises MoveNotAllowed."""
    try:
        return _AFTER[status, verb]
    except KeyError:
        raise MoveNotAllowed(verb, status) from None


def allowed(status: str) -> frozenset[str]:
    """The verbs that a case of this status can be told."""
    return frozenset(verb for before, verb in _AFTER if before == status)


def takes_two(verb: str, *, threatened: bool) -> bool:
    """Whoever blackmails her may be the one who wants it declined."""
    return verb == "restore" or (verb == "decline" and threatened)
