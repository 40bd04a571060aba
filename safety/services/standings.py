"""Where accounts stand now: quickly for decisions, and in full for a platform's own staff."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import connection

import accounts.services
from accounts.bands import is_minor
from accounts.errors import UnknownAccount
from safety.answers import DEFAULT
from safety.engine import RULE_VERSION
from safety.models import Flag, Standing
from safety.services.folding import catch_up, refresh
from safety.words import sentence

# One statement for both questions, because each decision waits for it: where they stand, and is that still so?
_STANDS = """
SELECT account_id, level, version, rule_version,
       CASE WHEN rule_version = '' THEN 1
            WHEN stands_until <= %s AND (level > 0 OR lifted_until IS NOT NULL) THEN 1 ELSE 0 END
FROM safety_standing WHERE account_id IN ({ids})
UNION ALL
SELECT account_id, 0, 0, '', 1 FROM safety_unread WHERE account_id IN ({ids})
"""


@dataclass(frozen=True, slots=True)
class Stand:
    level: int
    version: int
    rule_version: str


NOWHERE = Stand(DEFAULT, 0, "")


@dataclass(frozen=True, slots=True)
class ShownReason:
    rule: str
    text: str
    weight: float
    expires_on: date


@dataclass(frozen=True, slots=True)
class ShownFlag:
    level: int
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ShownStanding:
    level: int
    score: float
    reasons: tuple[ShownReason, ...]
    flags: tuple[ShownFlag, ...]


def current_stands(account_ids: Collection[int], *, now: datetime) -> dict[int, Stand]:
    """By account, with every event that was committed before read. Who is left out stands at the default."""
    if not account_ids:
        return {}
    stands, stale = _stands(account_ids, now=now)
    if stale:
        catch_up(stale, now)
        stands, _ = _stands(account_ids, now=now)
    return stands


def _stands(account_ids: Collection[int], *, now: datetime) -> tuple[dict[int, Stand], set[int]]:
    ids = [*account_ids]
    places = ", ".join(["%s"] * len(ids))
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_STANDS.format(ids=places), [at, *ids, *ids])
        rows: Sequence[tuple[int, int, int, str, int]] = cursor.fetchall()
    stands = {row[0]: Stand(row[1], row[2], row[3]) for row in rows if row[2]}
    return stands, {row[0] for row in rows if row[4]}


def standing_of(*, platform_id: int, external_id: str, now: datetime) -> ShownStanding:
    """Raises UnknownAccount."""
    found = accounts.services.find_accounts(platform_id=platform_id, external_ids=[external_id])
    if external_id not in found:
        raise UnknownAccount(external_id)
    account = found[external_id]
    current_stands([account.id], now=now)
    is_of_minor = is_minor(account.age_band)
    older = Standing.objects.filter(account=account.id).exclude(rule_version=RULE_VERSION)
    if not is_of_minor and older.exists():
        # Its reasons are those of older rules, which have no sentences any more.
        refresh([account.id], now)
    flags = Flag.objects.filter(account=account.id).order_by("-opened_at")
    shown = tuple(ShownFlag(one.level, one.opened_at, one.closed_at, one.outcome or None) for one in flags)
    standing = Standing.objects.filter(account=account.id).first()
    if standing is None or is_of_minor:
        return ShownStanding(DEFAULT, 0.0, (), shown)
    reasons = tuple(map(_shown, standing.reasons))
    return ShownStanding(standing.level, standing.score, reasons, shown)


def _shown(reason: dict[str, object]) -> ShownReason:
    return ShownReason(
        rule=str(reason["rule"]),
        text=sentence(str(reason["rule"]), cast("Mapping[str, float]", reason["facts"])),
        weight=float(str(reason["weight"])),
        expires_on=date.fromisoformat(str(reason["expires_on"])),
    )
