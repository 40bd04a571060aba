"""What she reads when she comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from cases.models import Case
from cases.services.ladder import refresh_ladder, start_ladder_clock
from cases.services.locations import ToldPlaces, told_places
from cases.services.messages import ShownMessage, messages_for_reporter
from cases.services.opening import OpenedCase
from cases.services.retention import deleted_on
from cases.services.withdrawal import is_cancellable


@dataclass(frozen=True)
class Withdrawal:
    effective_on: date
    cancellable: bool


@dataclass(frozen=True)
class PlatformRung:
    platform: str
    rung: str
    reason: str
    changed_on: date


@dataclass(frozen=True)
class CaseStatus:
    received_on: date
    state: str
    withdrawal: Withdrawal | None
    pictures: int
    platforms: Sequence[PlatformRung]
    messages: Sequence[ShownMessage]
    locations: ToldPlaces
    # The day on which her words go, once the report is over.
    messages_deleted_on: date | None
    decline_reason: str | None


def case_status(*, opened: OpenedCase, now: datetime) -> CaseStatus:
    """All of it at once. With batches switched off, the ladder is brought up to date first."""
    case = opened.case
    if settings.LADDER_BATCH_HOURS:
        start_ladder_clock(case=case, now=now)
    else:
        refresh_ladder(case=case, on=now.date())
    rungs = case.rungs.select_related("platform").order_by("platform__name")
    return CaseStatus(
        received_on=case.received_on,
        state=case.status,
        withdrawal=_withdrawal(case),
        pictures=case.pictures.count(),
        platforms=[
            PlatformRung(rung.platform.slug, rung.rung, rung.reason, rung.changed_on) for rung in rungs
        ],
        messages=messages_for_reporter(opened=opened, on=now.date()),
        locations=told_places(case=case),
        messages_deleted_on=deleted_on(case),
        decline_reason=case.decline_reason or None,
    )


def _withdrawal(case: Case) -> Withdrawal | None:
    if case.withdrawal_effective_on is None:
        return None
    return Withdrawal(effective_on=case.withdrawal_effective_on, cancellable=is_cancellable(case))
