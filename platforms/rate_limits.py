"""How much of something a key may use in a minute, and how much of it one process has taken for itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

WINDOW_SECONDS = 60
# A process takes a hundredth of the quota at a time: a hundred looks at the shared cache a minute at most, and no more
# than that hundredth left unused by each process.
_LEASES = 100


@dataclass(frozen=True)
class Limit:
    """So many of a unit in each minute of the clock."""

    name: str
    unit: str
    quota: int

    @property
    def lease(self) -> int:
        return max(1, self.quota // _LEASES)

    def policy(self) -> str:
        """As in the IETF's draft of RateLimit fields."""
        return f'"{self.name}";q={self.quota};w={WINDOW_SECONDS};qu="{self.unit}"'


@dataclass(frozen=True)
class Allowance:
    """Whether it may be done now, and what is left of the window's quota as far as this process knows."""

    limit: Limit
    is_granted: bool
    remaining: int
    resets_in: int

    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": self.limit.policy(),
            "RateLimit": f'"{self.limit.name}";r={self.remaining};t={self.resets_in}',
        }


def window_of(now: float) -> int:
    return int(now // WINDOW_SECONDS)


def resets_in(now: float) -> int:
    """Whole seconds until the next window, at least one."""
    return WINDOW_SECONDS - int(now % WINDOW_SECONDS)


@dataclass
class Share:
    """What one process holds of one key's quota in one window. Whoever changes it holds its lock."""

    window: int = -1
    leased: int = 0
    # What all processes together had claimed when this one last looked.
    claimed: int = 0
    lock: Lock = field(default_factory=Lock)

    def enter(self, window: int) -> None:
        """What was left of another window is worth nothing in this one, also after the clock was set back."""
        if window != self.window:
            self.window, self.leased, self.claimed = window, 0, 0

    def may_claim(self, limit: Limit) -> bool:
        return self.claimed < limit.quota

    def add_claim(self, *, asked: int, claimed: int, limit: Limit) -> None:
        """All claims together now reach `claimed`, the last of them ours; what lies above the quota is worth nothing."""
        self.leased += max(0, asked - max(0, claimed - limit.quota))
        self.claimed = claimed

    def spend(self, cost: int) -> bool:
        if self.leased < cost:
            return False
        self.leased -= cost
        return True

    def remaining(self, limit: Limit) -> int:
        return max(0, limit.quota - self.claimed) + self.leased
