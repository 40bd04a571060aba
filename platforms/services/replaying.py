"""To send again: the same message under the same id, so that who has it can drop it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from platforms.errors import UnknownEndpoint
from platforms.models import WebhookDelivery, WebhookEndpoint, WebhookMessage
from staff.services import User, record

# What was told is kept for so long, to be sent again.
KEPT = timedelta(days=30)
_STATES = WebhookDelivery.State


@transaction.atomic
def replay(*, delivery: WebhookDelivery, by: User | None, now: datetime) -> bool:
    """Send one again; not if it waits already, or if its endpoint is off."""
    again = WebhookDelivery.objects.filter(pk=delivery.pk, endpoint__off="").exclude(state=_STATES.WAITING)
    count = WebhookDelivery.objects.filter(pk__in=list(again.values_list("pk", flat=True))).update(
        state=_STATES.WAITING, tries=0, next_try_at=now
    )
    if count:
        record(actor=by, act="webhook.replay", on=delivery, at=now)
    return bool(count)


@transaction.atomic
def replay_since(*, endpoint_id: int, since: datetime, by: User | None, now: datetime) -> int:
    """Send again all that this endpoint was to be told since then; say how many. Raises UnknownEndpoint."""
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise UnknownEndpoint(endpoint_id)
    if endpoint.off:
        return 0
    messages = WebhookMessage.objects.filter(platform=endpoint.platform_id, made_at__gte=since)
    told = WebhookDelivery.objects.filter(endpoint=endpoint, message__in=messages)
    count = told.exclude(state=_STATES.WAITING).update(state=_STATES.WAITING, tries=0, next_try_at=now)
    detail: dict[str, object] = {"since": since.isoformat(), "count": count}
    record(actor=by, act="webhook.replay_since", on=endpoint, at=now, detail=detail)
    return count


def forget_told(*, now: datetime) -> int:
    """What was told long ago goes, with its attempts; what still waits stays."""
    old = WebhookMessage.objects.filter(made_at__lt=now - KEPT)
    old = old.exclude(deliveries__state=_STATES.WAITING)
    _rows, by_kind = old.delete()
    return by_kind.get("platforms.WebhookMessage", 0)
