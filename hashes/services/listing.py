"""Pictures enter the list and leave it. Each change and its line in the feed are one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import models, transaction

from hashes.fingerprints import Fingerprint, NewPicture, listable
from hashes.models import Entry, FeedChange, Picture
from hashes.services import guarding

_WAITING, _LISTED = Picture.Status.WAITING, Picture.Status.LISTED


@transaction.atomic
def list_pictures(*, pictures: Sequence[NewPicture], release: bool) -> list[UUID]:
    """Take pictures, in the caller's transaction. Released ones reach platforms; others wait.

    What a person has to look at first waits in any case.
    """
    prints = [listable(new.fingerprints) for new in pictures]
    reasons = guarding.reasons_to_wait([[(one.algorithm, one.value) for one in few] for few in prints])
    rows = [
        Picture(kind=new.kind, status=_LISTED if release and not why else _WAITING)
        for new, why in zip(pictures, reasons, strict=True)
    ]
    entries = [
        entry for row, few in zip(rows, prints, strict=True) for entry in _entries_of(few, picture=row)
    ]
    Picture.objects.bulk_create(rows)
    Entry.objects.bulk_create(entries)
    guarding.ask_people({row.pk: why for row, why in zip(rows, reasons, strict=True)})
    announce(FeedChange.Change.ADDED, [entry for entry in entries if entry.status == _LISTED])
    return [row.pk for row in rows]


@transaction.atomic
def release_pictures(*, picture_ids: Collection[UUID]) -> list[UUID]:
    """Let waiting pictures reach platforms, but for those that wait for a person; say which. Others are left as they are."""
    waiting = locked(Picture.objects.filter(status=_WAITING), picture_ids=picture_ids)
    held = guarding.held_back(picture_ids=waiting)
    released = [picture_id for picture_id in waiting if picture_id not in held]
    entries = _of(released, status=Entry.Status.WAITING)
    _move(released, to=Picture.Status.LISTED)
    announce(FeedChange.Change.ADDED, entries)
    return released


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


def _entries_of(fingerprints: Iterable[Fingerprint], *, picture: Picture) -> list[Entry]:
    return [
        Entry(
            picture=picture,
            algorithm=one.algorithm,
            value=one.value.lower(),
            quality=one.quality if one.algorithm == Entry.Algorithm.PDQ else None,
            variant=one.variant,
            status=picture.status,
        )
        for one in fingerprints
    ]


def _of(picture_ids: Collection[UUID], *, status: Entry.Status) -> list[Entry]:
    return list(Entry.objects.filter(picture__in=picture_ids, status=status))


def _move(picture_ids: Collection[UUID], *, to: Picture.Status) -> None:
    Picture.objects.filter(pk__in=picture_ids).update(status=to)
    living = Entry.objects.filter(picture__in=picture_ids).exclude(status=Entry.Status.WITHDRAWN)
    living.update(status=to)
