"""What a reviewer reads, and what an adult is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safety import engine, words
from safety.weighing import RULES
from tests.safety.stories import ADULT, START, Story, day


def rushing() -> Story:
    story = Story(joined_on=START.date(), region="north", is_linked_to_sanctioned=True)
    for number in range(30):
        story.knows(number, region="south", **({"community": "one"} if number < 7 else {}))
        story.contacts(number)
    story.contacts(99, on=2)
    story.says(1, "report", on=2)
    story.says(2, "block", on=2)
    story.happens("reply", ADULT, "teen-2", 2, labels=("secrecy",))
    return story


def test_each_rule_has_a_sentence_with_its_numbers() -> None:
    reading = engine.read(rushing().case(tuned={"region": 0.15}), at=day(2))

    told = {reason.rule: words.sentence(reason.rule, reason.facts) for reason in reading.reasons}
    assert set(told) == set(RULES)
    assert told["R1"].startswith("2 young people blocked or reported this account in the last 120 days.")
    assert "It had got in touch first with 2 of them" in told["R1"]
    assert told["R2"] == "It turned to about 31 young strangers within 7 days."
    assert told["R3"] == "Few answer: 0 of 30 young people whom it turned to in 45 days."
    assert told["R11"] == "That is a large share: 2 of 30 young people whom it wrote to objected."
    assert told["R12"].endswith("Such groups: 1.")
    assert told["R6"] == "The account is new. Days since it was made: 2."
    assert not any("%" in one for one in told.values())


def test_a_sentence_names_nobody() -> None:
    story = rushing()
    reading = engine.read(story.case(), at=day(2))

    for reason in reading.reasons:
        assert "teen" not in words.sentence(reason.rule, reason.facts)


def test_reasons_name_the_happenings_behind_them() -> None:
    reading = engine.read(rushing().case(), at=day(2))

    found = {reason.rule: reason.happenings for reason in reading.reasons}
    assert found["R1"] == ("h0032", "h0031")
    assert "h0030" in found["R3"]


@pytest.mark.parametrize("rule", RULES)
def test_an_adult_is_never_told_of_a_complaint(rule: str) -> None:
    told = words.category_sentence(words.category(rule)).lower()

    assert not any(word in told for word in ("report", "block", "complain", "teen", "child", "score"))


def test_what_was_not_told_is_said() -> None:
    story = Story(joined_on=None)
    for number in range(4):
        story.knows(number, joined_on=None, community="", device_cluster="")
        story.contacts(number, mutuals=None)

    told = " ".join(words.missing(story.case()))
    for part in (
        "how old this account is",
        "friends the two share",
        "which group",
        "share a device",
        "no labels",
    ):
        assert part in told


def test_what_was_told_is_not_missed() -> None:
    story = rushing()

    told = words.missing(story.case())
    assert told == [
        "Ages are what each account told the platform. This adult may be a child, and some of the adults too."
    ]
    alone = replace(story.case(), happenings=(), people={ADULT: story.people[ADULT]})
    assert words.missing(alone) == told
