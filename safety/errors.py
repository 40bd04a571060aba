"""What can be wrong, named as the fact."""

from __future__ import annotations

from datetime import datetime


class BadTuning(Exception):
    """A platform asked for a rule's number that it can't have."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(remedy)
        self.name = name
        self.remedy = remedy


class _DecidedMeanwhile(Exception):
    def __init__(self, *, outcome: str, by: str, at: datetime | None) -> None:
        super().__init__(outcome)
        self.outcome, self.by, self.at = outcome, by, at


class FlagMovedOn(_DecidedMeanwhile):
    """Somebody decided about the flag meanwhile."""


class SecondPersonAsked(Exception):
    """A second person was asked about the flag; they go first."""


class AppealMovedOn(_DecidedMeanwhile):
    """Somebody answered the appeal meanwhile."""


class OwnDecision(Exception):
    """Whoever decided doesn't answer the appeal against it."""


class NoSuchLetter(Exception):
    """No letter has this link, or its time is over."""


class AppealedAlready(Exception):
    """The letter's appeal was made before."""
