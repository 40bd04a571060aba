"""What people at the desk decide about what the list asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

import staff.services
from hashes.errors import ConcernMovedOn, NotOffTheList, WhyMissing
from hashes.models import Concern, Picture
from hashes.services.concerns import end_concerns, held_back
from hashes.services.disputes import anybody_blocks, anybody_disputes, settle
from hashes.services.flooding import trust_again
from hashes.services.listing import locked, release_pictures, withdraw_pictures
from hashes.services.quarantine import restore_pictures
from hashes.services.saying import confirm
from staff.errors import CannotBeDone

if TYPE_CHECKING:
    from staff.services import HeldAction, User

PUT_BACK = "list.restore"
_Ending = Concern.Ending


@dataclass(frozen=True)
class Owner:
    """What a room above does before the desk moves a picture of its own; its rows are locked before the picture's.

    `before_put_back` says whether platforms may have it at once. Both may raise staff's CannotBeDone.
    """

    before_put_back: Callable[[UUID, User, datetime], bool]
    before_taken_off: Callable[[UUID], None]


_OWNERS: list[Owner] = []


def register_owner(owner: Owner) -> None:
    """For a room's `AppConfig.ready`."""
    _OWNERS.append(owner)


def register_held_actions() -> None:
    """Called once, when the room is ready."""
    staff.services.register_held(
        PUT_BACK, release=_release, describe=_describe, action="list.restore", page=page_of_held
    )


def page_of_held(held: HeldAction) -> str:
    return f"/staff/list/pictures/{UUID(held.object_id)}/"


@transaction.atomic
def leave_picture(*, picture_id: UUID, by: User, seen: int, now: datetime) -> None:
    """What was asked up to `seen` is answered, and the picture stays where it is. Raises ConcernMovedOn."""
    picture = _locked(picture_id)
    answers_flood = picture.concerns.filter(kind=Concern.Kind.FLOOD, ended_on=None, pk__lte=seen).exists()
    ended = end_concerns(picture_id=picture_id, ending=_Ending.LEFT, by=by, on=now.date(), through=seen)
    if not ended:
        raise _moved_on(picture)
    if answers_flood and not anybody_disputes(picture_id=picture_id):
        trust_again(picture_ids=[picture_id])
    settle(picture_id=picture_id)
    staff.services.record(actor=by, act="list.leave", on=picture, at=now)


@transaction.atomic
def leave_concern(*, concern: Concern, by: User, now: datetime) -> None:
    """What a platform did needs nothing of the list. Raises ConcernMovedOn."""
    waiting = Concern.objects.filter(pk=concern.pk, picture=None, ended_on=None)
    if waiting.update(ending=_Ending.LEFT, ended_by=by, ended_on=now.date()) != 1:
        raise _moved_on(concern)
    staff.services.record(actor=by, act="list.leave", on=concern, at=now)


@transaction.atomic
def take_off_for_good(*, picture_id: UUID, by: User, now: datetime) -> None:
    """No way leads back. Raises ConcernMovedOn, or CannotBeDone where whose it is says so."""
    for owner in _OWNERS:
        owner.before_taken_off(picture_id)
    picture = _locked(picture_id)
    if not _end_all(picture, ending=_Ending.TAKEN_OFF, by=by, now=now):
        raise _moved_on(picture)
    withdraw_pictures(picture_ids=[picture_id])
    staff.services.record(actor=by, act="list.take_off", on=picture, at=now)


def ask_to_put_back(*, picture_id: UUID, by: User, why: str, now: datetime) -> HeldAction:
    """Ask a second person. Raises NotOffTheList, WhyMissing, staff's AlreadyHeld and MayNot."""
    if not why.strip():
        raise WhyMissing
    if not can_be_put_back(Picture.objects.get(pk=picture_id)):
        raise NotOffTheList
    return staff.services.hold(
        kind=PUT_BACK, object_id=str(picture_id), by=by, reason=why.strip()[:300], now=now
    )


@transaction.atomic
def put_back(*, picture_id: UUID, by: User, now: datetime, release: bool = True) -> bool:
    """Two people want it on the list. False if it is not off it any more; `release` says whether platforms may have it."""
    locked(Picture.objects.all(), picture_ids=[picture_id])
    picture = Picture.objects.get(pk=picture_id)
    if not can_be_put_back(picture):
        return False
    # First: while a concern is open, or was left so, nothing releases the picture.
    _end_all(picture, ending=_Ending.LISTED, by=by, now=now)
    settle(picture_id=picture_id)
    if picture.status == Picture.Status.QUARANTINED:
        restore_pictures(picture_ids=[picture_id], release=release)
    elif release:
        release_pictures(picture_ids=[picture_id])
    if anybody_blocks(picture_id=picture_id):
        confirm(picture_id)
    return True


def can_be_put_back(picture: Picture) -> bool:
    if picture.status == Picture.Status.WAITING:
        return bool(held_back(picture_ids=[picture.pk]))
    return picture.status == Picture.Status.QUARANTINED


def _end_all(picture: Picture, *, ending: Concern.Ending, by: User, now: datetime) -> int:
    """What somebody left as it was ends anew: the last decision is what holds."""
    ongoing = Concern.objects.filter(picture=picture, ending__in=("", _Ending.LEFT))
    return ongoing.update(ending=ending, ended_by=by, ended_on=now.date())


def _release(held: HeldAction, by: User, now: datetime) -> None:
    picture_id = UUID(held.object_id)
    may_be_listed = [owner.before_put_back(picture_id, by, now) for owner in _OWNERS]
    if not put_back(picture_id=picture_id, by=by, now=now, release=all(may_be_listed)):
        raise CannotBeDone(_("The picture is not off the list any more. Refuse this, or have it taken back."))
    staff.services.record(
        actor=by, act="list.restore", on=Picture.objects.get(pk=picture_id), at=now, detail={"held": held.pk}
    )


def _describe(held: HeldAction) -> str:
    return _("Put picture %(number)s back on the list") % {"number": UUID(held.object_id).hex[:8]}


def _locked(picture_id: UUID) -> Picture:
    locked(Picture.objects.all(), picture_ids=[picture_id])
    return Picture.objects.get(pk=picture_id)


def _moved_on(on: Picture | Concern) -> ConcernMovedOn:
    """Who was first, and when, as the audit knows."""
    row = staff.services.audit_of(on).filter(act__startswith="list.").last()
    return ConcernMovedOn(row.actor.username, row.at) if row and row.actor else ConcernMovedOn()
