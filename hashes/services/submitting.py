"""Fingerprints as other systems' clients send them, and what they say of them by value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from hashes.errors import NotListable, OutcomeDoesNotFit, TooMuchAdded
from hashes.fingerprints import HEX_LENGTHS
from hashes.json_lines import ListRow
from hashes.models import Concern, Entry, Feedback
from hashes.services.allowance import Allowance
from hashes.services.bulk import Imported, import_rows
from hashes.services.concerns import raise_concern
from hashes.services.saying import give_feedback

_HEX = frozenset("0123456789abcdef")


def row_of(*, kind: str, algorithm: str, value: str, is_confirmed: bool) -> ListRow:
    """A platform's own fingerprint; what it reviewed itself is confirmed. Raises NotListable for what is no hash."""
    length = HEX_LENGTHS[algorithm]
    if len(value) != length or not _HEX.issuperset(value):
        raise NotListable(f"{algorithm} is {length} hex digits.")
    review = Entry.Review.CONFIRMED if is_confirmed else Entry.Review.UNREVIEWED
    return ListRow(kind, algorithm, value, review.value)


def submit_rows(*, platform_id: int, rows: Sequence[ListRow], now: datetime) -> Imported:
    """Raises TooMuchAdded, and calls a person, if it is more than a platform may bring in an hour. Then nothing is kept."""
    try:
        return import_rows(platform_id=platform_id, rows=rows, allowance=Allowance(platform_id, now))
    except TooMuchAdded as over:
        evidence: dict[str, object] = {"count": over.count, "limit": over.limit}
        raise_concern(kind=Concern.Kind.TOO_MUCH, platform_id=platform_id, evidence=evidence, on=now.date())
        raise


def give_feedback_if_it_fits(
    *, platform_id: int, entry_id: UUID, outcome: str, reason: str | None, on: date
) -> None:
    """By value: of several entries with it, "removed" is said of those that are withdrawn only.

    Such clients send what they hold again and again. So a dispute that they gave before is none of a picture's new
    entries, once people have put it back: somebody there has to have said something else in between.
    """
    if reason == Feedback.Reason.NOT_WHAT_IT_CLAIMS and _is_disputed(
        platform_id=platform_id, entry_id=entry_id
    ):
        return
    try:
        give_feedback(
            platform_id=platform_id, entry_id=entry_id, outcome=outcome, reason=reason, count=1, on=on
        )
    except OutcomeDoesNotFit:
        return


def _is_disputed(*, platform_id: int, entry_id: UUID) -> bool:
    """Whether it is the platform's newest word on this value of the picture."""
    entry = Entry.objects.get(pk=entry_id)
    same = Entry.objects.filter(picture=entry.picture_id, algorithm=entry.algorithm, value=entry.value)
    said = Feedback.objects.filter(platform=platform_id, entry__in=same).order_by("-id")
    return said.values_list("reason", flat=True).first() == Feedback.Reason.NOT_WHAT_IT_CLAIMS
