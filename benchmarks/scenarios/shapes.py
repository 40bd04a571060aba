"""What a played platform consists of. What is true of an account stands apart from what its platform says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Account:
    """What the platform tells."""

    id: str
    age_band: str
    joined_on: date
    region: str
    community: str
    device_cluster: str
    role: str = ""
    is_linked_to_sanctioned: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    kind: str
    actor: str
    target: str
    occurred_at: datetime
    mutuals: int | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """What nobody on the platform knows."""

    role: str
    is_bad: bool = False
    is_minor: bool = False
    school: int = 0
    # What is done to this adult, who did nothing: "brigaded", "baited" or "colluded_against".
    attack: str = ""


@dataclass(frozen=True, slots=True)
class World:
    seed: int
    starts_at: datetime
    ends_at: datetime
    accounts: Mapping[str, Account]
    truths: Mapping[str, Truth]
    # In the order in which they happened.
    events: tuple[Event, ...]
    # (teen, adult) whom the platform verified as belonging together.
    pairs: frozenset[tuple[str, str]]
