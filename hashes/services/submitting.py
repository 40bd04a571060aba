"""Fingerprints as other systems' clients send them, and what they say of them by value."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hashes.errors import NotListable, OutcomeDoesNotFit
from hashes.fingerprints import HEX_LENGTHS
from hashes.json_lines import ListRow
from hashes.models import Entry
from hashes.services.saying import give_feedback

_HEX = frozenset("0123456789abcdef")


def row_of(*, kind: str, algorithm: str, value: str, is_confirmed: bool) -> ListRow:
    """A platform's own fingerprint; what it reviewed itself is confirmed. Raises NotListable for what is no hash."""
    length = HEX_LENGTHS[algorithm]
    if len(value) != length or not _HEX.issuperset(value):
        raise NotListable(f"{algorithm} is {length} hex digits.")
    review = Entry.Review.CONFIRMED if is_confirmed else Entry.Review.UNREVIEWED
    return ListRow(kind, algorithm, value, review.value)


def give_feedback_if_it_fits(
    *, platform_id: int, entry_id: UUID, outcome: str, reason: str | None, on: date
) -> None:
    """By value: of several entries with it, "removed" is said of those that are withdrawn only."""
    try:
        give_feedback(
            platform_id=platform_id, entry_id=entry_id, outcome=outcome, reason=reason, count=1, on=on
        )
    except OutcomeDoesNotFit:
        return
