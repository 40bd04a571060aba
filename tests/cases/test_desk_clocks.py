from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

import hashes.services
from cases import services
from cases.models import Case, Clock, ClockRecord
from cases.services import claims, clock_rules, clocks, following, links, risk
from hashes.models import Entry
from platforms.services import NewKey
from staff.services import User
from tests.cases.desk import NOW, kinds, make_case

pytestmark = pytest.mark.django_db


def test_a_report_comes_with_its_risk_and_its_clocks() -> None:
    urgent = make_case(in_danger=True, deadline="today")
    usual = make_case()

    assert urgent.risk > usual.risk == 0
    assert _running(urgent) == {"first_look", "push", "ladder"}
    look = urgent.clocks.get(kind="first_look")
    assert look.due_at == NOW.replace(hour=10, minute=45, second=0)
    assert usual.clocks.get(kind="first_look").due_at > look.due_at


def test_no_clock_says_when_she_was_here() -> None:
    moments = {clock.due_at for clock in make_case(in_danger=True).clocks.all()}
    assert {(at.minute % 15, at.second, at.microsecond) for at in moments} == {(0, 0, 0)}


def test_nothing_is_to_be_pushed_while_it_is_held_back(settings: Any) -> None:
    settings.RELEASE_AT_ONCE = False
    assert "push" not in _running(make_case())


def test_a_limit_that_passes_is_an_event_and_brings_the_case_to_the_top() -> None:
    case = make_case()
    late = NOW + timedelta(days=3)

    services.sweep_clocks(now=late)
    services.sweep_clocks(now=late)

    case.refresh_from_db()
    assert case.is_overdue
    assert kinds(case).count("limit_passed") == 2  # The first look, and the push.
    # What it waits for is still to be done.
    assert case.clocks.get(kind="first_look").is_broken


def test_looking_late_ends_the_clock_and_says_so(triager: User) -> None:
    case = make_case(in_danger=True)
    Clock.objects.filter(case=case, kind="push").delete()
    late = NOW + timedelta(hours=2)
    services.sweep_clocks(now=late)

    claims.take_case(case=case, by=triager, now=late)

    record = ClockRecord.objects.get(case=case, kind="first_look")
    assert not record.was_kept
    assert record.hours == 2
    case.refresh_from_db()
    assert not case.is_overdue
    assert "first_look" not in _running(case)


def test_one_ended_clock_does_not_hide_another_that_is_late(triager: User) -> None:
    case = make_case()
    late = NOW + timedelta(days=3)
    services.sweep_clocks(now=late)

    claims.take_case(case=case, by=triager, now=late)

    case.refresh_from_db()
    assert case.is_overdue


def test_the_push_ends_once_the_feed_has_numbers_and_platforms_then_have_a_day(platform: NewKey) -> None:
    case = make_case()
    services.follow_cases(now=NOW)
    assert "push" in _running(case)

    hashes.services.publish(now=NOW)
    services.follow_cases(now=NOW)

    assert "push" not in _running(case)
    assert ClockRecord.objects.get(case=case, kind="push").was_kept
    assert case.clocks.get(kind="acknowledge").platform_id == platform.platform.pk


def test_a_platform_has_acknowledged_when_it_proves_to_hold_the_list(platform: NewKey) -> None:
    case = _pushed()
    last = hashes.services.read_feed(platform_id=platform.platform.pk, after=0, limit=100)
    services.follow_cases(now=NOW)
    assert "acknowledge" in _running(case)

    number = last.changes[-1].number
    hashes.services.read_feed(platform_id=platform.platform.pk, after=number, limit=100)
    services.follow_cases(now=NOW)

    assert "acknowledge" not in _running(case)
    assert ClockRecord.objects.get(case=case, kind="acknowledge").platform_id == platform.platform.pk


def test_a_platform_that_did_it_since_the_last_look_has_kept_its_limit(platform: NewKey) -> None:
    case = _pushed()
    pages = hashes.services.read_feed(platform_id=platform.platform.pk, after=0, limit=100)
    hashes.services.read_feed(platform_id=platform.platform.pk, after=pages.changes[-1].number, limit=100)

    services.sweep_clocks(now=case.clocks.get(kind="acknowledge").due_at + timedelta(seconds=9))

    assert ClockRecord.objects.get(case=case, kind="acknowledge").was_kept
    assert not case.clocks.filter(is_broken=True).exclude(kind="first_look").exists()


def test_an_outcome_is_due_48_hours_after_a_platform_found_a_copy(platform: NewKey) -> None:
    case = _pushed()
    _say(case, platform, "pending_review")
    services.follow_cases(now=NOW)

    clock = case.clocks.get(kind="outcome")
    assert timedelta(hours=48) <= clock.due_at - NOW < timedelta(hours=48, minutes=15)

    _say(case, platform, "blocked")
    services.follow_cases(now=NOW + timedelta(hours=5))

    record = ClockRecord.objects.get(case=case, kind="outcome")
    assert record.was_kept
    assert 4 <= record.hours <= 5
    assert "outcome" not in _running(case)


def test_a_platform_that_lets_48_hours_pass_raises_the_risk(platform: NewKey) -> None:
    case = _pushed()
    _say(case, platform, "pending_review")
    services.follow_cases(now=NOW)
    Case.objects.filter(pk=case.pk).update(risk=0)

    services.sweep_clocks(now=NOW + timedelta(hours=49))

    case.refresh_from_db()
    assert case.is_overdue
    assert case.risk > 0
    assert "48 hours" in risk.why(case, broken={"outcome"})


def test_following_twice_changes_nothing_more(platform: NewKey) -> None:
    case = _pushed()
    _say(case, platform, "pending_review")
    services.follow_cases(now=NOW)
    before = sorted(Clock.objects.filter(case=case).values_list("kind", "due_at"))

    cache.clear()
    services.follow_cases(now=NOW + timedelta(hours=1))

    assert sorted(Clock.objects.filter(case=case).values_list("kind", "due_at")) == before


def test_words_of_danger_put_a_case_on_top_and_start_the_hour(triager: User) -> None:
    case = make_case()
    claims.take_case(case=case, by=triager, now=NOW)

    risk.hear_of_danger(case=case, now=NOW)
    risk.hear_of_danger(case=case, now=NOW)

    case.refresh_from_db()
    assert case.risk >= 4_000
    assert kinds(case).count("said_danger") == 1
    assert case.clocks.get(kind="first_look").due_at <= NOW + timedelta(hours=1, minutes=15)


def test_danger_never_gives_more_time_than_there_was() -> None:
    case = make_case(now=NOW)
    due_at = case.clocks.get(kind="first_look").due_at

    risk.hear_of_danger(case=case, now=due_at - timedelta(minutes=20))

    assert case.clocks.get(kind="first_look").due_at == due_at


def test_danger_said_again_gives_no_other_hour() -> None:
    case = make_case()
    risk.hear_of_danger(case=case, now=NOW)
    due_at = case.clocks.get(kind="first_look").due_at
    risk.hear_of_danger(case=case, now=NOW + timedelta(minutes=40))
    assert case.clocks.get(kind="first_look").due_at == due_at


def test_a_look_that_was_late_before_she_said_danger_is_still_late(triager: User) -> None:
    case = make_case()
    Clock.objects.filter(case=case, kind="push").delete()
    late = NOW + timedelta(days=2)
    services.sweep_clocks(now=late)

    risk.hear_of_danger(case=case, now=late)

    case.refresh_from_db()
    assert case.is_overdue
    claims.take_case(case=case, by=triager, now=late + timedelta(minutes=5))
    assert not ClockRecord.objects.get(case=case, kind="first_look").was_kept


def test_clocks_that_always_fail_hold_up_none_behind_them(monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned, sound = [make_case() for _ in range(3)], make_case(now=NOW + timedelta(minutes=20))
    Clock.objects.exclude(kind="first_look").delete()
    monkeypatch.setattr(clocks, "_AT_A_TIME", 2)
    passes = clock_rules.pass_limit

    def fails(*, clock: Clock, now: datetime) -> bool:
        if clock.case in poisoned:
            raise RuntimeError("this case can't be read")
        return passes(clock=clock, now=now)

    monkeypatch.setattr(clock_rules, "pass_limit", fails)

    assert services.sweep_clocks(now=NOW + timedelta(days=3)) == 1
    assert sound.clocks.get().is_broken
    assert services.sweep_clocks(now=NOW + timedelta(days=3)) == 0


def test_a_case_that_can_not_be_followed_holds_up_no_other(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned, sound = make_case(), make_case()
    hashes.services.publish(now=NOW)
    monkeypatch.setattr(following, "_AT_A_TIME", 1)
    finds = links.find_links

    def fails(*, case: Case, on: date) -> int:
        if case == poisoned:
            raise RuntimeError("this case can't be read")
        return finds(case=case, on=on)

    monkeypatch.setattr(links, "find_links", fails)

    for _ in range(3):
        services.follow_cases(now=NOW)

    assert "push" in _running(poisoned)
    assert "push" not in _running(sound)
    assert sound.clocks.get(kind="acknowledge").platform_id == platform.platform.pk


def test_many_clocks_of_one_moment_are_all_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        make_case()
    monkeypatch.setattr(clocks, "_AT_A_TIME", 2)
    assert services.sweep_clocks(now=NOW + timedelta(days=3)) >= 10
    assert not Clock.objects.filter(due_at__lte=NOW + timedelta(days=3), is_broken=False).exists()


def _running(case: Case) -> set[str]:
    return set(case.clocks.values_list("kind", flat=True))


def _pushed() -> Case:
    case = make_case()
    hashes.services.publish(now=NOW)
    services.follow_cases(now=NOW)
    return case


def _say(case: Case, platform: NewKey, outcome: str) -> None:
    entry = Entry.objects.filter(picture__in=links.picture_ids(case)).earliest("pk")
    hashes.services.give_feedback(
        platform_id=platform.platform.pk,
        entry_id=entry.pk,
        outcome=outcome,
        reason=None,
        count=1,
        on=NOW.date(),
    )
