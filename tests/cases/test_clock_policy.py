from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import clock_policy
from cases.clock_policy import Left

FRIDAY_EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_first_look_waits_over_the_weekend() -> None:
    assert clock_policy.due("first_look", start=FRIDAY_EVENING) == datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert clock_policy.due("first_look", start=SATURDAY) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_who_is_in_danger_is_looked_at_within_the_hour_whatever_the_day() -> None:
    assert clock_policy.due("first_look", start=SATURDAY, in_danger=True) == SATURDAY + timedelta(hours=1)


@pytest.mark.parametrize(("kind", "hours"), [("push", 5 / 60), ("acknowledge", 24), ("outcome", 48)])
def test_what_machines_and_platforms_do_knows_no_weekend(kind: str, hours: float) -> None:
    assert clock_policy.due(kind, start=SATURDAY) == SATURDAY + timedelta(hours=hours)


@given(hours=st.integers(0, 30_000))
def test_a_first_look_takes_a_whole_working_day_and_falls_on_none_without_people(hours: int) -> None:
    start = MONDAY + timedelta(hours=hours)
    due = clock_policy.due("first_look", start=start)
    assert due - start >= timedelta(hours=24)
    # Midnight after Friday is the end of Friday.
    assert (due - timedelta(microseconds=1)).weekday() < 5


def test_what_is_left_is_said_in_whole_units_with_a_tone() -> None:
    def left(**rest: float) -> Left:
        due_at = MONDAY + timedelta(**rest)
        return clock_policy.left(due_at=due_at, kind="outcome", in_danger=False, now=MONDAY)

    assert left(hours=47) == Left("enough", "hours", 47)
    assert left(hours=11, minutes=59) == Left("soon", "hours", 11)
    assert left(minutes=20) == Left("soon", "minutes", 20)
    assert left(minutes=-5) == Left("over", "minutes", 5)
    assert left(days=-3) == Left("over", "days", 3)


def test_how_long_it_took_is_kept_in_whole_hours() -> None:
    due_at = MONDAY + timedelta(hours=48)
    took = clock_policy.whole_hours(
        due_at=due_at, kind="outcome", in_danger=False, now=MONDAY + timedelta(hours=2, minutes=1)
    )
    assert took == 3
