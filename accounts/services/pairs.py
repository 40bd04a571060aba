"""Adults whom a platform verified as belonging to a teen's life."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.bands import is_minor
from accounts.errors import NotOfThisAge, UnknownAccount
from accounts.models import Account, Pair
from accounts.naming import is_possible


@transaction.atomic
def tell_pair(*, platform_id: int, teen: str, adult: str, kind: str, now: datetime) -> bool:
    """Know two as a pair; said again it is the same pair. Gives whether it is new.

    Raises UnknownAccount or NotOfThisAge with the side that it is about.
    """
    found = _locked(platform_id, teen, adult)
    for side, name, is_right in (("teen", teen, True), ("adult", adult, False)):
        if name not in found:
            raise UnknownAccount(side)
        if is_minor(found[name].age_band) is not is_right:
            raise NotOfThisAge(side)
    _pair, is_new = Pair.objects.update_or_create(
        teen=found[teen], adult=found[adult], defaults={"kind": kind, "verified_on": now.date()}
    )
    return is_new


@transaction.atomic
def end_pair(*, platform_id: int, teen: str, adult: str) -> None:
    """From here on they are strangers like any. Raises UnknownAccount if they were no pair."""
    found = _locked(platform_id, teen, adult)
    pair = Pair.objects.filter(teen=found.get(teen), adult=found.get(adult))
    if not pair.delete()[0]:
        raise UnknownAccount


def _locked(platform_id: int, *names: str) -> dict[str, Account]:
    """By the platform's ids. An account that is being deleted at this moment is waited for."""
    asked = [name for name in names if is_possible(name)]
    rows = Account.objects.filter(platform_id=platform_id, external_id__in=asked)
    return {one.external_id: one for one in rows.order_by("pk").select_for_update()}
