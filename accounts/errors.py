from __future__ import annotations


class UnknownAccount(Exception):
    """The platform has no such account here. Another platform's is just as unknown."""


class LinkGone(Exception):
    """The link was used, is too old, or never was one. Nobody is told which."""


class UnderLegalHold(Exception):
    """What belongs to this account must be kept for now."""


class NotOfThisAge(Exception):
    """A teen in the adult's place, or the other way round; the side is told."""


class NotASetting(Exception):
    """No setting of this name takes this value; the name is told."""


class ChangedSince(Exception):
    """All of it was changed again meanwhile, so putting it back would undo that too."""


class UndoTooLate(Exception):
    """Too long ago, or never theirs."""


class CodeNotTaken(Exception):
    """Mistyped, used, too old, another platform's, or never made. Nobody is told which."""


class TooManyTries(Exception):
    """So many codes were tried that somebody may be guessing."""


class NoSuchSupervision(Exception):
    """Not theirs, or never there."""


class SupervisionMovedOn(Exception):
    """It is not any more as the page showed it."""


class TwoGuardiansAlready(Exception):
    """A teen has two guardians at most."""


class MayNotEndYet(Exception):
    """Under 16 a guardian or staff ends supervision, not the teen."""


class NoSuchWish(Exception):
    """Not theirs to answer, or never shown to them."""


class WishMovedOn(Exception):
    """It was answered or taken back before."""


class CallMovedOn(Exception):
    """Somebody else answered first."""


class NothingSaid(Exception):
    """The text is empty."""
