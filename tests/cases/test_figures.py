"""Figures against counting by hand, and public ones that give nobody away."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from datetime import date, datetime, timedelta
from io import StringIO
from statistics import median_low
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import charts, risk
from cases.cells import RATE_STEP, SMALLEST_SHOWN, shown_parts, shown_rate
from cases.models import Case, Claim, Clock, ClockRecord, Rung
from cases.services import figures, transparency
from cases.spread import spread
from platforms.services import NewKey
from portal.surfaces import is_reporters
from staff import services as staff_services
from staff.services import User
from tests.makers import make_platform, make_user, signed_in

pytestmark = pytest.mark.django_db
NO_PARTS = {"salt": b"", "verifier": b"", "key_for_reporter": b"", "key_for_team": b"", "team_key_id": ""}


def make_cases(count: int, **over: Any) -> list[Case]:
    start = Case.objects.count()
    given: dict[str, Any] = {"received_on": date(2026, 11, 20), **NO_PARTS}
    return Case.objects.bulk_create(
        Case(selector=f"{start + number:05d}", **(given | over)) for number in range(count)
    )


def ended(case: Case, *, hours: int, platform: NewKey | None, **over: Any) -> ClockRecord:
    given: dict[str, Any] = {"kind": "outcome" if platform else "first_look", "was_kept": hours <= 48}
    given["ended_on"] = date(2026, 11, 20)
    return ClockRecord(
        case=case, hours=hours, platform=platform.platform if platform else None, **(given | over)
    )


@given(st.lists(st.integers(0, 500), min_size=1))
def test_median_and_ninth_tenth_against_sorting(hours: list[int]) -> None:
    found = spread(Counter(hours))
    assert found is not None
    assert found.median == median_low(hours)
    within = sum(one <= found.p90 for one in hours)
    assert within * 10 >= 9 * len(hours)
    below = sum(one < found.p90 for one in hours)
    assert below * 10 < 9 * len(hours)


def test_of_nothing_there_is_no_middle() -> None:
    assert spread({}) is None


PARTS = st.dictionaries(st.text(max_size=3), st.integers(0, 40), min_size=1, max_size=6)


@given(PARTS)
def test_no_shown_part_is_small_and_none_that_is_hidden_follows_from_the_rest(parts: dict[str, int]) -> None:
    told = shown_parts(parts)
    assert set(told) == set(parts)
    assert all(count is None or count == parts[name] >= SMALLEST_SHOWN for name, count in told.items())
    hidden = [parts[name] for name, count in told.items() if count is None]
    whole_is_hidden = sum(parts.values()) < SMALLEST_SHOWN
    # Who knows the whole knows what the hidden ones are together: no small cell, and never one alone.
    assert not hidden or whole_is_hidden or (len(hidden) > 1 and sum(hidden) >= SMALLEST_SHOWN)


@given(PARTS)
def test_no_more_is_hidden_than_has_to_be(parts: dict[str, int]) -> None:
    if all(count >= SMALLEST_SHOWN for count in parts.values()):
        assert None not in shown_parts(parts).values()


@given(of=st.integers(0, 5_000), data=st.data())
def test_a_rate_is_rounded_and_stands_on_ten_or_more(of: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, of))
    told = shown_rate(kept=kept, of=of)
    if of < SMALLEST_SHOWN:
        assert told is None
    else:
        assert told is not None
        assert told % RATE_STEP == 0
        assert abs(told - 100 * kept / of) <= RATE_STEP / 2


@given(st.lists(st.lists(st.integers(0, 999), min_size=3, max_size=3), max_size=8))
def test_bars_are_as_long_as_their_counts_and_stay_inside(counts: list[list[int]]) -> None:
    rows = tuple(charts.Row(str(number), tuple(row)) for number, row in enumerate(counts))
    chart = charts.stacked(charts.Table("", ("a", "b", "c"), rows))
    for row, bar in zip(counts, chart.bars, strict=True):
        assert bar.total == sum(row)
        assert len(bar.segments) == sum(bool(count) for count in row)
        assert all(one.x + one.width <= chart.width for one in bar.segments)
        assert bar.y + chart.bar_height <= chart.height
    longest = [max(sum(row) for row in counts)] if counts and any(map(any, counts)) else []
    for total in longest:
        scale = (charts.WIDTH - charts._LABEL - charts._TOTAL) / total
        for row, bar in zip(counts, chart.bars, strict=True):
            assert sum(one.width for one in bar.segments) == pytest.approx(sum(row) * scale, abs=0.1)


def test_open_cases_by_risk_and_age_against_counting_by_hand() -> None:
    dice, on = random.Random(5), date(2026, 11, 23)  # noqa: S311 - It only deals cases.
    for _ in range(150):
        make_cases(
            1,
            status=dice.choice(["received", "open", "closed", "declined"]),
            risk=dice.choice([0, 119, 120, 599, 600, 3_999, 4_000, 9_000]),
            received_on=on - timedelta(days=dice.randrange(12)),
        )
    expected = {name: [0, 0, 0, 0] for name, _ in risk.LEVELS}
    for case in Case.objects.filter(status__in=["received", "open"]):
        level = next(name for name, score in risk.LEVELS if case.risk >= score)
        days = (on - case.received_on).days
        expected[level][0 if days <= 1 else 1 if days <= 3 else 2 if days <= 7 else 3] += 1
    table = figures.open_by_risk(on=on)
    assert [list(row.counts) for row in table.rows] == list(expected.values())


def test_clocks_kept_and_broken_count_the_silent_too(platform: NewKey) -> None:
    case, since = make_cases(1)[0], date(2026, 11, 1)
    ClockRecord.objects.bulk_create(
        [
            *(ended(case, hours=5, platform=platform) for _ in range(4)),
            *(ended(case, hours=60, platform=platform) for _ in range(2)),
            ended(case, hours=1, platform=platform, ended_on=date(2026, 10, 1)),
            ended(case, hours=2, platform=None),
        ]
    )
    Clock.objects.create(
        case=case, kind="outcome", platform=platform.platform, due_at=timezone.now(), is_broken=True
    )
    Clock.objects.create(case=case, kind="push", due_at=timezone.now())
    counted = [row.counts for row in figures.clocks(since=since).rows]
    assert counted == [(1, 0), (0, 0), (0, 0), (4, 3)]


def test_what_each_platform_answered(platform: NewKey) -> None:
    for case, rung in zip(make_cases(5), ["blocked", "blocked", "sent", "checking", "blocked"], strict=True):
        Rung.objects.create(case=case, platform=platform.platform, rung=rung, changed_on=date(2026, 11, 20))
    (row,) = figures.answers().rows
    assert (row.label, row.counts) == ("Loopfeed", (1, 0, 0, 1, 3, 0, 0))


def test_work_and_exposure_of_each_person(triager: User, senior: User, now: datetime) -> None:
    one, other = make_cases(2)
    for claimed, expires in ((one, now + timedelta(minutes=5)), (other, now - timedelta(minutes=5))):
        Claim.objects.create(case=claimed, by=triager, expires_at=expires)
    for hours in (1, 11, 13, 24 * 31):
        staff_services.record(actor=triager, act=figures.READING[0], on=one, at=now - timedelta(hours=hours))
    staff_services.record(actor=senior, act="case.close", on=one, at=now)
    staff_services.record(actor=None, act="case.close", on=one, at=now)
    assert figures.people(now=now) == [
        figures.Person("sena", claims=0, decisions=1, read_this_shift=0, read=0),
        figures.Person("tessa", claims=1, decisions=0, read_this_shift=2, read=3),
    ]


def test_the_dashboard_costs_the_same_for_many_cases(
    client: Client, senior: User, platform: NewKey, now: datetime
) -> None:
    browser = signed_in(client, senior)
    with CaptureQueriesContext(connection) as few:
        browser.get("/triage/dashboard/")
    cases = make_cases(60, risk=700)
    ClockRecord.objects.bulk_create(
        ended(case, hours=hours, platform=platform, ended_on=timezone.now().date())
        for hours, case in enumerate(cases)
    )
    for number in range(5):
        by = make_user(f"tina{number}", role="triager")
        staff_services.record(actor=by, act="case.close", on=cases[0], at=now)
    with CaptureQueriesContext(connection) as many:
        answer = browser.get("/triage/dashboard/")
    assert len(many) == len(few)
    assert "<svg" in answer.content.decode()


def test_an_empty_dashboard_says_so(client: Client, senior: User) -> None:
    page = signed_in(client, senior).get("/triage/dashboard/").content.decode()
    assert "Nothing is open." in page
    assert "No platform has given an outcome yet." in page


def test_every_bar_stands_in_a_table_too_and_nothing_carries_a_style(client: Client, senior: User) -> None:
    make_cases(7, risk=4_000)
    page = signed_in(client, senior).get("/triage/dashboard/").content.decode()
    assert not re.search(r"<[^>]*\sstyle=", page)
    assert page.count("<figure") == page.count('role="img"') == page.count("</figure>")
    for figure in re.findall(r"<figure.*?</figure>", page, re.DOTALL):
        assert "<table" in figure


@pytest.mark.parametrize(("count", "told"), [(9, None), (10, 10), (25, 25)])
def test_below_ten_no_number_is_told(count: int, told: int | None) -> None:
    make_cases(count)
    assert transparency.public_figures().reports == told


def test_a_state_can_not_be_worked_out_from_the_whole() -> None:
    make_cases(30, status="open")
    make_cases(12, status="received")
    make_cases(3, status="closed")
    told = transparency.public_figures()
    assert told.reports == 45
    hidden = [name for name, count in told.by_state if count is None]
    assert "closed" in hidden
    assert "waiting for a first look" in hidden or len(hidden) > 2


def test_a_platforms_figures_against_counting_by_hand(platform: NewKey) -> None:
    case, dice = make_cases(1)[0], random.Random(7)  # noqa: S311 - It only deals hours.
    hours = [dice.randrange(1, 90) for _ in range(41)]
    ClockRecord.objects.bulk_create(ended(case, hours=one, platform=platform) for one in hours)
    (told,) = transparency.public_figures().platforms
    assert (told.outcomes, told.median_hours) == (41, median_low(hours))
    assert told.within_48_hours is not None
    assert abs(told.within_48_hours - 100 * sum(one <= 48 for one in hours) / 41) <= RATE_STEP / 2


def test_a_platform_that_says_nothing_is_late(platform: NewKey) -> None:
    cases = make_cases(20)
    ClockRecord.objects.bulk_create(ended(case, hours=5, platform=platform) for case in cases[:10])
    Clock.objects.bulk_create(
        Clock(case=case, kind="outcome", platform=platform.platform, due_at=timezone.now(), is_broken=True)
        for case in cases[10:]
    )
    (told,) = transparency.public_figures().platforms
    assert told.within_48_hours == 50


def test_a_platform_with_few_outcomes_shows_none(platform: NewKey) -> None:
    case = make_cases(1)[0]
    ClockRecord.objects.bulk_create(ended(case, hours=5, platform=platform) for _ in range(9))
    (told,) = transparency.public_figures().platforms
    assert (told.outcomes, told.median_hours, told.within_48_hours) == (None, None, None)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.integers(0, 30), min_size=5, max_size=5), outcomes=st.integers(0, 30))
def test_page_and_table_show_no_small_number(
    client: Client, platform: NewKey, counts: list[int], outcomes: int
) -> None:
    Case.objects.all().delete()
    statuses = ("received", "open", "closed", "declined", "withdrawn")
    for status, count in zip(statuses, counts, strict=True):
        make_cases(count, status=status, withdrawal_effective_on=date(2026, 11, 20))
    for case in Case.objects.all()[:1]:
        ClockRecord.objects.bulk_create(ended(case, hours=48, platform=platform) for _ in range(outcomes))
    lines = list(csv.reader(StringIO(client.get("/transparency/figures.csv").content.decode())))
    told = [line[2] for line in lines[1:] if not line[0].startswith("median")]
    assert all(value.startswith("hidden") or int(value) >= SMALLEST_SHOWN for value in told)
    page = client.get("/transparency/").content.decode()
    shown = [int(number) for number in re.findall(r"<dd>\s*(\d+)", page)]
    assert all(number >= SMALLEST_SHOWN for number in shown)


def test_a_platforms_name_is_never_a_formula(client: Client) -> None:
    named = make_platform("=HYPERLINK(1)")
    (case,) = make_cases(1)
    ClockRecord.objects.bulk_create([ended(case, hours=48, platform=named)])
    assert "\noutcomes,'=HYPERLINK(1)," in client.get("/transparency/figures.csv").content.decode().replace(
        "\r", ""
    )


def test_the_public_figures_are_nobodys_secret(client: Client) -> None:
    answer = client.get("/transparency/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert client.post("/transparency/").status_code in {403, 405}


def test_on_the_staffs_own_host_there_is_no_public_page() -> None:
    assert is_reporters("/transparency/")
    assert is_reporters("/transparency/figures.csv")
