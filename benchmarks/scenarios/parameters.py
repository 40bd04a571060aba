"""The figures of each role and each attack, read from a file of its own. The files say where a figure comes from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Spell:
    """A stretch of days in which minors are written to."""

    # How many, as a log-normal's median and spread.
    contacts: float
    spread: float
    starts: tuple[int, int]
    days: tuple[int, int]
    times: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Objections:
    """How often a minor who was written to blocks or reports: without having answered, and after."""

    cold_block: float
    cold_report: float
    warm_block: float
    warm_report: float
    cold_hours: float = 4.0
    warm_hours: float = 48.0


@dataclass(frozen=True)
class Role:
    name: str
    count: int
    bands: Mapping[str, float]
    # Age of the account in days when the play begins; for those who come later, when their first spell begins.
    account_days: tuple[int, int]
    # Share that writes to any minor at all in the whole time.
    active: float
    spells: tuple[Spell, ...]
    # Share of contacts in the own school; the others are anywhere.
    own_school: float
    no_mutuals: float
    teen_first: float
    answered: float
    connects: float
    objections: Objections
    is_bad: bool = False
    is_minor: bool = False
    # Accounts so many share their devices.
    gang: int = 1
    # Share of contacts that goes to 16- and 17-year-olds, where it isn't left to chance.
    older: float | None = None
    # After so many answers the share without mutuals has halved; 0 for never.
    mutuals_grow: float = 0.0
    again: float = 0.05
    labelled: float = 0.0005
    verified: float = 0.0
    declared_role: str = ""
    declared: float = 0.0
    linked: float = 0.0
    has_school: float = 0.0


@dataclass(frozen=True)
class Attack:
    name: str
    # Roles of those who are attacked.
    on: tuple[str, ...]
    victims: int
    by: int
    # Age of the attackers' accounts in days.
    account_days: tuple[int, int]
    # Number of devices, with the share of attacks that use so many.
    devices: tuple[tuple[int, float], ...]
    days: float
    reports: float
    # Share of attackers who write first, and of those whom the adult answers.
    writes_first: float
    is_answered: float


@dataclass(frozen=True)
class Teens:
    count: int
    schools: int
    regions: int
    bands: Mapping[str, float]
    account_days: tuple[int, int]
    shares_device: float


def roles() -> tuple[Role, ...]:
    return tuple(_role(path) for path in sorted((_HERE / "roles").glob("*.toml")))


def attacks() -> tuple[Attack, ...]:
    return tuple(
        Attack(name=path.stem, **_tuples(_read(path))) for path in sorted((_HERE / "attacks").glob("*.toml"))
    )


def teens() -> Teens:
    return Teens(**_tuples(_read(_HERE / "teens.toml")))


def _role(path: Path) -> Role:
    told = _read(path)
    spells = tuple(Spell(**_tuples(spell)) for spell in told.pop("spells"))
    objections = Objections(**told.pop("objections"))
    return Role(name=path.stem, spells=spells, objections=objections, **_tuples(told))


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _tuples(told: dict[str, Any]) -> dict[str, Any]:
    return {key: _tuple(value) for key, value in told.items()}


def _tuple(value: Any) -> Any:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
