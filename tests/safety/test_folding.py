"""Standings follow from events, whatever order they come in, and nothing is missed or read twice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from platforms.services import NewKey
from safety import engine, tasks
from safety.models import Event, Flag, Standing, StandingChange, Unread
from safety.services import drain, refresh, take_events
from safety.services.gathering import gather
from tests.safety.makers import event, make_account, make_pair, make_standing

pytestmark = pytest.mark.django_db

Row = dict[str, object]


def at(now: datetime, days: float) -> str:
    return (now - timedelta(days=days)).isoformat()


def cold_contacter(chatter: NewKey, adult: Account, now: datetime, minors: int = 12) -> list[Row]:
    """He writes to many whom nobody knows; most say nothing, some report him."""
    rows = []
    for number in range(minors):
        teen = make_account(chatter.platform, "13_15", community=f"c{number}", device_cluster=f"d{number}")
        days = 20 - number
        rows.append(event(adult, teen, occurred_at=at(now, days)))
        if number % 2:
            rows.append(event(teen, adult, "report", occurred_at=at(now, days - 0.5), mutuals=None))
    return rows


def take(chatter: NewKey, now: datetime, rows: Sequence[Row]) -> None:
    taken = take_events(platform_id=chatter.platform.pk, rows=rows, now=now)
    assert (taken.accepted, taken.rejected) == (len(rows), ())


def stands(account: Account) -> tuple[object, ...]:
    one = Standing.objects.get(account=account)
    return one.level, one.score, one.reasons, one.inputs_hash, one.stands_until


def test_the_worker_reads_what_is_unread(chatter: NewKey, adult: Account, now: datetime) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    assert drain(now=now) == 1
    standing = Standing.objects.get()
    assert (standing.account, standing.level, standing.version) == (adult, 2, 1)
    assert {reason["rule"] for reason in standing.reasons} >= {"R1", "R2"}
    change = StandingChange.objects.get()
    assert (change.before, change.after, change.version, change.at) == (0, 2, 1, now)
    flag = Flag.objects.get()
    assert (flag.account, flag.cause, flag.state) == (adult, "restricted", "open")
    assert not Unread.objects.exists()
    assert drain(now=now) == 0


def test_the_rows_give_what_the_engine_gives(chatter: NewKey, adult: Account, now: datetime) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    drain(now=now)
    case = gather(account_ids=[adult.pk])[adult.pk]
    reading = engine.read(case, at=now)
    standing = Standing.objects.get()
    assert (standing.level, standing.score) == (reading.level, reading.score)
    assert standing.inputs_hash == reading.inputs_hash


def test_order_of_arrival_does_not_matter(chatter: NewKey, adult: Account, now: datetime) -> None:
    """Filled in at once, lived through day by day, and late and shuffled."""
    rows = cold_contacter(chatter, adult, now)
    take(chatter, now, rows)
    drain(now=now)
    at_once = stands(adult)

    for seed in range(3):
        Event.objects.all().delete()
        Standing.objects.all().delete()
        shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - An order.
        for place in range(0, len(shuffled), 4):
            take(chatter, now, shuffled[place : place + 4])
            drain(now=now)
        assert stands(adult) == at_once


def test_lived_through_or_filled_in_comes_to_the_same(chatter: NewKey, adult: Account, now: datetime) -> None:
    rows = sorted(cold_contacter(chatter, adult, now), key=lambda row: str(row["occurred_at"]))
    for row in rows:
        then = datetime.fromisoformat(str(row["occurred_at"])) + timedelta(minutes=1)
        take(chatter, then, [row])
        drain(now=then)
    refresh([adult.pk], now)
    lived = stands(adult)
    Event.objects.all().delete()
    Standing.objects.all().delete()
    take(chatter, now, rows)
    drain(now=now)
    assert stands(adult) == lived


def test_time_alone_brings_a_level_down(chatter: NewKey, adult: Account, now: datetime) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    drain(now=now)
    for _ in range(10):
        ends = Standing.objects.get().stands_until
        assert drain(now=ends - timedelta(seconds=1)) == 0
        if not drain(now=ends) or not Standing.objects.get().level:
            break
    assert Standing.objects.get().level == 0
    levels = list(StandingChange.objects.order_by("pk").values_list("before", "after"))
    assert levels[0] == (0, 2)
    assert levels[-1][1] == 0


def test_pairs_are_left_out_and_minors_have_no_standing(
    chatter: NewKey, adult: Account, teen: Account, older_teen: Account, now: datetime
) -> None:
    make_pair(teen, adult)
    take(chatter, now, [event(adult, teen), event(teen, adult, "report")])
    take(chatter, now, [event(older_teen, teen), event(teen, older_teen, "report")])
    drain(now=now)
    assert list(Standing.objects.values_list("account", "score")) == [(adult.pk, 0.0)]


def test_an_adult_who_turns_out_to_be_a_child_is_let_go(
    chatter: NewKey, adult: Account, now: datetime
) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))
    drain(now=now)
    Account.objects.filter(pk=adult.pk).update(age_band="16_17")
    refresh([adult.pk], now)
    assert Standing.objects.get().level == 0


@pytest.mark.parametrize(
    ("over", "level"),
    [
        ({"sanctioned_at": datetime.fromisoformat("2026-11-20T00:00:00Z"), "level": 3}, 3),
        ({"lifted_until": datetime.fromisoformat("2026-12-20T00:00:00Z"), "level": 0}, 0),
        ({"lifted_until": datetime.fromisoformat("2026-11-20T00:00:00Z"), "level": 0}, 2),
        ({"frozen_at": datetime.fromisoformat("2026-11-20T00:00:00Z"), "level": 1}, 1),
    ],
)
def test_a_persons_word_goes_before_the_machines(
    chatter: NewKey, adult: Account, now: datetime, over: Row, level: int
) -> None:
    make_standing(adult, now=now, **over)  # type: ignore[arg-type]
    take(chatter, now, cold_contacter(chatter, adult, now))
    drain(now=now)
    assert Standing.objects.get().level == level


def test_upheld_stays_restricted_until_its_day(adult: Account, now: datetime) -> None:
    until = now + timedelta(days=30)
    make_standing(adult, 2, now=now, upheld_until=until, stands_until=now)
    assert drain(now=now) == 1
    standing = Standing.objects.get()
    assert (standing.level, standing.stands_until, standing.upheld_until) == (2, until, until)
    drain(now=until)
    standing = Standing.objects.get()
    assert (standing.level, standing.upheld_until) == (0, None)


def test_what_people_hold_in_place_keeps_no_worker_busy(adult: Account, now: datetime) -> None:
    make_standing(adult, 3, now=now, stands_until=now)
    assert drain(now=now) == 1
    assert drain(now=now) == 0


def test_an_upload_of_a_listed_picture_is_for_a_person_at_once(
    chatter: NewKey, adult: Account, now: datetime
) -> None:
    take(chatter, now, [event(adult, None, "listed_hash_attempt")])
    drain(now=now)
    flag = Flag.objects.get()
    assert (flag.cause, flag.level) == ("listed_hash", 0)
    # Neither a repeat nor what comes later opens a second one.
    take(chatter, now, [event(adult, None, "listed_hash_attempt")])
    drain(now=now)
    assert Flag.objects.count() == 1


def test_an_arranged_burst_freezes_the_score_and_goes_to_a_person(
    chatter: NewKey, adult: Account, now: datetime
) -> None:
    fakes = [
        make_account(chatter.platform, "13_15", joined_on=date(2026, 11, 20), device_cluster="farm")
        for _ in range(8)
    ]
    rows = [event(one, adult, "report", occurred_at=at(now, 0.01 * n)) for n, one in enumerate(fakes)]
    take(chatter, now, rows)
    drain(now=now)
    standing = Standing.objects.get()
    assert (standing.level, standing.score, standing.frozen_at) == (0, 0.0, now)
    assert list(Flag.objects.values_list("cause", "state")) == [("burst", "open")]
    # Once a person has looked, the same burst freezes nothing.
    later = now + timedelta(hours=1)
    Flag.objects.update(state="closed", outcome="lifted", closed_at=later)
    Standing.objects.update(frozen_at=None)
    refresh([adult.pk], later)
    assert Standing.objects.get().frozen_at is None
    # And what its reporters say of others weighs half.
    other = make_account(chatter.platform, "21_plus")
    take(chatter, now, [event(fakes[0], other, "report")])
    people = gather(account_ids=[other.pk])[other.pk].people
    assert people[str(fakes[0].pk)].credit == 0.5
    assert people[str(other.pk)].credit == 1.0


def test_who_shares_a_device_with_somebody_sanctioned(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    Account.objects.filter(pk=adult.pk).update(device_cluster="phone")
    other = make_account(chatter.platform, "21_plus", device_cluster="phone")
    make_standing(other, 3, now=now)
    take(chatter, now, [event(adult, teen)])
    drain(now=now)
    reasons = Standing.objects.get(account=adult).reasons
    assert "R8" in {reason["rule"] for reason in reasons}
    assert not gather(account_ids=[other.pk])[other.pk].people[str(other.pk)].is_linked_to_sanctioned


def test_many_are_read_with_as_many_queries_as_one(
    chatter: NewKey, teen: Account, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for adults in (1, 30):
        rows = [event(make_account(chatter.platform, "21_plus"), teen) for _ in range(adults)]
        take(chatter, now, rows)
        with django_assert_num_queries(14):
            assert drain(now=now) == adults


def test_the_task_reads_all(chatter: NewKey, teen: Account, now: datetime) -> None:
    take(chatter, now, [event(make_account(chatter.platform, "18_20"), teen) for _ in range(120)])
    assert tasks.read_events.name == "safety.tasks.read_events"
    tasks.read_events()
    assert not Unread.objects.exists()
    assert Standing.objects.count() == 120


def test_killed_while_reading_nothing_is_lost(
    chatter: NewKey, adult: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(chatter, now, cold_contacter(chatter, adult, now))

    def dies(**_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("safety.services.flags.open_flag", dies)
        with pytest.raises(SystemExit):
            drain(now=now)
    assert not Standing.objects.exists()
    assert not StandingChange.objects.exists()
    assert drain(now=now) == 1
    assert Flag.objects.count() == 1
