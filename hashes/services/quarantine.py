"""A picture leaves the list for a while and comes back: under new entries, because a withdrawn one is final outside."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from hashes.models import Concern, Entry, FeedChange, Picture
from hashes.services import guarding
from hashes.services.concerns import held_back
from hashes.services.listing import announce, locked

_Status = Picture.Status


@transaction.atomic
def quarantine_pictures(*, picture_ids: Collection[UUID]) -> list[UUID]:
    """Take pictures off the list until somebody restores them; say which were on it or waiting for it."""
    living = Picture.objects.filter(status__in=(Picture.Status.LISTED, Picture.Status.WAITING))
    taken = locked(living, picture_ids=picture_ids)
    _take_off(taken, to=Picture.Status.QUARANTINED)
    return taken


@transaction.atomic
def take_off_pictures(*, picture_ids: Collection[UUID]) -> list[UUID]:
    """Withdraw what is listed or waits, but leave what is quarantined to those who quarantined it."""
    living = Picture.objects.filter(status__in=(Picture.Status.LISTED, Picture.Status.WAITING))
    taken = locked(living, picture_ids=picture_ids)
    _take_off(taken, to=Picture.Status.WITHDRAWN)
    return taken


@transaction.atomic
def restore_pictures(*, picture_ids: Collection[UUID], release: bool = True) -> list[UUID]:
    """Put quarantined pictures back; say which they were. Others are left as they are.

    One about which a person is still asked something waits, however many let it go.
    """
    back = locked(Picture.objects.filter(status=_Status.QUARANTINED), picture_ids=picture_ids)
    _bring_back(back, waiting=held_back(picture_ids=back) if release else back)
    return back


def bring_back_withdrawn(*, picture_ids: Collection[UUID], release: bool) -> list[UUID]:
    """In the caller's transaction; say which came back. What the desk took off for good stays off."""
    for_good = Concern.objects.filter(picture__in=picture_ids, ending=Concern.Ending.TAKEN_OFF)
    stays = set(for_good.values_list("picture", flat=True))
    wanted = [pk for pk in picture_ids if pk not in stays]
    back = locked(Picture.objects.filter(status=_Status.WITHDRAWN), picture_ids=wanted)
    _bring_back(back, waiting=guarding.held_back(picture_ids=back) if release else back)
    return back


def _take_off(picture_ids: Collection[UUID], *, to: Picture.Status) -> None:
    living = Entry.objects.filter(picture__in=picture_ids).exclude(status=Entry.Status.WITHDRAWN)
    told = list(living.filter(status=Entry.Status.LISTED))
    living.update(status=Entry.Status.WITHDRAWN)
    Picture.objects.filter(pk__in=picture_ids).update(status=to)
    announce(FeedChange.Change.WITHDRAWN, told)


def _bring_back(picture_ids: Collection[UUID], *, waiting: Collection[UUID]) -> None:
    _put(waiting, status=_Status.WAITING)
    _put(set(picture_ids) - set(waiting), status=_Status.LISTED)


def _put(picture_ids: Collection[UUID], *, status: Picture.Status) -> None:
    entries = [_again(old, status=status) for old in _last_of_each(picture_ids)]
    Entry.objects.bulk_create(entries)
    Picture.objects.filter(pk__in=picture_ids).update(status=status)
    if status == _Status.LISTED:
        announce(FeedChange.Change.ADDED, entries)


def _again(old: Entry, *, status: str) -> Entry:
    return Entry(
        picture_id=old.picture_id,
        algorithm=old.algorithm,
        value=old.value,
        quality=old.quality,
        variant=old.variant,
        review=old.review,
        status=status,
    )


def _last_of_each(picture_ids: Collection[UUID]) -> list[Entry]:
    """A picture that was restored before has several entries with the same fingerprint; one comes back."""
    # Ordered by their last change, so that what a reviewer said last is what comes back.
    gone = Entry.objects.filter(picture__in=picture_ids, status=Entry.Status.WITHDRAWN)
    ordered = gone.annotate(last=Max("changes__id")).order_by(F("last").asc(nulls_first=True))
    return list({(one.picture_id, one.algorithm, one.value, one.variant): one for one in ordered}.values())
