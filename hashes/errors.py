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
