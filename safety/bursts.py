"""Reports that look arranged. They aren't thrown away: a person looks before they count."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable

from safety.memory import DAY, Complaint, Vote

_ENOUGH = 5
_SUDDEN = DAY
# Pupils who agree need a little longer.
_AGREED = 2 * DAY
# Nothing was said before for this long, and nothing had happened lately that could be the reason.
_SILENT = 30 * DAY
LATE = 7 * DAY
# More than so many are a burst or an outcry anyway; older ones needn't be looked at.
_MOST = 50
# For so long a burst keeps calling for a person.
LASTS = 7 * DAY


def note(recent: deque[Complaint], complaint: Complaint) -> None:
    recent.append(complaint)
    while len(recent) > _MOST or recent[0].at < complaint.at - _AGREED:
        recent.popleft()


def is_burst(recent: deque[Complaint], votes: dict[str, Vote]) -> bool:
    """As of the newest of them."""
    if len(recent) < _ENOUGH:
        return False
    sudden = [one for one in recent if one.at >= recent[-1].at - _SUDDEN]
    return _is_doubtful(sudden) or (len(recent) < _MOST and _is_agreed(recent, votes))


def _is_doubtful(sudden: list[Complaint]) -> bool:
    """Accounts that are new, had nothing to do with the adult, or share a device."""
    minors_by_device = Counter(
        device for device, _ in {(one.device, one.minor) for one in sudden if one.device}
    )
    doubtful = (one for one in sudden if one.is_doubtful or minors_by_device[one.device] > 1)
    return _minors(doubtful) >= _ENOUGH


def _is_agreed(recent: deque[Complaint], votes: dict[str, Vote]) -> bool:
    """One group, all at once, about somebody of whom nobody had complained, for nothing that happened lately."""
    late = {(one.community, one.minor) for one in recent if one.is_late and one.community}
    by_group = Counter(group for group, _ in late)
    if not by_group or max(by_group.values()) < _ENOUGH:
        return False
    since = recent[-1].at
    earlier = next((vote.at for vote in reversed(votes.values()) if vote.at < since - _AGREED), None)
    return earlier is None or earlier < since - _SILENT


def _minors(complaints: Iterable[Complaint]) -> int:
    return len({one.minor for one in complaints})
