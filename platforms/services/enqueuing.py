"""To tell a platform something: a row for each of its endpoints, written with what happened. The worker sends them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from platforms.models import PlatformKey, WebhookDelivery, WebhookEndpoint, WebhookMessage
from platforms.services.keys import with_scope

EVENTS = (
    "nudge.created",
    "settings.changed",
    "flag.decided",
    "letter.created",
    "list.changed",
)


@transaction.atomic
def enqueue(*, platform_id: int, event: str, payload: Mapping[str, object], now: datetime) -> None:
    """Tell a platform. Call it inside the transaction of what happened. Without an endpoint nothing is written."""
    endpoints = _listening([platform_id], event)
    if endpoints:
        _write(platform_id, endpoints, event, payload, now)


@transaction.atomic
def announce(
    *, scope: PlatformKey.Scope | str, event: str, payload: Mapping[str, object], now: datetime
) -> None:
    """Tell every platform with this scope. What still waits unsent is brought up to date instead of told twice."""
    if not WebhookEndpoint.objects.exclude(off=WebhookEndpoint.Off.BY_PLATFORM).exists():
        return
    whom = {one.platform.pk for one in with_scope(scopes=(scope,), on=now.date())}
    endpoints = _listening(whom, event)
    for platform_id in sorted({one.platform_id for one in endpoints}):
        if not _brought_up_to_date(platform_id, event, payload, now):
            theirs = [one for one in endpoints if one.platform_id == platform_id]
            _write(platform_id, theirs, event, payload, now)


def is_listening(*, platform_id: int, event: str) -> bool:
    """Whether anybody would hear it."""
    return bool(_listening([platform_id], event))


def _listening(platform_ids: Collection[int], event: str) -> list[WebhookEndpoint]:
    """Those that want it. What the platform switched off itself hears nothing; what failed may be told later."""
    found = WebhookEndpoint.objects.filter(platform__in=platform_ids, platform__is_active=True)
    found = found.exclude(off=WebhookEndpoint.Off.BY_PLATFORM).order_by("pk")
    return [one for one in found if not one.events or event in one.events]


def _write(
    platform_id: int,
    endpoints: Iterable[WebhookEndpoint],
    event: str,
    payload: Mapping[str, object],
    now: datetime,
) -> None:
    message = WebhookMessage.objects.create(
        id=f"msg_{secrets.token_hex(16)}",
        platform_id=platform_id,
        event=event,
        body=_body(event, payload, now),
        made_at=now,
    )
    # An endpoint that is off gets a row too, so that nothing is missing when it is told again.
    states = WebhookDelivery.State
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            message=message,
            endpoint=one,
            state=states.GIVEN_UP if one.off else states.WAITING,
            next_try_at=now,
        )
        for one in endpoints
    )


def _brought_up_to_date(platform_id: int, event: str, payload: Mapping[str, object], now: datetime) -> bool:
    # Locked, so that no worker takes them between our look and our change: what was sent once stays as it was.
    unsent = WebhookDelivery.objects.select_for_update(of=("self",)).filter(
        state=WebhookDelivery.State.WAITING, tries=0, message__platform=platform_id, message__event=event
    )
    waiting = {one.message_id for one in unsent}
    sent = WebhookDelivery.objects.filter(message__in=waiting).exclude(
        state=WebhookDelivery.State.WAITING, tries=0
    )
    fresh = waiting - set(sent.values_list("message_id", flat=True))
    changed = WebhookMessage.objects.filter(pk__in=fresh).update(body=_body(event, payload, now), made_at=now)
    return changed > 0


def _body(event: str, payload: Mapping[str, object], now: datetime) -> str:
    told = {"type": event, "timestamp": now.isoformat(), "data": payload}
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
