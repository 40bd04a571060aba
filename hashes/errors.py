from __future__ import annotations

from datetime import datetime


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


class ConcernMovedOn(Exception):
    """Nothing is asked here any more. `by` and `at` say who was first, where that is known."""

    def __init__(self, by: str = "", at: datetime | None = None) -> None:
        super().__init__(by)
        self.by, self.at = by, at


class NotOffTheList(Exception):
    """Only what is quarantined, or waits for a person, can be put back."""


class WhyMissing(Exception):
    """Who is asked to be the second person has to read why."""


class ListNotReady(Exception):
    """This process has only begun to read the list; whoever asks again in a moment is answered."""


class ListBusy(Exception):
    """A publisher has held the feed's counter for seconds: what it stamped can't be told yet."""


class TooMuchAdded(Exception):
    """A platform would bring more new fingerprints in this hour than it may; none of the request's were kept."""

    def __init__(self, *, count: int, limit: int, left: int, seconds: int) -> None:
        super().__init__(f"{count} of {limit}")
        self.count, self.limit, self.left, self.seconds = count, limit, max(left, 0), seconds
