"""How often and when she is told something: held for any history, any zone and any clock change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nudges import policy
from nudges.policy import Shown, next_nudge, next_push, silent_settings

BERLIN = ZoneInfo("Europe/Berlin")
KINDS = ["stranger", "after_block", "after_report", "below", "feature"]
BANDS = ["under_13", "13_15", "16_17"]
# Ordinary ones, half hours, half-hour summer time, the far ends, and a day that never was (Apia, 30 December 2011).
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Africa/Casablanca",
    )
]
times = st.datetimes(datetime(2010, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - The zone is given beside it.
bands = st.sampled_from(BANDS)
zones = st.sampled_from(ZONES)
settings = st.frozensets(st.sampled_from(["message", "private", "comment"]))


@st.composite
def histories(draw: st.DrawFn, now: datetime | None = None) -> tuple[list[Shown], datetime]:
    at = now or draw(times)
    ages = draw(st.lists(st.integers(1, 200 * 24 * 60), max_size=8))
    return [_card(draw, at - timedelta(minutes=age)) for age in ages], at


def _card(draw: st.DrawFn, shown_at: datetime) -> Shown:
    dismissed_at = draw(st.sampled_from([None, shown_at]))
    return Shown(draw(st.sampled_from(KINDS)), draw(settings), shown_at, dismissed_at)


def is_quiet(at: datetime, band: str, zone: tzinfo) -> bool:
    evening = 22 if band == "16_17" else 21
    return not time(7) <= at.astimezone(zone).time() < time(evening)


def is_school(at: datetime, zone: tzinfo) -> bool:
    here = at.astimezone(zone)
    return here.isoweekday() <= 5 and time(8) <= here.time() < time(15)


def in_between(begin: datetime, end: datetime) -> list[datetime]:
    """Moments from the one to before the other, and the one just before the other."""
    step = max(timedelta(minutes=10), (end - begin) / 500)
    count = int((end - begin) / step)
    return [begin + step * i for i in range(count)] + ([end - timedelta(seconds=1)] if end > begin else [])


@given(histories(), st.sampled_from(KINDS), bands, zones)
def test_a_card_never_comes_in_quiet_hours_and_never_the_fourth_in_a_week(
    history: tuple[list[Shown], datetime], kind: str, band: str, zone: tzinfo
) -> None:
    past, now = history
    at = next_nudge(kind=kind, age_band=band, zone=zone, past=past, now=now)
    assert at >= now
    assert not is_quiet(at, band, zone)
    assert sum(one.shown_at > at - timedelta(days=7) for one in past) < 3


@given(histories(), st.sampled_from(KINDS), bands, zones)
def test_a_card_comes_as_soon_as_it_may(
    history: tuple[list[Shown], datetime], kind: str, band: str, zone: tzinfo
) -> None:
    past, now = history
    silence = [one for one in past if policy.words_of(one.kind) == policy.words_of(kind) and one.settings]
    refused = sorted(one.dismissed_at for one in silence if one.dismissed_at)
    silent_until = refused[-1] + timedelta(days=90 if len(refused) > 1 else 30) if refused else now
    at = next_nudge(kind=kind, age_band=band, zone=zone, past=past, now=now)
    for sooner in in_between(max(now, silent_until), at):
        is_busy = sum(one.shown_at > sooner - timedelta(days=7) for one in past) >= 3
        assert is_busy or is_quiet(sooner, band, zone)
    assert at >= silent_until


@given(times, st.lists(st.integers(0, 72 * 60), max_size=5), bands, zones)
def test_a_push_comes_once_a_day_and_neither_at_night_nor_at_school(
    now: datetime, minutes_ago: list[int], band: str, zone: tzinfo
) -> None:
    pushed = [now - timedelta(minutes=ago) for ago in minutes_ago]
    at = next_push(age_band=band, zone=zone, pushed=pushed, now=now)
    assert at >= now
    assert not is_quiet(at, band, zone)
    assert not is_school(at, zone)
    assert not [one for one in pushed if one > at - timedelta(hours=24)]


@given(times, bands, zones)
@example(datetime(2011, 12, 30, 8, 30, tzinfo=UTC), "13_15", ZoneInfo("Pacific/Apia"))
def test_a_push_comes_as_soon_as_it_may(now: datetime, band: str, zone: tzinfo) -> None:
    at = next_push(age_band=band, zone=zone, pushed=[], now=now)
    assert all(
        is_quiet(sooner, band, zone) or is_school(sooner, zone)
        for sooner in in_between(now, at)
        if sooner < at
    )


@given(histories(), st.integers(0, 120))
def test_a_setting_that_she_refused_rests_for_a_month_and_twice_refused_for_three(
    history: tuple[list[Shown], datetime], days: int
) -> None:
    past, now = history
    later = now + timedelta(days=days)
    for setting in ("message", "private", "comment"):
        refused = sorted(one.dismissed_at for one in past if setting in one.settings and one.dismissed_at)
        rest = timedelta(days=90 if len(refused) > 1 else 30)
        is_resting = bool(refused) and later < refused[-1] + rest
        assert (setting in silent_settings(past, now=later)) is is_resting


def local(text: str, zone: tzinfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("band", "now", "expected"),
    [
        ("13_15", "2026-11-24 20:59", "2026-11-24 20:59"),
        ("13_15", "2026-11-24 21:00", "2026-11-25 07:00"),
        ("under_13", "2026-11-24 21:00", "2026-11-25 07:00"),
        ("16_17", "2026-11-24 21:59", "2026-11-24 21:59"),
        ("16_17", "2026-11-24 22:00", "2026-11-25 07:00"),
        ("16_17", "2026-11-25 06:59", "2026-11-25 07:00"),
        # A weekday's school, and a Saturday without it.
        ("13_15", "2026-11-25 08:00", "2026-11-25 15:00"),
        ("13_15", "2026-11-25 14:59", "2026-11-25 15:00"),
        ("13_15", "2026-11-28 08:00", "2026-11-28 08:00"),
        # The nights on which clocks are set: seven in the morning is seven on her clock.
        ("13_15", "2026-03-28 23:00", "2026-03-29 07:00"),
        ("13_15", "2026-10-24 23:00", "2026-10-25 07:00"),
    ],
)
def test_her_clock_says_when_a_push_may_come(band: str, now: str, expected: str) -> None:
    assert next_push(age_band=band, zone=BERLIN, pushed=[], now=local(now)) == local(expected)


def test_the_night_on_which_clocks_go_forward_is_an_hour_shorter() -> None:
    before, after = local("2026-03-28 23:00"), local("2026-03-29 07:00")
    waited = next_push(age_band="13_15", zone=BERLIN, pushed=[], now=before) - before.astimezone(UTC)
    assert waited == timedelta(hours=7)
    assert after.astimezone(UTC).hour == 5


def test_school_holds_back_pushes_and_no_cards() -> None:
    now = local("2026-11-25 10:00")
    assert next_nudge(kind="below", age_band="13_15", zone=BERLIN, past=[], now=now) == now


def refusal(days_ago: float, *, kind: str = "stranger", now: datetime) -> Shown:
    at = now - timedelta(days=days_ago)
    return Shown(kind, frozenset({"message"}), at, at)


def days_until_next(kind: str, past: list[Shown], now: datetime) -> float:
    return (next_nudge(kind=kind, age_band="13_15", zone=BERLIN, past=past, now=now) - now) / timedelta(
        days=1
    )


def test_one_refusal_is_thirty_days_of_silence_and_two_are_ninety(now: datetime) -> None:
    assert days_until_next("stranger", [refusal(10, now=now)], now) == 20
    assert days_until_next("stranger", [refusal(31, now=now)], now) == 0
    # Eighty days on may be an evening of hers, and then it is the next morning.
    twice = [refusal(10, now=now), refusal(60, now=now)]
    assert 80 <= days_until_next("stranger", twice, now) < 81


def test_a_stranger_and_a_weak_setting_read_the_same_so_one_refusal_holds_for_both(now: datetime) -> None:
    past = [refusal(1, kind="below", now=now)]
    assert days_until_next("stranger", past, now) == 29
    assert days_until_next("after_block", past, now) == 0


def test_closing_a_card_that_asked_nothing_is_no_refusal(now: datetime) -> None:
    thanked = Shown("after_report", frozenset(), now - timedelta(days=2), now - timedelta(days=2))
    assert days_until_next("after_report", [thanked], now) == 0


def test_a_card_names_three_settings_the_weightiest_first() -> None:
    below = ["location", "private", "message", "tag_review"]
    assert policy.advice(below, silent=()) == ["message", "private", "location"]
    assert policy.advice(below, silent={"message"}) == ["private", "location", "tag_review"]


@pytest.mark.parametrize(
    ("open_kind", "new", "days", "was_seen", "makes_room"),
    [
        ("stranger", "after_block", 0, True, True),
        ("after_block", "after_report", 0, True, True),
        ("below", "stranger", 6.9, False, False),
        ("below", "stranger", 7, False, True),
        ("stranger", "stranger", 13, True, False),
        ("after_block", "stranger", 0.9, False, False),
        ("after_block", "stranger", 1, True, True),
        ("after_report", "after_report", 1, False, True),
        ("stranger", "feature", 6, False, False),
    ],
)
def test_an_open_card_makes_room_for_what_presses_or_when_it_stood_long_enough(
    open_kind: str,
    new: str,
    days: float,
    was_seen: bool,  # noqa: FBT001 - A row of the table above.
    makes_room: object,
) -> None:
    after = timedelta(days=days)
    assert policy.gives_way(open_kind, to=new, after=after, was_seen=was_seen) is makes_room


@pytest.mark.parametrize(
    "name", ["", "Nowhere/Atlantis", "../../etc/passwd", "America", "/etc/localtime", "\0", "europe berlin"]
)
def test_a_zone_that_nobody_knows_is_the_operators(name: str) -> None:
    assert policy.zone_of(name, otherwise="Europe/Berlin") == BERLIN
    assert policy.zone_of(name, otherwise=name) is UTC
