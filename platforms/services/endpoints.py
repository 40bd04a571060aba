"""Where platforms are told: added, given new secrets, switched off and on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from platforms.errors import AddressRefused, UnknownEndpoint, UnknownEvent, UnknownPlatform
from platforms.models import Platform, WebhookDelivery, WebhookEndpoint
from platforms.services.enqueuing import EVENTS
from platforms.services.sealing import new_secret, seal
from staff.services import User, record

log = logging.getLogger(__name__)
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True)
class NewSecret:
    """The secret itself is shown here once; it is kept encrypted."""

    endpoint: WebhookEndpoint
    secret: str


@transaction.atomic
def add_endpoint(*, slug: str, url: str, events: Sequence[str] = (), now: datetime) -> NewSecret:
    """Tell a platform at this address from now on; without events, everything.

    Raises UnknownPlatform, AddressRefused, UnknownEvent.
    """
    platform = Platform.objects.filter(slug=slug).first()
    if platform is None:
        raise UnknownPlatform(slug)
    _require_address(url)
    unknown = sorted({*events} - {*EVENTS})
    if unknown:
        raise UnknownEvent(", ".join(unknown))
    secret = new_secret()
    endpoint = WebhookEndpoint.objects.create(
        platform=platform, url=url, events=sorted({*events}), secret=seal(secret), made_at=now
    )
    record(actor=None, act="webhook.add", on=endpoint, at=now)
    return NewSecret(endpoint, secret)


@transaction.atomic
def rotate_secret(*, endpoint_id: int, now: datetime, overlap: timedelta = OVERLAP) -> NewSecret:
    """A new secret; during the overlap everything is signed with both. Raises UnknownEndpoint."""
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise UnknownEndpoint(endpoint_id)
    secret = new_secret()
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, now + overlap
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret", "previous_secret", "previous_until"])
    record(actor=None, act="webhook.rotate", on=endpoint, at=now)
    return NewSecret(endpoint, secret)


@transaction.atomic
def switch_off(*, endpoint_id: int, by: User | None, now: datetime) -> None:
    """The platform wants to hear nothing more here. Raises UnknownEndpoint."""
    endpoint = _endpoint(endpoint_id)
    # Whatever the reason was so far, now it is the platform's wish.
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(off=WebhookEndpoint.Off.BY_PLATFORM, off_at=now)
    _keep_for_later(endpoint.pk)
    record(actor=by, act="webhook.off", on=endpoint, at=now)


@transaction.atomic
def switch_on(*, endpoint_id: int, by: User | None, now: datetime) -> bool:
    """Tell it again from now on; whether it was off. What it missed is sent again by `replay_since`. Raises UnknownEndpoint."""
    endpoint = _endpoint(endpoint_id)
    was_off = (
        WebhookEndpoint.objects.filter(pk=endpoint.pk)
        .exclude(off="")
        .update(off="", off_at=None, told_at=None)
    )
    if was_off:
        record(actor=by, act="webhook.on", on=endpoint, at=now)
    return bool(was_off)


@transaction.atomic
def turn_off(*, endpoint_id: int, why: WebhookEndpoint.Off, now: datetime) -> None:
    """It failed for good: nothing more is sent, and what waits is kept to be sent again."""
    turned = WebhookEndpoint.objects.filter(pk=endpoint_id, off="").update(off=why, off_at=now, told_at=None)
    _keep_for_later(endpoint_id)
    if turned:
        endpoint = _endpoint(endpoint_id)
        record(actor=None, act="webhook.failed", on=endpoint, at=now, detail={"why": str(why.value)})
        log.error("webhook_off", extra={"endpoint": endpoint_id, "platform": endpoint.platform_id})


def _keep_for_later(endpoint_id: int) -> None:
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint_id, state=WebhookDelivery.State.WAITING)
    waiting.update(state=WebhookDelivery.State.GIVEN_UP)


def _endpoint(endpoint_id: int) -> WebhookEndpoint:
    endpoint = WebhookEndpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is None:
        raise UnknownEndpoint(endpoint_id)
    return endpoint


def _require_address(url: str) -> None:
    """Where a name leads is looked at when it is called; here, whether it can be called at all."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused("this is no address") from None
    if not host or not url.isascii() or not url.isprintable() or " " in url or len(url) > 500:
        raise AddressRefused("this is no address; a name with other letters goes in its ASCII form (xn--…)")
    if parts.username is not None or parts.fragment:
        raise AddressRefused("it may hold no name, password or #fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in settings.WEBHOOK_ALLOWED_HOSTS):
        raise AddressRefused("it has to be https://, unless WEBHOOK_ALLOWED_HOSTS names the host")
