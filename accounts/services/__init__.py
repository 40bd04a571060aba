"""The members' door: what others may ask of them."""

from __future__ import annotations

from accounts.services.abilities import (
    KnownAbilities,
    abilities,
    below_recommended,
    known_abilities,
    recommended,
    tell_abilities,
)
from accounts.services.changes import Undone, change_settings, undo
from accounts.services.deleting import delete_account, register_deletion
from accounts.services.facts import (
    AccountFacts,
    Who,
    find_accounts,
    find_quickly,
    get_accounts,
    is_pair,
    minors,
    pairs_of_adult,
    pairs_of_adults,
)
from accounts.services.pairs import end_pair, tell_pair
from accounts.services.telling import Outcome, tell_accounts

__all__ = [
    "AccountFacts",
    "KnownAbilities",
    "Outcome",
    "Undone",
    "Who",
    "abilities",
    "below_recommended",
    "change_settings",
    "delete_account",
    "end_pair",
    "find_accounts",
    "find_quickly",
    "get_accounts",
    "is_pair",
    "known_abilities",
    "minors",
    "pairs_of_adult",
    "pairs_of_adults",
    "recommended",
    "register_deletion",
    "tell_abilities",
    "tell_accounts",
    "tell_pair",
    "undo",
]
