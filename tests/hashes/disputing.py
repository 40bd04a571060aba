"""Platforms that dispute, for tests."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from hashes.models import Entry
from hashes.services import GivenFeedback, give_feedback, publish
from platforms.services import NewKey, add_platform
from tests.makers import make_picture

TODAY = date(2026, 11, 23)


def make_operator(name: str, *, operator: str = "") -> NewKey:
    return add_platform(name=name, operator=operator, scopes=("feed", "match", "feedback"))


def make_listed() -> UUID:
    picture = make_picture()
    publish(now=timezone.now())
    return picture


def entry_of(picture: UUID, algorithm: str = "pdq") -> UUID:
    """The one that lives, or the one that did last."""
    entries = Entry.objects.filter(picture=picture, algorithm=algorithm)
    return (entries.exclude(status="withdrawn").first() or entries.latest("changes__id")).pk


def dispute(platform: NewKey, picture: UUID, *, algorithm: str = "pdq", on: date = TODAY) -> GivenFeedback:
    return say(platform, picture, "not_blocked", reason="not_what_it_claims", algorithm=algorithm, on=on)


def say(
    platform: NewKey,
    picture: UUID,
    outcome: str,
    *,
    reason: str | None = None,
    algorithm: str = "pdq",
    on: date = TODAY,
) -> GivenFeedback:
    return give_feedback(
        platform_id=platform.platform.pk,
        entry_id=entry_of(picture, algorithm),
        outcome=outcome,
        reason=reason,
        count=1,
        on=on,
    )
