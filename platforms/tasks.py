"""The worker's part of telling platforms."""

from __future__ import annotations

import threading

from celery import shared_task
from django.utils import timezone

from platforms import services

_sending = threading.Lock()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def deliver_webhooks() -> None:
    """One round at a time in each process; it looks for news by itself while something is slow."""
    if not _sending.acquire(blocking=False):
        return
    try:
        services.send_due(clock=timezone.now)
    finally:
        _sending.release()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_webhooks() -> None:
    services.forget_told(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def tell_contacts() -> None:
    services.tell_contacts(now=timezone.now())
