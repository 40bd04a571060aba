"""What comes of it when somebody writes to a teen: an answer, a friendship, a block, a report, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.scenarios.parameters import Role, Spell
from benchmarks.scenarios.stage import DAYS, Stage, between, log_normal, told_mutuals

# How somebody approaches: most write, some follow, some comment.
_WAYS = {"contact": 0.7, "follow": 0.2, "comment": 0.1}
# Teens who come first follow rather than write.
_TEEN_WAYS = {"follow": 0.6, "contact": 0.4}
_LABELS = ("off_platform", "secrecy", "photo_request", "gift_card")
_HOUR = 1 / 24
_TRIES = 5


@dataclass
class Actor:
    """An adult, or a teen who counts as one, while the days go by."""

    id: str
    role: Role
    school: int
    chance: Random
    friends_made: int = 0


def play(stage: Stage, actor: Actor, *, first_days: list[float]) -> None:
    days = sorted(
        day
        for spell, first in zip(_each_time(actor.role, len(first_days)), first_days, strict=True)
        for day in _days(actor.chance, spell, first)
    )
    for day in days:
        teen = _chosen(stage, actor)
        if teen is not None:
            stage.met[actor.id].add(teen)
            _meet(stage, actor, teen, day)


def first_days(chance: Random, role: Role) -> list[float]:
    """When each spell begins. Empty for somebody who never writes to minors."""
    if chance.random() > role.active:
        return []
    return [
        between(chance, spell.starts)
        for spell in role.spells
        for _ in range(round(between(chance, spell.times)))
    ]


def _each_time(role: Role, count: int) -> list[Spell]:
    """The spells as `first_days` drew them: only the first of a role comes more than once."""
    rest = list(role.spells[1:])
    return [role.spells[0]] * (count - len(rest)) + rest


def _days(chance: Random, spell: Spell, first: float) -> list[float]:
    length = between(chance, spell.days)
    count = round(log_normal(chance, spell.contacts, spell.spread))
    return [day for day in (first + chance.uniform(0, length) for _ in range(count)) if day < DAYS]


def _chosen(stage: Stage, actor: Actor) -> str | None:
    for _ in range(_TRIES):
        at_home = actor.chance.random() < actor.role.own_school
        school = actor.school if at_home else actor.chance.randrange(len(stage.pupils))
        prefers_older = actor.role.older is not None and actor.chance.random() < actor.role.older
        among = (stage.older_pupils if prefers_older else stage.pupils)[school]
        teen = actor.chance.choice(among)
        if teen != actor.id and teen not in stage.met[actor.id]:
            return teen
    return None


def _meet(stage: Stage, actor: Actor, teen: str, day: float) -> None:
    chance, role = actor.chance, actor.role
    mutuals = told_mutuals(chance, has_none=chance.random() < _share_without_mutuals(actor))
    if chance.random() < role.verified:
        stage.pairs.add((teen, actor.id))
    teen_wrote = _approach(stage, actor, teen, day, mutuals)
    is_warm = teen_wrote or chance.random() < role.answered
    if is_warm:
        _talk(stage, actor, teen, day + _delay(chance, 2), teen_wrote=teen_wrote)
    elif chance.random() < role.again:
        stage.happen("contact", actor.id, teen, day + _delay(chance, 48), mutuals=mutuals)
    _object(stage, actor, teen, day, is_warm=is_warm)


def _approach(stage: Stage, actor: Actor, teen: str, day: float, mutuals: int | None) -> bool:
    """Whether it was the teen who wrote."""
    chance = actor.chance
    if chance.random() >= actor.role.teen_first:
        stage.happen(_way(chance, _WAYS), actor.id, teen, day, mutuals=mutuals)
        return False
    way = _way(chance, _TEEN_WAYS)
    stage.happen(way, teen, actor.id, day - _delay(chance, 12), mutuals=mutuals)
    stage.happen("reply" if way == "contact" else "contact", actor.id, teen, day, mutuals=mutuals)
    return way == "contact"


def _talk(stage: Stage, actor: Actor, teen: str, day: float, *, teen_wrote: bool) -> None:
    chance, role = actor.chance, actor.role
    stage.happen("reply", teen, actor.id, day)
    labels = (chance.choice(_LABELS),) if chance.random() < role.labelled else ()
    stage.happen("reply", actor.id, teen, day + _delay(chance, 6), labels=labels)
    if chance.random() < role.connects:
        actor.friends_made += 1
        asks, asked = (teen, actor.id) if teen_wrote else (actor.id, teen)
        stage.happen("connect", asks, asked, day + _delay(chance, 12))


def _object(stage: Stage, actor: Actor, teen: str, day: float, *, is_warm: bool) -> None:
    chance, told = actor.chance, actor.role.objections
    block, report, hours = (
        (told.warm_block, told.warm_report, told.warm_hours)
        if is_warm
        else (told.cold_block, told.cold_report, told.cold_hours)
    )
    if chance.random() < block:
        stage.happen("block", teen, actor.id, day + _delay(chance, hours))
    if chance.random() < report:
        stage.happen("report", teen, actor.id, day + _delay(chance, hours))


def _share_without_mutuals(actor: Actor) -> float:
    role = actor.role
    if not role.mutuals_grow:
        return role.no_mutuals
    return role.no_mutuals * 2 ** (-actor.friends_made / role.mutuals_grow)


def _way(chance: Random, shares: dict[str, float]) -> str:
    return chance.choices(list(shares), list(shares.values()))[0]


def _delay(chance: Random, hours: float) -> float:
    """In days. Most come sooner than the mean, some much later."""
    return log_normal(chance, hours, 1.0) * _HOUR
