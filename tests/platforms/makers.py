"""Webhooks for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from platforms.models import Platform, WebhookEndpoint
from platforms.services import NewKey


def vet(new: NewKey) -> NewKey:
    """A contact, and an agreement that runs: what has to be there before a platform is given the list."""
    facts = {
        "contact": "trust@platform.example",
        "agreed_on": date(2020, 1, 1),
        "expires_on": date(2099, 12, 31),
    }
    Platform.objects.filter(pk=new.platform.pk).update(**facts)
    new.platform.refresh_from_db()
    return new


def make_endpoint(
    platform: Platform,
    *,
    now: datetime,
    url: str = "https://platform.example/hook",
    events: Sequence[str] = (),
    off: str = "",
) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(
        platform=platform, url=url, events=list(events), secret="", off=off, made_at=now
    )
