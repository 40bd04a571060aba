"""What the desk may know of a picture without anybody seeing it: its fingerprints, and what was said about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hashes.models import Entry, Feedback, FeedChange, Picture


@dataclass(frozen=True)
class SaidOfEntry:
    platform: str
    outcome: str
    reason: str
    count: int
    given_on: date


@dataclass(frozen=True)
class EntryFacts:
    id: UUID
    algorithm: str
    value: str
    variant: str
    review: str
    status: str
    # The numbers of its first line in the feed and of its withdrawal; none while it waits.
    added: int | None
    withdrawn: int | None
    said: tuple[SaidOfEntry, ...]


@dataclass(frozen=True)
class PictureFacts:
    id: UUID
    kind: str
    status: str
    entries: tuple[EntryFacts, ...]


def describe_pictures(*, picture_ids: Collection[UUID]) -> list[PictureFacts]:
    """Each picture with its entries by variant, in four queries however many there are."""
    pictures = {one.pk: one for one in Picture.objects.filter(pk__in=picture_ids)}
    entries: dict[UUID, list[EntryFacts]] = {}
    numbers, said = _numbers(picture_ids), _said(picture_ids)
    for entry in Entry.objects.filter(picture__in=picture_ids).order_by("variant", "algorithm", "id"):
        facts = _facts(entry, numbers=numbers.get(entry.pk, {}), said=said.get(entry.pk, []))
        entries.setdefault(entry.picture_id, []).append(facts)
    return [
        PictureFacts(pk, pictures[pk].kind, pictures[pk].status, tuple(entries.get(pk, ())))
        for pk in picture_ids
        if pk in pictures
    ]


def all_numbered(*, picture_ids: Collection[UUID]) -> bool:
    """True once the feed holds every line about the pictures."""
    return not FeedChange.objects.filter(entry__picture__in=picture_ids, number=None).exists()


def said_after(*, mark: int, at_most: int) -> tuple[int, set[UUID]]:
    """The pictures that platforms said something about after the mark, and the next mark."""
    rows = list(
        Feedback.objects.filter(pk__gt=mark).order_by("pk").values_list("pk", "entry__picture_id")[:at_most]
    )
    return (rows[-1][0] if rows else mark), {picture_id for _pk, picture_id in rows}


def _numbers(picture_ids: Collection[UUID]) -> dict[UUID, dict[str, int | None]]:
    changes = FeedChange.objects.filter(entry__picture__in=picture_ids).order_by("-id")
    numbers: dict[UUID, dict[str, int | None]] = {}
    for entry_id, change, number in changes.values_list("entry_id", "change", "number"):
        numbers.setdefault(entry_id, {})[change] = number
    return numbers


def _said(picture_ids: Collection[UUID]) -> dict[UUID, list[SaidOfEntry]]:
    """The newest word of each platform on each entry."""
    newest: dict[tuple[UUID, int], SaidOfEntry] = {}
    rows = Feedback.objects.filter(entry__picture__in=picture_ids).select_related("platform").order_by("id")
    for one in rows:
        newest[one.entry_id, one.platform_id] = SaidOfEntry(
            one.platform.name, one.outcome, one.reason, one.count, one.given_on
        )
    said: dict[UUID, list[SaidOfEntry]] = {}
    for (entry_id, _platform), one_said in newest.items():
        said.setdefault(entry_id, []).append(one_said)
    return said


def _facts(entry: Entry, *, numbers: dict[str, int | None], said: list[SaidOfEntry]) -> EntryFacts:
    return EntryFacts(
        id=entry.pk,
        algorithm=entry.algorithm,
        value=entry.value,
        variant=entry.variant,
        review=entry.review,
        status=entry.status,
        added=numbers.get(FeedChange.Change.ADDED),
        withdrawn=numbers.get(FeedChange.Change.WITHDRAWN),
        said=tuple(said),
    )
