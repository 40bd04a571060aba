"""What is deleted when its time is over: her messages and the desk's notes about a closed case, and what quotes them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

import staff.services
from cases.models import Case, CaseEvent, Escalation, Location, Message, Note, Notice

_log = logging.getLogger(__name__)
_AT_A_TIME = 500


@dataclass(frozen=True)
class Deleted:
    """Counts only: which cases they were, nobody needs to know."""

    cases: int = 0
    messages: int = 0
    notes: int = 0
    places: int = 0
    notices: int = 0
    packs: int = 0
    kept_back: int = 0


def deleted_on(case: Case) -> date | None:
    """The day on which her messages go, for a report that is over; none while it is open or held."""
    over_since = _over_since(case)
    if over_since is None or case.legal_hold:
        return None
    usual = over_since + timedelta(days=settings.MESSAGE_RETENTION_DAYS)
    preserved = [
        one.preserve_until + timedelta(days=1) for one in case.escalations.all() if one.preserve_until
    ]
    return max([usual, *preserved])


def apply_retention(*, now: datetime) -> Deleted:
    """Delete what is past its time, a batch of cases in a transaction; say how much it was. May run twice."""
    total = Deleted()
    while batch := _batch(on=now.date()):
        total = _sum(total, _delete(batch, on=now.date()))
    kept_back = _past(on=now.date()).filter(_has_words()).filter(_is_kept(on=now.date())).count()
    total = _sum(total, Deleted(packs=_empty_packs(on=now.date()), kept_back=kept_back))
    staff.services.record(actor=None, act="retention.applied", at=now, detail=asdict(total))
    _log.info("retention deleted %s", asdict(total))
    return total


def _over_since(case: Case) -> date | None:
    if case.status == Case.Status.WITHDRAWN:
        return case.withdrawal_effective_on
    if case.status == Case.Status.CLOSED:
        return case.closed_on
    if case.status == Case.Status.DECLINED:
        return case.closed_on or _declined_on(case)
    return None


def _declined_on(case: Case) -> date | None:
    declined = case.events.filter(kind=CaseEvent.Kind.DECLINED).order_by("-id")
    return declined.values_list("happened_on", flat=True).first()


def _past(*, on: date) -> QuerySet[Case]:
    """Cases that have been over for longer than their words are kept."""
    since = on - timedelta(days=settings.MESSAGE_RETENTION_DAYS)
    declined_before = CaseEvent.objects.filter(
        case=OuterRef("pk"), kind=CaseEvent.Kind.DECLINED, happened_on__lte=since
    )
    declined_since = CaseEvent.objects.filter(
        case=OuterRef("pk"), kind=CaseEvent.Kind.DECLINED, happened_on__gt=since
    )
    return Case.objects.filter(
        Q(status__in=(Case.Status.CLOSED, Case.Status.DECLINED), closed_on__lte=since)
        | Q(status=Case.Status.WITHDRAWN, withdrawal_effective_on__lte=since)
        | Q(Exists(declined_before), ~Exists(declined_since), status=Case.Status.DECLINED, closed_on=None)
    )


def _is_kept(*, on: date) -> Q:
    """A hold, a pack that is not through yet, or one whose year has not passed."""
    open_packs = Escalation.objects.filter(
        Q(preserve_until__gte=on)
        | Q(state__in=(Escalation.State.RELEASED, Escalation.State.FAILED))
        | Q(pk__in=_waiting_packs())
    )
    return Q(legal_hold=True) | Q(pk__in=open_packs.values("case"))


def _waiting_packs() -> list[int]:
    """Packs that a second person has not decided about."""
    waiting = staff.services.HeldAction.objects.filter(
        kind="case.escalation", state=staff.services.HeldAction.State.WAITING
    )
    return [int(object_id) for object_id in waiting.values_list("object_id", flat=True)]


def _has_words() -> Q:
    mine = OuterRef("pk")
    return (
        Q(Exists(Message.objects.filter(case=mine)))
        | Q(Exists(Note.objects.filter(case=mine)))
        | Q(Exists(Location.objects.filter(case=mine)))
        | Q(Exists(Notice.objects.filter(case=mine).exclude(sealed_body=b"")))
    )


def _batch(*, on: date) -> list[UUID]:
    ripe = _past(on=on).exclude(_is_kept(on=on)).filter(_has_words())
    return list(ripe.order_by("pk").values_list("pk", flat=True)[:_AT_A_TIME])


@transaction.atomic
def _delete(cases: Sequence[UUID], *, on: date) -> Deleted:
    # The lock, and the second look under it: somebody may have opened or held a case meanwhile.
    locked = _past(on=on).exclude(_is_kept(on=on)).filter(pk__in=cases)
    ripe = list(locked.select_for_update(of=("self",)).values_list("pk", flat=True))
    return Deleted(
        cases=len(ripe),
        messages=Message.objects.filter(case__in=ripe).delete()[0],
        notes=Note.objects.filter(case__in=ripe).delete()[0],
        places=Location.objects.filter(case__in=ripe).delete()[0],
        notices=Notice.objects.filter(case__in=ripe).exclude(sealed_body=b"").update(sealed_body=b""),
    )


def _empty_packs(*, on: date) -> int:
    """A filed pack goes when its year is over, one that nobody agreed to with its case's words; digests stay."""
    over = _past(on=on).exclude(_is_kept(on=on)).values("pk")
    ripe = Escalation.objects.filter(
        Q(state=Escalation.State.FILED, preserve_until__lt=on, case__legal_hold=False)
        | Q(state=Escalation.State.HELD, case__in=over)
    ).exclude(sealed_pack=b"")
    return ripe.update(sealed_pack=b"")


def _sum(one: Deleted, other: Deleted) -> Deleted:
    return Deleted(*(a + b for a, b in zip(asdict(one).values(), asdict(other).values(), strict=True)))
