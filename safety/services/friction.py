"""The small daily number of an adult under friction, counted so that two at once can't exceed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from safety.answers import FRICTION_A_DAY
from safety.models import FirstContact, Standing

# An adult and a minor.
Contact = tuple[int, int]


def count_contacts(contacts: Sequence[Contact], *, on: date) -> set[Contact]:
    """Those of them that are within the day's number, in their order. Call it inside a transaction."""
    adults = {adult for adult, _ in contacts}
    _lock(adults)
    reached: dict[int, set[int]] = defaultdict(set)
    for adult, minor in FirstContact.objects.filter(account__in=adults, on=on).values_list(
        "account_id", "target_id"
    ):
        reached[adult].add(minor)
    within, new = set(), []
    for adult, minor in contacts:
        if minor not in reached[adult]:
            if len(reached[adult]) >= FRICTION_A_DAY:
                continue
            reached[adult].add(minor)
            new.append(FirstContact(account_id=adult, target_id=minor, on=on))
        within.add((adult, minor))
    FirstContact.objects.bulk_create(new)
    return within


def _lock(adults: Collection[int]) -> None:
    """Whoever counts for the same adult waits here: under friction, each has a standing."""
    list(
        Standing.objects.select_for_update()
        .filter(account__in=adults)
        .order_by("account_id")
        .values_list("account_id")
    )
