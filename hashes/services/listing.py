"""Pictures enter the list and leave it. Each change and its line in the feed are one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import models, transaction

from hashes.fingerprints import NewPicture, listable
from hashes.models import Entry, FeedChange, Picture


@transaction.atomic
def list_pictures(*, pictures: Sequence[NewPicture], release: bool) -> list[UUID]:
    """Take pictures, in the caller's transaction. Released ones reach platforms; others wait."""
    status = Picture.Status.LISTED if release else Picture.Status.WAITING
    rows = [Picture(kind=new.kind, status=status) for new in pictures]
    entries = [
        entry for row, new in zip(rows, pictures, strict=True) for entry in _entries_of(new, picture=row)
    ]
    Picture.objects.bulk_create(rows)
    Entry.objects.bulk_create(entries)
    if release:
        announce(FeedChange.Change.ADDED, entries)
    return [row.pk for row in rows]


@transaction.atomic
def release_pictures(*, picture_ids: Collection[UUID]) -> None:
    """Let waiting pictures reach platforms. Others are left as they are."""
    waiting = Picture.objects.filter(status=Picture.Status.WAITING)
    released = locked(waiting, picture_ids=picture_ids)
    entries = _of(released, status=Entry.Status.WAITING)
    _move(released, to=Picture.Status.LISTED)
    announce(FeedChange.Change.ADDED, entries)


@transaction.atomic
def withdraw_pictures(*, picture_ids: Collection[UUID]) -> None:
    """Take pictures off the list for good. What platforms never saw leaves without a word."""
    living = Picture.objects.exclude(status=Picture.Status.WITHDRAWN)
    withdrawn = locked(living, picture_ids=picture_ids)
    listed = _of(withdrawn, status=Entry.Status.LISTED)
    _move(withdrawn, to=Picture.Status.WITHDRAWN)
    announce(FeedChange.Change.WITHDRAWN, listed)


def any_listed(*, picture_ids: Collection[UUID]) -> bool:
    """Whether any of these pictures was ever released to platforms."""
    return FeedChange.objects.filter(entry__picture__in=picture_ids).exists()


def announce(change: FeedChange.Change, entries: Iterable[Entry]) -> None:
    """One line of the feed for each entry; the publisher numbers them after the commit."""
    FeedChange.objects.bulk_create(
        FeedChange(change=change, entry=entry, review=entry.review) for entry in entries
    )


def locked(pictures: models.QuerySet[Picture], *, picture_ids: Collection[UUID]) -> list[UUID]:
    """Lock those of the pictures that still are as the caller asks.

    Every change of a picture's entries takes this lock first, so an entry's changes get their ids in
    the order in which they became true. Ordered, so that two callers never wait for each other.
    """
    rows = pictures.filter(pk__in=picture_ids).order_by("pk").select_for_update()
    return list(rows.values_list("pk", flat=True))


def _entries_of(new: NewPicture, *, picture: Picture) -> list[Entry]:
    return [
        Entry(
            picture=picture,
            algorithm=one.algorithm,
            value=one.value.lower(),
            quality=one.quality if one.algorithm == Entry.Algorithm.PDQ else None,
            variant=one.variant,
            status=picture.status,
        )
        for one in listable(new.fingerprints)
    ]


def _of(picture_ids: Collection[UUID], *, status: Entry.Status) -> list[Entry]:
    return list(Entry.objects.filter(picture__in=picture_ids, status=status))


def _move(picture_ids: Collection[UUID], *, to: Picture.Status) -> None:
    Picture.objects.filter(pk__in=picture_ids).update(status=to)
    living = Entry.objects.filter(picture__in=picture_ids).exclude(status=Entry.Status.WITHDRAWN)
    living.update(status=to)
