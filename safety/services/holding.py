"""What the law wants kept: an account that was referred to the authorities can't be forgotten yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.errors import UnderLegalHold
from safety.models import Flag
from safety.services.reviewing import REFER, waiting_on

# As long as what was sent to the authorities is preserved for them (18 U.S.C. 2258A(h)).
PRESERVED_FOR = timedelta(days=365)


def require_no_hold(account_id: int, now: datetime) -> None:
    """Neither referred within the year, nor about to be. Raises UnderLegalHold."""
    flags = Flag.objects.filter(account=account_id)
    since = now - PRESERVED_FOR
    if flags.filter(outcome=Flag.Outcome.REFERRED, closed_at__gt=since).exists():
        raise UnderLegalHold
    still_open = flags.filter(state=Flag.State.OPEN)
    if any(held.kind == REFER for flag in still_open for held in waiting_on(flag)):
        raise UnderLegalHold
