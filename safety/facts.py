"""What the engine is given and what it gives: plain values, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

HORIZON_DAYS = 120


@dataclass(frozen=True, slots=True)
class Happening:
    """An event between two accounts, named by any ids that tell them apart."""

    id: str
    kind: str
    actor: str
    target: str | None
    occurred_at: datetime
    mutuals: int | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of an account, as far as the rules ask."""

    age_band: str
    joined_on: date | None = None
    region: str = ""
    community: str = ""
    device_cluster: str = ""
    role: str = ""
    # Shares a device with an account that a person sanctioned.
    is_linked_to_sanctioned: bool = False
    # 1.0, lowered by people who found this account's reports unfounded.
    credit: float = 1.0


@dataclass(frozen=True, slots=True)
class Case:
    """All that a standing is read from. `people` holds the subject and everybody in the happenings."""

    subject: str
    people: Mapping[str, Person]
    happenings: tuple[Happening, ...]
    # Ids of minors with whom the subject is a verified pair.
    pairs: frozenset[str] = frozenset()
    # What the platform tuned, by name, within bounds.
    tuned: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """One capped piece of evidence."""

    rule: str
    weight: float
    expires_on: date
    # Numbers for the sentence that a reviewer reads: {"minors": 12, "days": 7}.
    facts: Mapping[str, float] = field(default_factory=dict)
    happenings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the subject stands at a time, and why."""

    level: int
    score: float
    reasons: tuple[Reason, ...]
    rule_version: str
    inputs_hash: str
    # When time alone may change the level.
    stands_until: datetime
    # What the fold needs to go on from here once older happenings are gone.
    checkpoint: Mapping[str, object]
    # A burst of reports that looks arranged: people must look before the score counts.
    is_burst: bool = False
    # When the newest such burst was, so that a person who looked after it needn't look again.
    burst_at: datetime | None = None
