"""Requests that come twice because their answer was lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import IntegrityError, transaction

from cases import policy
from cases.errors import KeyUsedForAnotherBody
from cases.models import Case, Replay
from cases.services import secrets

_KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class RequestDigest:
    """A request by its idempotency key and body; both only as keyed digests."""

    key: str
    body: str

    @classmethod
    def of(cls, *, purpose: str, key: str, body: str) -> Self:
        return cls(
            key=secrets.digest(purpose=f"replay key {purpose}", message=key),
            body=secrets.digest(purpose=f"replay body {purpose}", message=body),
        )


def answered_case(*, request: RequestDigest, now: datetime) -> Case | None:
    """The case that this very request was about when it came before.

    Raises KeyUsedForAnotherBody if the key came with another body.
    """
    replay = Replay.objects.filter(key_digest=request.key, expires_at__gt=now).select_related("case").first()
    if replay is None:
        return None
    if replay.body_digest != request.body:
        raise KeyUsedForAnotherBody
    return replay.case


def remember(*, request: RequestDigest, case: Case, now: datetime) -> bool:
    """Write that this request is being answered. False if a twin of it was first; the caller undoes its own work."""
    Replay.objects.filter(key_digest=request.key, expires_at__lte=now).delete()
    try:
        with transaction.atomic():
            Replay.objects.create(
                key_digest=request.key,
                body_digest=request.body,
                case=case,
                expires_at=policy.rounded_up(now + _KEPT_FOR),
            )
    except IntegrityError:
        return False
    return True


def forget_replays(*, now: datetime) -> int:
    """Drop what is older than a day."""
    return Replay.objects.filter(expires_at__lte=now).delete()[0]
