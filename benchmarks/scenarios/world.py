"""A seed in, ninety days of a platform out."""

from __future__ import annotations

from benchmarks.scenarios import parameters
from benchmarks.scenarios.arranged import attack
from benchmarks.scenarios.meetings import Actor, first_days, play
from benchmarks.scenarios.parameters import Role
from benchmarks.scenarios.people import add_adults, add_teens
from benchmarks.scenarios.shapes import World
from benchmarks.scenarios.stage import Stage


def build(seed: int) -> World:
    """The same seed gives the same world, to the second."""
    stage, teens = Stage(seed), parameters.teens()
    adults, lying = _apart(parameters.roles())
    declared = add_teens(stage, teens, declared_adult=lying)
    _act(stage, lying, declared, [_first_days(stage, lying, number) for number in range(len(declared))])
    for role in adults:
        days = [_first_days(stage, role, number) for number in range(role.count)]
        entered = add_adults(stage, role, teens, first_days=[min(those, default=0.0) for those in days])
        _act(stage, role, entered, days)
    for plan in parameters.attacks():
        attack(stage, plan, teens)
    return stage.world()


def _apart(roles: tuple[Role, ...]) -> tuple[list[Role], Role]:
    (lying,) = (role for role in roles if role.is_minor)
    return [role for role in roles if not role.is_minor], lying


def _first_days(stage: Stage, role: Role, number: int) -> list[float]:
    return first_days(stage.chance(role.name, "days", number), role)


def _act(stage: Stage, role: Role, entered: list[str], days: list[list[float]]) -> None:
    for number, (account, those) in enumerate(zip(entered, days, strict=True)):
        if those:
            chance = stage.chance(role.name, "acts", number)
            play(stage, Actor(account, role, stage.truths[account].school, chance), first_days=those)
