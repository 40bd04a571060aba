"""An account is deleted: its events go with it, and what was remembered of it loses its name."""

from __future__ import annotations

from datetime import datetime

from accounts.bands import MINORS
from safety import engine
from safety.models import Connection, Event, Standing, Unread


def forget_account(account_id: int, now: datetime) -> None:
    """Called inside the transaction that deletes the account. Those who met it are read anew, without its events."""
    met = _adults_met(account_id)
    remembering = Standing.objects.select_for_update().filter(account__in=met).order_by("account_id")
    for standing in remembering:
        if standing.checkpoint:
            standing.checkpoint = engine.forgotten(standing.checkpoint, str(account_id))
            standing.save(update_fields=["checkpoint"])
    Unread.objects.bulk_create([Unread(account_id=one, since=now) for one in met], ignore_conflicts=True)


def _adults_met(account_id: int) -> list[int]:
    began = Event.objects.filter(actor=account_id).exclude(target__age_band__in=MINORS)
    met = Event.objects.filter(target=account_id).exclude(actor__age_band__in=MINORS)
    one = Connection.objects.filter(one=account_id).exclude(other__age_band__in=MINORS)
    other = Connection.objects.filter(other=account_id).exclude(one__age_band__in=MINORS)
    ids = began.values_list("target_id", flat=True).union(
        met.values_list("actor_id", flat=True),
        one.values_list("other_id", flat=True),
        other.values_list("one_id", flat=True),
    )
    return sorted({one for one in ids if one is not None})
