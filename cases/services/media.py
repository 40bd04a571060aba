"""Adding pictures to a report that is already there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from cases import policy
from cases.errors import CaseIsOver, KeyUsedForAnotherBody, TooManyPictures
from cases.models import Case, CaseEvent
from cases.services import pushing, replays
from cases.services.locks import lock_case
from cases.services.replays import RequestDigest
from cases.services.submission import list_for_case, may_release
from hashes.services import NewPicture


@transaction.atomic
def add_media(
    *, case: Case, key: str, body: str, pictures: Sequence[NewPicture], client: str, now: datetime
) -> None:
    """Add pictures to a case that was opened with its code. The same key and body add nothing twice.

    Raises CaseIsOver, TooManyPictures, KeyUsedForAnotherBody.
    """
    request = RequestDigest.of(purpose="media", key=key, body=body)
    if replays.answered_case(request=request, now=now) is not None:
        return
    # The lock keeps a withdrawal from taking effect between the look and the write.
    held = lock_case(case.pk)
    if held.status not in policy.LIVING or held.withdrawal_effective_on:
        raise CaseIsOver
    if held.pictures.count() + len(pictures) > settings.MEDIA_PER_CASE:
        raise TooManyPictures
    if not replays.remember(request=request, case=held, now=now):
        _was_answered_meanwhile(request=request, now=now)
        return
    list_for_case(case=held, pictures=pictures, release=may_release(client=client))
    pushing.start_push(case=held, now=now)
    CaseEvent.objects.create(case=held, kind=CaseEvent.Kind.MEDIA_ADDED, happened_on=now.date())


def _was_answered_meanwhile(*, request: RequestDigest, now: datetime) -> None:
    if replays.answered_case(request=request, now=now) is None:
        raise KeyUsedForAnotherBody
