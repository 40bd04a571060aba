"""What takes two people. A room says once what happens when its kind is let go; here is who may, and that it happens once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from staff.errors import AlreadyHeld, HeldMovedOn, MayNot, OwnActionNotReleasable, UnknownKind
from staff.models import HeldAction, User
from staff.policy import ACTIONS, may
from staff.services.audit import record

_log = logging.getLogger(__name__)

Release = Callable[[HeldAction, User, datetime], None]
Describe = Callable[[HeldAction], str]
# The address of what it is about, for who decides.
PageOf = Callable[[HeldAction], str]
MaySee = Callable[[HeldAction, User], bool]


@dataclass(frozen=True)
class Kind:
    release: Release
    describe: Describe
    action: str
    page: PageOf | None
    may_see: MaySee


_KINDS: dict[str, Kind] = {}


def _everybody(_held: HeldAction, _user: User) -> bool:
    return True


def register_held(
    kind: str,
    *,
    release: Release,
    describe: Describe,
    action: str,
    page: PageOf | None = None,
    may_see: MaySee = _everybody,
) -> None:
    """For a room's `AppConfig.ready`. `action` is what both people must be allowed to do.

    `may_see` says of one object whether it is this person's at all; where it is not, they don't hear of it.
    """
    if action not in ACTIONS:
        raise UnknownKind(f"{kind} names the action {action}, which is not in staff/policy.py")
    _KINDS[kind] = Kind(release, describe, action, page, may_see)


def kinds() -> dict[str, Kind]:
    return dict(_KINDS)


@transaction.atomic
def hold(
    *,
    kind: str,
    object_id: str,
    by: User,
    reason: str,
    detail: dict[str, object] | None = None,
    now: datetime,
) -> HeldAction:
    """Ask a second person. Raises MayNot, or AlreadyHeld if the same thing waits."""
    _require(by, _kind(kind).action)
    try:
        with transaction.atomic():
            held = HeldAction.objects.create(
                kind=kind, object_id=object_id, asked_by=by, reason=reason, detail=detail or {}, asked_at=now
            )
    except IntegrityError:
        raise AlreadyHeld from None
    _record(held, act="held.ask", by=by, now=now)
    return held


@transaction.atomic
def release(*, held: HeldAction, by: User, now: datetime) -> HeldAction:
    """Let it go, and do it, in one transaction. Raises OwnActionNotReleasable, MayNot, HeldMovedOn."""
    kind = _kind(held.kind)
    _require_second_person(held, by)
    _decide(held, HeldAction.State.RELEASED, by=by, now=now)
    kind.release(held, by, now)
    # Last: what it does locks rows of its own, and the end of the chain is locked after all others.
    _record(held, act="held.release", by=by, now=now)
    return held


@transaction.atomic
def refuse(*, held: HeldAction, by: User, now: datetime) -> HeldAction:
    _require_second_person(held, by)
    _decide(held, HeldAction.State.REFUSED, by=by, now=now)
    _record(held, act="held.refuse", by=by, now=now)
    return held


@transaction.atomic
def take_back(*, held: HeldAction, by: User, now: datetime) -> HeldAction:
    """Only who asked can take it back."""
    if held.asked_by_id != by.pk:
        raise MayNot
    _decide(held, HeldAction.State.TAKEN_BACK, by=by, now=now)
    _record(held, act="held.take_back", by=by, now=now)
    return held


def describe(held: HeldAction) -> str:
    kind = _KINDS.get(held.kind)
    try:
        return kind.describe(held) if kind else held.kind
    except Exception:  # noqa: BLE001 - One that can't be put in words must not hide the others.
        _log.exception("held action %s could not be described", held.pk)
        return held.kind


def waiting_on(*, object_id: str, kinds: tuple[str, ...]) -> QuerySet[HeldAction]:
    """What waits for a second person on one object."""
    waiting = HeldAction.objects.filter(state=HeldAction.State.WAITING)
    return waiting.filter(object_id=object_id, kind__in=kinds).select_related("asked_by")


def let_go_since(*, kind: str, object_id: str, asked_by: User, since: datetime) -> datetime | None:
    """When a second person last let this go for who asked, where that was after `since`."""
    released = HeldAction.objects.filter(
        kind=kind,
        object_id=object_id,
        asked_by=asked_by,
        state=HeldAction.State.RELEASED,
        decided_at__gt=since,
    )
    return released.order_by("-decided_at").values_list("decided_at", flat=True).first()


def waiting_for(user: User) -> list[HeldAction]:
    """What they may know of: their own, what their role does and is theirs to see; an auditor sees all."""
    waiting = HeldAction.objects.filter(state=HeldAction.State.WAITING).select_related("asked_by")
    if not may(user.role, "audit.view"):
        theirs = [name for name, kind in _KINDS.items() if may(user.role, kind.action)]
        waiting = waiting.filter(Q(kind__in=theirs) | Q(asked_by=user))
    return [held for held in waiting.order_by("asked_at", "pk") if _may_know_of(held, user)]


def _may_know_of(held: HeldAction, user: User) -> bool:
    kind = _KINDS.get(held.kind)
    is_theirs = held.asked_by_id == user.pk or may(user.role, "audit.view")
    return is_theirs or kind is None or kind.may_see(held, user)


def to_decide(user: User) -> int:
    """How many wait for just such a second person."""
    if not may(user.role, "held.release"):
        return 0
    theirs = [name for name, kind in _KINDS.items() if may(user.role, kind.action)]
    waiting = HeldAction.objects.filter(state=HeldAction.State.WAITING, kind__in=theirs)
    return sum(_may_know_of(held, user) for held in waiting.exclude(asked_by=user))


def page_of(held: HeldAction, user: User) -> str:
    """Where they read what it is about; nowhere if their role does not do such things."""
    kind = _KINDS.get(held.kind)
    if kind is None or kind.page is None or not may(user.role, kind.action):
        return ""
    try:
        return kind.page(held)
    except (KeyError, ValueError):
        _log.exception("held action %s names no page", held.pk)
        return ""


def may_decide(held: HeldAction, user: User) -> bool:
    kind = _KINDS.get(held.kind)
    return (
        kind is not None
        and held.asked_by_id != user.pk
        and may(user.role, "held.release")
        and may(user.role, kind.action)
        and kind.may_see(held, user)
    )


def _kind(name: str) -> Kind:
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def _require(user: User, action: str) -> None:
    if not may(user.role, action):
        raise MayNot(action)


def _require_second_person(held: HeldAction, by: User) -> None:
    if held.asked_by_id == by.pk:
        raise OwnActionNotReleasable
    _require(by, "held.release")
    kind = _kind(held.kind)
    _require(by, kind.action)
    if not kind.may_see(held, by):
        raise MayNot(kind.action)


def _decide(held: HeldAction, state: HeldAction.State, *, by: User, now: datetime) -> None:
    waiting = HeldAction.objects.filter(pk=held.pk, state=HeldAction.State.WAITING)
    decided = waiting.update(state=state, decided_by=by, decided_at=now)
    held.refresh_from_db()
    if decided != 1:
        # A double click, or another second person, got there between our read and our write.
        raise HeldMovedOn(
            state=held.state, by=held.decided_by.username if held.decided_by else "", at=held.decided_at
        )


def _record(held: HeldAction, *, act: str, by: User, now: datetime) -> None:
    record(actor=by, act=act, on=held, at=now, detail={"kind": held.kind, "object_id": held.object_id})
