"""How urgent a case is, from structured answers only. Facts in, a score and its reasons out."""

from __future__ import annotations

from dataclasses import dataclass

# Danger weighs more than all the rest together, and a time that ends tomorrow or sooner more than all below it.
_DANGER = 4_000
_DEADLINE = {"hours": 2_000, "today": 1_600, "tomorrow": 1_200, "this_week": 800, "unknown": 600}
_THREATENED_WITHOUT_A_TIME = 600
_BREACH = 500
_UNDER_13 = 350
_POSTED = 120

# From this score on a case is of the level. A threat that names a time is high by itself.
LEVELS = (("danger", _DANGER), ("high", _THREATENED_WITHOUT_A_TIME), ("raised", _POSTED), ("usual", 0))


@dataclass(frozen=True)
class Answers:
    in_danger: bool = False
    threatened: bool = False
    deadline: str = ""
    age_band: str = "unknown"
    posted: str = "unknown"
    # A platform let the 48 hours pass.
    breached: bool = False


@dataclass(frozen=True)
class Reason:
    """One thing that puts a case where it stands, and what it weighs."""

    name: str
    weight: int


def reasons(answers: Answers) -> list[Reason]:
    """What counts, the weightiest first."""
    found = [
        Reason("danger", _DANGER * answers.in_danger),
        _threat(answers),
        Reason("breach", _BREACH * answers.breached),
        Reason("under_13", _UNDER_13 * (answers.age_band == "under_13")),
        Reason("posted", _POSTED * (answers.posted == "yes")),
    ]
    return [reason for reason in found if reason.weight]


def score(answers: Answers) -> int:
    return sum(reason.weight for reason in reasons(answers))


def level(risk: int) -> str:
    return next(name for name, least in LEVELS if risk >= least)


def bounds(name: str) -> tuple[int, int]:
    """The scores of a level: from, and up to but without."""
    names = [level_name for level_name, _least in LEVELS]
    place = names.index(name)
    upper = LEVELS[place - 1][1] if place else 32_768
    return LEVELS[place][1], upper


def _threat(answers: Answers) -> Reason:
    if answers.deadline:
        return Reason(f"deadline_{answers.deadline}", _DEADLINE[answers.deadline])
    return Reason("threatened", _THREATENED_WITHOUT_A_TIME * answers.threatened)
