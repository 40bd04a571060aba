"""Webhooks for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from platforms.models import Platform, WebhookEndpoint


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
