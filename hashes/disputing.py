"""When what platforms say about a picture makes people look at it, or takes it off the list. Facts in, decision out.

Platforms' reviewers are the only ones who see what a fingerprint is of, so their word has to count, but one alone could
empty the list. Two count whose operators differ, and what somebody's reviewer confirmed stays until a person decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

IT_TAKES = 2
# Whoever disputes more than this in a day no longer takes anything off by it: people decide about the rest.
MOST_A_DAY = 200
_DECIDED = ("blocked", "not_blocked")


class Word(NamedTuple):
    """One line of feedback about a picture, in the order in which it came."""

    id: int
    platform_id: int
    slug: str
    operator: str
    entry_id: UUID
    outcome: str
    reason: str
    given_on: date

    @property
    def is_dispute(self) -> bool:
        return (self.outcome, self.reason) == ("not_blocked", "not_what_it_claims")


@dataclass(frozen=True)
class Facts:
    """All that was said about one picture, when one platform has just disputed it."""

    words: Sequence[Word]
    # Who takes part today: nobody else's dispute counts.
    taking_part: frozenset[int]
    # Whoever brought the picture can't be one of those who have it taken off.
    source_id: int | None = None
    source_operator: str = ""
    is_confirmed: bool = False
    # Its source said so when it brought it.
    came_confirmed: bool = False
    # What people decided about already.
    settled_through: int = 0


@dataclass(frozen=True)
class Decision:
    # One for each operator, the earliest of its words that count.
    disputes: tuple[Word, ...] = ()
    is_checked_first: bool = False
    calls_a_person: bool = False
    takes_off: bool = False


def decide(facts: Facts) -> Decision:
    """A single dispute asks platforms to check first. Two call a person and take off what nobody confirmed."""
    blocking, disputing = stances(facts.words)
    disputes = _counted(disputing, facts)
    calls = len(disputes) >= IT_TAKES
    source_took_back = facts.came_confirmed and facts.source_id in disputing
    came_confirmed = facts.came_confirmed and not source_took_back
    is_vouched_for = bool(blocking) or came_confirmed
    # Where all who confirmed it took that back, it is confirmed no more.
    was_taken_back = source_took_back or _was_taken_back(disputing, facts.words)
    is_confirmed = is_vouched_for or (facts.is_confirmed and not was_taken_back)
    others = {one_operator(word.operator) for word in blocking.values()}
    only_its_source = is_vouched_for and not others - {one_operator(facts.source_operator)}
    return Decision(
        disputes=disputes,
        is_checked_first=not is_confirmed or (calls and only_its_source),
        calls_a_person=calls,
        takes_off=calls and not is_confirmed,
    )


def stances(words: Iterable[Word]) -> tuple[dict[int, Word], dict[int, Word]]:
    """The platforms that block the picture and those that dispute it, each with the word that says so."""
    said = list(words)
    blocks = _last(word for word in newest(one for one in said if one.outcome in _DECIDED) if _blocks(word))
    disputes = _last(word for word in newest(said) if word.is_dispute)
    blocking = {pk: word for pk, word in blocks.items() if pk not in disputes or word.id > disputes[pk].id}
    return blocking, {pk: word for pk, word in disputes.items() if pk not in blocking}


def newest(words: Iterable[Word]) -> list[Word]:
    """The last word of each platform on each entry."""
    return list({(word.platform_id, word.entry_id): word for word in words}.values())


def one_operator(name: str) -> str:
    """As two who write the same company down would agree."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _counted(disputing: dict[int, Word], facts: Facts) -> tuple[Word, ...]:
    own = one_operator(facts.source_operator)
    counted: dict[str, Word] = {}
    for word in sorted(disputing.values()):
        operator = one_operator(word.operator)
        is_new = word.id > facts.settled_through
        if is_new and word.platform_id in facts.taking_part and (not own or operator != own):
            counted.setdefault(operator, word)
    return tuple(counted.values())


def _was_taken_back(disputing: dict[int, Word], words: Iterable[Word]) -> bool:
    return any(_blocks(word) and word.platform_id in disputing for word in words)


def _blocks(word: Word) -> bool:
    return word.outcome == "blocked"


def _last(words: Iterable[Word]) -> dict[int, Word]:
    return {word.platform_id: word for word in sorted(words)}
