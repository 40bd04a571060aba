"""Standings are brought up to date: what happened is read, and all that follows is written in one transaction.

A standing is locked before the mark that its events are unread, by everybody. Whoever writes an event locks the mark
too, so it is taken away only by somebody who has seen the event; killed at any line, the mark still stands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from safety.models import Standing, StandingChange, Unread
from safety.services import flags
from safety.services.gathering import gather
from safety.services.reading import READ_AS_MINOR, WRITTEN, Fold, fold

# So many in a transaction: whoever writes events about one of them waits for it.
AT_A_TIME = 50


def refresh(account_ids: Collection[int], now: datetime) -> None:
    """Read these accounts anew, whether anything happened or not: a person decided, or thresholds changed."""
    for some in _some(account_ids):
        _fold(some, now=now, only_stale=False)


def catch_up(account_ids: Collection[int], now: datetime) -> None:
    """Read those for whom something happened or the time has come. Where somebody else was first, nothing is done."""
    for some in _some(account_ids):
        _fold(some, now=now, only_stale=True)


def drain(*, now: datetime) -> int:
    """Catch up with those that wait longest; say how many there were."""
    waiting = list(Unread.objects.order_by("since").values_list("account_id", flat=True)[:AT_A_TIME])
    due = list(
        due_standings(now=now).order_by("stands_until").values_list("account_id", flat=True)[:AT_A_TIME]
    )
    catch_up({*waiting, *due}, now)
    return max(len(waiting), len(due))


def due_standings(*, now: datetime) -> QuerySet[Standing]:
    """Those that time alone may change."""
    watched = Q(level__gt=0) | Q(lifted_until__isnull=False)
    return Standing.objects.filter(watched, stands_until__lte=now)


def _some(account_ids: Collection[int]) -> list[list[int]]:
    # In one order everywhere, so that two at once never wait for each other.
    in_order = sorted(account_ids)
    return [in_order[place : place + AT_A_TIME] for place in range(0, len(in_order), AT_A_TIME)]


@transaction.atomic
def _fold(account_ids: Sequence[int], *, now: datetime, only_stale: bool) -> None:
    standings = _locked_standings(account_ids)
    unread = _locked_marks(account_ids)
    if only_stale:
        due = {one.account_id for one in standings.values() if is_due(one, now=now)}
        account_ids = [one for one in account_ids if one in unread or one in due]
    cases = gather(account_ids=account_ids) if account_ids else {}
    folds = [
        fold(case, standings.get(account_id), now=now, has_listed_hash=unread.get(account_id, False))
        for account_id, case in cases.items()
    ]
    _write(folds, now=now)
    Unread.objects.filter(account__in=unread).delete()


def is_due(standing: Standing, *, now: datetime) -> bool:
    if standing.rule_version == READ_AS_MINOR:
        return True
    return (standing.level > 0 or standing.lifted_until is not None) and standing.stands_until <= now


def _locked_standings(account_ids: Collection[int]) -> dict[int, Standing]:
    rows = Standing.objects.select_for_update().filter(account__in=account_ids).order_by("account_id")
    return {one.account_id: one for one in rows}


def _locked_marks(account_ids: Collection[int]) -> dict[int, bool]:
    rows = Unread.objects.select_for_update().filter(account__in=account_ids).order_by("account_id")
    return dict(rows.values_list("account_id", "has_listed_hash"))


def _write(folds: Sequence[Fold], *, now: datetime) -> None:
    Standing.objects.bulk_create(
        [one.standing for one in folds],
        update_conflicts=True,
        unique_fields=["account"],
        update_fields=WRITTEN,
    )
    StandingChange.objects.bulk_create([_change(one, now=now) for one in folds if one.is_moved])
    for one in folds:
        for cause in one.causes:
            flags.open_flag(
                account_id=one.standing.account_id, cause=cause, reading=one.reading, case=one.case, now=now
            )


def _change(fold: Fold, *, now: datetime) -> StandingChange:
    standing = fold.standing
    return StandingChange(
        account_id=standing.account_id,
        before=fold.before,
        after=standing.level,
        score=standing.score,
        version=standing.version,
        rule_version=standing.rule_version,
        inputs_hash=standing.inputs_hash,
        at=now,
    )
