"""The worker's part of safety."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from safety import services


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def read_events() -> None:
    """Bring standings up to date. A full batch means that more may be waiting."""
    while services.drain(now=timezone.now()) >= services.AT_A_TIME:
        pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def apply_retention() -> None:
    services.apply_retention(now=timezone.now())
