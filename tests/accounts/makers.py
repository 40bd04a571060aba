"""Accounts for tests, each made with what the test does not care about filled in."""

from __future__ import annotations

from datetime import UTC, date, datetime

from accounts.models import Account, Pair
from accounts.services import AccountFacts, get_accounts

TOLD_AT = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def make_account(
    external_id: str = "t-1", *, platform_id: int, age_band: str = "13_15", **told: object
) -> AccountFacts:
    """An account, as its platform told of it."""
    row = Account.objects.create(
        platform_id=platform_id,
        external_id=external_id,
        age_band=age_band,
        **{"band_said_on": TOLD_AT.date(), "changed_at": TOLD_AT, **told},
    )
    return get_accounts(ids=[row.pk])[row.pk]


def make_pair(*, teen: AccountFacts, adult: AccountFacts, kind: str = "parent") -> Pair:
    return Pair.objects.create(teen_id=teen.id, adult_id=adult.id, kind=kind, verified_on=date(2026, 11, 1))
