"""What a flag keeps names nobody, and is read as what really happened was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given

from safety import engine
from safety.evidence import SUBJECT, as_json, evidence_of, from_json, replay
from safety.facts import Case, Reading
from tests.safety.stories import Story, day
from tests.safety.test_engine_properties import cases, moments, thorough, through_json


def outcome(reading: Reading) -> tuple[object, ...]:
    told = [(one.rule, one.weight, one.expires_on, dict(one.facts)) for one in reading.reasons]
    return reading.level, reading.score, told, reading.is_burst, reading.burst_at, reading.stands_until


@thorough
@given(cases(), moments)
def test_under_pseudonyms_the_engine_reads_the_same(case: Case, at: datetime) -> None:
    evidence = evidence_of(case, at=at, checkpoint={})
    assert outcome(replay(evidence).reading) == outcome(engine.read(case, at=at))


@thorough
@given(cases(), moments, moments)
def test_so_it_does_from_a_checkpoint(case: Case, one: datetime, other: datetime) -> None:
    early, late = sorted((one, other))
    checkpoint = engine.read(case, at=early).checkpoint
    evidence = evidence_of(case, at=late, checkpoint=checkpoint)
    assert outcome(replay(evidence).reading) == outcome(engine.read(case, at=late, checkpoint=checkpoint))


@thorough
@given(cases(), moments)
def test_kept_and_taken_out_again_it_is_the_same_evidence(case: Case, at: datetime) -> None:
    evidence = evidence_of(case, at=at, checkpoint=engine.read(case, at=at - timedelta(days=130)).checkpoint)
    again = from_json(through_json(as_json(evidence)))
    assert replay(again).is_same
    assert replay(again).is_same_version


def hunter() -> Case:
    story = Story(region="north")
    story.contacts(*range(1, 12), on=1)
    for number in (1, 2, 3):
        story.says(number, "report", on=2)
    return story.case()


def names_in(case: Case) -> set[str]:
    people = case.people.values()
    told = {one.community for one in people} | {one.device_cluster for one in people} | {"north"}
    return {*case.people, *(one.id for one in case.happenings), *told} - {""}


def test_nobodys_name_is_kept() -> None:
    case = hunter()
    checkpoint = engine.read(case, at=day(200)).checkpoint
    assert checkpoint, "There is something to forget."
    kept = json.dumps(as_json(evidence_of(case, at=day(3), checkpoint={})))
    kept += json.dumps(as_json(evidence_of(case, at=day(201), checkpoint=checkpoint)))
    assert [name for name in names_in(case) if f'"{name}"' in kept] == []


def test_people_are_numbered_as_they_appear() -> None:
    evidence = evidence_of(hunter(), at=day(3), checkpoint={})
    assert evidence.case.subject == SUBJECT
    first = min(evidence.case.happenings, key=lambda one: (one.occurred_at, one.id))
    assert (first.actor, first.target) == ("S", "T1")
    assert set(evidence.case.people) == {"S", *(f"T{number}" for number in range(1, 12))}


def test_evidence_that_was_changed_is_told() -> None:
    evidence = evidence_of(hunter(), at=day(3), checkpoint={})
    assert replay(evidence).is_same
    fewer = replace(evidence, case=replace(evidence.case, happenings=evidence.case.happenings[:-1]))
    assert not replay(fewer).is_same
