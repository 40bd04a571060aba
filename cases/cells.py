"""Small cells: a public count below ten may point at somebody, and so may one that follows from the others."""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST_SHOWN = 10
# A rate is told in steps this wide, so that it doesn't give away how few made the difference.
RATE_STEP = 5


def shown(count: int) -> int | None:
    """The count, or nothing where it is too small to tell."""
    return count if count >= SMALLEST_SHOWN else None


def shown_parts(parts: Mapping[str, int]) -> dict[str, int | None]:
    """Parts of a whole that is told too. What is hidden must not follow from the whole less what is shown.

    So beside one hidden part the next smallest are hidden, until the hidden ones together are no small cell.
    """
    smallest_first = sorted(parts, key=lambda name: parts[name])
    hidden: set[str] = set()
    together = 0
    for name in smallest_first:
        is_small = parts[name] < SMALLEST_SHOWN
        if is_small or (hidden and (len(hidden) < 2 or together < SMALLEST_SHOWN)):
            hidden.add(name)
            together += parts[name]
    return {name: None if name in hidden else count for name, count in parts.items()}


def shown_rate(*, kept: int, of: int) -> int | None:
    """In per cent, to the nearest step; nothing where it stands on too few."""
    if of < SMALLEST_SHOWN:
        return None
    return RATE_STEP * ((200 * kept + RATE_STEP * of) // (2 * RATE_STEP * of))
