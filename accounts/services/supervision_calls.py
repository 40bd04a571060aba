"""A teen asks staff for help with a guardian. No guardian is ever shown that she did."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

import platforms.services
import staff.services
from accounts.errors import CallMovedOn, NoSuchSupervision, NothingSaid, TooManyTries
from accounts.models import Account, CallForHelp, Supervision
from staff.services import User

LONGEST = 2_000
# Whoever has more to say has said enough for somebody to come.
MOST_OPEN = 10
# As long after its answer as she can read both.
KEPT_FOR = timedelta(days=90)


@transaction.atomic
def call(*, teen_id: int, supervision_id: int | None, text: str, now: datetime) -> None:
    """Ask. An empty text is a call too; the same words twice are one. Raises NoSuchSupervision, TooManyTries."""
    Account.objects.select_for_update().get(pk=teen_id)
    if supervision_id is not None and not _hers(teen_id).filter(pk=supervision_id).exists():
        raise NoSuchSupervision
    text = text.replace("\r\n", "\n").strip()[:LONGEST]
    waiting = CallForHelp.objects.filter(account=teen_id, answered_at=None)
    if waiting.filter(supervision=supervision_id, text=text).exists():
        return
    if waiting.count() >= MOST_OPEN:
        raise TooManyTries
    CallForHelp.objects.create(account_id=teen_id, supervision_id=supervision_id, text=text, asked_at=now)


def of_teen(*, teen_id: int) -> QuerySet[CallForHelp]:
    """The newest first."""
    return CallForHelp.objects.filter(account=teen_id).order_by("-pk")


def open_calls(*, seen_by: User) -> QuerySet[CallForHelp]:
    """What waits, the oldest first."""
    waiting = _readable(seen_by).filter(answered_at=None)
    return waiting.select_related("account__platform", "supervision").order_by("pk")


def call_for(*, call_id: int, seen_by: User) -> CallForHelp | None:
    calls = _readable(seen_by).select_related("account__platform", "supervision", "answered_by")
    return calls.filter(pk=call_id).first()


def supervisions_of(found: CallForHelp) -> QuerySet[Supervision]:
    """All that lasts for her, so that staff can end any of it."""
    return _hers(found.account_id).filter(state=Supervision.State.ACTIVE).order_by("began_at", "pk")


@transaction.atomic
def answer(*, call_id: int, by: User, text: str, now: datetime) -> None:
    """Raises NothingSaid, CallMovedOn if a colleague was first."""
    text = text.replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        raise NothingSaid
    waiting = CallForHelp.objects.filter(pk=call_id, answered_at=None)
    if waiting.update(answer=text, answered_at=now, answered_by=by) != 1:
        raise CallMovedOn
    on = CallForHelp.objects.get(pk=call_id)
    staff.services.record(actor=by, act="member.answer_call", on=on, at=now)


def forget_old(*, now: datetime) -> int:
    """Drop what was answered long ago; say how many. What waits is never dropped. May run twice."""
    return CallForHelp.objects.filter(answered_at__lte=now - KEPT_FOR).delete()[0]


def _readable(user: User) -> QuerySet[CallForHelp]:
    """A platform's own reviewers read what its members wrote; the operator's read all."""
    platform_id = platforms.services.membership_of(user_id=user.pk)
    calls = CallForHelp.objects.all()
    return calls if platform_id is None else calls.filter(account__platform=platform_id)


def _hers(teen_id: int) -> QuerySet[Supervision]:
    return Supervision.objects.filter(teen=teen_id)
