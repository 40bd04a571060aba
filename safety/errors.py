"""What can be wrong, named as the fact."""

from __future__ import annotations


class UnknownAccount(Exception):
    """The platform never told of this account."""


class BadTuning(Exception):
    """A platform asked for a rule's number that it can't have."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(remedy)
        self.name = name
        self.remedy = remedy
