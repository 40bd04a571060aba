"""Platforms join, get keys, change them and lose them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import time
from typing import NamedTuple

from django.core.cache import cache
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.text import slugify

from platforms.errors import (
    AgreementOver,
    NameTaken,
    NoShortName,
    NoSuchKey,
    NothingToRotate,
    UnknownPlatform,
)
from platforms.models import Platform, PlatformKey
from platforms.services.cache_failures import CACHE_IS_DOWN

# A revocation holds within this time in every process: four seconds in the cache, and one in the process' own memory,
# because asking the cache costs about as much as asking the database.
KEY_CACHE_SECONDS = 5
_OWN_SECONDS = 1
_MOST_KEPT = 1_000


@dataclass(frozen=True)
class NewKey:
    """The key itself exists here and nowhere else: only its hash is stored."""

    platform: Platform
    key: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Credential:
    """What a valid key says about who is calling."""

    platform_id: int
    slug: str
    scopes: frozenset[str]
    valid_before: datetime | None = None
    agreed_on: date | None = None
    expires_on: date | None = None
    # The key's public beginning: what is counted, is counted by key.
    prefix: str = ""

    def is_valid(self, *, now: datetime) -> bool:
        day = now.date()
        begun = self.agreed_on is None or self.agreed_on <= day
        lasts = self.expires_on is None or day <= self.expires_on
        return begun and lasts and (self.valid_before is None or now < self.valid_before)


@dataclass(frozen=True)
class Participant:
    """A platform and what its valid keys together may do."""

    platform: Platform
    scopes: frozenset[str]


class KeyState(NamedTuple):
    """What may be told about a key."""

    platform: str
    prefix: str
    state: str
    until: str | None
    scopes: list[str]


def add_platform(
    *,
    name: str,
    scopes: Iterable[str],
    operator: str = "",
    contact: str = "",
    acts: str = Platform.Acts.ON_FINGERPRINTS,
    own_report_url: str = "",
    agreed_on: date | None = None,
    expires_on: date | None = None,
) -> NewKey:
    """Let a platform take part and make its first key. Without an operator it is its own.

    Raises NameTaken, NoShortName.
    """
    slug = slugify(name)
    if not slug:
        raise NoShortName(name)
    platform = Platform(
        name=name,
        slug=slug,
        operator=operator or name,
        contact=contact,
        acts=acts,
        own_report_url=own_report_url,
        agreed_on=agreed_on,
        expires_on=expires_on,
    )
    try:
        with transaction.atomic():
            platform.save(force_insert=True)
            return _make_key(platform, scopes)
    except IntegrityError:
        raise NameTaken(name) from None


@transaction.atomic
def rotate_key(
    *,
    slug: str,
    overlap: timedelta,
    now: datetime,
    expires_on: date | None = None,
    more: Iterable[str] = (),
    left_out: Iterable[str] = (),
) -> NewKey:
    """A new key with the scopes of the living ones, which go on working during the overlap, and with `more`.

    Where all were revoked or ended, the newest one says the scopes. A new agreement, which lasts until
    `expires_on`, lets a platform in again. Raises UnknownPlatform, AgreementOver, NothingToRotate.
    """
    platform = Platform.objects.select_for_update().filter(slug=slug).first()
    if platform is None:
        raise UnknownPlatform(slug)
    if expires_on is not None:
        platform.expires_on, platform.is_active = expires_on, True
        platform.save(update_fields=["expires_on", "is_active"])
    _require_agreement(platform, on=now.date())
    living = list(living_keys(now=now).filter(platform=platform))
    examples = living or list(platform.keys.order_by("-created")[:1])
    if not examples:
        raise NothingToRotate(slug)
    _end(living, at=now + overlap)
    scopes = {*more, *(scope for key in examples for scope in key.scopes)}
    return _make_key(platform, scopes.difference(left_out))


def revoke_keys(*, slug: str, prefix: str = "") -> int:
    """Revoke a platform's keys, or the one that begins like this; say how many.

    Raises UnknownPlatform, NoSuchKey.
    """
    if not Platform.objects.filter(slug=slug).exists():
        raise UnknownPlatform(slug)
    keys = PlatformKey.objects.filter(platform__slug=slug, revoked=False)
    revoked = list(keys.filter(prefix=prefix) if prefix else keys)
    if prefix and not revoked:
        raise NoSuchKey(prefix)
    PlatformKey.objects.filter(pk__in=[key.pk for key in revoked]).update(revoked=True)
    forget(revoked)
    return len(revoked)


@transaction.atomic
def end_platform(*, slug: str) -> int:
    """Let a platform take part no more; say how many keys were revoked. Raises UnknownPlatform."""
    revoked = revoke_keys(slug=slug)
    Platform.objects.filter(slug=slug).update(is_active=False)
    return revoked


def participating(*, on: date) -> list[Platform]:
    """The platforms that act on the list this day."""
    return list(Platform.objects.participating(on=on))


def with_scope(*, scopes: Collection[str], on: date) -> list[Participant]:
    """The participating platforms whose valid keys have one of the scopes, with all scopes they have."""
    keys = PlatformKey.objects.filter(
        Q(expiry_date=None) | Q(expiry_date__date__gte=on),
        platform__in=Platform.objects.participating(on=on),
        revoked=False,
    ).select_related("platform")
    granted: dict[Platform, set[str]] = {}
    for key in keys.order_by("platform__name"):
        granted.setdefault(key.platform, set()).update(key.scopes)
    return [Participant(one, frozenset(all_of)) for one, all_of in granted.items() if all_of & {*scopes}]


def all_keys(*, now: datetime) -> list[KeyState]:
    """Every platform with each of its keys, the newest first; a platform without a key once."""
    states = []
    for platform in Platform.objects.prefetch_related("keys"):
        keys = key_states(platform, now=now)
        states += keys or [KeyState(platform.slug, "", "none", None, [])]
    return states


def key_states(platform: Platform, *, now: datetime) -> list[KeyState]:
    """A platform's keys, the newest first."""
    return [_state_of(key, now=now) for key in platform.keys.all()]


def credential(*, key: str, now: datetime) -> Credential | None:
    """Who calls with this key, or nothing if it is wrong, revoked or out of time."""
    name = _cache_name(PlatformKey.objects.key_generator.hash(key))
    kept_until, known = _own.get(name, (0.0, None))
    if known is None or not 0 <= kept_until - time() <= _OWN_SECONDS:
        known = _shared(name, key)
    return known if known is not None and known.is_valid(now=now) else None


_own: dict[str, tuple[float, Credential]] = {}


def _shared(name: str, key: str) -> Credential | None:
    known: Credential | None = None
    # Without the cache the database is asked, and this process' own memory serves the second after.
    with suppress(*CACHE_IS_DOWN):
        known = cache.get(name)
    if known is None:
        known = _look_up(key)
        if known is not None:
            with suppress(*CACHE_IS_DOWN):
                cache.set(name, known, KEY_CACHE_SECONDS - _OWN_SECONDS)
    if known is not None:
        if len(_own) >= _MOST_KEPT:
            _own.clear()
        _own[name] = (time() + _OWN_SECONDS, known)
    return known


def subscription_of(key: str) -> str:
    """The public beginning of a key, which some clients send beside it."""
    return key.partition(".")[0]


def _look_up(key: str) -> Credential | None:
    if "\0" in key:
        # PostgreSQL takes none in a text.
        return None
    usable = PlatformKey.objects.filter(prefix=subscription_of(key), revoked=False, platform__is_active=True)
    found = usable.select_related("platform").first()
    if found is None or not PlatformKey.objects.key_generator.verify(key, found.hashed_key):
        return None
    return Credential(
        platform_id=found.platform_id,
        slug=found.platform.slug,
        scopes=frozenset(found.scopes),
        valid_before=found.expiry_date,
        agreed_on=found.platform.agreed_on,
        expires_on=found.platform.expires_on,
        prefix=found.prefix,
    )


def _require_agreement(platform: Platform, *, on: date) -> None:
    if platform.expires_on is not None and platform.expires_on < on:
        raise AgreementOver(f" on {platform.expires_on}")
    if not platform.is_active:
        raise AgreementOver


def _make_key(platform: Platform, scopes: Iterable[str]) -> NewKey:
    granted = tuple(sorted(set(scopes)))
    _key, key = PlatformKey.objects.create_key(
        platform=platform, name=platform.slug[:50], scopes=list(granted)
    )
    return NewKey(platform=platform, key=key, scopes=granted)


def _state_of(key: PlatformKey, *, now: datetime) -> KeyState:
    state = _state(key, now=now)
    until = _until(key) if state in {"valid", "expired"} else None
    return KeyState(key.platform.slug, key.prefix, state, until, key.scopes)


def _state(key: PlatformKey, *, now: datetime) -> str:
    """What the key is worth, and of several reasons why it opens nothing the one that lasts longest."""
    platform = key.platform
    if not platform.is_active:
        return "ended"
    if key.revoked:
        return "revoked"
    if platform.expires_on is not None and platform.expires_on < now.date():
        return "expired"
    if key.expiry_date is not None and key.expiry_date <= now:
        return "expired"
    return "not_begun" if platform.agreed_on is not None and platform.agreed_on > now.date() else "valid"


def _until(key: PlatformKey) -> str | None:
    """The key's own end, or its agreement's last day if that comes first."""
    end, last_day = key.expiry_date, key.platform.expires_on
    if last_day is not None and (end is None or last_day < end.date()):
        return last_day.isoformat()
    return end.isoformat(timespec="minutes") if end else None


def _end(keys: Iterable[PlatformKey], *, at: datetime) -> None:
    # An older rotation may have set an earlier end, which stays.
    longer = Q(expiry_date=None) | Q(expiry_date__gt=at)
    PlatformKey.objects.filter(longer, pk__in=[key.pk for key in keys]).update(expiry_date=at)
    forget(keys)


def living_keys(*, now: datetime) -> models.QuerySet[PlatformKey]:
    return PlatformKey.objects.filter(Q(expiry_date=None) | Q(expiry_date__gt=now), revoked=False)


def forget(keys: Iterable[PlatformKey]) -> None:
    """In this process a change of a key holds at once; in the others within a second where the cache is shared."""
    names = [_cache_name(key.hashed_key) for key in keys]
    for name in names:
        _own.pop(name, None)
    # Without the cache there is nothing of it in there that lasts, and the revocation has to hold all the same.
    with suppress(*CACHE_IS_DOWN):
        cache.delete_many(names)


def _cache_name(hashed_key: str) -> str:
    return f"platform-key:{hashed_key.rpartition('$')[2]}"
