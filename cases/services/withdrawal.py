"""Taking a report back: later, cancellable, because somebody may be making her do it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

import hashes.services
from cases import policy
from cases.errors import CannotBeWithdrawn, NothingToCancel
from cases.models import Case, CaseEvent, Clock
from cases.services import clock_rules
from cases.services.locks import lock_case
from staff.services import User


@transaction.atomic
def ask_for_withdrawal(*, case: Case, now: datetime, by: User | None = None) -> Case:
    """Start the withdrawal's clock, or take effect at once where the delay is zero. Asking twice changes nothing.

    `by` is who asked on her behalf.

    Raises CannotBeWithdrawn if the report was declined.
    """
    hours = policy.withdrawal_delay_hours(
        threatened=case.threatened,
        usual=settings.WITHDRAWAL_DELAY_HOURS,
        when_threatened=settings.WITHDRAWAL_DELAY_THREATENED_HOURS,
    )
    due_at = policy.rounded_up(now + timedelta(hours=hours)) if hours else now
    asked = Case.objects.filter(pk=case.pk, status__in=policy.LIVING, withdrawal_effective_on=None).update(
        withdrawal_effective_on=due_at.date()
    )
    case.refresh_from_db()
    if case.status == Case.Status.DECLINED:
        raise CannotBeWithdrawn
    if asked:
        CaseEvent.objects.create(
            case=case, kind=CaseEvent.Kind.WITHDRAWAL_ASKED, by=by, happened_on=now.date()
        )
        Clock.objects.create(case=case, kind=Clock.Kind.WITHDRAWAL, due_at=due_at)
    if asked and not hours:
        complete_withdrawal(case=case, now=now)
    return case


@transaction.atomic
def cancel_withdrawal(*, case: Case, now: datetime) -> Case:
    """Stop a withdrawal that waits. Raises NothingToCancel if none does."""
    lock_case(case.pk)
    # Whoever deletes the clock decides; the sweep that takes the withdrawal into effect deletes it too.
    if not _stop_clock(case):
        raise NothingToCancel
    Case.objects.filter(pk=case.pk).update(withdrawal_effective_on=None)
    CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.WITHDRAWAL_CANCELLED, happened_on=now.date())
    case.refresh_from_db()
    return case


@transaction.atomic
def complete_withdrawal(*, case: Case, now: datetime) -> bool:
    """Take a due withdrawal into effect. False if it was cancelled or done meanwhile."""
    lock_case(case.pk)
    if not _stop_clock(case):
        return False
    moved = Case.objects.filter(pk=case.pk, status__in=policy.LIVING).update(
        status=Case.Status.WITHDRAWN, withdrawal_effective_on=now.date()
    )
    if moved != 1:
        # It was declined meanwhile, which took its entries off the list.
        return False
    # The lock on the case came with the update, so no picture can be added after this look.
    hashes.services.withdraw_pictures(picture_ids=list(case.pictures.values_list("picture_id", flat=True)))
    clock_rules.stop(case=case, kinds=clock_rules.LIMITED)
    CaseEvent.objects.create(case=case, kind=CaseEvent.Kind.WITHDRAWN, happened_on=now.date())
    case.refresh_from_db()
    return True


def is_cancellable(case: Case) -> bool:
    return case.withdrawal_effective_on is not None and case.status in policy.LIVING


def _stop_clock(case: Case) -> bool:
    return Clock.objects.filter(case=case, kind=Clock.Kind.WITHDRAWAL).delete()[0] == 1
