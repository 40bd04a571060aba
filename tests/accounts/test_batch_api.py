"""Up to a thousand accounts at once: good rows are taken in their order, and the others are named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.intake import read_row
from accounts.models import Abilities, Account, SettingChange
from accounts.services import tell_accounts, telling
from platforms.services import NewKey
from tests.accounts.makers import make_account
from tests.makers import client_of, make_platform

BATCH = "/api/v1/accounts/batch/"


def post(api: APIClient, *accounts: object) -> Any:
    return api.post(BATCH, {"accounts": accounts}, format="json")


def teen(external_id: str, /, **told: object) -> dict[str, object]:
    return {"external_id": external_id, "age_band": "13_15", **told}


def test_good_rows_are_taken_whatever_is_wrong_with_others(api: APIClient) -> None:
    make_known = post(api, teen("known"))
    assert make_known.json() == {"accepted": 1, "repeated": 0, "rejected": []}
    answer = post(
        api,
        teen("a"),
        teen("b", age_band="14"),
        "no object",
        teen("known"),
        teen("batch"),
        teen("c", name="Carla"),
        {"age_band": "13_15"},
        teen("d", settings={"message": "all"}),
        teen("e", settings={"message": "friends"}),
    )
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["repeated"]) == (200, 2, 1)
    assert [(row["index"], row["field"], row["code"]) for row in told["rejected"]] == [
        (1, "age_band", "invalid_choice"),
        (2, "", "not_an_object"),
        (4, "external_id", "reserved"),
        (5, "name", "personal"),
        (6, "external_id", "required"),
        (7, "settings.message", "invalid_choice"),
    ]
    assert all(row["detail"] for row in told["rejected"])
    assert "Carla" not in answer.content.decode()
    assert set(Account.objects.values_list("external_id", flat=True)) == {"known", "a", "e"}


def test_the_same_batch_again_is_repeated_and_changes_nothing(api: APIClient) -> None:
    rows = [teen(str(number), settings={"message": "everyone"}) for number in range(20)]
    assert post(api, *rows).json()["accepted"] == 20
    before = list(Account.objects.values())
    assert post(api, *rows).json() == {"accepted": 0, "repeated": 20, "rejected": []}
    assert list(Account.objects.values()) == before
    assert not SettingChange.objects.exists()


def test_of_two_rows_about_one_account_the_later_one_holds(api: APIClient) -> None:
    told = post(
        api,
        teen("a", settings={"message": "everyone"}),
        teen("a", settings={"message": "friends"}),
        teen("a", settings={"message": "friends"}),
    ).json()
    assert (told["accepted"], told["repeated"]) == (2, 1)
    assert Account.objects.get().settings == {"message": "friends"}
    change = SettingChange.objects.get()
    assert (change.before, change.after) == ("everyone", "friends")


def test_a_stale_row_is_rejected_alone(api: APIClient) -> None:
    post(api, teen("a", settings={"message": "everyone"}), teen("b"))
    told = post(
        api,
        teen("a", region="X", settings_version=0),
        teen("b", region="X", settings_version=0),
        teen("new", settings_version=5),
    ).json()
    assert [(row["index"], row["field"], row["code"]) for row in told["rejected"]] == [
        (0, "settings_version", "stale")
    ]
    assert told["accepted"] == 2
    assert dict(Account.objects.values_list("external_id", "region")) == {"a": "", "b": "X", "new": ""}


@pytest.mark.parametrize("body", [{}, {"accounts": {}}, {"accounts": []}, {"accounts": [{}] * 1001}, []])
def test_a_body_that_is_no_batch_is_refused(api: APIClient, body: object) -> None:
    answer = api.post(BATCH, body, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["accounts"]


def test_only_keys_for_safety_send_batches(db: None) -> None:  # noqa: ARG001 - Keys stand in the database.
    assert post(client_of(make_platform("Listener", scopes=("feed",)).key), teen("a")).status_code == 403
    assert post(APIClient(), teen("a")).status_code == 401
    assert client_of(make_platform("Other", scopes=("safety",)).key).get(BATCH).status_code == 405


def test_another_platforms_account_of_the_same_id_is_left_alone(
    api: APIClient, outsider_platform: NewKey
) -> None:
    theirs = make_account("a", platform_id=outsider_platform.platform.pk, age_band="21_plus")
    post(api, teen("a", region="X"))
    assert Account.objects.get(pk=theirs.id).region == ""
    assert Account.objects.count() == 2


def test_a_thousand_accounts_cost_no_query_each(
    api: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [teen(str(number), settings={"message": "everyone", "private": True}) for number in range(1000)]
    # SQLite takes so many values at once that a thousand rows need some statements.
    with django_assert_max_num_queries(60):
        assert post(api, *rows).json()["accepted"] == 1000
    changed = [row | {"settings": {"message": "friends"}} for row in rows]
    with django_assert_max_num_queries(60):
        assert post(api, *changed).json()["accepted"] == 1000
    assert SettingChange.objects.count() == 1000


def test_an_account_that_somebody_else_inserts_first_is_changed_and_not_lost(
    teller: NewKey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = telling._insert

    def late(*args: Any, **kwargs: Any) -> None:
        # The other request commits between our look and our insert.
        make_account("a", platform_id=teller.platform.pk, settings={"message": "nobody"}, settings_version=1)
        insert(*args, **kwargs)

    monkeypatch.setattr(telling, "_insert", late)
    row = read_row(teen("a", settings={"message": "everyone"}), today=now.date())
    outcomes = tell_accounts(platform_id=teller.platform.pk, rows=[row], now=now)
    assert outcomes == ["changed"]
    change = SettingChange.objects.get()
    assert (change.before, change.after) == ("nobody", "everyone")


def test_an_account_that_is_deleted_before_it_is_locked_is_told_anew(
    teller: NewKey, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account("a", platform_id=teller.platform.pk)
    insert = telling._insert
    calls: list[int] = []

    def late(*args: Any, **kwargs: Any) -> None:
        if not calls:
            Account.objects.all().delete()
        calls.append(1)
        insert(*args, **kwargs)

    monkeypatch.setattr(telling, "_insert", late)
    row = read_row(teen("a", region="X"), today=now.date())
    assert tell_accounts(platform_id=teller.platform.pk, rows=[row], now=now) == ["created"]
    assert (Account.objects.get().region, len(calls)) == ("X", 2)


def test_what_was_sent_is_what_a_platform_has_until_it_says(api: APIClient, teller: NewKey) -> None:
    abilities = "/api/v1/abilities/"
    assert api.get(abilities).json() == {"settings": [], "is_told": False}
    post(api, teen("a", settings={"location": True}), teen("b", settings={"private": False}))
    assert api.get(abilities).json() == {"settings": ["private", "location"], "is_told": False}
    told = api.put(abilities, {"settings": ["tag_review", "message"]}, format="json")
    assert (told.status_code, told.json()) == (200, {"settings": ["message", "tag_review"], "is_told": True})
    post(api, teen("a", settings={"suggestions": True}))
    assert api.get(abilities).json() == told.json()
    assert Abilities.objects.get().platform_id == teller.platform.pk
