"""When a clock of a case starts, passes its limit and ends.

First look: starts at submission, ends when somebody takes the case or decides. Push: starts when fingerprints are
released, ends once each has its number in the feed. Acknowledge: starts then, one a platform, ends when the platform
has proven to hold them. Outcome: starts when a platform says that it checks a copy, ends when it says what it did.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from cases import clock_policy, policy
from cases.models import Case, CaseEvent, Clock, ClockRecord
from cases.services.locks import lock_case

LIMITED = (Clock.Kind.FIRST_LOOK, Clock.Kind.PUSH, Clock.Kind.ACKNOWLEDGE, Clock.Kind.OUTCOME)
OURS_TO_PUSH = (Clock.Kind.PUSH, Clock.Kind.ACKNOWLEDGE, Clock.Kind.OUTCOME)


def start(*, case: Case, kind: Clock.Kind, now: datetime, platform_id: int | None = None) -> None:
    """Start a clock unless it runs."""
    due_at = clock_policy.due(kind, start=now, in_danger=case.in_danger)
    if not _running(case, kind, platform_id).exists():
        start_many(case=case, kind=kind, platform_ids=[platform_id], due_at=due_at)


def hurry(*, case: Case, kind: Clock.Kind, now: datetime) -> None:
    """Start a clock, or bring one that runs forward. One that ends sooner, or has passed its limit, stays as it is."""
    due_at = policy.rounded_up(clock_policy.due(kind, start=now, in_danger=case.in_danger))
    _running(case, kind, None).filter(is_broken=False, due_at__gt=due_at).update(due_at=due_at)
    start(case=case, kind=kind, now=now)


def start_many(
    *, case: Case, kind: Clock.Kind, platform_ids: Collection[int | None], due_at: datetime
) -> None:
    """Two who start the same clock at once start one."""
    rows = [
        Clock(case=case, kind=kind, platform_id=one, due_at=policy.rounded_up(due_at)) for one in platform_ids
    ]
    Clock.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def end(*, case: Case, kind: Clock.Kind, now: datetime, platform_id: int | None = None) -> bool:
    """What it waited for is done: the row goes, whole hours remain. False if none ran, or somebody ended it first."""
    if not _running(case, kind, platform_id).exists():
        return False
    lock_case(case.pk)
    clock = _running(case, kind, platform_id).first()
    if clock is None:
        return False
    clock.delete()
    hours = clock_policy.whole_hours(due_at=clock.due_at, kind=kind, in_danger=case.in_danger, now=now)
    ClockRecord.objects.create(
        case=case,
        kind=kind,
        platform_id=platform_id,
        was_kept=not clock.is_broken and now <= clock.due_at,
        hours=hours,
        ended_on=now.date(),
    )
    return True


def stop(*, case: Case, kinds: Collection[Clock.Kind] = OURS_TO_PUSH) -> None:
    """Nothing is waited for any more, so there is nothing to record either."""
    Clock.objects.filter(case=case, kind__in=kinds).delete()


@transaction.atomic
def pass_limit(*, clock: Clock, now: datetime) -> bool:
    """A limit has passed: the row stays, because what it waits for is still to be done. False if it was marked before."""
    lock_case(clock.case_id)
    marked = Clock.objects.filter(pk=clock.pk, is_broken=False, due_at__lte=now).update(is_broken=True)
    if marked:
        CaseEvent.objects.create(
            case_id=clock.case_id, kind=CaseEvent.Kind.LIMIT_PASSED, happened_on=now.date()
        )
    return marked == 1


def _running(case: Case, kind: Clock.Kind, platform_id: int | None) -> QuerySet[Clock]:
    running = Clock.objects.filter(case=case, kind=kind)
    return running.filter(platform=None) if platform_id is None else running.filter(platform=platform_id)
