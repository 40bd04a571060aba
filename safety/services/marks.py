"""The mark that something of an account is unread. It is taken away only by somebody who has read what it was left for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from safety.models import Unread
from safety.services.writing import write_rows

# The row is locked although it stays: whoever reads this account's events meanwhile must not take it away unseen.
_STAYS = (
    "ON CONFLICT (account_id) DO UPDATE SET since = safety_unread.since,"
    " has_listed_hash = (safety_unread.has_listed_hash OR excluded.has_listed_hash)"
)


def leave_unread(accounts: Mapping[int, bool], *, now: datetime) -> None:
    """Each account, with whether it uploaded a listed picture. Call it inside the transaction that makes the news."""
    write_rows(
        Unread,
        ("account", "since", "has_listed_hash"),
        # In one order everywhere, so that two at once never wait for each other.
        [(account_id, now, is_upload) for account_id, is_upload in sorted(accounts.items())],
        on_conflict=_STAYS,
    )
