"""Behaviour that a person has to look at is flagged. Nothing is punished by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from safety.evidence import as_json, evidence_of
from safety.facts import Case, Reading
from safety.models import Flag, FlagCounter, Standing
from safety.services.letters import write_letter


@transaction.atomic
def open_flag(*, account_id: int, cause: str, reading: Reading, case: Case, now: datetime) -> None:
    """One open flag a cause: while one is open, nothing is added. Call it with the account's standing locked."""
    if Flag.objects.filter(account=account_id, cause=cause, state=Flag.State.OPEN).exists():
        return
    standing = Standing.objects.select_related("account").get(account=account_id)
    evidence = evidence_of(case, at=now, checkpoint=standing.checkpoint)
    flag = Flag.objects.create(
        number=next_number(),
        platform_id=standing.account.platform_id,
        account_id=account_id,
        cause=cause,
        level=standing.level,
        score=standing.score,
        evidence=as_json(evidence),
        rule_version=reading.rule_version,
        inputs_hash=reading.inputs_hash,
        opened_at=now,
    )
    if cause == Flag.Cause.RESTRICTED:
        write_letter(flag=flag, rules=[one.rule for one in reading.reasons], now=now)


def next_number() -> int:
    """Rises in the order of commits: the counter stays locked until then."""
    counter, _ = FlagCounter.objects.select_for_update().get_or_create(pk=1)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return counter.last_number
