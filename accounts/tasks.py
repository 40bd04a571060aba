"""The worker's part of members."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from accounts.services import changes, links, supervision_calls, supervision_course


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_ended() -> None:
    links.forget_ended(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_changes() -> None:
    changes.forget_old(now=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_supervision() -> None:
    now = timezone.now()
    supervision_course.forget_old(now=now)
    supervision_calls.forget_old(now=now)
