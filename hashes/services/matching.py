"""What is known about a hash that a platform holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from hashes.index import Hit
from hashes.services import following, reading
from hashes.services.counting import note_found
from hashes.services.probing import Asked, watch
from hashes.verdict import surest_review, verdict_on

# At most so many hashes a request.
MATCH_BATCH: int = settings.MATCH_BATCH


class Query(NamedTuple):
    algorithm: str
    value: str


@dataclass(frozen=True)
class MatchResult:
    verdict: str
    review: str | None
    # Which entries, for those who hold the list anyway. Others could use distances to test their edits.
    hits: tuple[Hit, ...] | None
    # Everything on the list up to this number was compared with.
    through: int = 0


def match(
    *, platform_id: int, queries: Sequence[Query], with_entries: bool, key: str = ""
) -> list[MatchResult]:
    """Answer each hash, in order. `key` is the public beginning of the key that asks."""
    index = following.current_index()
    # Read before looking, because the index goes on meanwhile.
    through = index.number
    reading.prove_matched(platform_id=platform_id, index=index, through=through)
    found = [index.find(algorithm=one.algorithm, value=one.value) for one in queries]
    if any(found):
        # As often as it was found: one request may hold a thousand copies of the same picture.
        note_found(platform_id=platform_id, entries=[hit.entry for hits in found for hit in hits])
    if not with_entries:
        asked = (
            Asked(one.value, bool(hits))
            for one, hits in zip(queries, found, strict=True)
            if one.algorithm == "pdq"
        )
        watch(platform_id=platform_id, key=key, asked=list(asked))
    return [_result(hits, through=through, with_entries=with_entries) for hits in found]


def _result(hits: list[Hit], *, through: int, with_entries: bool) -> MatchResult:
    return MatchResult(
        verdict=verdict_on(hits),
        review=surest_review(hits),
        hits=tuple(hits) if with_entries else None,
        through=through,
    )
