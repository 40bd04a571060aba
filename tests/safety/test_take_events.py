"""Events come in once, whatever is sent, and good rows are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

import accounts.services
from accounts.models import Account
from accounts.services import Who
from nudges.models import Nudge
from platforms.services import NewKey
from safety.models import Connection, Event, Unread
from safety.services.events import Rejected, Taken, take_events
from tests.makers import make_platform
from tests.safety.makers import event, make_account, make_pair

pytestmark = pytest.mark.django_db


def take(chatter: NewKey, now: datetime, *rows: object) -> Taken:
    return take_events(platform_id=chatter.platform.pk, rows=rows, now=now)


def test_an_event_is_kept_as_it_was_told(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    row = event(adult, teen, id="m-1", mutuals=3, labels=["secrecy", "gift_card", "secrecy"])
    assert take(chatter, now, row) == Taken(1, 0, ())
    kept = Event.objects.get()
    assert (kept.external_id, kept.kind, kept.actor, kept.target) == ("m-1", "contact", adult, teen)
    assert kept.occurred_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert (kept.mutuals, kept.labels) == (3, ["gift_card", "secrecy"])


def test_a_repeat_is_no_news_and_changes_nothing(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    rows = [event(adult, teen), event(teen, adult, "block")]
    take(chatter, now, *rows)
    Unread.objects.all().delete()
    Nudge.objects.all().delete()
    assert take(chatter, now + timedelta(minutes=1), *rows) == Taken(0, 2, ())
    assert Event.objects.count() == 2
    assert not Unread.objects.exists()
    assert not Nudge.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "comment"},
        {"occurred_at": "2026-11-23T09:00:01Z"},
        {"mutuals": 1},
        {"mutuals": None},
        {"labels": ["secrecy"]},
        {"target": "older-teen"},
        {"actor": "older-teen"},
    ],
)
@pytest.mark.usefixtures("older_teen")
def test_an_id_with_another_body_is_refused(
    chatter: NewKey, adult: Account, teen: Account, now: datetime, other: dict[str, object]
) -> None:
    row = event(adult, teen)
    take(chatter, now, row)
    reused = Rejected(1, "id", "id_reused")
    assert take(chatter, now, event(adult, teen), row | other) == Taken(1, 0, (reused,))


def test_the_same_in_other_words_is_a_repeat(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    row = event(adult, teen, labels=["secrecy", "gift_card"])
    take(chatter, now, row)
    again = row | {"occurred_at": "2026-11-23T10:00:00+01:00", "labels": ["gift_card", "secrecy"]}
    assert take(chatter, now, again) == Taken(0, 1, ())


def test_an_id_twice_in_one_batch(chatter: NewKey, adult: Account, teen: Account, now: datetime) -> None:
    row = event(adult, teen)
    other = row | {"kind": "follow"}
    assert take(chatter, now, row, row, other) == Taken(1, 1, (Rejected(2, "id", "id_reused"),))
    assert Event.objects.get().kind == "contact"


def test_another_platform_has_ids_and_accounts_of_its_own(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    elsewhere = make_platform("Elsewhere", scopes=("safety",))
    row = event(adult, teen)
    take(chatter, now, row)
    unknown = Rejected(0, "actor", "unknown_account")
    assert take_events(platform_id=elsewhere.platform.pk, rows=[row], now=now) == Taken(0, 0, (unknown,))
    for one in (adult, teen):
        make_account(elsewhere.platform, one.age_band, external_id=one.external_id)
    assert take_events(platform_id=elsewhere.platform.pk, rows=[row], now=now) == Taken(1, 0, ())


@pytest.mark.parametrize(
    ("over", "field", "code"),
    [
        ({"id": None}, "id", "required"),
        ({"id": ""}, "id", "invalid"),
        ({"id": "x" * 129}, "id", "invalid"),
        ({"id": "nul\x00"}, "id", "invalid"),
        ({"id": 7}, "id", "invalid"),
        ({"kind": None}, "kind", "required"),
        ({"kind": "wave"}, "kind", "invalid_choice"),
        ({"kind": ["contact"]}, "kind", "invalid_choice"),
        ({"actor": None}, "actor", "required"),
        ({"actor": "nobody"}, "actor", "unknown_account"),
        ({"actor": "nul\x00"}, "actor", "invalid"),
        ({"target": None}, "target", "required"),
        ({"target": "nobody"}, "target", "unknown_account"),
        ({"target": "adult"}, "target", "same_as_actor"),
        ({"target": {}}, "target", "invalid"),
        ({"occurred_at": None}, "occurred_at", "required"),
        ({"occurred_at": "yesterday"}, "occurred_at", "invalid"),
        ({"occurred_at": 1_700_000_000}, "occurred_at", "invalid"),
        ({"occurred_at": "2026-11-23T09:00:00"}, "occurred_at", "no_offset"),
        ({"occurred_at": "0001-01-01T00:00:00+09:00"}, "occurred_at", "invalid"),
        ({"occurred_at": "2026-11-23T09:35:18Z"}, "occurred_at", "in_future"),
        ({"occurred_at": "2026-07-26T09:30:16Z"}, "occurred_at", "too_old"),
        ({"mutuals": -1}, "mutuals", "invalid"),
        ({"mutuals": 2**31}, "mutuals", "invalid"),
        ({"mutuals": True}, "mutuals", "invalid"),
        ({"mutuals": 1.5}, "mutuals", "invalid"),
        ({"labels": "secrecy"}, "labels", "not_a_list"),
        ({"labels": ["love"]}, "labels", "invalid_choice"),
        ({"labels": [[]]}, "labels", "invalid_choice"),
    ],
)
def test_a_wrong_row_is_named_and_its_neighbours_are_kept(
    chatter: NewKey,
    adult: Account,
    teen: Account,
    now: datetime,
    over: dict[str, object],
    field: str,
    code: str,
) -> None:
    rows = [event(adult, teen), event(adult, teen) | over, event(teen, adult, "reply")]
    assert take(chatter, now, *rows) == Taken(2, 0, (Rejected(1, field, code),))
    assert Event.objects.count() == 2


@pytest.mark.parametrize("raw", [None, [], "contact", 7])
def test_what_is_no_object_is_named(chatter: NewKey, now: datetime, raw: object) -> None:
    assert take(chatter, now, raw) == Taken(0, 0, (Rejected(0, "", "not_an_object"),))


@pytest.mark.parametrize("occurred_at", ["2026-11-23T09:35:17Z", "2026-07-26T09:30:17Z"])
def test_clocks_may_differ_a_little_and_120_days_may_be_filled_in(
    chatter: NewKey, adult: Account, teen: Account, now: datetime, occurred_at: str
) -> None:
    assert take(chatter, now, event(adult, teen, occurred_at=occurred_at)).accepted == 1


def test_an_upload_of_a_listed_picture_has_no_other_side(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    rows = [event(adult, None, "listed_hash_attempt"), event(teen, None, "listed_hash_attempt")]
    assert take(chatter, now, *rows).accepted == 2
    mark = Unread.objects.get()
    assert (mark.account, mark.has_listed_hash) == (adult, True)
    # What else happens doesn't take the mark back.
    take(chatter, now, event(adult, teen))
    assert Unread.objects.get().has_listed_hash


@pytest.mark.parametrize(
    "kind", ["contact", "reply", "connect", "disconnect", "follow", "comment", "block", "report"]
)
def test_an_adult_has_unread_events_whoever_acted_but_only_with_a_minor(
    chatter: NewKey, adult: Account, teen: Account, now: datetime, kind: str
) -> None:
    friend = make_account(chatter.platform, "18_20")
    child = make_account(chatter.platform, "under_13")
    take(chatter, now, event(adult, friend, kind), event(teen, child, kind))
    assert not Unread.objects.exists()
    take(chatter, now, event(adult, teen, kind), event(child, friend, kind))
    assert set(Unread.objects.values_list("account", flat=True)) == {adult.pk, friend.pk}


@pytest.mark.parametrize("kind", ["contact", "follow", "comment"])
@pytest.mark.parametrize("band", ["13_15", "18_20", "21_plus"])
def test_a_teen_is_nudged_when_any_stranger_reaches_her(
    chatter: NewKey, teen: Account, now: datetime, kind: str, band: str
) -> None:
    stranger = make_account(chatter.platform, band)
    take(chatter, now, event(stranger, teen, kind), event(stranger, teen, kind))
    assert list(Nudge.objects.values_list("account", "kind")) == [(teen.pk, "stranger")]


def test_nobody_is_nudged_about_friends_adults_or_last_week(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    teacher, friend = (make_account(chatter.platform, "21_plus") for _ in range(2))
    make_pair(teen, teacher)
    take(chatter, now, event(teen, friend, "connect", occurred_at="2026-10-01T00:00:00Z"))
    take(
        chatter,
        now,
        event(friend, teen),
        event(teacher, teen),
        event(adult, friend),
        event(adult, teen, "reply"),
        event(adult, teen, occurred_at="2026-11-16T09:00:00Z"),
    )
    assert not Nudge.objects.exists()


@pytest.mark.parametrize(("kind", "nudge"), [("block", "after_block"), ("report", "after_report")])
def test_who_blocked_or_reported_is_asked_about_it(
    chatter: NewKey, adult: Account, teen: Account, now: datetime, kind: str, nudge: str
) -> None:
    take(chatter, now, event(teen, adult, kind), event(adult, teen, kind))
    assert list(Nudge.objects.values_list("account", "kind")) == [(teen.pk, nudge)]


def test_what_was_said_last_of_two_holds_in_whatever_order_it_comes(
    chatter: NewKey, adult: Account, now: datetime
) -> None:
    said = [
        ("connect", "2026-11-01T00:00:00Z"),
        ("disconnect", "2026-11-02T00:00:00Z"),
        ("connect", "2026-11-03T00:00:00Z"),
    ]
    for order in permutations(said):
        friend = make_account(chatter.platform, "16_17")
        for kind, at in order:
            take(chatter, now, event(friend, adult, kind, occurred_at=at))
        connection = Connection.objects.get(one=min(adult.pk, friend.pk), other=max(adult.pk, friend.pk))
        assert connection.is_connected
        assert connection.said_at == datetime(2026, 11, 3, tzinfo=UTC)


def test_who_adults_know_is_not_kept_apart(chatter: NewKey, adult: Account, now: datetime) -> None:
    take(chatter, now, event(adult, make_account(chatter.platform, "21_plus"), "connect"))
    assert not Connection.objects.exists()


def test_a_thousand_events_take_as_many_queries_as_ten(
    chatter: NewKey, adult: Account, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    teens = [make_account(chatter.platform, "16_17") for _ in range(100)]
    kinds = ("contact", "connect", "block", "report")
    for size in (10, 1_000):
        rows = [event(adult, teens[place % 100], kinds[place % 4]) for place in range(size)]
        with django_assert_num_queries(9):
            assert take(chatter, now, *rows).accepted == size


def test_no_half_of_a_batch_is_written(
    chatter: NewKey, adult: Account, teen: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(**_: object) -> None:
        raise SystemExit

    monkeypatch.setattr("nudges.services.nudge_many", dies)
    with pytest.raises(SystemExit):
        take(chatter, now, event(teen, adult, "connect"), event(teen, adult, "block"))
    assert not Event.objects.exists()
    assert not Connection.objects.exists()
    assert not Unread.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_account_that_goes_meanwhile_is_unknown_and_the_rest_is_kept(
    chatter: NewKey,
    adult: Account,
    teen: Account,
    older_teen: Account,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    find = accounts.services.find_quickly
    rows = [event(adult, teen), event(adult, older_teen)]

    def finds_and_then_she_goes(**asked: Any) -> dict[str, Who]:
        found = find(**asked)
        Account.objects.filter(pk=teen.pk).delete()
        return found

    monkeypatch.setattr("accounts.services.find_quickly", finds_and_then_she_goes)
    assert take(chatter, now, *rows) == Taken(1, 0, (Rejected(0, "target", "unknown_account"),))
    assert Event.objects.get().target == older_teen
