"""A change and its announcement are one; Undo puts back what nobody changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.errors import ChangedSince, NotASetting, UndoTooLate
from accounts.models import Account, SettingChange, Supervision, Wish
from accounts.services import AccountFacts, change_settings, changes, undo
from platforms.models import WebhookEndpoint, WebhookMessage
from platforms.services import NewKey
from tests.accounts.makers import make_account

pytestmark = pytest.mark.django_db
OPEN = {"message": "everyone", "private": False, "location": True}


@pytest.fixture
def mia(platform: NewKey, now: datetime) -> AccountFacts:
    """Anyone can message her, and her platform wants to hear of what she changes."""
    WebhookEndpoint.objects.create(
        platform=platform.platform, url="https://loopfeed.example/hooks", secret="x", made_at=now
    )
    return make_account("mia", platform_id=platform.platform.pk, settings=dict(OPEN))


@pytest.fixture
def supervised_mia(mia: AccountFacts, now: datetime) -> AccountFacts:
    parent = make_account("parent", platform_id=mia.platform_id, age_band="21_plus")
    Supervision.objects.create(
        platform_id=mia.platform_id,
        teen_id=mia.id,
        guardian_id=parent.id,
        state="active",
        invited_by="teen",
        invited_at=now,
        expires_at=now,
        began_at=now,
    )
    return mia


def settings_of(account: AccountFacts) -> Mapping[str, object]:
    return dict(Account.objects.get(pk=account.id).settings)


def told() -> list[dict[str, Any]]:
    bodies = WebhookMessage.objects.filter(event="settings.changed").values_list("body", flat=True)
    return sorted((json.loads(body)["data"] for body in bodies), key=lambda one: one["settings_version"])


def test_a_change_keeps_what_was_and_tells_the_platform(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(
        account_id=mia.id, changes={"message": "friends", "private": True}, by="teen", now=now
    )
    assert settings_of(mia) == OPEN | {"message": "friends", "private": True}
    rows = SettingChange.objects.order_by("setting").values_list(
        "setting", "before", "after", "by", "at", "together"
    )
    assert list(rows) == [
        ("message", "everyone", "friends", "teen", now, together),
        ("private", False, True, "teen", now, together),
    ]
    (heard,) = told()
    assert heard["external_id"] == "mia"
    assert heard["settings_version"] == 1
    assert heard["changes"][0] == {
        "setting": "message",
        "before": "everyone",
        "after": "friends",
        "by": "teen",
        "at": "2026-11-23T09:30:17Z",
    }


def test_a_second_tap_changes_nothing_and_is_told_how_to_undo_the_first(
    mia: AccountFacts, now: datetime
) -> None:
    first, second = (
        change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=now)
        for _ in range(2)
    )
    assert first == second
    assert SettingChange.objects.count() == len(told()) == 1


def test_what_is_no_setting_or_no_value_changes_nothing(mia: AccountFacts, now: datetime) -> None:
    for wrong in (
        {"message": "all"},
        {"message": True},
        {"colour": "red"},
        {"private": 1},
        {"message": None},
    ):
        with pytest.raises(NotASetting):
            change_settings(account_id=mia.id, changes={"location": False, **wrong}, by="teen", now=now)
    assert settings_of(mia) == OPEN
    assert told() == []


def test_a_change_whose_announcement_fails_does_not_happen(
    mia: AccountFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(changes, "enqueue", fail)
    with pytest.raises(RuntimeError):
        change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=now)
    assert (settings_of(mia), SettingChange.objects.count()) == (OPEN, 0)


def test_undo_puts_all_of_one_tap_back_and_says_so(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(
        account_id=mia.id, changes={"message": "friends", "location": False}, by="teen", now=now
    )
    later = now + timedelta(days=29, hours=23)
    undone = undo(account_id=mia.id, together=together, by="teen", now=later)
    assert undone.restored == {"message", "location"}
    assert not undone.left | undone.asked
    assert settings_of(mia) == OPEN
    assert [change["after"] for change in told()[-1]["changes"]] == ["everyone", True]
    assert SettingChange.objects.exclude(undoes=None).count() == 2


def test_undone_twice_is_undone_once(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=now)
    first, second = (undo(account_id=mia.id, together=together, by="teen", now=now) for _ in range(2))
    assert first == second
    assert len(told()) == 2


def test_undoing_the_undo_is_a_change_like_any(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=now)
    undone = undo(account_id=mia.id, together=together, by="teen", now=now)
    undo(account_id=mia.id, together=undone.together, by="teen", now=now)
    assert settings_of(mia)["message"] == "friends"


def test_what_was_changed_since_is_left_as_it_is(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(
        account_id=mia.id, changes={"message": "friends", "location": False}, by="teen", now=now
    )
    change_settings(account_id=mia.id, changes={"message": "nobody"}, by="teen", now=now)
    undone = undo(account_id=mia.id, together=together, by="teen", now=now)
    assert undone.restored == {"location"}
    assert undone.left == {"message"}
    assert settings_of(mia) == OPEN | {"message": "nobody"}


def test_where_all_was_changed_since_there_is_nothing_to_undo(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=now)
    # Back to the same value, but by a decision of its own.
    for value in ("nobody", "friends"):
        change_settings(account_id=mia.id, changes={"message": value}, by="teen", now=now)
    with pytest.raises(ChangedSince):
        undo(account_id=mia.id, together=together, by="teen", now=now)
    assert settings_of(mia)["message"] == "friends"


def test_after_thirty_days_and_for_anybody_else_it_is_too_late(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=now)
    other = make_account("other", platform_id=mia.platform_id)
    for whose, which, when in (
        (mia, together, now + timedelta(days=30)),
        (mia, uuid4(), now),
        (other, together, now),
    ):
        with pytest.raises(UndoTooLate):
            undo(account_id=whose.id, together=which, by="teen", now=when)
    assert settings_of(mia)["message"] == "friends"


def test_what_nobody_had_told_of_is_unknown_again_after_undo(mia: AccountFacts, now: datetime) -> None:
    together = change_settings(account_id=mia.id, changes={"comment": "nobody"}, by="teen", now=now)
    undo(account_id=mia.id, together=together, by="teen", now=now)
    assert settings_of(mia) == OPEN
    assert told()[-1]["changes"][0]["after"] is None


def test_a_supervised_teen_strengthens_at_once_and_wishes_for_what_loosens(
    supervised_mia: AccountFacts, now: datetime
) -> None:
    wanted = {"message": "friends", "private": False, "comment": "everyone"}
    change_settings(account_id=supervised_mia.id, changes=wanted, by="teen", now=now)
    assert settings_of(supervised_mia) == OPEN | {"message": "friends"}
    assert list(Wish.objects.values_list("setting", "wanted", "state")) == [
        ("comment", "everyone", "waiting")
    ]
    assert len(told()) == 1


def test_undo_of_a_supervised_teen_asks_where_it_loosens(supervised_mia: AccountFacts, now: datetime) -> None:
    together = change_settings(
        account_id=supervised_mia.id, changes={"message": "friends"}, by="teen", now=now
    )
    undone = undo(account_id=supervised_mia.id, together=together, by="teen", now=now)
    assert undone.asked == {"message"}
    assert not undone.restored
    assert settings_of(supervised_mia)["message"] == "friends"
    assert Wish.objects.get().wanted == "everyone"


def test_who_changes_a_setting_waits_no_more_for_what_was_wished_of_it(
    supervised_mia: AccountFacts, now: datetime
) -> None:
    change_settings(account_id=supervised_mia.id, changes={"comment": "everyone"}, by="teen", now=now)
    change_settings(account_id=supervised_mia.id, changes={"comment": "nobody"}, by="teen", now=now)
    assert Wish.objects.get().state == "taken_back"


def test_a_guardians_yes_changes_it_for_her(supervised_mia: AccountFacts, now: datetime) -> None:
    change_settings(account_id=supervised_mia.id, changes={"comment": "everyone"}, by="guardian", now=now)
    assert settings_of(supervised_mia)["comment"] == "everyone"
    assert SettingChange.objects.get().by == "guardian"


def test_a_change_costs_the_same_queries_however_many_settings_it_has(
    mia: AccountFacts, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # Two savepoints' four, the account, the rows, its new state; who listens, the message, its way.
    with django_assert_num_queries(10):
        change_settings(account_id=mia.id, changes={"message": "friends"}, by="platform", now=now)
    with django_assert_num_queries(10):
        four = {"message": "nobody", "private": True, "location": False, "comment": "nobody"}
        change_settings(account_id=mia.id, changes=four, by="platform", now=now)


def test_a_change_is_forgotten_after_a_year(mia: AccountFacts, now: datetime) -> None:
    old = change_settings(
        account_id=mia.id, changes={"message": "friends"}, by="teen", now=now - timedelta(days=365)
    )
    undo(account_id=mia.id, together=old, by="teen", now=now - timedelta(days=364))
    change_settings(account_id=mia.id, changes={"private": True}, by="teen", now=now - timedelta(days=364))
    assert changes.forget_old(now=now) == 1
    # What undoes a change goes with it.
    assert SettingChange.objects.get().setting == "private"
    assert changes.forget_old(now=now) == 0
