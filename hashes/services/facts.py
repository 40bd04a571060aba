"""What is known about pictures at each platform, proven by what the platform asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q

from hashes.folding import Said, by_picture
from hashes.models import Entry, Feedback, FeedChange, Reader
from platforms.services import Participant, with_scope

Outcome = tuple[UUID, str, str]


@dataclass(frozen=True)
class PlatformFacts:
    """Where these pictures stand at one platform.

    `collected`: it proved to hold all of them. `followed`: it came back after that. `matched`: it asked
    for matches while all of them were listed. `withdrawal_collected`: it proved to know that all are
    withdrawn; one that only asks for matches has no copy and proves it by asking again.
    """

    platform_id: int
    name: str
    slug: str
    collected: bool
    followed: bool
    matched: bool
    withdrawal_collected: bool
    outcomes: tuple[Outcome, ...]


def platform_facts(*, picture_ids: Collection[UUID], on: date) -> list[PlatformFacts]:
    """The facts for every participating platform that reads the list or asks for matches."""
    participants = with_scope(scopes=("feed", "match"), on=on)
    added = _complete_at(picture_ids, FeedChange.Change.ADDED)
    # One that is off the list for a while, beside others that are on it, is no withdrawal.
    withdrawn = None if _any_living(picture_ids) else _complete_at(picture_ids, FeedChange.Change.WITHDRAWN)
    readers = Reader.objects.in_bulk([one.platform.pk for one in participants])
    outcomes = by_picture(_said_about(picture_ids))
    return [
        _facts(
            one,
            reader=readers.get(one.platform.pk) or Reader(platform=one.platform),
            added=added,
            withdrawn=withdrawn,
            outcomes=tuple(outcomes.get(one.platform.pk, ())),
        )
        for one in participants
    ]


def _facts(
    participant: Participant,
    *,
    reader: Reader,
    added: int | None,
    withdrawn: int | None,
    outcomes: tuple[Outcome, ...],
) -> PlatformFacts:
    reads = "feed" in participant.scopes
    knows_through = reader.collected_through if reads else reader.matched_through
    return PlatformFacts(
        platform_id=participant.platform.pk,
        name=participant.platform.name,
        slug=participant.platform.slug,
        collected=_reached(reader.collected_through, added),
        followed=_reached(reader.followed_through, added),
        matched=_reached(reader.matched_through, added),
        withdrawal_collected=_reached(knows_through, withdrawn),
        outcomes=outcomes,
    )


def _reached(mark: int, number: int | None) -> bool:
    return number is not None and mark >= number


def _complete_at(picture_ids: Collection[UUID], change: FeedChange.Change) -> int | None:
    """The number at which a reader has seen all such changes of the pictures; none while one has no number."""
    changes = FeedChange.objects.filter(entry__picture__in=picture_ids, change=change)
    facts = changes.aggregate(last=Max("number"), waiting=Count("id", filter=Q(number=None)))
    return None if facts["waiting"] else facts["last"]


def _any_living(picture_ids: Collection[UUID]) -> bool:
    return Entry.objects.filter(picture__in=picture_ids).exclude(status=Entry.Status.WITHDRAWN).exists()


def _said_about(picture_ids: Collection[UUID]) -> list[Said]:
    lines = Feedback.objects.filter(entry__picture__in=picture_ids).order_by("id")
    fields = ("platform_id", "entry__picture_id", "entry_id", "outcome", "reason")
    return [Said(*line) for line in lines.values_list(*fields)]
