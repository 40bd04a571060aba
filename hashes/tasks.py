"""The worker's part of the list."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from hashes import services


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def publish_feed() -> None:
    """Number what waits. A full batch means that more may be waiting."""
    while services.publish(now=timezone.now()) >= settings.PUBLISH_BATCH:
        pass
