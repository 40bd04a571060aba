"""From the portal's answers to what the platform does and says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

BLOCKED, PENDING, WITHDRAWN = "blocked", "pending_review", "removed_after_withdrawal"

_STRONGEST_FIRST = ("match", "review", "none")
_SUREST_FIRST = ("confirmed", "unreviewed", "check_first", None)


class Verdict(NamedTuple):
    """What is to be done about one file, and the entries that say so."""

    verdict: str
    review: str | None
    said: Mapping[str, str]


def judge(results: Iterable[Mapping[str, object]], *, review_only: bool) -> Verdict:
    """Fold the answers to a file's hashes into one.

    A `match` is blocked, because the platform's people look at what the scan lists; where they don't, only
    what a person confirmed already is. A `review` always waits for a person.
    """
    results = list(results)
    verdicts = [str(result["verdict"]) for result in results] or ["none"]
    verdict = min(verdicts, key=_STRONGEST_FIRST.index)
    review = min((result["review"] for result in results), key=_SUREST_FIRST.index, default=None)
    hits = [hit for result in results for hit in result.get("matches") or ()]  # type: ignore[attr-defined]  # A list of hits.
    if verdict == "match":
        hits = [hit for hit in hits if hit["algorithm"] != "phash" and hit["review"] != "check_first"]
    said = {
        hit["entry"]: _outcome(verdict, is_confirmed=hit["review"] == "confirmed", review_only=review_only)
        for hit in hits
    }
    return Verdict(verdict, review if isinstance(review, str) else None, said)


def _outcome(verdict: str, *, is_confirmed: bool, review_only: bool) -> str:
    if verdict == "match" and (is_confirmed or not review_only):
        return BLOCKED
    return PENDING


def feedback(verdicts: Iterable[Verdict]) -> dict[str, tuple[str, int]]:
    """For each entry what was done, and to how many files. A block outweighs what still waits."""
    files = Counter((entry, outcome) for one in verdicts for entry, outcome in one.said.items())
    said: dict[str, tuple[str, int]] = {}
    for (entry, outcome), count in files.items():
        if outcome == BLOCKED or entry not in said:
            said[entry] = (outcome, count)
    return said
