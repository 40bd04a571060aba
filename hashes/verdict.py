"""What hits on the list amount to."""

from __future__ import annotations

from collections.abc import Sequence

from hashes.index import Hit

_SUREST_FIRST = ("confirmed", "unreviewed", "check_first")


def verdict_on(hits: Sequence[Hit]) -> str:
    """`match` can be acted on; `review` is for a person's eyes: pHash alone is too coarse, a disputed entry too unsure."""
    if not hits:
        return "none"
    sure = any(hit.algorithm != "phash" and hit.review != "check_first" for hit in hits)
    return "match" if sure else "review"


def surest_review(hits: Sequence[Hit]) -> str | None:
    return surest([hit.review for hit in hits]) if hits else None


def surest(reviews: Sequence[str]) -> str:
    """Raises ValueError for none."""
    return min(reviews, key=_SUREST_FIRST.index)
