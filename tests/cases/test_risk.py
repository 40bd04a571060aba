from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cases import risk
from cases.risk import Answers

ANSWERS = st.builds(
    Answers,
    in_danger=st.booleans(),
    threatened=st.booleans(),
    deadline=st.sampled_from(["", "hours", "today", "tomorrow", "this_week", "unknown"]),
    age_band=st.sampled_from(["under_13", "13_15", "16_17", "unknown"]),
    posted=st.sampled_from(["yes", "no", "unknown"]),
    breached=st.booleans(),
)


@given(danger=ANSWERS, safe=ANSWERS)
def test_danger_comes_before_everything_else_together(danger: Answers, safe: Answers) -> None:
    assert risk.score(_with(danger, in_danger=True)) > risk.score(_with(safe, in_danger=False))


@given(answers=ANSWERS)
def test_a_time_that_ends_tomorrow_comes_before_all_that_has_no_time(answers: Answers) -> None:
    soon = risk.score(Answers(deadline="tomorrow"))
    assert soon > risk.score(_with(answers, in_danger=False, threatened=False, deadline=""))


@given(answers=ANSWERS)
def test_the_reasons_say_the_whole_score(answers: Answers) -> None:
    reasons = risk.reasons(answers)
    assert sum(reason.weight for reason in reasons) == risk.score(answers)
    assert [reason.weight for reason in reasons] == sorted(
        (reason.weight for reason in reasons), reverse=True
    )


@given(score=st.integers(0, 32_767))
def test_every_score_is_of_exactly_one_level(score: int) -> None:
    of = [name for name, _least in risk.LEVELS if risk.bounds(name)[0] <= score < risk.bounds(name)[1]]
    assert of == [risk.level(score)]


def test_who_is_threatened_without_a_time_is_high() -> None:
    assert risk.level(risk.score(Answers(threatened=True))) == "high"
    assert risk.level(risk.score(Answers(posted="yes"))) == "raised"
    assert risk.level(risk.score(Answers())) == "usual"


def _with(answers: Answers, **over: object) -> Answers:
    return Answers(**{**answers.__dict__, **over})
