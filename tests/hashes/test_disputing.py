"""The rule alone: whose word counts, and what follows."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashes.disputing import Decision, Facts, Word, decide, one_operator

ENTRY, OTHER = uuid4(), uuid4()
DISPUTE = ("not_blocked", "not_what_it_claims")
OPERATORS = {1: "Loop Inc.", 2: "Chatter Ltd", 3: " loop  INC.", 4: "Third"}
SAYINGS = [
    DISPUTE,
    ("blocked", ""),
    ("pending_review", ""),
    ("not_blocked", "not_the_same"),
    ("not_blocked", "allowed_here"),
    ("removed_after_withdrawal", ""),
]


def said(*lines: tuple[int, tuple[str, str]] | tuple[int, tuple[str, str], UUID]) -> list[Word]:
    numbers = count(1)
    words = []
    for platform, (outcome, reason), *entry in lines:
        where = entry[0] if entry else ENTRY
        day = date(2026, 11, 23)
        words.append(
            Word(next(numbers), platform, f"p{platform}", OPERATORS[platform], where, outcome, reason, day)
        )
    return words


def decided(*lines: Any, **over: Any) -> Decision:
    facts: dict[str, Any] = {"taking_part": frozenset(OPERATORS)}
    return decide(Facts(words=said(*lines), **facts | over))


def test_one_platform_alone_takes_nothing_off() -> None:
    alone = decided((1, DISPUTE), (1, DISPUTE, OTHER))
    assert alone.is_checked_first
    assert not alone.calls_a_person
    assert not alone.takes_off


def test_two_of_different_operators_do() -> None:
    both = decided((1, DISPUTE), (2, DISPUTE, OTHER))
    assert both.is_checked_first
    assert both.calls_a_person
    assert both.takes_off
    assert [word.slug for word in both.disputes] == ["p1", "p2"]


def test_two_of_one_operator_count_once() -> None:
    assert not decided((1, DISPUTE), (3, DISPUTE)).calls_a_person
    assert decided((1, DISPUTE), (3, DISPUTE), (4, DISPUTE)).takes_off


@pytest.mark.parametrize("after", SAYINGS[1:])
def test_a_dispute_that_is_not_a_platforms_newest_word_does_not_count(after: tuple[str, str]) -> None:
    assert not decided((1, DISPUTE), (1, after), (2, DISPUTE)).calls_a_person


def test_who_takes_part_no_more_does_not_count() -> None:
    assert not decided((1, DISPUTE), (2, DISPUTE), taking_part=frozenset({2})).calls_a_person


def test_whoever_brought_it_is_none_of_the_two() -> None:
    assert not decided((1, DISPUTE), (2, DISPUTE), source_operator="LOOP inc.").calls_a_person
    assert decided((4, DISPUTE), (2, DISPUTE), source_operator="LOOP inc.").takes_off


@pytest.mark.parametrize("later", [("pending_review", ""), ("removed_after_withdrawal", "")])
def test_what_a_reviewer_confirmed_stays_and_a_person_is_called(later: tuple[str, str]) -> None:
    kept = decided((4, ("blocked", "")), (4, later), (1, DISPUTE), (2, DISPUTE), is_confirmed=True)
    assert kept.calls_a_person
    assert not kept.takes_off
    assert not kept.is_checked_first


def test_a_confirmation_that_was_taken_back_protects_nothing() -> None:
    alone = decided((1, ("blocked", "")), (1, DISPUTE), is_confirmed=True)
    assert alone.is_checked_first
    assert not alone.takes_off
    assert decided((1, ("blocked", "")), (1, DISPUTE), (2, DISPUTE), is_confirmed=True).takes_off


def test_a_platform_that_changes_its_mind_over_another_entry_has_one_mind() -> None:
    assert decided((1, ("blocked", "")), (1, DISPUTE, OTHER), (2, DISPUTE), is_confirmed=True).takes_off
    assert not decided((1, DISPUTE), (1, ("blocked", ""), OTHER), (2, DISPUTE)).calls_a_person


def test_the_sources_own_word_keeps_it_listed_but_bans_nobody() -> None:
    brought = decided(
        (2, DISPUTE), (4, DISPUTE), source_operator="Loop Inc.", is_confirmed=True, came_confirmed=True
    )
    assert brought.calls_a_person
    assert brought.is_checked_first
    # Or afterwards, by feedback like everybody else's.
    own_word = decided(
        (1, ("blocked", "")),
        (2, DISPUTE),
        (4, DISPUTE),
        source_operator="Loop Inc.",
        source_id=1,
        is_confirmed=True,
    )
    assert own_word.is_checked_first
    assert own_word.calls_a_person
    assert not brought.takes_off
    seconded = decided(
        (3, ("blocked", "")),
        (2, DISPUTE),
        (4, DISPUTE),
        source_operator="x",
        is_confirmed=True,
        came_confirmed=True,
    )
    assert not seconded.is_checked_first


def test_what_people_settled_does_not_count_again() -> None:
    both = [(1, DISPUTE), (2, DISPUTE)]
    assert not decided(*both, settled_through=2).calls_a_person
    assert not decided(*both, (1, DISPUTE, OTHER), settled_through=2).calls_a_person
    assert decided(*both, (1, DISPUTE, OTHER), (2, DISPUTE, OTHER), settled_through=2).takes_off


lines = st.lists(
    st.tuples(st.sampled_from(sorted(OPERATORS)), st.sampled_from(SAYINGS), st.sampled_from([ENTRY, OTHER]))
)


@given(lines, st.booleans(), st.integers(0, 5), st.sampled_from(["", "Third", "loop inc."]))
def test_whatever_is_said(words: Any, is_confirmed: bool, mark: int, source: str) -> None:  # noqa: FBT001 - Drawn.
    found = decided(*words, is_confirmed=is_confirmed, settled_through=mark, source_operator=source)
    operators = {one_operator(word.operator) for word in found.disputes}
    assert len(operators) == len(found.disputes)
    assert one_operator(source) not in operators
    assert all(word.is_dispute and word.id > mark for word in found.disputes)
    assert not found.takes_off or (found.calls_a_person and found.is_checked_first and len(operators) >= 2)
    # Somebody whose last verdict on an entry is a block, and who disputes nothing since, keeps it listed.
    for platform in OPERATORS:
        verdicts = [one for one in words if one[0] == platform and one[1][0] in {"blocked", "not_blocked"}]
        if verdicts and verdicts[-1][1] == ("blocked", ""):
            assert not found.takes_off
