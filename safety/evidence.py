"""A case under pseudonyms, so that a person can judge it, and a machine read it again, without knowing who is who.

The subject is S, young people are T1, T2 … in the order in which they appear. Groups, devices and regions get names of
their own too. Names of happenings keep their order, by which the engine decides between two at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from safety import engine
from safety.facts import Case, Happening, Person, Reading
from safety.memory import Memory, kept, remembered

SUBJECT = "S"


@dataclass(frozen=True)
class Evidence:
    """All that the engine was given, and what it made of it."""

    at: datetime
    case: Case
    checkpoint: Mapping[str, object]
    inputs_hash: str
    reading: Mapping[str, object]


@dataclass(frozen=True)
class Replayed:
    """What the engine makes of the same evidence now."""

    reading: Reading
    # By the same rules. Where they changed since, the comparison says nothing.
    is_same_version: bool
    is_same: bool


def evidence_of(case: Case, *, at: datetime, checkpoint: Mapping[str, object]) -> Evidence:
    """What stands in for the case, with nobody's name in it."""
    names = _names(case, remembered(checkpoint))
    veiled = _veiled_case(case, names)
    veiled_checkpoint = kept(_veiled_memory(remembered(checkpoint), names)) if checkpoint else {}
    reading = engine.read(veiled, at=at, checkpoint=veiled_checkpoint or None)
    return Evidence(at, veiled, veiled_checkpoint, reading.inputs_hash, _summary(reading))


def replay(evidence: Evidence) -> Replayed:
    reading = engine.read(evidence.case, at=evidence.at, checkpoint=evidence.checkpoint or None)
    summary = _summary(reading)
    return Replayed(
        reading=reading,
        is_same_version=summary["rule_version"] == evidence.reading["rule_version"],
        is_same=reading.inputs_hash == evidence.inputs_hash and summary == evidence.reading,
    )


def as_json(evidence: Evidence) -> dict[str, Any]:
    case = evidence.case
    return {
        "at": evidence.at.isoformat(),
        # Lists, because a database may put the keys of an object in another order.
        "people": [[name, _person_row(person)] for name, person in case.people.items()],
        "happenings": [_happening_row(one) for one in case.happenings],
        "pairs": sorted(case.pairs),
        "tuned": dict(case.tuned),
        "checkpoint": evidence.checkpoint,
        "inputs_hash": evidence.inputs_hash,
        "reading": evidence.reading,
    }


def from_json(row: Mapping[str, Any]) -> Evidence:
    case = Case(
        subject=SUBJECT,
        people={name: _person(one) for name, one in row["people"]},
        happenings=tuple(map(_happening, row["happenings"])),
        pairs=frozenset(row["pairs"]),
        tuned=row["tuned"],
    )
    at = datetime.fromisoformat(row["at"])
    return Evidence(at, case, row["checkpoint"], row["inputs_hash"], row["reading"])


def _summary(reading: Reading) -> dict[str, object]:
    reasons = [
        {
            "rule": one.rule,
            "weight": one.weight,
            "expires_on": one.expires_on.isoformat(),
            "facts": dict(one.facts),
            "happenings": list(one.happenings),
        }
        for one in reading.reasons
    ]
    return {
        "level": reading.level,
        "score": reading.score,
        "reasons": reasons,
        "rule_version": reading.rule_version,
        "is_burst": reading.is_burst,
    }


@dataclass(frozen=True)
class _Names:
    people: Mapping[str, str]
    happenings: Mapping[str, str]
    groups: Mapping[str, str]
    devices: Mapping[str, str]
    regions: Mapping[str, str]

    def voter(self, key: str) -> str:
        """A vote is kept under a device, or under a person where none is known."""
        return self.devices.get(key) or self.people.get(key, "")


def _names(case: Case, memory: Memory) -> _Names:
    in_order = sorted(case.happenings, key=lambda one: (one.occurred_at, one.id))
    seen = dict.fromkeys([*_remembered_people(memory), *_sides(in_order), *sorted(case.people)])
    people = {case.subject: SUBJECT}
    for name in seen:
        if name and name not in people:
            people[name] = f"T{len(people)}"
    persons = [case.people[name] for name in people if name in case.people]
    ids = sorted({one.id for one in in_order} | set(_remembered_happenings(memory)))
    complaints, openings = memory.recent, memory.openings
    groups = [*(one.community for one in openings), *(one.community for one in complaints)]
    # A vote that nobody who is known cast was cast by a device.
    devices = [*(one.device for one in complaints), *(key for key in memory.votes if key not in people)]
    return _Names(
        people=people,
        happenings={name: f"E{place:06}" for place, name in enumerate(ids, start=1)},
        groups=_numbered("group-", [*groups, *(one.community for one in persons)]),
        devices=_numbered("device-", [*devices, *(one.device_cluster for one in persons)]),
        regions=_numbered("region-", [one.region for one in persons]),
    )


def _numbered(prefix: str, names: Iterable[str]) -> dict[str, str]:
    return {
        name: f"{prefix}{place}" for place, name in enumerate(filter(None, dict.fromkeys(names)), start=1)
    }


def _sides(happenings: Iterable[Happening]) -> Iterator[str]:
    for one in happenings:
        yield one.actor
        if one.target is not None:
            yield one.target


def _remembered_people(memory: Memory) -> list[str]:
    openings = [one.minor for one in memory.openings]
    return [*memory.ties, *openings, *memory.labelled, *(one.minor for one in memory.recent)]


def _remembered_happenings(memory: Memory) -> Iterator[str]:
    if memory.last[1]:
        yield memory.last[1]
    yield from (one.id for one in memory.openings)
    yield from (vote.id for vote in memory.votes.values())
    yield from (name for _at, name in memory.labelled.values())


def _veiled_case(case: Case, names: _Names) -> Case:
    return Case(
        subject=SUBJECT,
        people={names.people[name]: _veiled_person(one, names) for name, one in case.people.items()},
        happenings=tuple(_veiled_happening(one, names) for one in case.happenings),
        pairs=frozenset(names.people[one] for one in case.pairs if one in names.people),
        tuned=dict(case.tuned),
    )


def _veiled_person(one: Person, names: _Names) -> Person:
    return replace(
        one,
        region=names.regions.get(one.region, ""),
        community=names.groups.get(one.community, ""),
        device_cluster=names.devices.get(one.device_cluster, ""),
    )


def _veiled_happening(one: Happening, names: _Names) -> Happening:
    target = None if one.target is None else names.people[one.target]
    return replace(one, id=names.happenings[one.id], actor=names.people[one.actor], target=target)


def _veiled_memory(memory: Memory, names: _Names) -> Memory:
    """The same, in place: it was made for this."""
    people, happenings = names.people, names.happenings
    memory.last = (memory.last[0], happenings.get(memory.last[1], ""))
    memory.ties = {people[name]: tie for name, tie in memory.ties.items()}
    memory.votes = {names.voter(key): vote for key, vote in memory.votes.items()}
    memory.labelled = {people[name]: (at, happenings[id_]) for name, (at, id_) in memory.labelled.items()}
    for vote in memory.votes.values():
        vote.id = happenings[vote.id]
    for opening in memory.openings:
        opening.id, opening.minor = happenings[opening.id], people.get(opening.minor, "")
        opening.community = names.groups.get(opening.community, "")
    for complaint in memory.recent:
        complaint.minor = people.get(complaint.minor, "")
        complaint.device = names.devices.get(complaint.device, "")
        complaint.community = names.groups.get(complaint.community, "")
    return memory


def _person_row(person: Person) -> dict[str, Any]:
    return {**asdict(person), "joined_on": person.joined_on.isoformat() if person.joined_on else None}


def _person(row: Mapping[str, Any]) -> Person:
    joined_on = row["joined_on"]
    return Person(**{**row, "joined_on": date.fromisoformat(joined_on) if joined_on else None})


def _happening_row(one: Happening) -> list[Any]:
    return [
        one.id,
        one.kind,
        one.actor,
        one.target,
        one.occurred_at.isoformat(),
        one.mutuals,
        list(one.labels),
    ]


def _happening(row: list[Any]) -> Happening:
    name, kind, actor, target, occurred_at, mutuals, labels = row
    return Happening(name, kind, actor, target, datetime.fromisoformat(occurred_at), mutuals, tuple(labels))
