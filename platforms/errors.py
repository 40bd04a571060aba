from __future__ import annotations

from platforms.agreements import Lack


class NameTaken(Exception):
    """A platform of this name participates already."""


class NoShortName(Exception):
    """Nothing of the name is left for an address: it has no Latin letter and no digit."""


class UnknownPlatform(Exception):
    """No platform has this short name."""


class NoSuchKey(Exception):
    """The platform has no living key that begins like this."""


class PlatformMovedOn(Exception):
    """Somebody changed the platform after the page was shown on which this was decided."""


class NotVetted(Exception):
    """The platform lacks what has to be there before it can be given the list."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(", ".join(lacks))
        self.lacks = lacks


class AgreementOver(Exception):
    """The platform takes part no more; its last day is told where it had one."""


class NothingToRotate(Exception):
    """The platform never had a key whose scopes a new one could take over."""


class SecretLost(Exception):
    """The key under which a webhook's secret was kept is gone."""


class UnknownEndpoint(Exception):
    """No platform has this webhook."""


class AddressRefused(Exception):
    """A webhook can't go there; the text says why."""


class UnknownEvent(Exception):
    """Nothing is told under this name."""
