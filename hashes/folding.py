"""What a platform said about a picture's entries, folded into what it says about the picture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

# One copy that was blocked outweighs another that was not; what is still being looked at outweighs a no.
_WEIGHT = {"not_blocked": 0, "pending_review": 1, "blocked": 2, "removed_after_withdrawal": 3}


class Said(NamedTuple):
    """One line of feedback, in the order in which it came."""

    platform_id: int
    picture_id: UUID
    entry_id: UUID
    outcome: str
    reason: str


def newest(lines: Iterable[Said]) -> list[Said]:
    """The last line of each platform on each entry."""
    return list({(said.platform_id, said.entry_id): said for said in lines}.values())


def by_picture(lines: Iterable[Said]) -> dict[int, list[tuple[UUID, str, str]]]:
    """For each platform, its weightiest outcome on each picture, with the reason."""
    weightiest: dict[tuple[int, UUID], Said] = {}
    for said in newest(lines):
        place = said.platform_id, said.picture_id
        best = weightiest.get(place)
        if best is None or _WEIGHT[said.outcome] >= _WEIGHT[best.outcome]:
            weightiest[place] = said
    folded: dict[int, list[tuple[UUID, str, str]]] = {}
    for (platform_id, picture_id), said in weightiest.items():
        folded.setdefault(platform_id, []).append((picture_id, said.outcome, said.reason))
    return folded
