"""What the worker does for cases. Every task may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from cases import services


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def sweep_clocks() -> None:
    services.sweep_clocks(now=timezone.now())
    services.follow_cases(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_replays() -> None:
    services.forget_replays(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def flag_breaches() -> None:
    # More may be overdue than one sweep takes.
    while services.flag_breaches(now=timezone.now()):
        continue


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def apply_retention() -> None:
    services.apply_retention(now=timezone.now())
