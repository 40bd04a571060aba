"""Rooms above are told what platforms told of members, inside the same transaction. This room doesn't know who listens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# A minor's setting fell below what is advised; or a platform has a setting now that it had not.
Kind = Literal["below", "feature"]


@dataclass(frozen=True)
class Told:
    platform_id: int
    now: datetime
    # Whose settings fell; with a new feature it is everybody of the platform, and none is named.
    account_ids: frozenset[int] = frozenset()
    # What the platform has now; with settings that fell, each account has its own, and none is named.
    settings: frozenset[str] = frozenset()


Listener = Callable[[Told], None]
_LISTENERS: dict[Kind, list[Listener]] = {"below": [], "feature": []}


def register_listener(kind: Kind, listener: Listener) -> None:
    """For a room's `AppConfig.ready`. A listener that fails takes back what was told, so it writes little."""
    if listener not in _LISTENERS[kind]:
        _LISTENERS[kind].append(listener)


def tell(kind: Kind, told: Told) -> None:
    for listener in _LISTENERS[kind]:
        listener(told)
