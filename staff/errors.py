"""What can be wrong with what somebody wants to do, each named as the fact."""

from __future__ import annotations

from datetime import datetime


class MayNot(Exception):
    """Their role does not do this."""


class OwnActionNotReleasable(Exception):
    """Who asked for it is not the second person."""


class HeldMovedOn(Exception):
    """Somebody decided about it before; who and when, to tell the one who came later."""

    def __init__(self, *, state: str, by: str, at: datetime | None) -> None:
        super().__init__(f"This was {state} before.")
        self.state = state
        self.by = by
        self.at = at


class CannotBeDone(Exception):
    """What was asked for can't be done any more; a room's release raises it, or one of its own kind, with words for the page."""


class AlreadyHeld(Exception):
    """The same thing waits for a second person already."""


class UnknownAction(Exception):
    """No line of the matrix has this name."""


class UnknownKind(Exception):
    """No room said what to do when a held action of this kind is let go."""


class NameTaken(Exception):
    """Somebody of this name works here already."""


class NotOnesOwn(Exception):
    """Nobody changes their own role or account."""
