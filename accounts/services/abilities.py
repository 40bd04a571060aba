"""Which settings a platform has, what is advised, and what is weaker than that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import privacy
from accounts.models import Abilities
from accounts.services.facts import AccountFacts


@dataclass(frozen=True)
class KnownAbilities:
    """In the catalogue's order. Until the platform says, `is_told` is false and these are the settings that it ever sent."""

    settings: tuple[str, ...]
    is_told: bool


def abilities(*, platform_id: int) -> frozenset[str]:
    """The settings that the platform said it has; until it says, those that it ever sent."""
    return frozenset(known_abilities(platform_id=platform_id).settings)


def known_abilities(*, platform_id: int) -> KnownAbilities:
    known = Abilities.objects.filter(pk=platform_id).first()
    return KnownAbilities((), is_told=False) if known is None else _in_order(known)


@transaction.atomic
def tell_abilities(*, platform_id: int, settings: Collection[str], now: datetime) -> KnownAbilities:
    """The platform says which it has."""
    known = _locked(platform_id, now=now)
    known.settings, known.is_told, known.said_at = sorted(settings), True, now
    known.save()
    return _in_order(known)


def see_settings(*, platform_id: int, settings: Collection[str], now: datetime) -> None:
    """Settings were sent: a platform that has not said what it has is taken to have these too."""
    if not settings:
        return
    known = Abilities.objects.filter(pk=platform_id).first()
    if known is not None and (known.is_told or set(settings) <= set(known.settings)):
        return
    known = _locked(platform_id, now=now)
    if not known.is_told:
        known.settings, known.said_at = sorted({*known.settings, *settings}), now
        known.save()


def recommended(*, age_band: str) -> Mapping[str, privacy.Value]:
    return privacy.recommended(age_band=age_band)


def below_recommended(account: AccountFacts, *, among: Collection[str] | None = None) -> list[str]:
    """Settings weaker than advised. Who asks for many accounts gives the platform's abilities as `among`."""
    has = abilities(platform_id=account.platform_id) if among is None else among
    return privacy.below_recommended(settings=account.settings, age_band=account.age_band, abilities=has)


def _locked(platform_id: int, *, now: datetime) -> Abilities:
    Abilities.objects.get_or_create(pk=platform_id, defaults={"said_at": now})
    return Abilities.objects.select_for_update().get(pk=platform_id)


def _in_order(known: Abilities) -> KnownAbilities:
    return KnownAbilities(tuple(key for key in privacy.SETTINGS if key in known.settings), known.is_told)
