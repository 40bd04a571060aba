"""Behaviour that a person has to look at is flagged. Nothing is punished by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from safety.facts import Case, Reading
from safety.models import Flag, FlagCounter, Standing


@transaction.atomic
def open_flag(
    *,
    account_id: int,
    cause: str,
    reading: Reading,
    case: Case,  # noqa: ARG001 - Its evidence.
    now: datetime,
) -> None:
    """One open flag a cause: while one is open, nothing is added. Call it with the account's standing locked."""
    if Flag.objects.filter(account=account_id, cause=cause, state=Flag.State.OPEN).exists():
        return
    standing = Standing.objects.select_related("account").get(account=account_id)
    Flag.objects.create(
        number=next_number(),
        platform_id=standing.account.platform_id,
        account_id=account_id,
        cause=cause,
        level=standing.level,
        score=standing.score,
        rule_version=reading.rule_version,
        inputs_hash=reading.inputs_hash,
        opened_at=now,
    )


def next_number() -> int:
    """Rises in the order of commits: the counter stays locked until then."""
    counter, _ = FlagCounter.objects.select_for_update().get_or_create(pk=1)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return counter.last_number
