"""The numbers of the rules, and how far a platform may move them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from safety.errors import BadTuning


@dataclass(frozen=True, slots=True)
class Tuned:
    """Weights are shares of certainty, 0 to 1; everything else says its unit."""

    # Where levels begin and end.
    friction: float = 0.50
    restrict: float = 0.75
    leave_friction: float = 0.35
    leave_restrict: float = 0.55
    friction_days: float = 14.0
    restrict_days: float = 30.0
    # What minors say themselves.
    block: float = 0.22
    report: float = 0.45
    half_life_days: float = 30.0
    # Blocks that anybody meets who writes to many, as a share of the minors beyond the first twenty; never more is
    # taken off than leaves this share of the evidence.
    background: float = 0.03
    least_left: float = 0.50
    # A share of objecting minors that is too large for chance, and what is left of behaviour that hardly any mind.
    objectors: float = 0.60
    unminded: float = 0.60
    # What the adult does.
    velocity: float = 0.45
    velocity_from: float = 5.0
    unanswered: float = 0.30
    scattered: float = 0.20
    entering: float = 0.40
    no_mutuals: float = 0.15
    new_account: float = 0.20
    region: float = 0.0
    labels: float = 0.40
    # What is known from before.
    linked: float = 0.60


DEFAULTS: Mapping[str, float] = {one.name: float(one.default) for one in fields(Tuned)}  # type: ignore[arg-type]  # Floats, all.

# Lowest and highest. `restrict` can't go below what behaviour and unprompted complaints can reach together, so that
# no platform can limit somebody without a grounded complaint.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "friction": (0.40, 0.65),
    "restrict": (0.75, 0.90),
    "leave_friction": (0.20, 0.40),
    "leave_restrict": (0.45, 0.70),
    "friction_days": (3, 30),
    "restrict_days": (7, 60),
    "block": (0.10, 0.40),
    "report": (0.25, 0.60),
    "half_life_days": (14, 60),
    "background": (0.0, 0.06),
    "least_left": (0.25, 1.0),
    "objectors": (0.0, 0.60),
    "unminded": (0.40, 1.0),
    "velocity": (0.0, 0.45),
    "velocity_from": (3, 20),
    "unanswered": (0.0, 0.30),
    "scattered": (0.0, 0.20),
    "entering": (0.0, 0.40),
    "no_mutuals": (0.0, 0.15),
    "new_account": (0.0, 0.20),
    "region": (0.0, 0.15),
    "labels": (0.0, 0.40),
    "linked": (0.30, 0.70),
}


def tuned(changes: Mapping[str, float]) -> Tuned:
    """The defaults with a platform's changes.

    Raises BadTuning if a name is unknown, a value lies out of bounds, or a level would end above where it begins.
    """
    for name, value in changes.items():
        if name not in BOUNDS:
            raise BadTuning(name, f"There is no {name}. There are: {', '.join(BOUNDS)}.")
        low, high = BOUNDS[name]
        if not low <= value <= high:
            raise BadTuning(name, f"{name} may be {low:g} to {high:g}.")
    made = Tuned(**changes)
    for leaves, enters in (("leave_friction", "friction"), ("leave_restrict", "restrict")):
        if getattr(made, leaves) >= getattr(made, enters):
            raise BadTuning(leaves, f"{leaves} must be lower than {enters}.")
    return made
