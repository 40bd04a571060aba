"""How sure a share is that was counted from few."""

from __future__ import annotations

from math import sqrt


def likely_share(count: float, of: float, *, z: float) -> tuple[float, float]:
    """Wilson's bounds of a share."""
    share = count / of
    middle = share + z * z / (2 * of)
    spread = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return (middle - spread) / scale, (middle + spread) / scale
