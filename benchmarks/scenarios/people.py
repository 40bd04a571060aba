"""Who is there: 4 000 teens in 40 schools, and 8 000 adults."""

from __future__ import annotations

from random import Random

from benchmarks.scenarios.parameters import Role, Teens
from benchmarks.scenarios.shapes import Account, Truth
from benchmarks.scenarios.stage import Stage, between, joined, opaque


def add_teens(stage: Stage, teens: Teens, *, declared_adult: Role) -> list[str]:
    """Everybody who is a teen in truth; gives those who said that they are adults."""
    lying = set(stage.chance("who lies").sample(range(teens.count), declared_adult.count))
    device: dict[int, str] = {}
    for number in range(teens.count):
        chance, school = stage.chance("teen", number), number % teens.schools
        band = _one_of(chance, teens.bands)
        said = _one_of(chance, declared_adult.bands) if number in lying else band
        if school not in device or chance.random() > teens.shares_device:
            device[school] = opaque(stage.seed, "device of teen", number)
        account = Account(
            id=opaque(stage.seed, "teen", number),
            age_band=said,
            joined_on=joined(0, between(chance, teens.account_days)),
            region=f"region-{school % teens.regions}",
            community=community(school),
            device_cluster=device[school],
        )
        name = declared_adult.name if number in lying else "teens"
        stage.enter(account, Truth(name, is_minor=True, school=school))
        stage.pupils[school].append(account.id)
        if band == "16_17":
            stage.older_pupils[school].append(account.id)
    return [one for one, truth in stage.truths.items() if truth.role == declared_adult.name]


def add_adults(stage: Stage, role: Role, teens: Teens, *, first_days: list[float]) -> list[str]:
    """One account for each first day: a bad one is made for its first spell, the others were there before."""
    return [_adult(stage, role, teens, number, day) for number, day in enumerate(first_days)]


def _adult(stage: Stage, role: Role, teens: Teens, number: int, first_day: float) -> str:
    chance = stage.chance(role.name, "account", number)
    school = chance.randrange(teens.schools)
    account = Account(
        id=opaque(stage.seed, role.name, number),
        age_band=_one_of(chance, role.bands),
        joined_on=joined(first_day if role.is_bad else 0, between(chance, role.account_days)),
        region=f"region-{school % teens.regions}",
        community=community(school) if chance.random() < role.has_school else "",
        device_cluster=_device(stage, chance, role, number),
        role=role.declared_role if chance.random() < role.declared else "",
        is_linked_to_sanctioned=chance.random() < role.linked,
    )
    return stage.enter(account, Truth(role.name, is_bad=role.is_bad, school=school))


def _device(stage: Stage, chance: Random, role: Role, number: int) -> str:
    """A gang has two devices."""
    if role.gang == 1:
        return opaque(stage.seed, "device of", role.name, number)
    return opaque(stage.seed, "device of gang", role.name, number // role.gang, chance.randrange(2))


def community(school: int) -> str:
    return f"school-{school}"


def _one_of(chance: Random, shares: object) -> str:
    assert isinstance(shares, dict)
    return str(chance.choices(list(shares), list(shares.values()))[0])
