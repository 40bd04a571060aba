"""The table of answers, looked at as a whole: every question that can be asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.bands import BANDS, MINORS, UNDER_16
from safety.answers import (
    ACTIONS,
    ALLOW,
    DECISIONS,
    DENY,
    FRICTION,
    NOTICE,
    PRIVATE,
    REACHING,
    Question,
    ttl,
    verdict_on,
)

ADULTS = [band for band in BANDS if band not in MINORS]
SHOWING = sorted(set(ACTIONS) - REACHING)
STRICTNESS = {ALLOW: 0, NOTICE: 1, FRICTION: 2, DENY: 3}

questions = st.builds(
    Question,
    action=st.sampled_from(ACTIONS),
    actor_band=st.sampled_from([*BANDS, None]),
    target_band=st.sampled_from([*BANDS, None]),
    level=st.integers(0, 3),
    is_connected=st.booleans(),
    is_pair=st.booleans(),
)


def answer(action: str, actor: str | None, target: str | None, level: int = 0, **over: bool) -> str:
    return verdict_on(Question(action, actor, target, level, **over)).decision


@given(questions)
def test_every_question_has_an_answer(asked: Question) -> None:
    verdict = verdict_on(asked)
    assert verdict.decision in DECISIONS
    assert verdict.cause
    assert ttl(verdict.decision) >= 0


@given(questions, st.integers(0, 3))
def test_a_higher_level_never_opens_anything(asked: Question, level: int) -> None:
    low, high = sorted((asked.level, level))
    one, other = (verdict_on(replace(asked, level=at)).decision for at in (low, high))
    assert STRICTNESS[one] <= STRICTNESS[other]


@given(questions)
def test_knowing_each_other_never_closes_anything(asked: Question) -> None:
    strangers = verdict_on(replace(asked, is_connected=False, is_pair=False)).decision
    for friends in (
        replace(asked, is_connected=True, is_pair=False),
        replace(asked, is_connected=False, is_pair=True),
    ):
        assert STRICTNESS[verdict_on(friends).decision] <= STRICTNESS[strangers]


@given(questions.filter(lambda asked: asked.is_connected or asked.is_pair))
def test_only_a_persons_sanction_comes_between_two_who_know_each_other(asked: Question) -> None:
    if verdict_on(asked).decision != ALLOW:
        assert asked.level == 3
    # Whatever happens, they hear nothing.
    assert verdict_on(asked).decision in {ALLOW, DENY}


@given(questions)
def test_whom_nobody_told_of_is_treated_as_a_child_and_as_a_stranger(asked: Question) -> None:
    if asked.target_band is None:
        assert verdict_on(asked) == verdict_on(replace(asked, target_band="13_15"))
    if asked.actor_band is None:
        assert verdict_on(asked) == verdict_on(replace(asked, actor_band="21_plus"))


@given(st.sampled_from(sorted(PRIVATE)), st.sampled_from([*BANDS, None]), st.sampled_from(sorted(UNDER_16)))
def test_nobody_unknown_writes_to_somebody_under_16(action: str, actor: str | None, target: str) -> None:
    assert {answer(action, actor, target, level) for level in range(4)} == {DENY}


@pytest.mark.parametrize("action", sorted(REACHING))
@pytest.mark.parametrize("actor", [*BANDS, None])
@pytest.mark.parametrize("target", sorted(MINORS))
def test_at_the_default_every_stranger_meets_the_same(action: str, actor: str | None, target: str) -> None:
    expected = DENY if action in PRIVATE and target in UNDER_16 else NOTICE
    assert answer(action, actor, target) == expected


@pytest.mark.parametrize("target", sorted(MINORS))
@pytest.mark.parametrize("actor", [*BANDS, None])
@pytest.mark.parametrize("action", SHOWING)
def test_at_the_default_everything_is_shown(action: str, actor: str | None, target: str) -> None:
    assert answer(action, actor, target) == ALLOW


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        *((action, FRICTION) for action in sorted(REACHING)),
        ("recommend", DENY),
        ("search", ALLOW),
        ("view_connections", ALLOW),
    ],
)
def test_friction(action: str, expected: str) -> None:
    assert answer(action, "21_plus", "16_17", 1) == expected
    assert ttl(FRICTION) == 0


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("target", sorted(MINORS))
@pytest.mark.parametrize("action", ACTIONS)
def test_a_restricted_adult_reaches_no_minor_whom_he_does_not_know(
    action: str, target: str, level: int
) -> None:
    assert answer(action, "21_plus", target, level) == DENY


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("actor", [*ADULTS, None])
@pytest.mark.parametrize("target", ADULTS)
def test_between_adults_nothing_is_our_business(
    action: str, actor: str | None, target: str, level: int
) -> None:
    assert answer(action, actor, target, level) == ALLOW


@pytest.mark.parametrize(
    ("action", "hidden_from"), [("recommend", 1), ("search", 2), ("view_connections", 2), ("message", 4)]
)
def test_a_suspicious_adult_is_hidden_from_minors(action: str, hidden_from: int) -> None:
    given = [answer(action, "13_15", "21_plus", level) for level in range(4)]
    assert given == [ALLOW] * hidden_from + [DENY] * (4 - hidden_from)


def test_a_sanction_holds_towards_minors_whom_he_knows() -> None:
    assert answer("message", "21_plus", "16_17", 3, is_connected=True) == DENY
    assert answer("message", "21_plus", "16_17", 3, is_pair=True) == DENY
    assert answer("message", "16_17", "21_plus", 3, is_connected=True) == ALLOW
    assert answer("recommend", "16_17", "21_plus", 3, is_connected=True) == DENY
