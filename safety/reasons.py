"""What each rule found, in numbers that its sentence needs, with the happenings behind it and its last day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from safety import behaviour, complaints
from safety.facts import Reason
from safety.memory import DAY
from safety.weighing import LABEL_WINDOW, NEW_DAYS, RULES, Scales, age_in_days

# Newest first; the numbers count them all.
_MOST_NAMED = 50
# A link stands for as long as it is there; people look again after this time.
_LINK_DAYS = 120


@dataclass(frozen=True, slots=True)
class _Seen:
    scales: Scales
    at: float


@dataclass(frozen=True, slots=True)
class _Found:
    facts: Mapping[str, float]
    ends: float
    happenings: Iterable[str] = ()


def reasons(scales: Scales, at: float) -> tuple[Reason, ...]:
    weights, seen = scales.weights(at), _Seen(scales, at)
    return tuple(_reason(rule, weights[rule], _FOUND[rule](seen)) for rule in RULES if rule in weights)


def _reason(rule: str, weight: float, found: _Found) -> Reason:
    return Reason(
        rule=rule,
        weight=round(weight, 4),
        expires_on=_day(found.ends),
        facts=found.facts,
        happenings=tuple(islice(found.happenings, _MOST_NAMED)),
    )


def _complaints(seen: _Seen) -> _Found:
    votes = list(seen.scales.memory.votes.values())
    grounds = Counter(vote.ground for vote in votes)
    reports = sum(vote.is_report for vote in votes)
    return _Found(
        {
            "minors": len(votes),
            "reports": reports,
            "blocks": len(votes) - reports,
            **{ground: grounds[ground] for ground in complaints.GROUNDS},
            "reached": seen.scales.reached,
            "days": complaints.HORIZON / DAY,
        },
        votes[-1].at + complaints.HORIZON,
        (vote.id for vote in reversed(votes)),
    )


def _objectors(seen: _Seen) -> _Found:
    found = _complaints(seen)
    reached = seen.scales.reached_a_while_ago(seen.at)
    unprovoked = seen.scales.tally.unprovoked()
    facts = {"minors": unprovoked, "reached": max(reached, unprovoked), "days": complaints.HORIZON / DAY}
    return _Found(facts, found.ends, found.happenings)


def _link(seen: _Seen) -> _Found:
    return _Found({}, seen.at + _LINK_DAYS * DAY)


def _labels(seen: _Seen) -> _Found:
    labelled = list(seen.scales.memory.labelled.values())
    return _Found(
        {"minors": len(labelled), "days": LABEL_WINDOW / DAY},
        labelled[-1][0] + LABEL_WINDOW,
        (happening for _, happening in reversed(labelled)),
    )


def _velocity(seen: _Seen) -> _Found:
    peak_at = seen.scales.memory.peak_at
    week = (one.id for one in reversed(seen.scales.openings.kept) if peak_at - 7 * DAY <= one.at <= peak_at)
    return _Found({"minors": seen.scales.memory.peak, "days": 7}, peak_at + behaviour.WINDOW, week)


def _unanswered(seen: _Seen) -> _Found:
    openings = seen.scales.openings
    return _pattern(seen.scales, {"minors": openings.ripe, "answered": openings.answered})


def _scattered(seen: _Seen) -> _Found:
    return _pattern(
        seen.scales, {"minors": seen.scales.openings.placed, "groups": seen.scales.openings.groups}
    )


def _entering(seen: _Seen) -> _Found:
    return _pattern(seen.scales, {"groups": seen.scales.openings.entered})


def _no_mutuals(seen: _Seen) -> _Found:
    return _pattern(seen.scales, {"minors": seen.scales.openings.told, "without": seen.scales.openings.alone})


def _region(seen: _Seen) -> _Found:
    return _pattern(
        seen.scales, {"minors": seen.scales.openings.region_told, "elsewhere": seen.scales.openings.far}
    )


def _pattern(scales: Scales, facts: Mapping[str, float]) -> _Found:
    newest = (one.id for one in reversed(scales.openings.kept))
    days = behaviour.WINDOW / DAY
    return _Found({**facts, "days": days}, scales.memory.counted_at + behaviour.WINDOW, newest)


def _new_account(seen: _Seen) -> _Found:
    joined_on = seen.scales.subject.joined_on or _day(seen.at)
    age = age_in_days(joined_on, seen.at)
    return _Found({"age": age, "days": NEW_DAYS}, seen.at + (NEW_DAYS - age) * DAY)


_FOUND: Mapping[str, Callable[[_Seen], _Found]] = {
    "R1": _complaints,
    "R11": _objectors,
    "R2": _velocity,
    "R3": _unanswered,
    "R4": _scattered,
    "R12": _entering,
    "R5": _no_mutuals,
    "R6": _new_account,
    "R7": _region,
    "R8": _link,
    "R10": _labels,
}


def moment(at: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)


def _day(at: float) -> date:
    return moment(at).date()
