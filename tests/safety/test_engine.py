"""Where an adult stands: each rule by example, as a reviewer would tell it."""

from __future__ import annotations

import pytest

from safety import engine
from tests.safety.stories import ADULT, START, Story, day, reading, weights


def test_nothing_happened_is_level_0() -> None:
    found = reading(Story(), on=1)

    assert (found.level, found.score, found.reasons) == (0, 0.0, ())


def test_a_block_weighs_less_than_a_report() -> None:
    blocked, reported = Story(), Story()
    for story, kind in ((blocked, "block"), (reported, "report")):
        story.contacts(1, mutuals=3)
        story.says(1, kind, on=0.5)

    assert weights(reading(blocked, on=0.5)) == {"R1": 0.22}
    assert weights(reading(reported, on=0.5)) == {"R1": 0.45}


def test_it_counts_who_began() -> None:
    began, answered, nothing = Story(), Story(), Story()
    began.contacts(1, mutuals=3)
    answered.says(1, "contact", on=0)
    answered.contacts(1, kind="reply", on=0.1)
    for story in (began, answered, nothing):
        story.says(1, "report", on=0.5)

    assert weights(reading(began, on=0.5))["R1"] == pytest.approx(0.45)
    assert weights(reading(answered, on=0.5))["R1"] == pytest.approx(0.45 * 0.6)
    assert weights(reading(nothing, on=0.5))["R1"] == pytest.approx(0.45 * 0.15, abs=1e-4)


def test_complaints_fade_by_half_in_30_days_and_are_gone_after_120() -> None:
    story = Story()
    story.contacts(1, mutuals=3)
    story.says(1, "report", on=0)

    assert weights(reading(story, on=30))["R1"] == pytest.approx(1 - 0.55**0.5, abs=1e-4)
    assert weights(reading(story, on=120))["R1"] > 0
    assert reading(story, on=121).score == 0


def test_one_device_has_one_vote() -> None:
    story = Story()
    for number in (1, 2, 3):
        story.knows(number, device_cluster="one tablet")
        story.contacts(number, mutuals=3)
        story.says(number, "report", on=1)

    assert weights(reading(story, on=1)) == {"R1": 0.45}


def test_a_new_account_counts_for_less() -> None:
    story = Story()
    story.knows(1, joined_on=START.date())
    story.contacts(1, mutuals=3)
    story.says(1, "report", on=1)

    assert weights(reading(story, on=1))["R1"] == pytest.approx(0.45 * 0.3)


def test_a_reporter_whose_reports_were_unfounded_counts_for_less() -> None:
    story = Story()
    story.knows(1, credit=0.2)
    story.contacts(1, mutuals=3)
    story.says(1, "report", on=1)

    assert weights(reading(story, on=1))["R1"] == pytest.approx(0.45 * 0.2)


def test_near_peers_count_for_half() -> None:
    story = Story(age_band="18_20")
    story.knows(1, age_band="16_17")
    story.contacts(1, mutuals=3)
    story.says(1, "report", on=1)

    assert weights(reading(story, on=1))["R1"] == pytest.approx(0.225)


def test_any_number_of_complaints_about_somebody_who_did_nothing_changes_no_level() -> None:
    story = Story()
    for number in range(100):
        story.says(number, "report", on=number / 10)

    found = reading(story, on=10)
    assert found.score <= 0.35
    assert found.level == 0


def test_complaints_of_those_who_wrote_first_never_restrict_alone() -> None:
    story = Story()
    for number in range(40):
        story.says(number, "contact", on=number / 4)
        story.contacts(number, kind="reply", on=number / 4 + 0.1)
        story.says(number, "report", on=number / 4 + 0.2)

    found = reading(story, on=11)
    assert found.score <= 0.70
    assert found.level == 1


def test_two_reports_by_minors_whom_he_wrote_to_bring_friction_and_more_restrict() -> None:
    story = Story()
    story.contacts(1, 2, 3, mutuals=3)
    story.says(1, "report", on=0.5)
    story.says(2, "report", on=1)
    assert reading(story, on=1).level == 1

    story.says(3, "report", on=1.5)
    assert reading(story, on=1.5).level == 2


def test_those_who_wrote_first_restrict_nobody_not_even_a_newcomer() -> None:
    """Six aged fakes, each on a device of its own, bait an answer out of somebody who came last week."""
    story = Story(joined_on=START.date())
    for number in range(1, 7):
        story.says(number, "contact", on=1)
        story.contacts(number, on=1.01, kind="reply")
        story.says(number, "report", on=1.02)
    found = reading(story, on=1.02)

    assert set(weights(found)) == {"R1", "R6"}
    assert (found.score, found.level) == (0.70, 1)


def test_a_rush_of_strangers_who_do_not_answer_is_friction_and_never_more() -> None:
    story = Story(joined_on=START.date())
    for number in range(300):
        story.contacts(number, on=number / 50)

    found = reading(story, on=6)
    assert set(weights(found)) == {"R2", "R3", "R4", "R5", "R6"}
    assert found.score == 0.60
    assert found.level == 1


def test_one_block_beside_such_a_rush_is_not_enough_but_a_report_is() -> None:
    story = Story(joined_on=START.date())
    story.contacts(*range(20))
    story.says(1, "report", on=0.5)

    assert reading(story, on=0.5).level == 2


def test_a_teacher_who_writes_to_the_own_school_is_left_alone() -> None:
    story = Story(community="school-7")
    for number in range(35):
        story.knows(number, community="school-7")
        story.contacts(number, on=number / 10, mutuals=5)
        if number % 2:
            story.says(number, "reply", on=number / 10 + 0.1)

    assert reading(story, on=4).score == 0


def test_a_verified_pair_counts_for_nothing() -> None:
    story = Story()
    story.contacts(1)
    story.says(1, "report", on=1)

    found = reading(story, on=1, pairs=frozenset({"teen-1"}))
    assert (found.score, found.reasons) == (0.0, ())


def test_whom_she_asked_to_be_connected_a_month_ago_did_not_begin() -> None:
    story = Story()
    story.contacts(1, mutuals=3)
    story.says(1, "connect", on=1)
    story.says(1, "report", on=40)

    assert weights(reading(story, on=40))["R1"] == pytest.approx(0.45 * 0.6)


def test_who_came_first_to_the_adult_is_no_stranger_to_whom_he_turned() -> None:
    story = Story()
    for number in range(20):
        story.says(number, "follow", on=0)
        story.contacts(number, on=0.5)

    assert reading(story, on=1).score == 0


def test_a_device_of_a_sanctioned_account_is_friction_at_the_first_contact() -> None:
    story = Story(is_linked_to_sanctioned=True)
    assert reading(story, on=1).level == 0

    story.contacts(1)
    assert reading(story, on=1).level == 1


def test_labels_of_the_platform_count_by_child_up_to_their_weight() -> None:
    story = Story()
    for number in range(5):
        story.says(number, "contact", on=0)
        story.happens("reply", ADULT, story.knows(number), 0.5, labels=("secrecy",))

    assert weights(reading(story, on=0.5)) == {"R10": pytest.approx(0.40 * (1 - 0.5**5), abs=1e-4)}


def test_labels_a_rush_and_a_hundred_fakes_do_not_restrict_together() -> None:
    story = Story(joined_on=START.date())
    for number in range(60):
        story.contacts(number, on=number / 30)
    for number in range(5):
        story.happens("contact", ADULT, f"teen-{number}", 2, labels=("secrecy",))
    for number in range(100, 200):
        story.says(number, "report", on=3)

    found = reading(story, on=3)
    assert {"R1", "R2", "R10"} <= set(weights(found))
    assert (found.score, found.level) == (0.70, 1)


def test_where_somebody_lives_counts_only_if_tuned_and_never_alone() -> None:
    story = Story(region="north")
    for number in range(10):
        story.knows(number, region="south", community="")
        story.contacts(number, mutuals=3)
    alone = reading(story, on=3, tuned={"region": 0.15, "unanswered": 0.0})
    assert "R7" not in weights(alone)

    story.contacts(99, on=2, mutuals=3)
    assert "R7" not in weights(reading(story, on=3))
    assert weights(reading(story, on=3, tuned={"region": 0.15}))["R7"] == pytest.approx(0.15, abs=0.01)


def test_a_large_share_of_objections_says_more_than_their_number() -> None:
    few, many = Story(), Story()
    for story, count in ((few, 30), (many, 300)):
        for number in range(count):
            story.knows(number, community="one")
            story.contacts(number, on=number / count * 20, mutuals=3)
        for number in range(5):
            story.says(number, "block", on=24)

    assert weights(reading(few, on=24))["R11"] == pytest.approx(0.60)
    assert "R11" not in weights(reading(many, on=24))


def test_one_objection_is_no_share() -> None:
    story = Story()
    story.contacts(1, mutuals=3)
    story.says(1, "report", on=1)

    assert set(weights(reading(story, on=1))) == {"R1"}


def test_complaints_of_those_who_wrote_first_are_no_share() -> None:
    story = Story()
    for number in range(10):
        story.says(number, "contact", on=number)
        story.contacts(number, kind="reply", on=number + 0.1)
        story.says(number, "report", on=number + 0.2)

    assert set(weights(reading(story, on=10))) == {"R1"}


def test_behaviour_that_next_to_nobody_minds_weighs_less_after_a_while() -> None:
    story = Story()
    for number in range(60):
        story.contacts(number, on=number / 60)

    at_once, later = weights(reading(story, on=1)), weights(reading(story, on=4))
    assert later["R4"] < 0.7 * at_once["R4"]
    assert engine.read(story.case(), at=day(4), without={"R11"}).score > reading(story, on=4).score


def test_strangers_of_a_group_that_is_not_ones_own_are_a_way_into_it() -> None:
    stranger, colleague = Story(), Story(community="school-7")
    for story in (stranger, colleague):
        for number in range(7):
            story.knows(number, community="school-7")
            story.contacts(number, on=number * 3)

    assert weights(reading(stranger, on=18))["R12"] == pytest.approx(0.40)
    assert "R12" not in weights(reading(colleague, on=18))


def test_what_anybody_meets_who_writes_to_hundreds_is_taken_off() -> None:
    few, many = Story(), Story()
    for story, count in ((few, 10), (many, 200)):
        for number in range(count):
            story.knows(number, community="one")
            story.contacts(number, on=number / count * 60, mutuals=3)
            story.says(number, "reply", on=number / count * 60 + 0.2)
        for number in range(3):
            story.says(number, "block", on=61)

    assert weights(reading(many, on=61))["R1"] < weights(reading(few, on=61))["R1"]


def test_a_listed_picture_is_no_score() -> None:
    story = Story()
    story.happens("listed_hash_attempt", ADULT, None, 1)

    assert reading(story, on=1).score == 0


def test_a_minor_has_no_standing() -> None:
    story = Story(age_band="16_17")
    story.contacts(*range(50))
    story.says(1, "report", on=1)

    found = reading(story, on=2)
    assert (found.level, found.score) == (0, 0.0)


def test_blocks_by_adults_count_for_nothing() -> None:
    story = Story()
    story.knows(1, age_band="18_20")
    story.contacts(1)
    story.says(1, "report", on=1)

    assert reading(story, on=1).score == 0


def test_who_is_unknown_is_passed_over() -> None:
    story = Story()
    story.happens("report", "deleted", ADULT, 1)

    assert reading(story, on=1).score == 0
