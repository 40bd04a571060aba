"""What the desk changes about a platform. Each change is written into the chain of what was done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from platforms import agreements
from platforms.agreements import Lack, Standing
from platforms.errors import NoSuchKey, PlatformMovedOn, UnknownPlatform
from platforms.models import Platform, PlatformKey
from platforms.services.keys import (
    NewKey,
    add_platform,
    end_platform,
    forget,
    living_keys,
    revoke_keys,
    rotate_key,
)
from staff.services import User, record

FEED = PlatformKey.Scope.FEED.value
# What one person gives. The list itself takes two.
SCOPES_OF_ONE = tuple(scope for scope in PlatformKey.Scope.values if scope != FEED)
_FACTS = ("operator", "contact", "acts", "own_report_url")


def standing_of(platform: Platform, *, on: date) -> Standing:
    return agreements.standing(
        is_active=platform.is_active, agreed_on=platform.agreed_on, expires_on=platform.expires_on, on=on
    )


def lacks_for_feed(platform: Platform, *, on: date) -> list[Lack]:
    """What has to be there before a platform can be given the list; nothing where it is vetted."""
    return agreements.lacks(
        operator=platform.operator,
        contact=platform.contact,
        is_active=platform.is_active,
        agreed_on=platform.agreed_on,
        expires_on=platform.expires_on,
        on=on,
    )


def mark_of(platform: Platform) -> str:
    """What somebody saw of a platform before they decided, in few letters: another mark, another state."""
    keys = platform.keys.order_by("prefix").values_list("prefix", "revoked", "expiry_date", "scopes")
    facts = [getattr(platform, name) for name in (*_FACTS, "agreed_on", "expires_on", "is_active")]
    written = json.dumps([facts, list(keys)], cls=DjangoJSONEncoder)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


@transaction.atomic
def let_in(
    *,
    name: str,
    scopes: Collection[str],
    operator: str,
    contact: str,
    acts: str,
    own_report_url: str,
    agreed_on: date | None,
    expires_on: date | None,
    by: User,
    now: datetime,
) -> NewKey:
    """A new platform and its first key, which does not read the list. Raises NameTaken, NoShortName."""
    new = add_platform(
        name=name,
        scopes=_of_one(scopes),
        operator=operator,
        contact=contact,
        acts=acts,
        own_report_url=own_report_url,
        agreed_on=agreed_on,
        expires_on=expires_on,
    )
    detail: dict[str, object] = {"scopes": list(new.scopes), **_operated_alike(new.platform)}
    record(actor=by, act="platform.add", on=new.platform, at=now, detail=detail)
    return new


@transaction.atomic
def change_facts(
    *,
    platform_id: int,
    seen: str,
    operator: str,
    contact: str,
    acts: str,
    own_report_url: str,
    by: User,
    now: datetime,
) -> bool:
    """Say whether anything changed. Raises UnknownPlatform, PlatformMovedOn."""
    platform = _as_seen(platform_id, seen)
    said = {"operator": operator, "contact": contact, "acts": acts, "own_report_url": own_report_url}
    changed = [name for name, value in said.items() if getattr(platform, name) != value]
    if not changed:
        return False
    before = _operated_alike(platform)
    for name in changed:
        setattr(platform, name, said[name])
    platform.save(update_fields=changed)
    detail: dict[str, object] = {"fields": changed}
    if "operator" in changed:
        detail |= {"was": before["operated_as"], **_operated_alike(platform)}
    record(actor=by, act="platform.facts", on=platform, at=now, detail=detail)
    return True


@transaction.atomic
def write_agreement(
    *, platform_id: int, seen: str, agreed_on: date, expires_on: date, by: User, now: datetime
) -> bool:
    """Write down an agreement, the first or the next; say whether the list has to be asked for anew.

    Where the one before was over or ended, reading the list is not renewed with it: that takes two.
    Raises UnknownPlatform, PlatformMovedOn.
    """
    platform = _as_seen(platform_id, seen)
    has_lapsed = standing_of(platform, on=now.date()) in {Standing.OVER, Standing.ENDED}
    ended = _end_feed(platform) if has_lapsed else 0
    platform.agreed_on, platform.expires_on, platform.is_active = agreed_on, expires_on, True
    platform.save(update_fields=["agreed_on", "expires_on", "is_active"])
    forget(platform.keys.filter(revoked=False))
    detail: dict[str, object] = {
        "agreed_on": agreed_on.isoformat(),
        "expires_on": expires_on.isoformat(),
        "feed_ended": ended > 0,
    }
    record(actor=by, act="platform.agreement", on=platform, at=now, detail=detail)
    return ended > 0


@transaction.atomic
def replace_key(
    *, platform_id: int, seen: str, overlap: timedelta, more: Collection[str], by: User, now: datetime
) -> NewKey:
    """A new key beside the old ones, which end after the overlap. It reads the list if a living one does.

    Raises UnknownPlatform, PlatformMovedOn, AgreementOver, NothingToRotate.
    """
    platform = _as_seen(platform_id, seen)
    lives = living_keys(now=now).filter(platform=platform).exists()
    left_out = () if lives else (FEED,)
    new = rotate_key(slug=platform.slug, overlap=overlap, now=now, more=_of_one(more), left_out=left_out)
    detail: dict[str, object] = {"scopes": list(new.scopes), "overlap_hours": overlap.total_seconds() / 3600}
    record(actor=by, act="platform.key_add", on=platform, at=now, detail=detail)
    return new


@transaction.atomic
def revoke_key(*, platform_id: int, prefix: str, by: User, now: datetime) -> None:
    """Raises UnknownPlatform, NoSuchKey if nothing was there to revoke."""
    platform = _locked(platform_id)
    if not prefix:
        raise NoSuchKey(prefix)
    revoke_keys(slug=platform.slug, prefix=prefix)
    record(actor=by, act="platform.key_revoke", on=platform, at=now, detail={"prefix": prefix})


@transaction.atomic
def end_part(*, platform_id: int, by: User, now: datetime) -> int:
    """The platform takes part no more; say how many keys were revoked. Raises UnknownPlatform, PlatformMovedOn."""
    platform = _locked(platform_id)
    if not platform.is_active:
        raise PlatformMovedOn
    revoked = end_platform(slug=platform.slug)
    record(actor=by, act="platform.end", on=platform, at=now, detail={"keys": revoked})
    return revoked


def operated_as(platform: Platform) -> list[Platform]:
    """Others of the same operator: what two of them say counts as one."""
    same = Platform.objects.filter(operator__iexact=platform.operator.strip())
    return list(same.exclude(pk=platform.pk))


def _of_one(scopes: Collection[str]) -> list[str]:
    return [scope for scope in scopes if scope in SCOPES_OF_ONE]


def _operated_alike(platform: Platform) -> dict[str, object]:
    return {"operated_as": [other.pk for other in operated_as(platform)]}


def _end_feed(platform: Platform) -> int:
    readers = [key for key in platform.keys.filter(revoked=False) if FEED in key.scopes]
    for key in readers:
        key.scopes = [scope for scope in key.scopes if scope != FEED]
        key.save(update_fields=["scopes"])
    return len(readers)


def _as_seen(platform_id: int, seen: str) -> Platform:
    platform = _locked(platform_id)
    if mark_of(platform) != seen:
        raise PlatformMovedOn
    return platform


def _locked(platform_id: int) -> Platform:
    platform = Platform.objects.select_for_update().filter(pk=platform_id).first()
    if platform is None:
        raise UnknownPlatform(platform_id)
    return platform
