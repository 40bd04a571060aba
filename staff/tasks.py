"""The worker's part of the staff ground."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from staff.services import sessions


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_ended_sessions() -> None:
    sessions.forget_ended_sessions(now=timezone.now())
