"""A platform follows its own flags: each opening and each closing moves a flag to the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from safety.models import Flag

FLAGS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class FollowedFlag:
    id: UUID
    # None once the account was deleted.
    account: str | None
    cause: str
    level: int
    state: str
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FlagPage:
    flags: tuple[FollowedFlag, ...]
    cursor: int
    has_more: bool


def read_flags(*, platform_id: int, since: datetime | None, cursor: int) -> FlagPage:
    """Those after the cursor, and with `since` only what was opened or closed from then on. Numbers follow commits."""
    flags = Flag.objects.filter(platform=platform_id, number__gt=cursor).select_related("account")
    if since is not None:
        flags = flags.filter(Q(opened_at__gte=since) | Q(closed_at__gte=since))
    found = list(flags.order_by("number")[: FLAGS_A_PAGE + 1])
    page = found[:FLAGS_A_PAGE]
    return FlagPage(
        flags=tuple(map(_followed, page)),
        cursor=page[-1].number if page else cursor,
        has_more=len(found) > FLAGS_A_PAGE,
    )


def _followed(flag: Flag) -> FollowedFlag:
    return FollowedFlag(
        id=flag.pk,
        account=flag.account.external_id if flag.account else None,
        cause=flag.cause,
        level=flag.level,
        state=flag.state,
        outcome=flag.outcome or None,
        opened_at=flag.opened_at,
        closed_at=flag.closed_at,
    )
