"""What a platform is answered: a table of who asks, whom it concerns, and where the adult among the two stands.

Read it aloud to check it. Nothing here says who was flagged: every stranger meets the same notice, and every denial of
an action has the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts.bands import is_minor, is_under_16

ALLOW, NOTICE, FRICTION, DENY = "allow", "notice", "friction", "deny"
DECISIONS = (ALLOW, NOTICE, FRICTION, DENY)

ACTIONS = ("message", "comment", "follow", "invite", "call", "recommend", "search", "view_connections")
# These reach somebody; the others only show.
REACHING = frozenset({"message", "comment", "follow", "invite", "call"})
# Nobody whom they aren't connected with may do this to people under 16.
PRIVATE = frozenset({"message", "invite", "call"})

DEFAULT, SLOWED, RESTRICTED, SANCTIONED = range(4)
# So many different minors a day may an adult under friction reach.
FRICTION_A_DAY = 3

# From which level on, whoever it is can't do this to a minor whom he isn't connected with.
_DENIED_FROM = {
    "message": RESTRICTED,
    "comment": RESTRICTED,
    "follow": RESTRICTED,
    "invite": RESTRICTED,
    "call": RESTRICTED,
    "recommend": SLOWED,
    "search": RESTRICTED,
    "view_connections": RESTRICTED,
}

# Seconds for which a platform may go on with an answer. Friction is counted, so each time is asked anew.
_TTL = {ALLOW: 60, NOTICE: 60, FRICTION: 0, DENY: 60}


@dataclass(frozen=True, slots=True)
class Question:
    """May the actor do this to the target? `level` is that of the adult among an adult and a minor, else 0."""

    action: str
    # None for an account that nobody told of: as an actor an adult, as a target under 16.
    actor_band: str | None
    target_band: str | None
    level: int = DEFAULT
    is_connected: bool = False
    is_pair: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    decision: str
    # For the platform's reviewers, who may read it beside the kept answer.
    cause: str


def verdict_on(asked: Question) -> Verdict:
    if asked.is_connected or asked.is_pair:
        return _among_friends(asked)
    if not concerns_minor(asked.target_band):
        return _shown_an_adult(asked)
    if asked.action in PRIVATE and (asked.target_band is None or is_under_16(asked.target_band)):
        return Verdict(DENY, "under_16")
    if asked.level >= _DENIED_FROM[asked.action]:
        return Verdict(DENY, "restricted")
    if asked.action not in REACHING:
        return Verdict(ALLOW, "open")
    return Verdict(FRICTION, "friction") if asked.level == SLOWED else Verdict(NOTICE, "stranger")


def concerns_minor(target_band: str | None) -> bool:
    """Whom nobody told of may be a child."""
    return target_band is None or is_minor(target_band)


def ttl(decision: str) -> int:
    return _TTL[decision]


def _among_friends(asked: Question) -> Verdict:
    """Only a person's sanction comes between two who know each other: towards the minor, and in what she is shown."""
    concerned = concerns_minor(asked.target_band) or _is_shown_to_minor(asked)
    if concerned and asked.level == SANCTIONED:
        return Verdict(DENY, "sanctioned")
    return Verdict(ALLOW, "connected")


def _shown_an_adult(asked: Question) -> Verdict:
    """An adult whose behaviour is suspicious is hidden from minors; between adults nothing is our business."""
    if _is_shown_to_minor(asked) and asked.level >= _DENIED_FROM[asked.action]:
        return Verdict(DENY, "hidden")
    return Verdict(ALLOW, "adult")


def _is_shown_to_minor(asked: Question) -> bool:
    by_minor = asked.actor_band is not None and is_minor(asked.actor_band)
    return by_minor and asked.action not in REACHING
