"""The worker's part of nudges."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from nudges import services


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def show_due_nudges() -> None:
    # More may be due than one look takes.
    while services.show_due(now=timezone.now()):
        continue


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def send_pushes() -> None:
    services.send_due_pushes(clock=timezone.now)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def look_at_settings() -> None:
    services.sweep(now=timezone.now())
    services.forget_old(now=timezone.now())
