"""Fingerprints that a platform lists itself, under its own name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from hashes.errors import NotListable, OutcomeDoesNotFit
from hashes.fingerprints import HEX_LENGTHS
from hashes.models import Entry, Feedback, FeedChange, Picture, Reader
from hashes.services.listing import announce
from hashes.services.saying import give_feedback

_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class SubmittedValue:
    """Raises NotListable for what is no hash of that kind."""

    kind: str
    algorithm: str
    value: str
    is_confirmed: bool = False

    def __post_init__(self) -> None:
        length = HEX_LENGTHS[self.algorithm]
        if len(self.value) != length or not _HEX.issuperset(self.value):
            raise NotListable(f"{self.algorithm} is {length} hex digits.")


@transaction.atomic
def submit_values(*, platform_id: int, values: Sequence[SubmittedValue], on: date) -> int:
    """List what this platform has not listed yet; say how much that is. What it reviewed itself is confirmed."""
    # Of two batches at once, the second finds what the first listed.
    Reader.objects.get_or_create(pk=platform_id)
    Reader.objects.select_for_update().get(pk=platform_id)
    known = _listed_by(platform_id, [one.value for one in values])
    new = list({(one.kind, one.value): one for one in values if one.value not in known}.values())
    pictures = [Picture(kind=one.kind, status=Picture.Status.LISTED, source_id=platform_id) for one in new]
    entries = [
        Entry(picture=picture, algorithm=one.algorithm, value=one.value, status=Entry.Status.LISTED)
        for picture, one in zip(pictures, new, strict=True)
    ]
    Picture.objects.bulk_create(pictures)
    Entry.objects.bulk_create(entries)
    announce(FeedChange.Change.ADDED, entries)
    reviewed = [entry for entry, one in zip(entries, new, strict=True) if one.is_confirmed]
    _confirm(reviewed, platform_id=platform_id, on=on)
    return len(new)


def give_feedback_if_it_fits(
    *, platform_id: int, entry_id: UUID, outcome: str, reason: str | None, on: date
) -> None:
    """By value: of several entries with it, "removed" is said of those that are withdrawn only."""
    try:
        give_feedback(
            platform_id=platform_id, entry_id=entry_id, outcome=outcome, reason=reason, count=1, on=on
        )
    except OutcomeDoesNotFit:
        return


def _listed_by(platform_id: int, values: Sequence[str]) -> set[str]:
    own = Entry.objects.listed().filter(picture__source=platform_id, value__in=values)
    return set(own.values_list("value", flat=True))


def _confirm(entries: Sequence[Entry], *, platform_id: int, on: date) -> None:
    for entry in entries:
        entry.review = Entry.Review.CONFIRMED
    Entry.objects.filter(pk__in=[entry.pk for entry in entries]).update(review=Entry.Review.CONFIRMED)
    announce(FeedChange.Change.REVIEWED, entries)
    Feedback.objects.bulk_create(
        Feedback(platform_id=platform_id, entry=entry, outcome=Feedback.Outcome.BLOCKED, given_on=on)
        for entry in entries
    )
