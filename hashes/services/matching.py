"""What is known about a hash that a platform holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from hashes.index import Hit
from hashes.services import following, reading
from hashes.verdict import surest_review, verdict_on

# At most so many hashes a request.
MATCH_BATCH: int = settings.MATCH_BATCH


@dataclass(frozen=True)
class Query:
    algorithm: str
    value: str


@dataclass(frozen=True)
class MatchResult:
    verdict: str
    review: str | None
    # Which entries, for those who hold the list anyway. Others could use distances to test their edits.
    hits: tuple[Hit, ...] | None


def match(*, platform_id: int, queries: Sequence[Query], with_entries: bool) -> list[MatchResult]:
    """Answer each hash, in order."""
    index = following.current_index()
    reading.prove_matched(platform_id=platform_id, through=index.number)
    found = (index.find(algorithm=one.algorithm, value=one.value) for one in queries)
    return [_result(hits, with_entries=with_entries) for hits in found]


def _result(hits: list[Hit], *, with_entries: bool) -> MatchResult:
    return MatchResult(
        verdict=verdict_on(hits),
        review=surest_review(hits),
        hits=tuple(hits) if with_entries else None,
    )
