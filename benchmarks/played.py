"""From a played platform to what rules are given: each adult's case, and nothing of what is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from accounts.bands import is_minor
from benchmarks.scenarios.shapes import Account, Event, World
from safety.facts import Case, Happening, Person


def cases(world: World, *, with_labels: bool = False, honest: bool = False) -> Iterator[Case]:
    """One for each declared adult whom any minor met. `honest`: nobody gave a wrong age."""
    people = {name: _person(one) for name, one in world.accounts.items()}
    if honest:
        people |= {name: replace(people[name], age_band="13_15") for name in _lying(world)}
    mine: dict[str, list[Happening]] = defaultdict(list)
    for event in world.events:
        one, other = people[event.actor], people[event.target]
        if is_minor(one.age_band) != is_minor(other.age_band):
            adult = event.target if is_minor(one.age_band) else event.actor
            mine[adult].append(_happening(event, with_labels=with_labels))
    pairs: dict[str, set[str]] = defaultdict(set)
    for teen, adult in world.pairs:
        pairs[adult].add(teen)
    for adult, happenings in mine.items():
        yield Case(adult, people, tuple(happenings), frozenset(pairs[adult]))


def alone(case: Case) -> Case:
    """With only the people that it is about, as the portal gathers it."""
    names = {name for one in case.happenings for name in (one.actor, one.target) if name} | {case.subject}
    people = {name: case.people[name] for name in names}
    return Case(case.subject, people, case.happenings, case.pairs, case.tuned)


def _lying(world: World) -> Iterator[str]:
    for name, truth in world.truths.items():
        if truth.is_minor and not is_minor(world.accounts[name].age_band):
            yield name


def _person(one: Account) -> Person:
    return Person(
        age_band=one.age_band,
        joined_on=one.joined_on,
        region=one.region,
        community=one.community,
        device_cluster=one.device_cluster,
        role=one.role,
        is_linked_to_sanctioned=one.is_linked_to_sanctioned,
    )


def _happening(event: Event, *, with_labels: bool) -> Happening:
    return Happening(
        id=event.id,
        kind=event.kind,
        actor=event.actor,
        target=event.target,
        occurred_at=event.occurred_at,
        mutuals=event.mutuals,
        labels=event.labels if with_labels else (),
    )
