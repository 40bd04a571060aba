"""What falls due. The worker sweeps; a lost wake-up loses nothing, because the row stays until its work is done."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cases.models import Clock
from cases.services import clock_rules, following, risk
from cases.services.ladder import move_ladder_clock, refresh_ladder
from cases.services.withdrawal import complete_withdrawal

_log = logging.getLogger(__name__)
_AT_A_TIME = 500


def sweep_clocks(*, now: datetime) -> int:
    """Do all that is due, each in a transaction of its own; say how many were done."""
    return sum(_ring(clock=clock, now=now) for clock in _due(now=now))


def _due(*, now: datetime) -> Iterator[Clock]:
    """A batch after the other, each beginning behind the last: what fails again and again holds up nothing behind it."""
    due = (
        Clock.objects.filter(due_at__lte=now, is_broken=False).select_related("case").order_by("due_at", "pk")
    )
    batch = list(due[:_AT_A_TIME])
    while batch:
        yield from batch
        last = batch[-1]
        behind = Q(due_at__gt=last.due_at) | Q(due_at=last.due_at, pk__gt=last.pk)
        batch = list(due.filter(behind)[:_AT_A_TIME])


def _ring(*, clock: Clock, now: datetime) -> bool:
    try:
        if clock.kind in clock_rules.LIMITED:
            return _pass_limit(clock=clock, now=now)
        if clock.kind == Clock.Kind.WITHDRAWAL:
            return complete_withdrawal(case=clock.case, now=now)
        return _show_ladder(clock=clock, now=now)
    except Exception:  # noqa: BLE001 - one broken case must not hold up the others; its clock rings again.
        _log.exception("clock %s of kind %s failed", clock.pk, clock.kind)
        return False


@transaction.atomic
def _pass_limit(*, clock: Clock, now: datetime) -> bool:
    if clock.platform_id is not None and following.was_done_in_time(clock=clock):
        return True
    passed = clock_rules.pass_limit(clock=clock, now=now)
    if passed:
        risk.reassess(case=clock.case)
    return passed


@transaction.atomic
def _show_ladder(*, clock: Clock, now: datetime) -> bool:
    moved = move_ladder_clock(clock=clock, now=now)
    if moved:
        refresh_ladder(case=clock.case, on=now.date())
    return moved
