"""What the fold remembers of an adult between two happenings, and how that is kept once the happenings are gone."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DAY = 86_400.0
# What lies further back between two people is forgotten: writing again begins anew.
TIE_DAYS = 120
WANTED_DAYS = 30


@dataclass(slots=True)
class Tie:
    """What is between the adult and one minor."""

    adult_began: bool
    # The last time that anything passed between them.
    last: float
    # The last time that the adult did something; None while only the minor has.
    adult_at: float | None = None
    connected_at: float | None = None
    minor_asked: bool = False

    def is_alive(self, at: float) -> bool:
        return self.connected_at is not None or at - self.last <= TIE_DAYS * DAY

    def is_long_wanted(self, at: float) -> bool:
        """The minor asked to be connected, and has wanted it since."""
        return (
            self.minor_asked and self.connected_at is not None and at - self.connected_at >= WANTED_DAYS * DAY
        )


@dataclass(slots=True)
class Opening:
    """The adult turned to a minor with whom there was nothing."""

    at: float
    id: str
    minor: str
    # Half for near peers.
    weight: float
    # Friends whom both have, where the platform says.
    mutuals: int | None
    community: str
    # Whether the minor lives in another region, where both are known.
    is_far: bool | None
    is_answered: bool = False
    is_ripe: bool = False


@dataclass(slots=True)
class Vote:
    """The strongest thing that one minor, or one device, said against the adult."""

    at: float
    id: str
    weight: float
    # What came before it: a key of complaints.GROUNDS.
    ground: str
    is_report: bool


@dataclass(slots=True)
class Complaint:
    """A block or report of the last days, as the burst alarm needs it."""

    at: float
    minor: str
    device: str
    community: str
    is_report: bool
    is_doubtful: bool
    is_late: bool


@dataclass(slots=True)
class Memory:
    # The last happening that was folded in.
    last: tuple[float, str] = (0.0, "")
    # The last midnight that was looked at.
    ticked: float = 0.0
    level: int = 0
    # When the level ends if nothing new comes.
    level_until: float = 0.0
    ties: dict[str, Tie] = field(default_factory=dict)
    openings: deque[Opening] = field(default_factory=deque)
    # When the openings were last counted.
    counted_at: float = 0.0
    # The busiest week that still counts: its number of strangers, and when it ended.
    peak: float = 0.0
    peak_at: float = 0.0
    # By device, else by minor; in the order in which they were cast.
    votes: dict[str, Vote] = field(default_factory=dict)
    # Minors whom the adult wrote to, by day.
    reached: dict[int, float] = field(default_factory=dict)
    # When a message to this minor was last labelled.
    labelled: dict[str, tuple[float, str]] = field(default_factory=dict)
    recent: deque[Complaint] = field(default_factory=deque)
    burst_at: float | None = None


def kept(memory: Memory) -> dict[str, object]:
    """As JSON, without what can't matter any more. Pairs and no objects: PostgreSQL puts an object's keys in another order."""
    at = memory.last[0]
    return {
        "last": list(memory.last),
        "ticked": memory.ticked,
        "level": memory.level,
        "level_until": memory.level_until,
        "ties": [[minor, _row(tie)] for minor, tie in memory.ties.items() if tie.is_alive(at)],
        "openings": [_row(one) for one in memory.openings],
        "counted_at": memory.counted_at,
        "peak": memory.peak,
        "peak_at": memory.peak_at,
        "votes": [[key, _row(vote)] for key, vote in memory.votes.items()],
        "reached": [[day, count] for day, count in memory.reached.items()],
        "labelled": [[minor, list(one)] for minor, one in memory.labelled.items()],
        "recent": [_row(one) for one in memory.recent],
        "burst_at": memory.burst_at,
    }


def remembered(kept_as: Mapping[str, Any] | None) -> Memory:
    if not kept_as:
        return Memory()
    at, last_id = kept_as["last"]
    return Memory(
        last=(at, last_id),
        ticked=kept_as["ticked"],
        level=kept_as["level"],
        level_until=kept_as["level_until"],
        ties={minor: Tie(*row) for minor, row in kept_as["ties"]},
        openings=deque(Opening(*row) for row in kept_as["openings"]),
        counted_at=kept_as["counted_at"],
        peak=kept_as["peak"],
        peak_at=kept_as["peak_at"],
        votes={key: Vote(*row) for key, row in kept_as["votes"]},
        reached={int(day): count for day, count in kept_as["reached"]},
        labelled={minor: (row[0], row[1]) for minor, row in kept_as["labelled"]},
        recent=deque(Complaint(*row) for row in kept_as["recent"]),
        burst_at=kept_as["burst_at"],
    )


def _row(one: Tie | Opening | Vote | Complaint) -> list[object]:
    return [getattr(one, name) for name in one.__slots__]
