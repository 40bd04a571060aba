"""What holds of every reading, whatever happened."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from safety import engine
from safety.facts import HORIZON_DAYS, Case, Happening, Person, Reading
from safety.memory import TIE_DAYS
from tests.safety.stories import ADULT, OLD, day

DAYS = 300
MINORS = [f"teen-{number}" for number in range(12)]
KINDS = ["contact", "reply", "connect", "disconnect", "follow", "comment", "block", "report"]
LABELS = ["off_platform", "secrecy", "photo_request", "gift_card"]


@st.composite
def people(draw: st.DrawFn) -> dict[str, Person]:
    def person(bands: list[str]) -> Person:
        return Person(
            age_band=draw(st.sampled_from(bands)),
            joined_on=draw(st.sampled_from([None, OLD, date(2026, 3, 1), date(2026, 6, 1)])),
            region=draw(st.sampled_from(["", "north", "south"])),
            community=draw(st.sampled_from(["", "one", "two", "three"])),
            device_cluster=draw(st.sampled_from(["", "", "tablet"])),
            is_linked_to_sanctioned=draw(st.booleans()),
            credit=draw(st.sampled_from([1.0, 1.0, 0.5, 0.0])),
        )

    return {ADULT: person(["18_20", "21_plus"])} | {
        one: person(["under_13", "13_15", "16_17", "16_17", "18_20"]) for one in MINORS
    }


@st.composite
def happenings(draw: st.DrawFn) -> tuple[Happening, ...]:
    """Sometimes dense and sometimes over most of a year."""
    length = draw(st.sampled_from([1.0, 10.0, float(DAYS)]))
    count = draw(st.integers(0, 40))
    return tuple(_happening(draw, f"h{number}", length) for number in range(count))


def _happening(draw: st.DrawFn, name: str, length: float) -> Happening:
    other, kind = draw(st.sampled_from(MINORS)), draw(st.sampled_from(KINDS))
    by_adult = draw(st.booleans()) and kind not in {"block", "report"}
    return Happening(
        id=name,
        kind=kind,
        actor=ADULT if by_adult else other,
        target=other if by_adult else ADULT,
        occurred_at=day(draw(st.integers(0, 2_000)) / 2_000 * length),
        mutuals=draw(st.sampled_from([None, 0, 0, 4])),
        labels=tuple(draw(st.sampled_from([[], [], [], LABELS[:1]]))) if by_adult else (),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    pairs = frozenset(draw(st.lists(st.sampled_from(MINORS), max_size=2)))
    return Case(ADULT, draw(people()), draw(happenings()), pairs)


# How long one example takes says something about the machine only.
thorough = settings(max_examples=100, deadline=None)
moments = st.integers(0, DAYS * 4).map(lambda quarter: day(quarter / 4 + 0.01))


def without_inputs(reading: Reading) -> Reading:
    """What was given differs; what came out may not."""
    return replace(reading, inputs_hash="")


def through_json(checkpoint: Mapping[str, object]) -> dict[str, object]:
    """As PostgreSQL gives it back: an object's keys by length, then by letter."""
    found = json.loads(
        json.dumps(checkpoint),
        object_pairs_hook=lambda pairs: dict(sorted(pairs, key=lambda one: (len(one[0]), one[0]))),
    )
    assert isinstance(found, dict)
    return found


@thorough
@given(cases(), moments, st.randoms(use_true_random=False))
def test_the_order_of_arrival_never_matters(case: Case, at: datetime, chance: random.Random) -> None:
    shuffled = list(case.happenings)
    chance.shuffle(shuffled)

    assert engine.read(replace(case, happenings=tuple(shuffled)), at=at) == engine.read(case, at=at)


@thorough
@given(cases(), st.lists(moments, max_size=6), moments)
def test_back_filling_equals_living_through(case: Case, stops: list[datetime], at: datetime) -> None:
    """Whoever read in between, with the checkpoint of each time, reads the same in the end."""
    checkpoint: Mapping[str, object] = {}
    for stop in sorted(stop for stop in stops if stop <= at):
        checkpoint = through_json(engine.read(case, at=stop, checkpoint=checkpoint).checkpoint)

    lived = engine.read(case, at=at, checkpoint=checkpoint)
    assert without_inputs(lived) == without_inputs(engine.read(case, at=at))


@thorough
@given(cases(), moments, moments)
def test_happenings_beyond_the_horizon_can_be_dropped_for_the_checkpoint(
    case: Case, one: datetime, other: datetime
) -> None:
    earlier, later = sorted([one, other])
    checkpoint = through_json(engine.read(case, at=earlier).checkpoint)
    horizon = earlier - timedelta(days=HORIZON_DAYS)
    left = tuple(one for one in case.happenings if one.occurred_at >= horizon)

    found = engine.read(replace(case, happenings=left), at=later, checkpoint=checkpoint)
    assert without_inputs(found) == without_inputs(engine.read(case, at=later))


@thorough
@given(cases(), moments)
def test_a_replay_gives_the_same_reading_and_the_same_hash(case: Case, at: datetime) -> None:
    again = Case(case.subject, dict(list(case.people.items())[::-1]), case.happenings[::-1], case.pairs)

    assert engine.read(again, at=at) == engine.read(case, at=at)


@thorough
@given(cases(), moments)
def test_a_score_is_a_share_and_level_3_is_for_people(case: Case, at: datetime) -> None:
    found = engine.read(case, at=at)

    assert 0 <= found.score <= 1
    assert found.level in {0, 1, 2}
    assert all(0 < reason.weight <= 1 for reason in found.reasons)
    assert found.stands_until > at


@thorough
@given(cases(), moments, st.sampled_from(MINORS), st.sampled_from(["block", "report"]))
def test_one_more_complaint_never_lowers_the_score(case: Case, at: datetime, by: str, kind: str) -> None:
    more = Happening("more", kind, by, ADULT, at)
    before = engine.read(case, at=at)
    after = engine.read(replace(case, happenings=(*case.happenings, more)), at=at)

    assert after.score >= before.score - 1e-6
    assert after.level >= before.level


@thorough
@given(cases(), moments)
def test_behaviour_alone_never_restricts(case: Case, at: datetime) -> None:
    people = {name: replace(one, is_linked_to_sanctioned=False) for name, one in case.people.items()}
    silent = tuple(one for one in case.happenings if one.kind not in {"block", "report"})
    found = engine.read(replace(case, people=people, happenings=silent), at=at)

    assert found.score <= 0.70
    assert found.level <= 1


@thorough
@given(cases(), moments)
def test_nothing_restricts_without_a_complaint_by_somebody_he_wrote_to(case: Case, at: datetime) -> None:
    people = {name: replace(one, is_linked_to_sanctioned=False) for name, one in case.people.items()}
    wrote_to = {one.target for one in case.happenings if one.actor == ADULT}
    ungrounded = tuple(
        one for one in case.happenings if one.kind not in {"block", "report"} or one.actor not in wrote_to
    )
    found = engine.read(replace(case, people=people, happenings=ungrounded), at=at)

    assert found.score <= 0.70
    assert found.level <= 1


@thorough
@given(cases(), moments)
def test_complaints_without_ground_never_limit_alone(case: Case, at: datetime) -> None:
    people = {name: replace(one, is_linked_to_sanctioned=False) for name, one in case.people.items()}
    idle = tuple(one for one in case.happenings if one.actor != ADULT)
    found = engine.read(replace(case, people=people, happenings=idle), at=at)

    assert found.score <= 0.35
    assert found.level == 0


@thorough
@given(cases(), moments)
def test_what_passes_between_a_pair_counts_for_nothing(case: Case, at: datetime) -> None:
    others = tuple(one for one in case.happenings if not {one.actor, one.target} & case.pairs)

    with_pairs = without_inputs(engine.read(case, at=at))
    apart = engine.read(replace(case, happenings=others), at=at)
    assert replace(with_pairs, checkpoint={}) == replace(without_inputs(apart), checkpoint={})


@thorough
@given(cases(), moments, st.integers(1, 400))
def test_a_level_stands_until_it_says(case: Case, at: datetime, hours: int) -> None:
    quiet = replace(case, happenings=tuple(one for one in case.happenings if one.occurred_at <= at))
    found = engine.read(quiet, at=at)
    later = at + timedelta(hours=hours)

    if later < found.stands_until:
        assert engine.read(quiet, at=later).level == found.level


@thorough
@given(cases(), moments)
def test_every_moment_that_spoke_against_him_is_told_in_order(case: Case, at: datetime) -> None:
    steps = list(engine.course(case, at=at))

    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert all(step.level >= 1 for step in steps if step.score >= engine.DEFAULTS["friction"])


@thorough
@given(cases(), moments, st.sampled_from(MINORS))
def test_a_forgotten_account_is_nowhere_in_the_checkpoint(case: Case, at: datetime, gone: str) -> None:
    checkpoint = engine.read(case, at=at + timedelta(days=TIE_DAYS)).checkpoint

    without = engine.forgotten(checkpoint, gone)
    assert f'"{gone}"' not in json.dumps(without)


def test_twenty_thousand_happenings_are_one_pass() -> None:
    """No timing decides: comparing each with each would run into the test's time limit."""
    count = 20_000
    people = {ADULT: Person("21_plus", OLD)} | {
        f"teen-{n}": Person("13_15", OLD, community=f"school-{n % 40}") for n in range(count // 2)
    }
    made = [
        Happening(f"h{n}", "report" if n % 2 else "contact", *_sides(n), day(n / count * 100), 0)
        for n in range(count)
    ]

    found = engine.read(Case(ADULT, people, tuple(made)), at=day(100))
    assert found.level == 2


def _sides(number: int) -> tuple[str, str]:
    other = f"teen-{number // 2}"
    return (other, ADULT) if number % 2 else (ADULT, other)
