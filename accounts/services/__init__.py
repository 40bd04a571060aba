"""The members' door: what others may ask of them."""

from __future__ import annotations

from accounts.services.abilities import abilities, below_recommended, recommended
from accounts.services.changes import Undone, change_settings, undo
from accounts.services.facts import (
    AccountFacts,
    find_accounts,
    get_accounts,
    is_pair,
    minors,
    pairs_of_adult,
    pairs_of_adults,
)

__all__ = [
    "AccountFacts",
    "Undone",
    "abilities",
    "below_recommended",
    "change_settings",
    "find_accounts",
    "get_accounts",
    "is_pair",
    "minors",
    "pairs_of_adult",
    "pairs_of_adults",
    "recommended",
    "undo",
]
