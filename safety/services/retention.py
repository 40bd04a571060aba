"""What is forgotten when its time is over. Every part takes a batch at a time and may run twice, or be killed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Model, Q

import staff.services
from safety import engine
from safety.facts import HORIZON_DAYS
from safety.models import Answer, Connection, Event, FirstContact, Standing, StandingChange
from safety.services.folding import AT_A_TIME, drain
from safety.services.gathering import gather

_log = logging.getLogger(__name__)
# A day longer than events may be late, so that none comes that a checkpoint has already passed.
_MARGIN = timedelta(days=1)
_HORIZON = timedelta(days=HORIZON_DAYS)
_ANSWERS_KEPT = timedelta(days=90)
_COUNTS_KEPT = timedelta(days=2)
_ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True)
class Forgotten:
    """Counts only."""

    events: int
    answers: int
    changes: int


def apply_retention(*, now: datetime) -> Forgotten:
    """Forget events older than any rule looks back, folded into the checkpoint first; and old answers and changes."""
    events = _fold_away(now=now) + _forget(Event, occurred_at__lt=_cutoff(now))
    answers = _forget(Answer, at__lt=now - _ANSWERS_KEPT)
    changes = _forget(StandingChange, at__lt=now - _ANSWERS_KEPT)
    _forget(FirstContact, on__lt=(now - _COUNTS_KEPT).date())
    _forget(Connection, is_connected=False, said_at__lt=_cutoff(now))
    total = Forgotten(events, answers, changes)
    staff.services.record(actor=None, act="retention.safety_applied", at=now, detail=asdict(total))
    _log.info("retention forgot %s", asdict(total))
    return total


def _cutoff(now: datetime) -> datetime:
    return now - _HORIZON - _MARGIN


def _fold_away(*, now: datetime) -> int:
    """Events that a standing was read from go with the checkpoint that remembers them, in one transaction."""
    while drain(now=now) >= AT_A_TIME:
        pass
    old = Event.objects.filter(occurred_at__lt=_cutoff(now))
    sides = old.values_list("actor_id", "target_id").iterator(chunk_size=_ROWS_AT_A_TIME)
    concerned = sorted({side for both in sides for side in both if side is not None})
    return sum(
        _fold_some(concerned[place : place + AT_A_TIME], now=now)
        for place in range(0, len(concerned), AT_A_TIME)
    )


@transaction.atomic
def _fold_some(account_ids: Sequence[int], *, now: datetime) -> int:
    locked = Standing.objects.select_for_update().filter(account__in=account_ids).order_by("account_id")
    standings = {one.account_id: one for one in locked}
    cases = gather(account_ids=standings, before=_cutoff(now))
    for account_id, case in cases.items():
        standing = standings[account_id]
        # At this time everything in the case is older than the horizon, and so all of it is in the checkpoint.
        reading = engine.read(case, at=now - _MARGIN, checkpoint=standing.checkpoint or None)
        standing.checkpoint = dict(reading.checkpoint)
    Standing.objects.bulk_update(standings.values(), ["checkpoint"])
    mine = Q(actor__in=standings) | Q(target__in=standings)
    return Event.objects.filter(mine, occurred_at__lt=_cutoff(now)).delete()[0]


def _forget(model: type[Model], **past: object) -> int:
    """Delete what is past, some rows at a time: one statement about millions would hold them all."""
    forgotten = 0
    while some := list(model._default_manager.filter(**past).values_list("pk", flat=True)[:_ROWS_AT_A_TIME]):  # noqa: SLF001 - Every model's.
        forgotten += model._default_manager.filter(pk__in=some).delete()[0]  # noqa: SLF001
    return forgotten
