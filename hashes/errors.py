from __future__ import annotations


class UnknownEntry(Exception):
    """No platform was ever told of such an entry."""


class ReasonDoesNotFit(Exception):
    """A reason was given for an outcome that has none."""


class OutcomeDoesNotFit(Exception):
    """What is still listed can't have been removed after its withdrawal."""


class NotAPicture(Exception):
    """The bytes are no picture that can be opened, whatever the file's name says."""


class PictureCutOff(Exception):
    """The file stops before its picture does, or is damaged inside."""


class PictureTooLarge(Exception):
    """Opening the picture would take more memory than any honest one needs."""


class NotListable(Exception):
    """What was sent is no fingerprint of the kind that it claims to be; the text says what one is."""


class HashingTookTooLong(Exception):
    """The picture was given up: hashing it would have kept others waiting."""


class HashingDied(Exception):
    """The picture took the process that hashed it down with it."""


class HashingBusy(Exception):
    """All that may hash at once do; whoever asks again is served."""


class MediaNotUsable(Exception):
    """Why a picture could not be hashed, as a code and in words that say what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class RowNotUsable(Exception):
    """A line of a file names no fingerprint; the text says what it should."""
