"""What can come of asking for something, each named as the fact."""

from __future__ import annotations

from datetime import datetime


class CodeMistyped(ValueError):
    """The letters can't be a code: wrong length, a strange letter, or the check symbol is off."""


class NoSuchCase(Exception):
    """No report opens with this code. Wrong and unknown are the same."""


class KeyUsedForAnotherBody(Exception):
    """This idempotency key came before, with another request."""


class CaseIsOver(Exception):
    """The report is withdrawn, declined or on its way out, so nothing can be added."""


class NothingToCancel(Exception):
    """No withdrawal is waiting."""


class CannotBeWithdrawn(Exception):
    """The report was declined; its fingerprints are on no list."""


class TooManyPictures(Exception):
    """The case would hold more pictures than MEDIA_PER_CASE."""


class LineTooLong(Exception):
    """This client already has as many requests waiting as it may."""


class ProofNeeded(Exception):
    """Too much has come from here; a proof of work or a wait lets the next request through."""


class TeamKeyMissing(Exception):
    """The team's private key that this case was sealed for is not on this machine, so its words stay shut."""


class MoveNotAllowed(Exception):
    """A case of this status can't be told this verb."""

    def __init__(self, verb: str, status: str) -> None:
        super().__init__(f"cannot {verb} a case that is {status}")
        self.verb, self.status = verb, status


class CaseMovedOn(Exception):
    """Somebody else was first. `by` and `at` say who and when, where that is known."""

    def __init__(self, by: str = "", at: datetime | None = None) -> None:
        super().__init__(by)
        self.by, self.at = by, at


class TakenBySomebody(CaseMovedOn):
    """Somebody else works on the case."""


class NobodyElse(Exception):
    """A case is handed to a colleague or to a role, not to oneself."""


class NotYours(Exception):
    """Only whoever has the case may do this with it."""


class UndoTooLate(Exception):
    """The time for taking it back has passed, or something else happened since."""


class TooMuchAtOnce(Exception):
    """More cases than may be changed at once, or none."""


class TakesTwoPeople(Exception):
    """It waits for a second person now."""


class ReasonMissing(Exception):
    """It needs a reason, and one that there is."""


class NoSuchPicture(Exception):
    """The case has no such picture, or it isn't as it would have to be."""


class NoticesSwitchedOff(Exception):
    """The operator has not named who signs and how to be reached, so no notice can be made."""


class NotAuthorised(Exception):
    """She has not said where the picture is on this platform, or has not let us sign for her."""


class NoticeAlreadyMade(Exception):
    """A notice to this platform waits for its outcome."""


class NoticeIncomplete(Exception):
    """A part that the statute asks for is missing; the argument lists which."""


class NoticeMovedOn(Exception):
    """Somebody recorded this step of the notice before, or it is not its turn yet."""


class NoticeTextGone(Exception):
    """The text was deleted when its time was over; that it was sent, and when, remains."""


class EscalationMovedOn(Exception):
    """Somebody recorded what became of the pack before, or it was not let go yet."""


class PackGone(Exception):
    """The pack was deleted when its preservation ended; its digest remains."""


class TooManyMessages(Exception):
    """The case has sent as many messages as MESSAGES_PER_DAY lets through."""


class TooManyLocations(Exception):
    """The case would hold more places than LOCATIONS_PER_CASE."""


class NoPlaceToAuthorise(Exception):
    """She named no place, now or before, so there is nothing to let us sign for."""


class HoldIsAsItWas(Exception):
    """The case is already held, or already free."""


class NoSuchMessage(Exception):
    """The case has no such message."""
