"""How flags fall on groups of people. Small numbers are hidden: they would point at somebody."""

from __future__ import annotations

from dataclasses import dataclass

# A count below this is not told, and a share of fewer than so many neither.
FEWEST = 5
FEWEST_FOR_SHARE = 10


@dataclass(frozen=True)
class Counted:
    """One group, as it was counted."""

    group: str
    # Accounts that were read at all; None where that makes no sense.
    accounts: int | None
    flagged: int
    decided: int
    lifted: int
    appealed: int
    overturned: int


@dataclass(frozen=True)
class Shown:
    """The same as it may be told. None is hidden."""

    group: str
    accounts: int | None
    flagged: int | None
    flag_share: float | None
    false_alarm_share: float | None
    overturned_share: float | None


def shown(one: Counted) -> Shown:
    return Shown(
        group=one.group,
        accounts=None if one.accounts is None else _count(one.accounts),
        flagged=_count(one.flagged),
        flag_share=_share(one.flagged, one.accounts),
        false_alarm_share=_share(one.lifted, one.decided),
        overturned_share=_share(one.overturned, one.appealed),
    )


def volume(complaints: int) -> str:
    """How many minors had complained, in few classes."""
    if complaints <= 2:
        return str(complaints)
    return "3-5" if complaints <= 5 else "6+"


def _count(count: int) -> int | None:
    """Nothing is no secret; one to four would be."""
    return count if count == 0 or count >= FEWEST else None


def _share(part: int, whole: int | None) -> float | None:
    # A hidden part must not be found again by multiplying.
    if whole is None or whole < FEWEST_FOR_SHARE or _count(part) is None or _count(whole - part) is None:
        return None
    return part / whole
