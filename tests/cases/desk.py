"""Cases for the desk's tests, taken in as every report is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from pytest_django.fixtures import Settings

from cases import services
from cases.demo_fates import Cast
from cases.models import Case
from cases.services import Answers
from hashes.services import NewPicture
from tests.cases.leaving import SIGNS
from tests.cases.reporter import new_key
from tests.makers import make_fingerprints, make_platform, make_user

# A Monday.
NOW = datetime(2026, 11, 23, 9, 30, 17, tzinfo=UTC)


def make_case(*, pictures: Sequence[NewPicture] | None = None, now: datetime = NOW, **answers: Any) -> Case:
    receipt = services.submit_case(
        key=new_key(),
        body="{}",
        answers=Answers(**answers),
        pictures=pictures or [make_new_picture()],
        client="somebody",
        now=now,
    )
    return Case.objects.get(selector=receipt.code[:5])


def make_cast(settings: Settings) -> Cast:
    """Who plays the demo's cases, under the demo's settings."""
    for name, value in SIGNS.items():
        setattr(settings, name, value)
    settings.WITHDRAWAL_DELAY_HOURS = settings.LADDER_BATCH_HOURS = 0
    reads, asks = (
        make_platform("Loopfeed").platform,
        make_platform("Chatterbox", scopes=("feed", "match")).platform,
    )
    people = {role: make_user(role, role=role) for role in ("triager", "senior", "liaison")}
    return Cast(**people, platform_id=reads.pk, platform_slug=reads.slug, asker_id=asks.pk)


def make_new_picture(pdq: str | None = None) -> NewPicture:
    return NewPicture("image", make_fingerprints(pdq=pdq))


def kinds(case: Case) -> list[str]:
    """What happened to a case, in order."""
    return list(case.events.order_by("pk").values_list("kind", flat=True))
