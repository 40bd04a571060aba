"""Supervision while it lasts: who has it, pause, and how it ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

import staff.services
from accounts.bands import MINORS, is_under_16
from accounts.errors import MayNotEndYet, NoSuchSupervision
from accounts.models import Account, Supervision
from accounts.services.supervision import forget_wishes
from staff.services import User

State = Supervision.State
Ending = Supervision.Ending
# So long both sides read that it is over.
TOLD_FOR = timedelta(days=30)
# What a guardian saw stays for the teen to read as long as the changes themselves are kept.
KEPT_FOR = timedelta(days=365)


def of_teen(*, teen_id: int) -> QuerySet[Supervision]:
    """Those that last, the oldest first."""
    return Supervision.objects.filter(teen=teen_id, state=State.ACTIVE).order_by("began_at", "pk")


def of_guardian(*, guardian_id: int) -> QuerySet[Supervision]:
    """Those that last, the oldest first. Nothing is shown of somebody who is grown up, even while the end is late."""
    lasting = Supervision.objects.filter(guardian=guardian_id, state=State.ACTIVE, teen__age_band__in=MINORS)
    return lasting.select_related("teen").order_by("began_at", "pk")


def over_of_teen(*, teen_id: int) -> QuerySet[Supervision]:
    """Those that lasted once, the newest first: what was shown stays for the teen to read."""
    return Supervision.objects.filter(teen=teen_id, state=State.ENDED).exclude(began_at=None).order_by("-pk")


def was_of_teen(*, supervision_id: int, teen_id: int) -> bool:
    return over_of_teen(teen_id=teen_id).filter(pk=supervision_id).exists()


def ended_lately(*, guardian_id: int, now: datetime) -> QuerySet[Supervision]:
    """Whoever ended it: the guardian reads that it is over, and never why."""
    over = Supervision.objects.filter(guardian=guardian_id, state=State.ENDED, ended_at__gt=now - TOLD_FOR)
    return over.exclude(began_at=None).order_by("-ended_at")


@transaction.atomic
def pause(*, supervision_id: int, teen_id: int, now: datetime) -> None:
    """From here on the guardian is shown nothing new, and nothing says so. Raises NoSuchSupervision."""
    # A guardian who looks at this moment holds the row; what they are shown comes before the pause.
    lasting = _locked(supervision_id).filter(teen=teen_id, state=State.ACTIVE).first()
    if lasting is None:
        raise NoSuchSupervision
    if lasting.paused_at is None:
        lasting.paused_at = now
        lasting.save(update_fields=["paused_at"])


@transaction.atomic
def resume(*, supervision_id: int, teen_id: int) -> None:
    """Raises NoSuchSupervision."""
    lasting = Supervision.objects.filter(pk=supervision_id, teen=teen_id, state=State.ACTIVE)
    if not lasting.update(paused_at=None):
        raise NoSuchSupervision


@transaction.atomic
def end_by_teen(*, supervision_id: int, teen_id: int, now: datetime) -> None:
    """Raises NoSuchSupervision, MayNotEndYet."""
    teen = Account.objects.select_for_update().get(pk=teen_id)
    if is_under_16(teen.age_band):
        raise MayNotEndYet
    _end(Supervision.objects.filter(pk=supervision_id, teen=teen_id), Ending.BY_TEEN, now=now)


@transaction.atomic
def end_by_guardian(*, supervision_id: int, guardian_id: int, now: datetime) -> None:
    """Raises NoSuchSupervision."""
    _end(Supervision.objects.filter(pk=supervision_id, guardian=guardian_id), Ending.BY_GUARDIAN, now=now)


@transaction.atomic
def end_by_staff(*, supervision_id: int, by: User, now: datetime) -> None:
    """Raises NoSuchSupervision."""
    one = Supervision.objects.filter(pk=supervision_id)
    if _end(one, Ending.BY_STAFF, now=now):
        staff.services.record(actor=by, act="member.end_supervision", on=one.get(), at=now)


def forget_old(*, now: datetime) -> int:
    """Drop what never began, and what ended long ago with all that was shown; say how many. May run twice."""
    invitations = Supervision.objects.filter(began_at=None, expires_at__lte=now - TOLD_FOR)
    over = Supervision.objects.filter(state=State.ENDED, ended_at__lte=now - KEPT_FOR)
    return sum(rows.delete()[1].get("accounts.Supervision", 0) for rows in (invitations, over))


def _end(one: QuerySet[Supervision], ending: Ending, *, now: datetime) -> bool:
    """False if it had ended before, which is what was wanted."""
    supervision = one.exclude(began_at=None).first()
    if supervision is None or supervision.teen_id is None:
        raise NoSuchSupervision
    # Whoever becomes her guardian at this moment waits, or is waited for.
    Account.objects.select_for_update().get(pk=supervision.teen_id)
    has_ended = one.filter(state=State.ACTIVE).update(
        state=State.ENDED, ending=ending, ended_at=now, paused_at=None
    )
    if has_ended and not of_teen(teen_id=supervision.teen_id).exists():
        forget_wishes(account_id=supervision.teen_id, now=now)
    return bool(has_ended)


def _locked(supervision_id: int) -> QuerySet[Supervision]:
    return Supervision.objects.select_for_update().filter(pk=supervision_id)
