"""The worker's part: what is due goes out, each try written down before it is made."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, QuerySet
from standardwebhooks.webhooks import Webhook

from platforms.errors import SecretLost
from platforms.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage
from platforms.posting import NOT_ALLOWED, Outcome, Post, send
from platforms.retrying import wait_after
from platforms.services.endpoints import turn_off
from platforms.services.sealing import unseal

log = logging.getLogger(__name__)
# So many endpoints are told at once, each one thing at a time: a slow one takes one place, not everybody's.
AT_ONCE = 16
# Longer than a try can last. A worker that dies in the middle leaves its delivery due again after this.
LEASE = timedelta(seconds=60)
# After a failure the rest of what waits for the same endpoint stands back too.
STAND_BACK = timedelta(seconds=30)
# A round ends, so that a new version of the worker can take over.
LONGEST_ROUND = timedelta(seconds=30)
_LOOK_AGAIN_SECONDS = 0.5
_WAITING = WebhookDelivery.State.WAITING
_chance = random.SystemRandom()


@dataclass(frozen=True)
class Claimed:
    """A try that is written down and not yet made."""

    delivery_id: int
    endpoint_id: int
    attempt_id: int
    post: Post


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send what is due until nothing is, or the round is over; say how many tries were made."""
    began, made = clock(), 0
    flying: dict[Future[Outcome], Claimed] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as pool:
        while True:
            now = clock()
            if now - began < LONGEST_ROUND:
                busy = {one.endpoint_id for one in flying.values()}
                for claimed in claim(limit=AT_ONCE - len(flying), busy=busy, now=now):
                    flying[pool.submit(send, claimed.post, allowed_hosts=_allowed())] = claimed
            if not flying:
                return made
            done, _rest = wait(flying, timeout=_LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                settle(claimed=flying.pop(future), outcome=_outcome(future), now=clock())
                made += 1


def claim(*, limit: int, busy: Collection[int] = (), now: datetime) -> list[Claimed]:
    """The oldest due delivery of each endpoint that is free, each with its attempt committed."""
    due = WebhookDelivery.objects.filter(
        state=_WAITING, next_try_at__lte=now, endpoint__off="", endpoint__platform__is_active=True
    ).exclude(endpoint__in=busy)
    oldest = due.values("endpoint").annotate(first=Min("pk"), since=Min("next_try_at")).order_by("since")
    found = [_claim(row["first"], now=now) for row in oldest[:limit]]
    return [one for one in found if one is not None]


@transaction.atomic
def settle(*, claimed: Claimed, outcome: Outcome, now: datetime) -> None:
    """Write down how the try ended, and what follows from it."""
    WebhookAttempt.objects.filter(pk=claimed.attempt_id).update(
        ended_at=now, status=outcome.status, problem=outcome.problem
    )
    if outcome.is_success:
        _waiting(claimed).update(state=WebhookDelivery.State.DELIVERED)
    elif outcome.status == 410:
        turn_off(endpoint_id=claimed.endpoint_id, why=WebhookEndpoint.Off.GONE, now=now)
    elif outcome.problem == NOT_ALLOWED:
        turn_off(endpoint_id=claimed.endpoint_id, why=WebhookEndpoint.Off.FORBIDDEN, now=now)
    else:
        _try_later(claimed, now)


def _claim(delivery_id: int, *, now: datetime) -> Claimed | None:
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(pk=delivery_id, state=_WAITING, next_try_at__lte=now)
        if due.update(next_try_at=now + LEASE, tries=F("tries") + 1) != 1:
            return None  # Another worker was first.
        delivery = WebhookDelivery.objects.select_related("endpoint", "message").get(pk=delivery_id)
        attempt = WebhookAttempt.objects.create(delivery=delivery, begun_at=now)
        try:
            headers = _headers(delivery.message, delivery.endpoint, now)
        except SecretLost:
            WebhookAttempt.objects.filter(pk=attempt.pk).update(ended_at=now, problem="secret_lost")
            turn_off(endpoint_id=delivery.endpoint_id, why=WebhookEndpoint.Off.FAILING, now=now)
            return None
    post = Post(url=delivery.endpoint.url, headers=headers, body=delivery.message.body)
    return Claimed(delivery.pk, delivery.endpoint_id, attempt.pk, post)


def _headers(message: WebhookMessage, endpoint: WebhookEndpoint, now: datetime) -> dict[str, str]:
    kept = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_until and now < endpoint.previous_until:
        kept.append(endpoint.previous_secret)
    signatures = [Webhook(unseal(one)).sign(message.pk, now, message.body) for one in kept]
    return {
        "content-type": "application/json",
        "user-agent": "Reclaim-Webhooks/1",
        "webhook-id": message.pk,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _try_later(claimed: Claimed, now: datetime) -> None:
    delivery = WebhookDelivery.objects.get(pk=claimed.delivery_id)
    pause = wait_after(delivery.tries, chance=_chance.random())
    if pause is not None:
        _waiting(claimed).update(next_try_at=now + pause)
    else:
        _waiting(claimed).update(state=WebhookDelivery.State.GIVEN_UP)
        if not _took_anything_since(delivery):
            turn_off(endpoint_id=claimed.endpoint_id, why=WebhookEndpoint.Off.FAILING, now=now)
    others = WebhookDelivery.objects.filter(endpoint=claimed.endpoint_id, state=_WAITING)
    others.exclude(pk=claimed.delivery_id).filter(next_try_at__lt=now + STAND_BACK).update(
        next_try_at=now + STAND_BACK
    )


def _took_anything_since(delivery: WebhookDelivery) -> bool:
    """One thing that it can't take is no reason to tell it nothing more."""
    first = delivery.attempts.aggregate(at=Min("begun_at"))["at"]
    taken = WebhookAttempt.objects.filter(delivery__endpoint=delivery.endpoint_id, begun_at__gte=first)
    return taken.filter(status__gte=200, status__lt=300).exists()


def _waiting(claimed: Claimed) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(pk=claimed.delivery_id, state=_WAITING)


def _outcome(future: Future[Outcome]) -> Outcome:
    error = future.exception()
    if error is not None:
        # One that nobody thought of must not keep the others from being written down.
        log.error("webhook_error", exc_info=error)
        return Outcome(problem="error")
    return future.result()


def _allowed() -> frozenset[str]:
    return frozenset(settings.WEBHOOK_ALLOWED_HOSTS)
