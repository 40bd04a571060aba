"""What the desk sees of webhooks: each endpoint's state, and what was sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from platforms.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

PAGE = 50
# A delivery that is due for so long says that nobody sends.
STUCK_AFTER = timedelta(minutes=5)
_WAITING = WebhookDelivery.State.WAITING


@dataclass(frozen=True)
class LogPage:
    deliveries: Sequence[WebhookDelivery]
    # The id that the next page begins below; none when this is the last.
    older_than: int | None


def endpoints() -> QuerySet[WebhookEndpoint]:
    """Each with `waiting`, `given_up` and `last_success`."""
    taken = WebhookAttempt.objects.filter(
        delivery__endpoint=OuterRef("pk"), status__gte=200, status__lt=300
    ).order_by("-pk")
    return (
        WebhookEndpoint.objects.select_related("platform")
        .annotate(
            waiting=_count(_WAITING),
            given_up=_count(WebhookDelivery.State.GIVEN_UP),
            last_success=Subquery(taken.values("ended_at")[:1]),
        )
        .order_by("platform__name", "pk")
    )


def _count(state: str) -> Coalesce:
    theirs = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), state=state).order_by()
    counted = theirs.values("endpoint").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def log_page(*, endpoint_id: int, state: str = "", event: str = "", before: int | None = None) -> LogPage:
    """Newest first, with their attempts; a page costs the same wherever it lies."""
    found = WebhookDelivery.objects.filter(endpoint=endpoint_id).select_related("message")
    if state:
        found = found.filter(state=state)
    if event:
        found = found.filter(message__event=event)
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk").prefetch_related("attempts")[: PAGE + 1])
    has_more = len(rows) > PAGE
    return LogPage(rows[:PAGE], rows[PAGE - 1].pk if has_more else None)


def is_stuck(*, now: datetime) -> bool:
    """Something has been due for minutes: no worker sends."""
    due = WebhookDelivery.objects.filter(state=_WAITING, next_try_at__lt=now - STUCK_AFTER, endpoint__off="")
    return due.exists()
