"""What is done to adults who did nothing: fakes that report, fakes that bait, pupils who agree to report."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from benchmarks.scenarios.parameters import Attack, Teens
from benchmarks.scenarios.people import community
from benchmarks.scenarios.shapes import Account, Truth
from benchmarks.scenarios.stage import DAYS, Stage, between, joined, opaque

_FIRST_DAY, _LAST_DAY = 10.0, DAYS - 20
_AFTER_BURST = 50.0


def attack(stage: Stage, plan: Attack, teens: Teens) -> None:
    chance = stage.chance(plan.name)
    innocent = [one for one, truth in stage.truths.items() if truth.role in plan.on and not truth.attack]
    for number, victim in enumerate(chance.sample(innocent, plan.victims)):
        stage.truths[victim] = replace(stage.truths[victim], attack=plan.name)
        if plan.name == "colluded_against":
            _collude(stage, plan, victim, stage.chance(plan.name, number))
        else:
            _fake(stage, plan, teens, victim, stage.chance(plan.name, number))


def _collude(stage: Stage, plan: Attack, victim: str, chance: Random) -> None:
    day = chance.uniform(_AFTER_BURST, _LAST_DAY)
    pupils = [one for one in sorted(stage.met[victim]) if stage.truths[one].role == "teens"]
    for pupil in chance.sample(pupils, min(plan.by, len(pupils))):
        _complain(stage, plan, pupil, victim, chance, day + chance.uniform(0, plan.days))


def _fake(stage: Stage, plan: Attack, teens: Teens, victim: str, chance: Random) -> None:
    day = chance.uniform(_FIRST_DAY, _LAST_DAY)
    counts, shares = zip(*plan.devices, strict=True)
    devices = int(chance.choices(counts, shares)[0])
    for number in range(plan.by):
        fake = _new_fake(stage, plan, teens, chance, (victim, number), device=number % devices, day=day)
        at = day + chance.uniform(0, plan.days)
        if chance.random() < plan.writes_first:
            stage.happen("contact", fake, victim, at - chance.uniform(0.1, 0.6), mutuals=0)
            if chance.random() < plan.is_answered:
                stage.happen("reply", victim, fake, at - chance.uniform(0.01, 0.1))
        _complain(stage, plan, fake, victim, chance, at)


def _new_fake(
    stage: Stage,
    plan: Attack,
    teens: Teens,
    chance: Random,
    name: tuple[str, int],
    *,
    device: int,
    day: float,
) -> str:
    school = chance.randrange(teens.schools)
    account = Account(
        id=opaque(stage.seed, plan.name, *name),
        age_band=chance.choice(("13_15", "16_17")),
        joined_on=joined(day, between(chance, plan.account_days)),
        region=f"region-{school % teens.regions}",
        community=community(school),
        device_cluster=opaque(stage.seed, "device of", plan.name, name[0], device),
    )
    return stage.enter(account, Truth("fakes", school=school))


def _complain(stage: Stage, plan: Attack, by: str, about: str, chance: Random, day: float) -> None:
    reports = chance.random() < plan.reports
    stage.happen("report" if reports else "block", by, about, day)
