"""Which settings a platform has, what is advised, and what is weaker than that."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accounts import privacy
from accounts.models import Abilities
from accounts.services.facts import AccountFacts


def abilities(*, platform_id: int) -> frozenset[str]:
    """The settings that the platform said it has; until it says, those that it ever sent."""
    known = Abilities.objects.filter(pk=platform_id).values_list("settings", flat=True).first()
    return frozenset(known or ())


def recommended(*, age_band: str) -> Mapping[str, privacy.Value]:
    return privacy.recommended(age_band=age_band)


def below_recommended(account: AccountFacts, *, among: Collection[str] | None = None) -> list[str]:
    """Settings weaker than advised. Who asks for many accounts gives the platform's abilities as `among`."""
    has = abilities(platform_id=account.platform_id) if among is None else among
    return privacy.below_recommended(settings=account.settings, age_band=account.age_band, abilities=has)
