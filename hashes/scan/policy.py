"""From what matched to what the platform does and says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from hashes.index import Hit
from hashes.verdict import surest, surest_review, verdict_on

BLOCKED, PENDING, WITHDRAWN = "blocked", "pending_review", "removed_after_withdrawal"

_STRONGEST_FIRST = ("match", "review", "none")


class Verdict(NamedTuple):
    """What is to be done about one file, and the entries that say so."""

    verdict: str
    review: str | None
    said: Mapping[str, str]


def judge(hits: Sequence[Hit], *, review_only: bool) -> Verdict:
    """Fold the entries that a file's hashes hit into one verdict.

    A `match` is blocked, because the platform's people look at what the scan lists; where they don't, only
    what a person confirmed already is. A `review` always waits for a person.
    """
    verdict = verdict_on(hits)
    # A hint that happens to be confirmed makes nothing surer that was found by other entries.
    telling = [hit for hit in hits if verdict_on([hit]) == verdict]
    said = {
        str(hit.entry): _outcome(verdict, is_confirmed=hit.review == "confirmed", review_only=review_only)
        for hit in telling
    }
    return Verdict(verdict, surest_review(telling), said)


def fold(answers: Iterable[Mapping[str, object]]) -> Verdict:
    """The same from the answers to a file's hashes, for a key that is not told the entries."""
    told = [(str(answer["verdict"]), answer["review"]) for answer in answers]
    verdict = min((verdict for verdict, _ in told), key=_STRONGEST_FIRST.index, default="none")
    reviews = [str(review) for one, review in told if one == verdict and review is not None]
    return Verdict(verdict, surest(reviews) if reviews else None, {})


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
