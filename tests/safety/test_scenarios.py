"""The played platform on which rules are compared: repeatable, blind to the rules, and honest about who is who."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.scenarios import seeds
from benchmarks.scenarios.shapes import World
from benchmarks.scenarios.world import build

FOLDER = Path(__file__).parents[2] / "benchmarks" / "scenarios"
MINORS = {"under_13", "13_15", "16_17"}


@pytest.fixture(scope="module")
def world() -> World:
    return build(1)


def test_a_seed_gives_the_same_world_again(world: World) -> None:
    again = build(1)

    assert (again.events, again.accounts, again.truths) == (world.events, world.accounts, world.truths)
    assert again.events != build(2).events


def test_the_scenarios_know_nothing_of_the_rules() -> None:
    imported = [
        name
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    ]

    assert not [name for name in imported if name.split(".")[0] in {"safety", "accounts", "nudges", "django"}]


def test_everybody_of_the_cast_is_there(world: World) -> None:
    adults = Counter(truth.role for truth in world.truths.values() if not truth.is_minor)
    fakes = adults.pop("fakes")

    assert sum(adults.values()) == 8_000
    assert sum(truth.is_minor for truth in world.truths.values()) == 4_000
    assert sum(truth.is_bad for truth in world.truths.values()) == 32
    assert Counter(truth.attack for truth in world.truths.values())["brigaded"] == 40
    assert fakes == 40 * 8 + 20 * 6


def test_a_teen_who_lied_counts_as_an_adult(world: World) -> None:
    lying = [one for one, truth in world.truths.items() if truth.role == "teens_declared_adult"]

    assert len(lying) == 800
    assert not MINORS & {world.accounts[one].age_band for one in lying}


def test_events_come_in_order_and_stay_within_the_days(world: World) -> None:
    times = [event.occurred_at for event in world.events]

    assert times == sorted(times)
    assert world.starts_at <= times[0]
    assert times[-1] < world.ends_at
    assert len({event.id for event in world.events}) == len(world.events)


def test_nobody_innocent_is_bad_because_of_an_attack(world: World) -> None:
    attacked = [truth for truth in world.truths.values() if truth.attack]

    assert len(attacked) == 70
    assert not any(truth.is_bad for truth in attacked)


def test_what_is_reported_was_never_tuned_on() -> None:
    assert not set(seeds.DEVELOPMENT) & set(seeds.TEST)
