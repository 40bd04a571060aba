"""One account: told, told again, read back, forgotten; by its own platform only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import Account, SettingChange, Supervision
from accounts.services import change_settings, tell_abilities
from platforms.models import WebhookMessage
from platforms.services import NewKey
from tests.accounts.makers import make_account
from tests.makers import client_of, make_platform

MIA = "/api/v1/accounts/mia/"
WHOLE = {
    "age_band": "13_15",
    "joined_on": "2026-01-31",
    "region": "DE-BY",
    "community": "school 7",
    "device_cluster": "d-1",
    "role": "pupil",
    "locale": "de-AT",
    "time_zone": "Europe/Vienna",
    "settings": {"message": "everyone", "private": False},
}


def put(api: APIClient, body: object, address: str = MIA) -> Any:
    return api.put(address, body, format="json")


def wrong_with(answer: Any) -> list[tuple[str, str]]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_what_is_told_is_read_back(api: APIClient, teller: NewKey) -> None:
    new = put(api, WHOLE)
    shown = {**WHOLE, "external_id": "mia", "band_refresh_due": False, "settings_version": 1}
    assert (new.status_code, new.json()) == (201, shown)
    assert put(api, WHOLE).status_code == 200
    assert api.get(MIA).json() == shown
    row = Account.objects.get()
    assert (row.platform_id, row.band_said_on) == (teller.platform.pk, timezone.now().date())
    # What is told at first was no change.
    assert not SettingChange.objects.exists()


def test_band_and_address_are_enough(api: APIClient) -> None:
    assert put(api, {"age_band": "21_plus"}).json() == {
        "external_id": "mia",
        "age_band": "21_plus",
        "band_refresh_due": False,
        "joined_on": None,
        **dict.fromkeys(("region", "community", "device_cluster", "role", "locale", "time_zone"), ""),
        "settings": {},
        "settings_version": 0,
    }


def test_what_is_left_out_stays_and_null_takes_it_back(api: APIClient) -> None:
    put(api, WHOLE)
    later = put(
        api, {"age_band": "16_17", "region": None, "settings": {"message": None, "location": True}}
    ).json()
    assert (later["age_band"], later["region"], later["community"]) == ("16_17", "", "school 7")
    assert later["settings"] == {"private": False, "location": True}


@pytest.mark.parametrize(
    "name", ["ünï 😀", "a b", "x:y@z", "100%", "a?b#c", "a\\b", "..x", "batch2", "e\u0301", "x" * 128]
)
def test_any_id_that_fits_into_an_address_is_taken(api: APIClient, name: str) -> None:
    address = f"/api/v1/accounts/{quote(name, safe='')}/"
    assert put(api, {"age_band": "13_15"}, address).status_code == 201
    assert api.get(address).json()["external_id"] == name
    assert api.delete(address).status_code == 204


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "x" * 129, "%C2%85", "%2E%2E"])
def test_what_can_be_no_id_is_refused(api: APIClient, name: str) -> None:
    answer = put(api, {"age_band": "13_15"}, f"/api/v1/accounts/{name}/")
    assert answer.status_code == 400
    assert wrong_with(answer)[0][0] == "external_id"
    assert api.get(f"/api/v1/accounts/{name}/").status_code == 404
    assert api.delete(f"/api/v1/accounts/{name}/").status_code == 404


@pytest.mark.parametrize("name", ["batch", "pairs"])
def test_addresses_of_their_own_are_no_accounts(api: APIClient, name: str) -> None:
    for answer in (put(api, WHOLE, f"/api/v1/accounts/{name}/"), api.delete(f"/api/v1/accounts/{name}/")):
        assert answer.status_code == 405
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("field", "code", "told"),
    [
        ("age_band", "required", {"age_band": None}),
        ("age_band", "invalid_choice", {"age_band": "14"}),
        ("age_band", "invalid_choice", {"age_band": ["13_15"]}),
        ("external_id", "differs", {"external_id": "leo"}),
        ("external_id", "invalid", {"external_id": 7}),
        ("external_id", "reserved", {"external_id": "pairs"}),
        ("joined_on", "invalid", {"joined_on": "31.1.2026"}),
        ("joined_on", "invalid", {"joined_on": 20260131}),
        ("joined_on", "future", {"joined_on": "9999-12-31"}),
        ("region", "max_length", {"region": "x" * 33}),
        ("region", "invalid", {"region": "a\x00b"}),
        ("community", "invalid", {"community": 7}),
        ("role", "invalid", {"role": "Ms Anna Berg"}),
        ("locale", "invalid", {"locale": "german"}),
        ("time_zone", "invalid", {"time_zone": "Vienna"}),
        ("settings", "not_an_object", {"settings": []}),
        ("settings.message", "invalid_choice", {"settings": {"message": "all"}}),
        ("settings.message", "invalid_choice", {"settings": {"message": True}}),
        ("settings.private", "invalid_choice", {"settings": {"private": 1}}),
        ("settings.private", "invalid_choice", {"settings": {"private": {}}}),
        ("settings.colour", "unknown_setting", {"settings": {"colour": "red"}}),
        ("settings_version", "invalid", {"settings_version": True}),
        ("settings_version", "invalid", {"settings_version": -1}),
        ("name", "personal", {"name": "Mia"}),
        ("birthDate", "personal", {"birthDate": "2012-02-03"}),
        ("date-of-birth", "personal", {"date-of-birth": "2012-02-03"}),
        ("Email", "personal", {"Email": "mia@example.org"}),
        ("favourite", "unknown_field", {"favourite": "blue"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    api: APIClient, field: str, code: str, told: dict[str, object]
) -> None:
    answer = put(api, {**WHOLE, **told})
    assert (answer.status_code, wrong_with(answer)) == (400, [(field, code)])
    assert not Account.objects.exists()


def test_who_sends_a_name_is_told_what_to_send_instead(api: APIClient) -> None:
    told = put(api, {**WHOLE, "name": "Mia Muster"}).json()
    assert "Reclaim keeps no names" in told["detail"]
    assert "age band" in told["detail"]
    assert "Muster" not in str(told)


@pytest.mark.parametrize("body", [[], "mia", 7, [WHOLE]])
def test_a_body_that_is_no_object_is_refused(api: APIClient, body: object) -> None:
    answer = put(api, body)
    assert (answer.status_code, wrong_with(answer)) == (400, [("body", "not_an_object")])


def test_a_setting_that_the_platform_changes_is_kept_as_a_change_and_not_announced(api: APIClient) -> None:
    put(api, WHOLE)
    put(api, {"age_band": "13_15", "settings": {"message": "friends", "private": False}})
    row = SettingChange.objects.get()
    assert (row.setting, row.before, row.after, row.by) == ("message", "everyone", "friends", "platform")
    # The platform knows what it told.
    assert not WebhookMessage.objects.exists()


def test_settings_that_changed_since_they_were_read_are_not_overwritten(
    api: APIClient, now: datetime
) -> None:
    version = put(api, WHOLE).json()["settings_version"]
    change_settings(account_id=Account.objects.get().pk, changes={"message": "friends"}, by="teen", now=now)
    answer = put(api, {**WHOLE, "region": "elsewhere", "settings_version": version})
    assert (answer.status_code, wrong_with(answer)) == (409, [("settings_version", "stale")])
    read = api.get(MIA).json()
    assert (read["settings"]["message"], read["region"]) == ("friends", "DE-BY")
    assert put(api, {**WHOLE, "settings_version": read["settings_version"]}).status_code == 200


def test_a_band_asks_to_be_said_again_after_thirteen_months(api: APIClient) -> None:
    put(api, WHOLE)
    today = timezone.now().date()
    for age, is_due in ((395, False), (397, True)):
        Account.objects.update(band_said_on=today - timedelta(days=age))
        assert api.get(MIA).json()["band_refresh_due"] is is_due
    # Saying the same is saying it again.
    put(api, {"age_band": "13_15"})
    assert api.get(MIA).json()["band_refresh_due"] is False


def test_another_platforms_account_is_as_unknown_as_nobodys(
    api: APIClient, outsider_platform: NewKey
) -> None:
    put(api, WHOLE)
    other = client_of(outsider_platform.key)
    unknown = [other.get(address) for address in (MIA, "/api/v1/accounts/nobody/")]
    assert [answer.status_code for answer in unknown] == [404, 404]
    assert unknown[0].content == unknown[1].content
    assert other.delete(MIA).status_code == 404
    # The same id there is somebody else.
    assert put(other, {"age_band": "21_plus"}).status_code == 201
    assert api.get(MIA).json()["age_band"] == "13_15"


def test_only_keys_for_safety_come_here(db: None) -> None:  # noqa: ARG001 - Keys stand in the database.
    listener = client_of(make_platform("Listener", scopes=("feed", "match")).key)
    for ask in (listener.get, listener.put, listener.delete):
        assert ask(MIA).status_code == 403
        assert wrong_with(ask(MIA)) == [("Authorization", "scope_missing")]
    stranger = APIClient()
    for ask in (stranger.get, stranger.put, stranger.delete):
        assert ask(MIA).status_code == 401


def test_other_methods_are_refused(api: APIClient) -> None:
    for ask in (api.post, api.patch):
        assert ask(MIA).status_code == 405


def test_nothing_of_it_is_cached_on_the_way(api: APIClient) -> None:
    assert put(api, WHOLE).headers["Cache-Control"] == "no-store"
    assert api.get(MIA).headers["Cache-Control"] == "no-store"


def test_at_eighteen_supervision_ends_by_itself(api: APIClient, teller: NewKey, now: datetime) -> None:
    teen = make_account("mia", platform_id=teller.platform.pk, age_band="16_17")
    parent = make_account("parent", platform_id=teller.platform.pk, age_band="21_plus")
    Supervision.objects.create(
        platform=teller.platform,
        teen_id=teen.id,
        guardian_id=parent.id,
        state="active",
        invited_by="teen",
        invited_at=now,
        expires_at=now,
        began_at=now,
    )
    put(api, {"age_band": "16_17"})
    assert Supervision.objects.get().state == "active"
    put(api, {"age_band": "18_20"})
    assert (Supervision.objects.get().state, Supervision.objects.get().ending) == ("ended", "grown_up")


def test_a_known_account_costs_few_queries(
    api: APIClient, teller: NewKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tell_abilities(platform_id=teller.platform.pk, settings=["message", "private"], now=timezone.now())
    put(api, WHOLE)
    # A savepoint's two, what the platform has, who is known, the lock, the row, the change, and reading it back.
    with django_assert_num_queries(8):
        put(api, {"age_band": "13_15", "settings": {"message": "friends", "private": True}})
    with django_assert_num_queries(1):
        api.get(MIA)
