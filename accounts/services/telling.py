"""Platforms tell of their members. One account or a thousand: the same way, in one transaction, in one order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from accounts.intake import Row
from accounts.models import Account, SettingChange
from accounts.services import changes, supervision
from accounts.services.abilities import see_settings

_WRITTEN = (
    "age_band",
    "band_said_on",
    "joined_on",
    "region",
    "community",
    "device_cluster",
    "role",
    "locale",
    "time_zone",
    "settings",
    "settings_version",
    "changed_at",
)


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    REPEATED = "repeated"
    # The settings were changed since the platform read them, so nothing of the row was taken.
    STALE = "stale"


@dataclass
class _News:
    """What a batch brings about, gathered while its rows are taken one after the other."""

    to_write: dict[int, Account] = field(default_factory=dict)
    changes: list[SettingChange] = field(default_factory=list)
    of_new_age: set[int] = field(default_factory=set)


@transaction.atomic
def tell_accounts(*, platform_id: int, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    """Take what is told, in its order. What a row leaves out stays as it was told before."""
    sent = {key for row in rows for key, value in row.settings.items() if value is not None}
    see_settings(platform_id=platform_id, settings=sent, now=now)
    accounts, new = _found_or_made(platform_id, {row.external_id: row for row in reversed(rows)}, now=now)
    news, outcomes = _News(), []
    for row in rows:
        outcomes.append(_take(row, accounts[row.external_id], news, is_new=row.external_id in new, now=now))
        new.discard(row.external_id)
    _write(news, now=now)
    return outcomes


def _found_or_made(
    platform_id: int, first: Mapping[str, Row], *, now: datetime
) -> tuple[dict[str, Account], set[str]]:
    """Every account of the rows, locked, and which of them are new."""
    known = Account.objects.filter(platform_id=platform_id, external_id__in=first)
    missing = first.keys() - set(known.values_list("external_id", flat=True))
    new: set[str] = set()
    while True:
        _insert(platform_id, [first[name] for name in sorted(missing)], now=now)
        new |= missing
        accounts = _locked(platform_id, first)
        # One that was deleted between our look and our lock is made anew.
        missing = first.keys() - accounts.keys()
        if not missing:
            # Where somebody else's row was first, it brings settings, and they are changed as any.
            return accounts, {name for name in new if not accounts[name].settings_version}


def _insert(platform_id: int, rows: Iterable[Row], *, now: datetime) -> None:
    # In the order of their names, and before any row is locked: two batches with the same news don't block each other.
    Account.objects.bulk_create(
        (
            Account(
                platform_id=platform_id,
                external_id=row.external_id,
                age_band=row.age_band,
                band_said_on=now.date(),
                changed_at=now,
            )
            for row in rows
        ),
        ignore_conflicts=True,
    )


def _locked(platform_id: int, names: Collection[str]) -> dict[str, Account]:
    rows = Account.objects.filter(platform_id=platform_id, external_id__in=names)
    return {one.external_id: one for one in rows.order_by("pk").select_for_update()}


def _take(row: Row, account: Account, news: _News, *, is_new: bool, now: datetime) -> Outcome:
    if not is_new and row.settings_version not in {None, account.settings_version}:
        return Outcome.STALE
    columns = {"age_band": row.age_band, **row.columns}
    has_changed = _change_columns(account, columns, now=now)
    if "age_band" in has_changed:
        news.of_new_age.add(account.pk)
    differing = {
        key: value for key, value in row.settings.items() if changes.differs(account.settings, key, value)
    }
    if differing:
        made = changes.apply(account, differing, by=SettingChange.By.PLATFORM, now=now)
        # What is told at first was no change.
        news.changes += [] if is_new else made
    if is_new or has_changed or differing or account.band_said_on != now.date():
        account.band_said_on = now.date()
        news.to_write[account.pk] = account
    if is_new:
        return Outcome.CREATED
    return Outcome.CHANGED if has_changed or differing else Outcome.REPEATED


def _change_columns(account: Account, columns: Mapping[str, object], *, now: datetime) -> set[str]:
    changed = {name for name, value in columns.items() if getattr(account, name) != value}
    for name in changed:
        setattr(account, name, columns[name])
    if changed:
        account.changed_at = now
    return changed


def _write(news: _News, *, now: datetime) -> None:
    _save(news.to_write.values())
    SettingChange.objects.bulk_create(news.changes)
    if news.of_new_age:
        supervision.end_for_grown_up(account_ids=news.of_new_age, now=now)


def _save(accounts: Iterable[Account]) -> None:
    # An update of many rows with as many values each is one statement only in this shape.
    Account.objects.bulk_create(
        accounts, update_conflicts=True, unique_fields=["id"], update_fields=list(_WRITTEN)
    )
