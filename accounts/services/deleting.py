"""An account goes, and with it all that any room knows of it, unless a legal hold keeps it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts.models import Supervision
from accounts.services import supervision
from accounts.services.finding import account_of

# Raises UnderLegalHold where something must be kept.
Guard = Callable[[int], None]
# Deletes what its room keeps that doesn't go with the account's own row.
Forget = Callable[[int, datetime], None]
_GUARDS: list[Guard] = []
_FORGETS: list[Forget] = []


def register_deletion(*, guard: Guard | None = None, forget: Forget | None = None) -> None:
    """For a room's `AppConfig.ready`: both are called with the account's id in the transaction that deletes it."""
    if guard is not None and guard not in _GUARDS:
        _GUARDS.append(guard)
    if forget is not None and forget not in _FORGETS:
        _FORGETS.append(forget)


@transaction.atomic
def delete_account(*, platform_id: int, external_id: str, now: datetime) -> None:
    """Links, sessions, pairs, supervision and changes go with it. Raises UnknownAccount, UnderLegalHold."""
    account = account_of(platform_id=platform_id, external_id=external_id, locked=True)
    for guard in _GUARDS:
        guard(account.pk)
    for forget in _FORGETS:
        forget(account.pk, now)
    supervised = Supervision.objects.filter(guardian=account, state=Supervision.State.ACTIVE)
    teen_ids = list(supervised.values_list("teen_id", flat=True))
    account.delete()
    for teen_id in teen_ids:
        if teen_id is not None and not supervision.is_supervised(account_id=teen_id):
            supervision.forget_wishes(account_id=teen_id, now=now)
