"""Whether a guardian looks on, and what follows from it for a teen's settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts import privacy
from accounts.bands import MINORS, UNDER_16, is_under_16
from accounts.models import Account, Supervision, Wish
from accounts.services.facts import AccountFacts

_OVER = (Supervision.State.INVITED, Supervision.State.ACTIVE)


def is_supervised(*, account_id: int) -> bool:
    """A pause changes nothing of it: whoever looks over her shoulder reads the same."""
    return Supervision.objects.filter(teen=account_id, state=Supervision.State.ACTIVE).exists()


def in_a_pause() -> QuerySet[Supervision]:
    """What changed for their teens must be kept: a guardian's page is what it was by taking it back."""
    return Supervision.objects.filter(state=Supervision.State.ACTIVE, paused_at__isnull=False)


def needs_approval(*, account: AccountFacts, changes: Mapping[str, object]) -> frozenset[str]:
    """Those of a teen's changes that a guardian has to agree to first: what takes protection away under 16."""
    if not is_under_16(account.age_band):
        return frozenset()
    looser = frozenset(key for key, after in changes.items() if _loosens(account, key, after))
    return looser if looser and is_supervised(account_id=account.id) else frozenset()


def _loosens(account: AccountFacts, key: str, after: object) -> bool:
    return privacy.loosens(key, before=account.settings.get(key), after=after, age_band=account.age_band)


@transaction.atomic
def ask(*, account_id: int, wanted: Mapping[str, object], now: datetime) -> None:
    """Write what she wants as wishes. The same wish again is the one that waits; another one takes its place."""
    Account.objects.select_for_update().get(pk=account_id)
    waiting = {one.setting: one for one in Wish.objects.filter(account=account_id, state=Wish.State.WAITING)}
    for setting, value in wanted.items():
        before = waiting.get(setting)
        if before is not None and before.wanted == value:
            continue
        if before is not None:
            _take_back(account_ids=[account_id], now=now, settings=[setting])
        Wish.objects.create(account_id=account_id, setting=setting, wanted=value, asked_at=now)


@transaction.atomic
def end_for_grown_up(*, account_ids: Collection[int], now: datetime) -> None:
    """What a new age band ends: all supervision at 18, and asking first at 16. Idempotent."""
    grown_up = Supervision.objects.filter(teen__in=account_ids, state__in=_OVER).exclude(
        teen__age_band__in=MINORS
    )
    grown_up.update(
        state=Supervision.State.ENDED, ending=Supervision.Ending.GROWN_UP, ended_at=now, code_digest=""
    )
    from_16 = Account.objects.filter(pk__in=account_ids).exclude(age_band__in=UNDER_16)
    _take_back(account_ids=list(from_16.values_list("pk", flat=True)), now=now)


def forget_wishes(*, account_id: int, now: datetime) -> None:
    """Where nobody has to agree any more, nothing waits."""
    _take_back(account_ids=[account_id], now=now)


def _take_back(*, account_ids: Collection[int], now: datetime, settings: Collection[str] = ()) -> None:
    waiting = Wish.objects.filter(account__in=account_ids, state=Wish.State.WAITING)
    if settings:
        waiting = waiting.filter(setting__in=settings)
    waiting.update(state=Wish.State.TAKEN_BACK, decided_at=now)
