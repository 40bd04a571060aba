from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import hashes.services
from cases import services
from cases.ladder import Standing, Step, step
from cases.models import Clock, Rung
from hashes.models import Entry, FeedCounter
from platforms.services import NewKey
from tests.cases.reporter import Reporter, told


def _standing(**over: Any) -> Standing:
    facts: dict[str, Any] = {
        "collected": False,
        "followed": False,
        "matched": False,
        "withdrawal_collected": False,
        "outcomes": [],
    }
    return Standing(**facts | over)


@pytest.mark.parametrize(
    ("facts", "rung"),
    [
        ({}, Step("sent")),
        ({"collected": True}, Step("collected")),
        ({"collected": True, "followed": True}, Step("watching")),
        ({"matched": True}, Step("watching")),
        ({"outcomes": [("pending_review", "")]}, Step("checking")),
        ({"outcomes": [("not_blocked", "allowed_here")]}, Step("not_blocked", "allowed_here")),
        ({"outcomes": [("not_blocked", "other"), ("pending_review", "")]}, Step("checking")),
        ({"outcomes": [("not_blocked", "other"), ("blocked", ""), ("pending_review", "")]}, Step("blocked")),
        ({"outcomes": [("blocked", "")], "withdrawal_collected": True}, Step("withdrawn")),
        ({"outcomes": [("removed_after_withdrawal", "")]}, Step("withdrawn")),
    ],
)
def test_facts_lead_to_a_rung(facts: dict[str, Any], rung: Step) -> None:
    assert step(_standing(**facts)) == rung


@pytest.fixture
def at_once(settings: Any) -> None:
    settings.LADDER_BATCH_HOURS = 0


def _rungs(reporter: Reporter, code: str) -> list[tuple[str, str, str | None]]:
    rows = told(reporter.status(code))["platforms"]
    assert all(set(row) == {"platform", "rung", "reason", "changed_on"} for row in rows)
    return [(row["platform"], row["rung"], row["reason"]) for row in rows]


def _published() -> int:
    while hashes.services.publish(now=timezone.now()):
        continue
    return FeedCounter.objects.get().last_number


def _asks(platform: NewKey, *, after: int) -> None:
    hashes.services.read_feed(platform_id=platform.platform.pk, after=after, limit=100)


def _says(platform: NewKey, outcome: str, reason: str | None = None) -> None:
    entry: UUID = Entry.objects.earliest("pk").pk
    hashes.services.give_feedback(
        platform_id=platform.platform.pk,
        entry_id=entry,
        outcome=outcome,
        reason=reason,
        count=1,
        on=timezone.now().date(),
    )


@pytest.mark.usefixtures("at_once")
def test_the_way_of_a_picture_at_a_platform(reporter: Reporter, platform: NewKey) -> None:
    code = reporter.code()
    seen = [_rungs(reporter, code)]
    last = _published()
    _asks(platform, after=0)
    seen.append(_rungs(reporter, code))
    _asks(platform, after=last)
    seen.append(_rungs(reporter, code))
    _asks(platform, after=last)
    seen.append(_rungs(reporter, code))
    _says(platform, "pending_review")
    seen.append(_rungs(reporter, code))
    _says(platform, "not_blocked", "allowed_here")
    seen.append(_rungs(reporter, code))
    _says(platform, "blocked")
    seen.append(_rungs(reporter, code))

    assert [rung for ((_slug, rung, _reason),) in seen] == [
        "sent",
        "sent",
        "collected",
        "watching",
        "checking",
        "not_blocked",
        "blocked",
    ]
    assert seen[5][0] == ("loopfeed", "not_blocked", "allowed_here")


@pytest.mark.usefixtures("at_once")
def test_a_withdrawal_is_proven_by_who_collected_it(
    reporter: Reporter, platform: NewKey, settings: Any
) -> None:
    settings.WITHDRAWAL_DELAY_HOURS = 0
    code = reporter.code()
    _asks(platform, after=_published())
    reporter.withdraw(code)
    last = _published()

    before = _rungs(reporter, code)
    _asks(platform, after=last)

    assert before == [("loopfeed", "collected", None)]
    assert _rungs(reporter, code) == [("loopfeed", "withdrawn", None)]


@pytest.mark.usefixtures("platform", "at_once")
def test_nothing_is_shown_before_anything_was_released(reporter: Reporter, settings: Any) -> None:
    settings.RELEASE_AT_ONCE = False

    assert _rungs(reporter, reporter.code()) == []


@pytest.mark.usefixtures("outsider_platform", "at_once")
def test_who_takes_no_part_in_the_list_is_not_on_the_ladder(reporter: Reporter) -> None:
    assert _rungs(reporter, reporter.code()) == []


def test_changes_show_in_one_batch_a_day(reporter: Reporter, platform: NewKey) -> None:
    """Else somebody who has the picture could report it and see at once which edits a platform still finds."""
    code = reporter.code()
    _asks(platform, after=_published())
    clock = Clock.objects.get(kind="ladder")

    assert _rungs(reporter, code) == [("loopfeed", "sent", None)]
    services.sweep_clocks(now=clock.due_at - timedelta(seconds=1))
    assert _rungs(reporter, code) == [("loopfeed", "sent", None)]
    services.sweep_clocks(now=clock.due_at)
    assert _rungs(reporter, code) == [("loopfeed", "collected", None)]

    _says(platform, "blocked")
    services.sweep_clocks(now=clock.due_at + timedelta(hours=23))
    reporter.add(code)
    assert _rungs(reporter, code) == [("loopfeed", "collected", None)]
    services.sweep_clocks(now=clock.due_at + timedelta(hours=24))
    assert _rungs(reporter, code) == [("loopfeed", "blocked", None)]


def test_each_case_has_a_time_of_its_own(reporter: Reporter, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 23, 9, 31, tzinfo=UTC), tick=False)
    for number in range(12):
        reporter.address = f"203.0.113.{number}"
        reporter.code()

    due = set(Clock.objects.values_list("due_at", flat=True))

    assert len(due) > 3
    assert {moment.minute % 15 for moment in due} == {0}


def test_a_clock_that_was_away_for_days_rings_once(reporter: Reporter) -> None:
    reporter.code()
    clock = Clock.objects.get(kind="ladder")
    late = clock.due_at + timedelta(days=9, hours=1)
    Clock.objects.exclude(pk=clock.pk).delete()

    assert services.sweep_clocks(now=late) == 1
    assert services.sweep_clocks(now=late) == 0
    clock.refresh_from_db()
    assert late < clock.due_at <= late + timedelta(hours=24)


@pytest.mark.usefixtures("platform")
def test_a_report_from_before_batches_gets_its_clock(reporter: Reporter, settings: Any) -> None:
    settings.LADDER_BATCH_HOURS = 0
    code = reporter.code()
    assert not Clock.objects.filter(kind="ladder").exists()

    settings.LADDER_BATCH_HOURS = 24
    reporter.status(code)

    assert Clock.objects.filter(kind="ladder").count() == 1


@pytest.mark.usefixtures("platform", "at_once")
def test_the_status_takes_the_same_queries_however_much_there_is(reporter: Reporter) -> None:
    code = reporter.code()
    reporter.status(code)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            reporter.status(code)
        counts.append(len(asked))
        for _more in range(10):
            reporter.add(code)
        reporter.status(code)

    assert counts[0] == counts[1]
    assert Rung.objects.count() == 1
