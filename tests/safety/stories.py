"""Makers of cases for the engine: an adult, minors around him, and what happens, told in short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from safety import engine
from safety.facts import Case, Happening, Person, Reading

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADULT = "adult"
OLD = datetime(2024, 1, 1, tzinfo=UTC).date()


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def teen(number: int, **known: object) -> Person:
    return replace(
        Person("13_15", OLD, community=f"school-{number}", device_cluster=f"phone-{number}"),
        **known,  # type: ignore[arg-type]  # Fields of a person.
    )


class Story:
    """`story.contacts(1, on=2)`: the adult writes to teen 1 on day 2."""

    def __init__(self, **adult: object) -> None:
        known = {"age_band": "21_plus", "joined_on": OLD, "device_cluster": "his phone"} | adult
        self.people: dict[str, Person] = {ADULT: Person(**known)}  # type: ignore[arg-type]  # Fields of a person.
        self.happenings: list[Happening] = []

    def knows(self, number: int, **known: object) -> str:
        name = f"teen-{number}"
        if name not in self.people or known:
            self.people[name] = teen(number, **known)
        return name

    def contacts(self, *numbers: int, on: float = 0, mutuals: int | None = 0, kind: str = "contact") -> None:
        for number in numbers:
            self.happens(kind, ADULT, self.knows(number), on, mutuals)

    def says(self, number: int, kind: str, *, on: float = 1) -> None:
        """What the teen does: reply, follow, contact, connect, block, report."""
        self.happens(kind, self.knows(number), ADULT, on)

    def happens(
        self,
        kind: str,
        actor: str,
        target: str | None,
        on: float,
        mutuals: int | None = None,
        labels: tuple[str, ...] = (),
    ) -> None:
        name = f"h{len(self.happenings):04}"
        self.happenings.append(Happening(name, kind, actor, target, day(on), mutuals, labels))

    def case(self, **more: object) -> Case:
        return Case(ADULT, self.people, tuple(self.happenings), **more)  # type: ignore[arg-type]  # Fields of a case.


def reading(story: Story, *, on: float, **more: object) -> Reading:
    return engine.read(story.case(**more), at=day(on))


def weights(found: Reading) -> dict[str, float]:
    return {reason.rule: reason.weight for reason in found.reasons}
