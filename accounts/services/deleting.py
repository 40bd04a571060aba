"""An account goes, and with it all that any room knows of it, unless a legal hold keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.errors import UnknownAccount
from accounts.models import Account, Supervision
from accounts.services import supervision
from accounts.services.finding import account_of

# Raises UnderLegalHold where something must be kept.
Guard = Callable[[int, datetime], None]
# Deletes what its room keeps that doesn't go with the account's own row.
Forget = Callable[[int, datetime], None]
_GUARDS: list[Guard] = []
_FORGETS: list[Forget] = []


def register_deletion(*, guard: Guard | None = None, forget: Forget | None = None) -> None:
    """For a room's `AppConfig.ready`: both are called with the account's id and the time in the transaction that deletes it."""
    if guard is not None and guard not in _GUARDS:
        _GUARDS.append(guard)
    if forget is not None and forget not in _FORGETS:
        _FORGETS.append(forget)


@transaction.atomic
def delete_account(*, platform_id: int, external_id: str, now: datetime) -> None:
    """Links, sessions, pairs, supervision and changes go with it. Raises UnknownAccount, UnderLegalHold."""
    account, teen_ids = _locked(platform_id, external_id)
    for guard in _GUARDS:
        guard(account.pk, now)
    for forget in _FORGETS:
        forget(account.pk, now)
    account.delete()
    for teen_id in teen_ids:
        if not supervision.is_supervised(account_id=teen_id):
            supervision.forget_wishes(account_id=teen_id, now=now)


def _locked(platform_id: int, external_id: str) -> tuple[Account, list[int]]:
    """The account, and the teens whose guardian it is: all in one order, so that nobody waits in a circle."""
    wanted = account_of(platform_id=platform_id, external_id=external_id)
    supervised = Supervision.objects.filter(guardian=wanted, state=Supervision.State.ACTIVE)
    teens = Account.objects.filter(pk__in=supervised.values("teen"))
    rows = Account.objects.filter(Q(pk=wanted.pk) | Q(pk__in=list(teens.values_list("pk", flat=True))))
    found = {one.pk: one for one in rows.order_by("pk").select_for_update()}
    account = found.pop(wanted.pk, None)
    if account is None:
        raise UnknownAccount
    return account, list(found)
