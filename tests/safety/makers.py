"""Accounts, events and standings for the tests of this room."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import Account, Pair
from platforms.models import Platform
from safety.models import Standing

_numbers = count(1)


def make_account(platform: Platform, age_band: str = "13_15", **over: Any) -> Account:
    number = next(_numbers)
    told: dict[str, Any] = {
        "external_id": f"{'t' if age_band in {'under_13', '13_15', '16_17'} else 'a'}{number}",
        "band_said_on": date(2026, 11, 1),
        "changed_at": datetime.fromisoformat("2026-11-01T00:00:00Z"),
        **over,
    }
    return Account.objects.create(platform=platform, age_band=age_band, **told)


def make_standing(account: Account, level: int, *, now: datetime, **over: Any) -> Standing:
    told: dict[str, Any] = {
        "score": (0.0, 0.55, 0.8, 0.9)[level],
        "rule_version": "test",
        "inputs_hash": "0" * 64,
        "as_of": now,
        "stands_until": now + timedelta(days=14),
        "sanctioned_at": now if level == 3 else None,
        **over,
    }
    return Standing.objects.create(account=account, level=level, **told)


def make_pair(teen: Account, adult: Account) -> Pair:
    return Pair.objects.create(teen=teen, adult=adult, kind="teacher", verified_on=date(2026, 11, 1))


def event(actor: Account, target: Account | None, kind: str = "contact", **over: Any) -> dict[str, object]:
    """A row as a platform sends it."""
    row: dict[str, object] = {
        "id": f"e{next(_numbers)}",
        "kind": kind,
        "actor": actor.external_id,
        "target": target.external_id if target else None,
        "occurred_at": "2026-11-23T09:00:00Z",
        "mutuals": 0,
        "labels": [],
    }
    return row | over
