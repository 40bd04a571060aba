"""What can be decided about a case. Each verb: the table says whether it may be, a conditional update says whether somebody
else was first; event, feed changes, clocks and audit row are in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

import hashes.services
import staff.services
from cases import policy
from cases.errors import CaseMovedOn, MoveNotAllowed, NoSuchPicture, ReasonMissing, TakesTwoPeople
from cases.models import Case, CaseEvent, Clock
from cases.services import claims, clock_rules, links, pushing, risk
from cases.services.locks import lock_case
from cases.services.withdrawal import ask_for_withdrawal
from staff.services import User

_Kind = CaseEvent.Kind
# What the reporter or a clock does is no verdict that a page could be stale against.
_NOT_DECIDED = (_Kind.RECEIVED, _Kind.MEDIA_ADDED, _Kind.LIMIT_PASSED, _Kind.SAID_DANGER)


@dataclass(frozen=True)
class Done:
    """A verdict as it was given; enough to take it back with."""

    case: Case
    verb: str
    before: str
    event_id: int


@transaction.atomic
def accept_case(*, case: Case, by: User, now: datetime, seen: int | None = None) -> Done:
    """Take a received case into work. What was held back reaches platforms now."""
    done = _move(case=case, verb="accept", event=_Kind.ACCEPTED, by=by, now=now, seen=seen)
    if hashes.services.release_pictures(picture_ids=links.picture_ids(case)):
        pushing.start_push(case=case, now=now)
    return done


@transaction.atomic
def ask_reporter(*, case: Case, by: User, now: datetime, seen: int | None = None) -> Done:
    """The case waits for her answer. What she is asked is a message."""
    changes = {"awaits_reporter": True}
    return _move(case=case, verb="ask", event=_Kind.ASKED, by=by, now=now, seen=seen, changes=changes)


@transaction.atomic
def decline_case(*, case: Case, by: User, reason: str, now: datetime, seen: int | None = None) -> Done:
    """Take a report off the list and tell her why. Raises TakesTwoPeople, once it waits, if she is threatened."""
    _require_reason(reason)
    if policy.takes_two("decline", threatened=is_threatened(case)):
        _require_current(case=case, verb="decline", by=by, now=now, seen=seen)
        raise TakesTwoPeople
    return decline_at_once(case=case, by=by, reason=reason, now=now, seen=seen)


@transaction.atomic
def decline_at_once(
    *,
    case: Case,
    by: User,
    reason: str,
    now: datetime,
    seen: int | None = None,
    asked_by: User | None = None,
) -> Done:
    """`asked_by` is who asked a second person to do it, and may have the case at hand."""
    done = _move(
        case=case,
        verb="decline",
        event=_Kind.DECLINED,
        by=by,
        asked_by=asked_by,
        now=now,
        seen=seen,
        changes={"decline_reason": reason, "awaits_reporter": False, "is_overdue": False},
    )
    hashes.services.take_off_pictures(picture_ids=links.picture_ids(case))
    clock_rules.stop(case=case)
    claims.let_go(case=case)
    return done


@transaction.atomic
def escalate_case(*, case: Case, by: User, now: datetime, seen: int | None = None) -> Done:
    """Hand it to whoever speaks with the authorities. The pack for them is made there, by two people."""
    done = _move(case=case, verb="escalate", event=_Kind.ESCALATED, by=by, now=now, seen=seen)
    claims.hand_over(case=case, by=by, role=User.Role.LIAISON, now=now)
    return done


@transaction.atomic
def close_case(*, case: Case, by: User, now: datetime, seen: int | None = None) -> Done:
    """Nothing more to do for us. Its fingerprints stay on the list, and platforms' clocks run on."""
    changes = {"closed_on": now.date(), "awaits_reporter": False}
    done = _move(case=case, verb="close", event=_Kind.CLOSED, by=by, now=now, seen=seen, changes=changes)
    claims.let_go(case=case)
    return done


@transaction.atomic
def reopen_case(*, case: Case, by: User, now: datetime, seen: int | None = None) -> Done:
    """What was declined is listed again, under new entries. What is quarantined stays so: that takes two people."""
    was_declined = case.status == Case.Status.DECLINED
    changes = {"closed_on": None, "decline_reason": ""}
    done = _move(case=case, verb="reopen", event=_Kind.REOPENED, by=by, now=now, seen=seen, changes=changes)
    if was_declined:
        _list_again(case, release=True, now=now)
    return done


@transaction.atomic
def withdraw_on_behalf(*, case: Case, by: User, now: datetime, seen: int | None = None) -> Case:
    """She asked us to take her report back. It waits as long as if she had done it, and she can cancel it."""
    _require_current(case=case, verb="withdraw", by=by, now=now, seen=seen)
    if case.withdrawal_effective_on is not None:
        raise moved_on(case)
    asked = ask_for_withdrawal(case=case, now=now, by=by)
    staff.services.record(actor=by, act="case.withdraw", on=case, at=now)
    return asked


@transaction.atomic
def quarantine_picture(
    *, case: Case, picture_id: UUID, by: User, now: datetime, seen: int | None = None
) -> Case:
    """A picture leaves the feed until two people restore it. Raises NoSuchPicture."""
    _require_current(case=case, verb="quarantine", by=by, now=now, seen=seen)
    if not case.pictures.filter(picture=picture_id).exists():
        raise NoSuchPicture
    if not hashes.services.quarantine_pictures(picture_ids=[picture_id]):
        raise moved_on(case)
    _tell(case=case, event=_Kind.QUARANTINED, by=by, now=now)
    detail: dict[str, object] = {"picture": str(picture_id)}
    staff.services.record(actor=by, act="case.quarantine", on=case, at=now, detail=detail)
    claims.looked_at(case=case, now=now)
    return case


@transaction.atomic
def restore_picture(*, case: Case, picture_id: UUID, by: User, now: datetime) -> Case:
    """Let go by a second person. Raises CaseMovedOn if it is not quarantined any more, MoveNotAllowed."""
    release = restoring(case=case, by=by, now=now)
    if not hashes.services.put_back(picture_id=picture_id, by=by, now=now, release=release):
        raise moved_on(case)
    detail: dict[str, object] = {"picture": str(picture_id)}
    staff.services.record(actor=by, act="case.restore_picture", on=case, at=now, detail=detail)
    return case


@transaction.atomic
def restoring(*, case: Case, by: User, now: datetime) -> bool:
    """The case's part of putting a picture back, here or at the list's desk. Whether platforms may have it at once."""
    _lock(case)
    policy.after(case.status, "restore")
    release = settings.RELEASE_AT_ONCE or case.status != Case.Status.RECEIVED
    if release:
        clock_rules.start(case=case, kind=Clock.Kind.PUSH, now=now)
    _tell(case=case, event=_Kind.RESTORED, by=by, now=now)
    return release


def list_again(*, case: Case, release: bool, now: datetime) -> None:
    _list_again(case, release=release, now=now)


def last_event_id(case: Case) -> int:
    """What a page has seen, so that a stale one is told."""
    return case.events.order_by("-pk").values_list("pk", flat=True).first() or 0


def moved_on(case: Case) -> CaseMovedOn:
    """Who was first, and when, as the audit knows."""
    done = [f"case.{verb}" for verb in (*policy.UNDOABLE, "escalate", "quarantine", "withdraw", "undo")]
    row = staff.services.audit_of(case).filter(act__in=done).last()
    if row is None or row.actor is None:
        return CaseMovedOn()
    return CaseMovedOn(by=row.actor.username, at=row.at)


def _move(
    *,
    case: Case,
    verb: str,
    event: CaseEvent.Kind,
    by: User,
    now: datetime,
    seen: int | None,
    asked_by: User | None = None,
    changes: dict[str, Any] | None = None,
) -> Done:
    before, to = case.status, _after(case, verb)
    moved = Case.objects.filter(pk=case.pk, status=before).update(status=to, **(changes or {}))
    if moved != 1 or _is_stale(case, seen):
        # Another triager got there between our page and our write.
        raise moved_on(case)
    claims.require_free(case=case, by=by, asked_by=asked_by, now=now)
    told = _tell(case=case, event=event, by=by, now=now)
    staff.services.record(actor=by, act=f"case.{verb}", on=case, at=now, detail={"was": before})
    claims.looked_at(case=case, now=now)
    claims.renew_claim(case=case, by=by, now=now)
    case.refresh_from_db()
    return Done(case, verb, before, told.pk)


def _after(case: Case, verb: str) -> str:
    try:
        return policy.after(case.status, verb)
    except MoveNotAllowed:
        first = moved_on(case)
        # Where somebody's verdict is in the way, who and when says more than that it can't be.
        if first.by:
            raise first from None
        raise


def _require_current(*, case: Case, verb: str, by: User, now: datetime, seen: int | None) -> None:
    """For what leaves the status as it is: the lock makes the second of two wait, and look again."""
    _lock(case)
    _after(case, verb)
    if _is_stale(case, seen):
        raise moved_on(case)
    claims.require_free(case=case, by=by, now=now)


def _lock(case: Case) -> None:
    fresh = lock_case(case.pk)
    case.status, case.withdrawal_effective_on = fresh.status, fresh.withdrawal_effective_on


def _is_stale(case: Case, seen: int | None) -> bool:
    if seen is None:
        return False
    return case.events.filter(pk__gt=seen).exclude(kind__in=_NOT_DECIDED).exists()


def _tell(*, case: Case, event: CaseEvent.Kind, by: User, now: datetime) -> CaseEvent:
    return CaseEvent.objects.create(case=case, kind=event, by=by, happened_on=now.date())


def _list_again(case: Case, *, release: bool, now: datetime) -> None:
    hashes.services.relist_pictures(picture_ids=links.picture_ids(case), release=release)
    if release:
        pushing.start_push(case=case, now=now)
    risk.reassess(case=case)


def is_threatened(case: Case) -> bool:
    return case.threatened or bool(case.deadline)


def _require_reason(reason: str) -> None:
    if reason not in policy.DECLINE_REASONS:
        raise ReasonMissing
