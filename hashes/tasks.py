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


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def look_for_floods() -> None:
    services.look_for_floods(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_counts() -> None:
    services.forget_counts(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def keep_index() -> None:
    """So that whoever asks first on this machine after a quiet day does not wait."""
    services.keep_index()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def tell_staff() -> None:
    services.tell_staff(now=timezone.now())
