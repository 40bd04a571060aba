"""A platform tunes the rules' numbers, within bounds. Who did it, from what to what, stands in the audit chain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

import staff.services
from safety.models import Standing, Thresholds
from safety.services.marks import leave_unread
from safety.tuning import tuned
from staff.services import User

# SQLite takes 32 766 values a statement.
_AT_A_TIME = 5_000


@transaction.atomic
def tune(
    *, platform_id: int, changes: Mapping[str, float | None], by: User | None, now: datetime
) -> Mapping[str, float]:
    """Change some numbers, or take them back with None; give all that differ. Standings are read anew by the worker.

    Raises BadTuning.
    """
    kept, _ = Thresholds.objects.select_for_update().get_or_create(
        platform_id=platform_id, defaults={"changed_at": now, "version": 0}
    )
    before = dict(kept.values)
    wanted = {**before, **changes}
    after = {name: float(value) for name, value in sorted(wanted.items()) if value is not None}
    tuned(after)
    if after == before:
        return after
    kept.values, kept.version, kept.changed_at = after, kept.version + 1, now
    kept.save(update_fields=["values", "version", "changed_at"])
    staff.services.record(
        actor=by, act="safety.tuned", on=kept, at=now, detail={"before": before, "after": after}
    )
    _read_all_anew(platform_id, now=now)
    return after


def _read_all_anew(platform_id: int, *, now: datetime) -> None:
    mine = Standing.objects.filter(account__platform=platform_id).order_by("account_id")
    ids = list(mine.values_list("account_id", flat=True))
    for place in range(0, len(ids), _AT_A_TIME):
        leave_unread(dict.fromkeys(ids[place : place + _AT_A_TIME], False), now=now)
