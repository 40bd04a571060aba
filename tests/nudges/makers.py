"""Rows for tests of nudges."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime

from accounts.models import Abilities, Account
from nudges.models import Nudge
from tests.makers import make_platform

# Everything as loose as it can be.
LOOSE: Mapping[str, object] = {
    "private": False,
    "tag_review": False,
    "suggestions": True,
    "location": True,
    "message": "everyone",
    "comment": "everyone",
    "friends_list": "everyone",
    "following_list": "everyone",
    "tagged_posts": "everyone",
}


def make_teen(
    *,
    platform_id: int | None = None,
    age_band: str = "13_15",
    settings: Mapping[str, object] = LOOSE,
    time_zone: str = "Europe/Berlin",
    locale: str = "en",
) -> Account:
    """Of a platform of her own, which has all the settings."""
    of = platform_id or make_platform(secrets.token_hex(4), scopes=("safety",)).platform.pk
    when = datetime(2026, 11, 1, tzinfo=UTC)
    Abilities.objects.get_or_create(platform_id=of, defaults={"settings": [*LOOSE], "said_at": when})
    return Account.objects.create(
        platform_id=of,
        external_id=secrets.token_hex(8),
        age_band=age_band,
        band_said_on=date(2026, 11, 1),
        locale=locale,
        time_zone=time_zone,
        settings=dict(settings),
        changed_at=when,
    )


def the_nudge(teen: Account) -> Nudge:
    return Nudge.objects.get(account_id=teen.pk)
