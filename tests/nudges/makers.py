"""Rows for tests of nudges."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import Abilities, Account
from accounts.services import AccountFacts, get_accounts
from nudges.models import Nudge
from platforms.models import WebhookEndpoint, WebhookMessage
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
# Nothing left to advise to somebody under 16.
TIGHT: Mapping[str, object] = {
    "private": True,
    "tag_review": True,
    "suggestions": False,
    "location": False,
    "message": "friends",
    "comment": "friends",
    "friends_list": "nobody",
    "following_list": "friends",
    "tagged_posts": "friends",
}
# A Tuesday afternoon in Berlin: awake, and out of school.
AFTERNOON = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


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


def facts(teen: Account) -> AccountFacts:
    """As they are now."""
    return get_accounts(ids=[teen.pk])[teen.pk]


def the_nudge(teen: Account) -> Nudge:
    return Nudge.objects.get(account_id=teen.pk)


def make_waiting(teen: Account, *, kind: str = "stranger", due_at: datetime = AFTERNOON) -> Nudge:
    return Nudge.objects.create(account_id=teen.pk, kind=kind, due_at=due_at)


def make_shown(
    teen: Account,
    *,
    kind: str = "stranger",
    settings: tuple[str, ...] = ("message", "private", "comment"),
    shown_at: datetime = AFTERNOON,
    state: str = Nudge.State.SHOWN,
) -> Nudge:
    rows = [{"setting": one, "before": LOOSE[one], "after": TIGHT[one]} for one in settings]
    decided_at = None if state == Nudge.State.SHOWN else shown_at + timedelta(minutes=1)
    return Nudge.objects.create(
        account_id=teen.pk,
        kind=kind,
        settings=rows,
        state=state,
        due_at=shown_at,
        shown_at=shown_at,
        decided_at=decided_at,
    )


def make_listener(platform_id: int) -> WebhookEndpoint:
    """The platform wants to hear of everything."""
    return WebhookEndpoint.objects.create(
        platform_id=platform_id, url="https://loopfeed.example/hook", secret="none", made_at=AFTERNOON
    )


def told(platform_id: int, event: str = "nudge.created") -> list[dict[str, Any]]:
    messages = WebhookMessage.objects.filter(platform=platform_id, event=event).order_by("made_at", "pk")
    return [json.loads(one.body)["data"] for one in messages]
