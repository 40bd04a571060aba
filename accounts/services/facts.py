"""What other rooms may know of an account."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from accounts.bands import MINORS
from accounts.models import Account, Pair
from accounts.naming import is_possible


@dataclass(frozen=True, slots=True)
class AccountFacts:
    id: int
    platform_id: int
    external_id: str
    age_band: str
    joined_on: date | None
    region: str
    community: str
    device_cluster: str
    role: str
    locale: str
    time_zone: str
    settings: Mapping[str, object]
    band_said_on: date
    settings_version: int = 0


_COLUMNS = (
    "id",
    "platform_id",
    "external_id",
    "age_band",
    "joined_on",
    "region",
    "community",
    "device_cluster",
    "role",
    "locale",
    "time_zone",
    "settings",
    "band_said_on",
    "settings_version",
)


def find_accounts(*, platform_id: int, external_ids: Collection[str]) -> dict[str, AccountFacts]:
    """Those of a platform's accounts that are known, by the platform's own ids."""
    # What can't be an id would be an error in PostgreSQL, and is simply nobody.
    asked = {one for one in external_ids if is_possible(one)}
    found = _facts(Account.objects.filter(platform_id=platform_id, external_id__in=asked))
    return {one.external_id: one for one in found}


@dataclass(frozen=True, slots=True)
class Who:
    """As much of an account as an answer in a hurry needs."""

    id: int
    external_id: str
    age_band: str
    locale: str


def find_quickly(*, platform_id: int, external_ids: Collection[str]) -> dict[str, Who]:
    """As `find_accounts`, for thousands at once and for whoever waits."""
    asked = [one for one in external_ids if is_possible(one)]
    found = Account.objects.filter(platform_id=platform_id)
    if connection.vendor == "postgresql":
        # One array: thousands of single values take the driver longer than the database.
        found = found.extra(where=["external_id = ANY(%s)"], params=[asked])
    else:
        found = found.filter(external_id__in=asked)
    rows = found.values_list("id", "external_id", "age_band", "locale")
    return {row[1]: Who(*row) for row in rows}


def get_accounts(*, ids: Collection[int]) -> dict[int, AccountFacts]:
    return {one.id: one for one in _facts(Account.objects.filter(pk__in=ids))}


def minors(*, after: int, limit: int) -> list[AccountFacts]:
    """The next page of everybody young, by id: for sweeps, which may be cut short and go on."""
    return _facts(Account.objects.filter(age_band__in=MINORS, pk__gt=after).order_by("pk")[:limit])


def pairs_of_adult(*, account_id: int) -> frozenset[int]:
    """The teens with whom this adult is a verified pair."""
    return frozenset(Pair.objects.filter(adult=account_id).values_list("teen_id", flat=True))


def pairs_of_adults(*, account_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The same for many at once; who has no pair is left out."""
    teens: dict[int, set[int]] = {}
    for adult_id, teen_id in Pair.objects.filter(adult__in=account_ids).values_list("adult_id", "teen_id"):
        teens.setdefault(adult_id, set()).add(teen_id)
    return {adult_id: frozenset(those) for adult_id, those in teens.items()}


def is_pair(*, teen_id: int, adult_id: int) -> bool:
    return Pair.objects.filter(teen=teen_id, adult=adult_id).exists()


def facts_of(account: Account) -> AccountFacts:
    return AccountFacts(*(getattr(account, name) for name in _COLUMNS))


def _facts(accounts: QuerySet[Account]) -> list[AccountFacts]:
    return [AccountFacts(*row) for row in accounts.values_list(*_COLUMNS)]
