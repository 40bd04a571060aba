"""How a level begins and ends, what calls for a person, and what a platform may tune."""

from __future__ import annotations

from datetime import timedelta

import pytest

from safety import engine
from safety.errors import BadTuning
from tests.safety.stories import START, Story, day, reading, weights


def test_a_restriction_ends_after_its_term_and_friction_follows() -> None:
    story = Story()
    story.contacts(*range(8), mutuals=3)
    for number in range(8):
        story.says(number, "report", on=0.5)

    assert reading(story, on=30).level == 2
    assert reading(story, on=31).level == 1


def test_a_level_is_left_below_where_it_was_entered() -> None:
    story, fast = Story(), {"half_life_days": 14, "friction_days": 30}
    story.contacts(1, 2, mutuals=3)
    story.says(1, "report", on=0)
    story.says(2, "block", on=0)

    later = reading(story, on=12, tuned=fast)
    assert 0.35 < later.score < 0.50
    assert later.level == 1
    gone = reading(story, on=28, tuned=fast)
    assert 0 < gone.score < 0.35
    assert gone.level == 0


def test_friction_goes_on_beyond_its_term_while_what_minors_said_asks_for_it() -> None:
    story, linked = Story(), Story(is_linked_to_sanctioned=True)
    story.contacts(1, 2, mutuals=3)
    story.says(1, "report", on=0)
    story.says(2, "report", on=0)
    linked.contacts(1, mutuals=3)

    assert reading(story, on=16).level == 1
    assert reading(linked, on=13).level == 1
    assert reading(linked, on=16).level == 0


def test_a_level_stands_until_the_day_that_it_names() -> None:
    story = Story()
    story.contacts(*range(8), mutuals=3)
    for number in range(8):
        story.says(number, "report", on=0.5)
    found = reading(story, on=1)

    assert engine.read(story.case(), at=found.stands_until - timedelta(seconds=1)).level == found.level
    assert engine.read(story.case(), at=found.stands_until).level != found.level


def test_a_burst_of_new_accounts_calls_for_a_person() -> None:
    story = Story()
    for number in range(5):
        story.knows(number, joined_on=START.date())
        story.says(number, "report", on=1 + number / 10)

    found = reading(story, on=2)
    assert found.is_burst
    assert found.burst_at == day(1.4)
    assert not reading(story, on=9).is_burst


def test_a_burst_of_one_device_calls_for_a_person() -> None:
    story = Story()
    for number in range(5):
        story.knows(number, device_cluster="one")
        story.contacts(number, on=0.9, mutuals=3)
        story.says(number, "report", on=1)

    assert reading(story, on=1).is_burst


def test_pupils_who_all_at_once_complain_of_old_things_call_for_a_person() -> None:
    story = Story()
    for number in range(5):
        story.knows(number, community="school-7")
        story.contacts(number, mutuals=3)
        story.says(number, "report", on=20 + number / 5)

    assert reading(story, on=21).is_burst


def test_five_victims_of_these_days_are_no_burst() -> None:
    story = Story()
    for number in range(5):
        story.contacts(number, on=1)
        story.says(number, "report", on=1 + number / 10)

    assert not reading(story, on=2).is_burst


def test_a_rule_can_be_left_out() -> None:
    story = Story(joined_on=START.date())
    story.contacts(*range(30))

    assert "R6" not in weights(engine.read(story.case(), at=day(2), without={"R6"}))


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"luck": 1.0}, "There is no luck"),
        ({"restrict": 0.5}, "restrict may be 0.75 to 0.9"),
        ({"leave_friction": 0.4, "friction": 0.4}, "leave_friction must be lower than friction"),
    ],
)
def test_numbers_that_nobody_may_have_are_refused(changes: dict[str, float], remedy: str) -> None:
    with pytest.raises(BadTuning, match=remedy):
        engine.tuned(changes)


def test_the_defaults_lie_within_their_bounds() -> None:
    assert engine.DEFAULTS.keys() == engine.BOUNDS.keys()
    engine.tuned(engine.DEFAULTS)
