from __future__ import annotations


class NoSuchCard(Exception):
    """Not hers, or never shown."""


class CardGone(Exception):
    """It was answered before, or there is nothing left to do."""


class CardChanged(Exception):
    """What it would change is not what she saw. She is asked again."""


class NotABrowser(Exception):
    """What was sent is no address of a browser that takes pushes."""


class NoPushes(Exception):
    """There is no key to sign pushes with."""
