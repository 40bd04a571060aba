"""How often she may be told something, and when. Facts in, a time out; no clock, no rows.

Hours are hers: her band says when quiet begins, her time zone where she is. Days and weeks roll, so that a
midnight can't bring two pushes within minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
NUDGES_A_WEEK = 3
SILENCE = timedelta(days=30)
LONGER_SILENCE = timedelta(days=90)
# What lies further back is forgotten.
MEMORY = timedelta(days=365)
# A card that nobody answered goes.
LASTS = timedelta(days=14)
# Until then an open card holds the next one back, if that isn't more pressing. One that she saw and left holds to its end.
THANKS_STAND = timedelta(days=1)
UNSEEN_STANDS = timedelta(days=7)
# Thanks that come later than this are for nothing that she remembers.
FRESH = timedelta(days=2)
# One tap shouldn't change more than she can take in.
SETTINGS_A_CARD = 3

MORNING = time(7)
_QUIET_FROM = {"under_13": time(21), "13_15": time(21), "16_17": time(22)}
# Her school's holidays aren't known, so every weekday counts as one. Pushes wait; cards don't make a phone light up.
SCHOOL = (time(8), time(15))
_SATURDAY = 5

# The most pressing first.
_PRESSING = {"after_report": 0, "after_block": 1, "stranger": 2, "below": 2, "feature": 3}
# What answers something that she did has words of its own; it needs no setting, and it can't wait for long.
_THANKS = frozenset({"after_report", "after_block"})
# These two read the same, so whoever said no to one said no to the other.
_SAME_WORDS = {"stranger": "settings", "below": "settings"}
# Strangers come in by the first ones.
_WEIGHTY_FIRST = (
    "message",
    "private",
    "comment",
    "suggestions",
    "location",
    "friends_list",
    "following_list",
    "tagged_posts",
    "tag_review",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A card of hers that was shown, and whether she said "Not now"."""

    kind: str
    settings: frozenset[str]
    shown_at: datetime
    dismissed_at: datetime | None = None


def next_nudge(*, kind: str, age_band: str, zone: tzinfo, past: Collection[Shown], now: datetime) -> datetime:
    """The first time from now on at which a card of this kind may be shown."""
    at = max(now, _kind_is_silent_until(kind, past) or now)
    while (later := max(_after_busy_week(at, past), _after_quiet(at, age_band, zone))) > at:
        at = later
    return at


def next_push(*, age_band: str, zone: tzinfo, pushed: Iterable[datetime], now: datetime) -> datetime:
    """The first time from now on at which her phone may light up. `pushed` holds other cards' pushes."""
    at = max([now, *(one + DAY for one in pushed)])
    while (later := max(_after_quiet(at, age_band, zone), _after_school(at, zone))) > at:
        at = later
    return at


def silent_settings(past: Collection[Shown], *, now: datetime) -> frozenset[str]:
    """Settings of which she doesn't want to hear for now."""
    named = {setting for one in past for setting in one.settings}
    return frozenset(
        setting
        for setting in named
        if (until := _silent_until(one for one in past if setting in one.settings)) and until > now
    )


def advice(below: Collection[str], *, silent: Collection[str]) -> list[str]:
    """What a card is about: the weightiest of what is below and may be spoken of."""
    spoken = [one for one in _WEIGHTY_FIRST if one in below and one not in silent]
    return spoken[:SETTINGS_A_CARD]


def gives_way(open_kind: str, *, to: str, after: timedelta, was_seen: bool) -> bool:
    """Whether a card that was shown so long ago and not answered makes room for another."""
    if _PRESSING[to] < _PRESSING[open_kind]:
        return True
    if open_kind in _THANKS:
        return after >= THANKS_STAND
    return not was_seen and after >= UNSEEN_STANDS


def by_pressure(kind: str) -> int:
    """To sort by: the most pressing first."""
    return _PRESSING[kind]


def needs_advice(kind: str) -> bool:
    """Whether there is no card unless something can be made safer."""
    return kind not in _THANKS


def is_stale(kind: str, wait: timedelta) -> bool:
    """Whether it would come too late to mean anything."""
    return kind in _THANKS and wait > FRESH


def words_of(kind: str) -> str:
    """What kinds read as: those that must not be told apart have one name."""
    return _SAME_WORDS.get(kind, kind)


def zone_of(name: str, *, otherwise: str) -> tzinfo:
    """Her time zone, or the operator's choice where hers is unknown."""
    for one in (name, otherwise):
        try:
            return ZoneInfo(one)
        except (LookupError, ValueError, OSError):
            # Not a name, a name that nobody knows, or a folder of them ("America").
            continue
    return UTC


def _kind_is_silent_until(kind: str, past: Collection[Shown]) -> datetime | None:
    return _silent_until(one for one in past if words_of(one.kind) == words_of(kind))


def _silent_until(cards: Iterable[Shown]) -> datetime | None:
    # A card that asked nothing of her can only be closed, which is no refusal.
    refused = sorted(one.dismissed_at for one in cards if one.dismissed_at and one.settings)
    if not refused:
        return None
    last = refused[-1]
    again = [one for one in refused[:-1] if one > last - MEMORY]
    return last + (LONGER_SILENCE if again else SILENCE)


def _after_busy_week(at: datetime, past: Collection[Shown]) -> datetime:
    recent = sorted((one.shown_at for one in past), reverse=True)[:NUDGES_A_WEEK]
    return max(at, recent[-1] + WEEK) if len(recent) == NUDGES_A_WEEK else at


def _after_quiet(at: datetime, age_band: str, zone: tzinfo) -> datetime:
    here = at.astimezone(zone)
    if MORNING <= here.time() < _QUIET_FROM.get(age_band, time(21)):
        return at
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return _when_clocks_show(datetime.combine(day, MORNING, zone), after=at)


def _after_school(at: datetime, zone: tzinfo) -> datetime:
    here = at.astimezone(zone)
    begin, end = SCHOOL
    if here.weekday() >= _SATURDAY or not begin <= here.time() < end:
        return at
    return _when_clocks_show(datetime.combine(here.date(), end, zone), after=at)


def _when_clocks_show(wall: datetime, *, after: datetime) -> datetime:
    """The first such moment after the other. Clocks that are set back show a time twice; where they leap over it,
    one of the two is when they would have shown it.
    """
    both = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return min(one for one in both if one > after)
