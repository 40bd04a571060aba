"""Platforms say what they did about an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from hashes.errors import OutcomeDoesNotFit, ReasonDoesNotFit, UnknownEntry
from hashes.models import Entry, Feedback, FeedChange, Picture
from hashes.services.counting import note_said
from hashes.services.disputes import hear_dispute
from hashes.services.listing import announce, locked


@dataclass(frozen=True)
class GivenFeedback:
    feedback: Feedback
    is_new: bool


@transaction.atomic
def give_feedback(
    *, platform_id: int, entry_id: UUID, outcome: str, reason: str | None, count: int, on: date
) -> GivenFeedback:
    """Keep what a platform says, unless it says the same again. A block confirms the whole picture; disputes take it off.

    Raises UnknownEntry if no platform was ever told of the entry, ReasonDoesNotFit, OutcomeDoesNotFit.
    """
    said = Feedback(
        platform_id=platform_id,
        entry_id=entry_id,
        outcome=outcome,
        reason=fitting_reason(outcome, reason),
        count=count,
        given_on=on,
    )
    picture_id = _picture_of(entry_id)
    # Two of a platform's workers with the same news must not both find nothing said yet.
    locked(Picture.objects.all(), picture_ids=[picture_id])
    if outcome == Feedback.Outcome.REMOVED_AFTER_WITHDRAWAL:
        _require_withdrawn(entry_id)
    before = _newest(platform_id=platform_id, entry_id=entry_id)
    if before and _content(before) == _content(said):
        return GivenFeedback(before, is_new=False)
    said.save(force_insert=True)
    note_said(said)
    if outcome == Feedback.Outcome.BLOCKED:
        confirm(picture_id)
    if said.reason == Feedback.Reason.NOT_WHAT_IT_CLAIMS:
        hear_dispute(picture_id=picture_id, on=on)
    return GivenFeedback(said, is_new=True)


def fitting_reason(outcome: str, reason: str | None) -> str:
    if outcome == Feedback.Outcome.NOT_BLOCKED:
        return reason or Feedback.Reason.OTHER
    if reason:
        raise ReasonDoesNotFit
    return ""


def _picture_of(entry_id: UUID) -> UUID:
    told = FeedChange.objects.filter(entry=entry_id, number__isnull=False)
    picture_id = told.values_list("entry__picture_id", flat=True).first()
    if picture_id is None:
        raise UnknownEntry
    return picture_id


def _require_withdrawn(entry_id: UUID) -> None:
    if Entry.objects.listed().filter(pk=entry_id).exists():
        raise OutcomeDoesNotFit


def _newest(*, platform_id: int, entry_id: UUID) -> Feedback | None:
    said = Feedback.objects.filter(platform=platform_id, entry=entry_id)
    return said.order_by("-id").first()


def _content(said: Feedback) -> tuple[str, str, int]:
    return said.outcome, said.reason, said.count


def confirm(picture_id: UUID) -> None:
    """A person at the platform has seen it, which nobody here ever does.

    What is off the list or waits for it comes onto it confirmed.
    """
    entries = Entry.objects.filter(picture=picture_id)
    unconfirmed = list(entries.listed().exclude(review=Entry.Review.CONFIRMED))
    entries.update(review=Entry.Review.CONFIRMED)
    for entry in unconfirmed:
        entry.review = Entry.Review.CONFIRMED
    announce(FeedChange.Change.REVIEWED, unconfirmed)
