"""One played platform told to the portal itself, in no order: it has to come to what the bare engine comes to."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import datetime
from random import Random

from django.core.management import call_command

from accounts.bands import is_minor
from benchmarks.own_database import django as django  # noqa: PLC0414 - Before any model.

from accounts.models import Account, Pair  # isort: skip  # Models need Django ready.
from benchmarks.played import alone, cases
from benchmarks.scenarios import shapes
from benchmarks.scenarios.shapes import World
from benchmarks.scenarios.world import build
from platforms.models import Platform
from safety import engine
from safety.facts import Reading
from safety.models import Standing
from safety.services import EVENT_BATCH, drain, take_events
from tests.makers import make_platform


def count_differences(seed: int) -> Iterator[tuple[str, float, str]]:
    call_command("migrate", verbosity=0)
    if Account.objects.exists():
        sys.exit("DATABASE_URL names a database with accounts in it. This wants an empty one.")
    world, platform = build(seed), make_platform("Played", scopes=("safety",)).platform
    _tell_people(world, platform)
    began = time.perf_counter()
    _tell_events(world, platform)
    yield f"seed {seed} through the events service: events", len(world.events), ""
    yield f"seed {seed} through the events service: seconds", time.perf_counter() - began, "s"
    found = list(_compared(world))
    yield f"seed {seed} through the events service: standings", len(found), ""
    yield f"seed {seed} through the events service: other than the bare engine's", found.count(False), ""


def _tell_people(world: World, platform: Platform) -> None:
    now = world.starts_at
    Account.objects.bulk_create(
        [_account(one, platform, now) for one in world.accounts.values()], batch_size=1_000
    )
    ids = dict(Account.objects.values_list("external_id", "pk"))
    Pair.objects.bulk_create(
        Pair(teen_id=ids[teen], adult_id=ids[adult], kind="parent", verified_on=now)
        for teen, adult in world.pairs
    )
    for one in world.accounts.values():
        if one.is_linked_to_sanctioned:
            _sanction_another(one, platform, now)


def _account(one: shapes.Account, platform: Platform, now: datetime) -> Account:
    return Account(
        platform=platform,
        external_id=one.id,
        age_band=one.age_band,
        band_said_on=now.date(),
        joined_on=one.joined_on,
        region=one.region,
        community=one.community,
        device_cluster=one.device_cluster,
        role=one.role,
        changed_at=now,
    )


def _sanction_another(one: shapes.Account, platform: Platform, now: datetime) -> None:
    """The account that was thrown out before, on the same device."""
    before = Account.objects.create(
        platform=platform,
        external_id=f"before {one.id}",
        age_band=one.age_band,
        band_said_on=now.date(),
        device_cluster=one.device_cluster,
        changed_at=now,
    )
    Standing.objects.create(
        account=before,
        level=3,
        rule_version=engine.RULE_VERSION,
        inputs_hash="",
        as_of=now,
        stands_until=now.replace(year=now.year + 10),
        sanctioned_at=now,
    )


def _tell_events(world: World, platform: Platform) -> None:
    """Shuffled, in batches as large as the door takes, and then read as the worker reads."""
    rows = [_row(one) for one in world.events]
    Random(world.seed).shuffle(rows)  # noqa: S311 - Repeatable, not secret.
    for place in range(0, len(rows), EVENT_BATCH):
        taken = take_events(
            platform_id=platform.pk, rows=rows[place : place + EVENT_BATCH], now=world.ends_at
        )
        assert not taken.rejected, taken.rejected[:3]
    while drain(now=world.ends_at):
        pass


def _row(one: shapes.Event) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind,
        "actor": one.actor,
        "target": one.target,
        "occurred_at": one.occurred_at.isoformat(),
        "mutuals": one.mutuals,
        "labels": list(one.labels),
    }


def _compared(world: World) -> Iterator[bool]:
    """Whether each standing says what the engine says of the same case."""
    standings = Standing.objects.exclude(level=3).select_related("account")
    stored = {one.account.external_id: one for one in standings}
    for case in cases(world, with_labels=True):
        reading = engine.read(alone(case), at=world.ends_at)
        standing = stored.pop(case.subject, None)
        yield standing is not None and _is_same(standing, reading)
    yield from (is_minor(left.account.age_band) and not left.level for left in stored.values())


def _is_same(standing: Standing, reading: Reading) -> bool:
    """Where a burst looks arranged, the portal waits for a person instead."""
    if reading.is_burst:
        return standing.frozen_at is not None and standing.level == 0
    told = [(one["rule"], one["weight"], one["expires_on"], one["events"]) for one in standing.reasons]
    expected = [
        (one.rule, one.weight, one.expires_on.isoformat(), list(one.happenings)) for one in reading.reasons
    ]
    return (standing.level, standing.score, told) == (reading.level, reading.score, expected)
