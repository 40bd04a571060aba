"""The worker's part of safety."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from safety import services
from safety.services import letters, reviewing


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def read_events() -> None:
    """Bring standings up to date. A full batch means that more may be waiting."""
    while services.drain(now=timezone.now()) >= services.AT_A_TIME:
        pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def apply_retention() -> None:
    services.apply_retention(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def send_letters() -> None:
    """What is due goes out; a day's letters are due at the same moment."""
    letters.send_letters(now=timezone.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]  # Celery ships no types.
def forget_evidence() -> None:
    reviewing.forget_old_evidence(now=timezone.now())
