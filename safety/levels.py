"""How a score becomes a level. It rises with evidence only; it falls at midnight (UTC), by score or because its term is over."""

from __future__ import annotations

from safety.memory import DAY
from safety.tuning import Tuned

DEFAULT, FRICTION, RESTRICT = 0, 1, 2


def raised(level: int, until: float, *, score: float, at: float, tuned: Tuned) -> tuple[int, float]:
    """After something that speaks against the adult. A level that holds begins its term anew."""
    if score >= tuned.restrict:
        return RESTRICT, at + tuned.restrict_days * DAY
    if score >= tuned.friction and level <= FRICTION:
        return FRICTION, at + tuned.friction_days * DAY
    return level, until


def at_midnight(
    level: int, until: float, *, score: float, complaints: float, at: float, tuned: Tuned
) -> tuple[int, float]:
    """A restriction ends with its term, unless a person confirms it elsewhere; then friction is next, if the score asks for it.

    Friction goes on beyond its term while what minors said is by itself enough for it.
    """
    if level == RESTRICT and (at >= until or score < tuned.leave_restrict):
        level, until = FRICTION, at + tuned.friction_days * DAY
    is_over = at >= until and complaints < tuned.friction
    if level == FRICTION and (is_over or score < tuned.leave_friction):
        return DEFAULT, 0.0
    return level, until
