"""Taking a verdict back, and giving one to many cases at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

import hashes.services
import staff.services
from cases import policy
from cases.errors import CaseMovedOn, MoveNotAllowed, TooMuchAtOnce, UndoTooLate
from cases.models import Case, CaseEvent, Clock
from cases.services import claims, clock_rules, links, verdicts
from cases.services.locks import lock_case
from cases.services.verdicts import Done
from staff.services import User


@dataclass(frozen=True)
class Undoable:
    """A verdict that may be taken back: by whoever gave it, within the time, while nothing else happened."""

    case_id: UUID
    verb: str
    before: str
    event_id: int

    @classmethod
    def of(cls, done: Done) -> Undoable:
        return cls(done.case.pk, done.verb, done.before, done.event_id)


@dataclass(frozen=True)
class DoneToMany:
    done: Sequence[Done]
    # Cases that somebody else was first with, or that can't be told this verb.
    passed_over: Sequence[UUID]


def can_be_undone(done: Done) -> bool:
    # What was released by accepting has been seen by platforms.
    return done.verb in policy.UNDOABLE and (done.verb != "accept" or settings.RELEASE_AT_ONCE)


@transaction.atomic
def undo(*, what: Undoable, given_at: datetime, by: User, now: datetime) -> Case:
    """Put a case back to before the verdict. Raises UndoTooLate, or CaseMovedOn if somebody else did something since."""
    if now - given_at > policy.UNDO_FOR or what.verb not in policy.UNDOABLE:
        raise UndoTooLate
    case = lock_case(what.case_id)
    _require_newest(case, what, by=by)
    is_back = Case.objects.filter(pk=case.pk, status=case.status).update(
        status=what.before, **_restored_fields(what.verb)
    )
    if not is_back:
        raise UndoTooLate
    _undo_the_list(case, what, now=now)
    CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.UNDONE, by=by, happened_on=now.date())
    staff.services.record(actor=by, act="case.undo", on=case, at=now, detail={"verb": what.verb})
    case.refresh_from_db()
    return case


def undo_many(*, what: Sequence[Undoable], given_at: datetime, by: User, now: datetime) -> list[UUID]:
    """Each by itself, so that one that moved on holds up no other. Gives those that stay as they are."""
    passed_over = []
    for one in what:
        try:
            undo(what=one, given_at=given_at, by=by, now=now)
        except (CaseMovedOn, UndoTooLate):
            passed_over.append(one.case_id)
    return passed_over


def do_to_many(*, verb: str, case_ids: Collection[UUID], by: User, now: datetime) -> DoneToMany:
    """Each in a transaction of its own, so that one that moved on holds up no other. Raises TooMuchAtOnce."""
    act = _IN_BULK.get(verb)
    if act is None or not 0 < len(case_ids) <= policy.AT_MOST_IN_BULK:
        raise TooMuchAtOnce
    done, passed_over = [], []
    for case in Case.objects.filter(pk__in=case_ids):
        try:
            done.append(act(case=case, by=by, now=now))
        except (CaseMovedOn, MoveNotAllowed):
            passed_over.append(case.pk)
    return DoneToMany(done, passed_over)


_IN_BULK: dict[str, Callable[..., Done]] = {"accept": verdicts.accept_case, "close": verdicts.close_case}


def _require_newest(case: Case, what: Undoable, *, by: User) -> None:
    newest = case.events.exclude(kind=CaseEvent.Kind.LIMIT_PASSED).order_by("-pk").first()
    if newest is None:
        raise UndoTooLate
    if (newest.pk, newest.by_id) == (what.event_id, by.pk):
        return
    is_anothers = newest.pk != what.event_id and newest.by_id not in {None, by.pk}
    raise verdicts.moved_on(case) if is_anothers else UndoTooLate


def _restored_fields(verb: str) -> dict[str, object]:
    fields: dict[str, dict[str, object]] = {
        "ask": {"awaits_reporter": False},
        "decline": {"decline_reason": ""},
        "close": {"closed_on": None},
    }
    return fields.get(verb, {})


def _undo_the_list(case: Case, what: Undoable, *, now: datetime) -> None:
    if what.verb == "decline":
        release = settings.RELEASE_AT_ONCE or what.before != Case.Status.RECEIVED
        verdicts.list_again(case=case, release=release, now=now)
    elif what.verb == "reopen" and what.before == Case.Status.DECLINED:
        hashes.services.take_off_pictures(picture_ids=links.picture_ids(case))
        clock_rules.stop(case=case, kinds=[Clock.Kind.PUSH, Clock.Kind.ACKNOWLEDGE, Clock.Kind.OUTCOME])
        claims.let_go(case=case)
