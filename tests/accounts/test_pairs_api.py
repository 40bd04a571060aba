"""Verified pairs and what settings a platform has."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from accounts.models import Abilities, Pair
from accounts.services import AccountFacts, is_pair
from platforms.services import NewKey
from tests.accounts.makers import make_account
from tests.makers import client_of, make_platform

PAIRS = "/api/v1/accounts/pairs/"
ABILITIES = "/api/v1/abilities/"
BOTH = {"teen": "mia", "adult": "mum & co?", "kind": "parent"}
OF_BOTH = f"{PAIRS}mia/{quote('mum & co?', safe='')}/"


@pytest.fixture(autouse=True)
def mia(teller: NewKey) -> AccountFacts:
    return make_account("mia", platform_id=teller.platform.pk)


@pytest.fixture(autouse=True)
def mum(teller: NewKey) -> AccountFacts:
    return make_account("mum & co?", platform_id=teller.platform.pk, age_band="21_plus")


def post(api: APIClient, body: object) -> Any:
    return api.post(PAIRS, body, format="json")


def test_a_pair_is_told_told_again_and_ended(api: APIClient, mia: AccountFacts, mum: AccountFacts) -> None:
    assert [post(api, BOTH).status_code for _ in range(2)] == [201, 200]
    assert post(api, BOTH | {"kind": "teacher"}).json() == BOTH | {"kind": "teacher"}
    assert (Pair.objects.get().kind, is_pair(teen_id=mia.id, adult_id=mum.id)) == ("teacher", True)
    assert [api.delete(OF_BOTH).status_code for _ in range(2)] == [204, 404]
    assert not Pair.objects.exists()


@pytest.mark.parametrize(
    ("field", "code", "change"),
    [
        ("teen", "unknown_account", {"teen": "nobody"}),
        ("adult", "unknown_account", {"adult": "a\x7fb"}),
        ("teen", "wrong_age", {"teen": "mum & co?"}),
        ("adult", "wrong_age", {"adult": "mia"}),
        ("kind", "invalid_choice", {"kind": "friend"}),
        ("teen", "null", {"teen": None}),
        ("adult", "max_length", {"adult": "x" * 129}),
    ],
)
def test_what_is_wrong_is_named(api: APIClient, field: str, code: str, change: dict[str, object]) -> None:
    answer = post(api, BOTH | change)
    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert not Pair.objects.exists()


def test_another_platforms_accounts_are_unknown(api: APIClient, outsider_platform: NewKey) -> None:
    post(api, BOTH)
    other = client_of(outsider_platform.key)
    assert [error["code"] for error in post(other, BOTH).json()["errors"]] == ["unknown_account"]
    assert other.delete(OF_BOTH).status_code == 404
    assert Pair.objects.count() == 1


def test_who_is_no_pair_can_not_be_ended(api: APIClient) -> None:
    for path in (OF_BOTH, f"{PAIRS}x/y/", f"{PAIRS}%00/mia/", f"{PAIRS}mia/mia/"):
        assert api.delete(path).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"settings": "message"}, {"settings": ["colour"]}, {"settings": [7]}, {"settings": None}, []]
)
def test_abilities_are_settings_that_are_known_here(api: APIClient, body: object) -> None:
    assert api.put(ABILITIES, body, format="json").status_code == 400
    assert not Abilities.objects.exists()


def test_a_platform_may_have_no_setting_at_all(api: APIClient) -> None:
    assert api.put(ABILITIES, {"settings": []}, format="json").json() == {"settings": [], "is_told": True}


def test_only_keys_for_safety_come_here() -> None:
    listener = client_of(make_platform("Listener", scopes=("feed",)).key)
    for ask, path in (
        (APIClient.post, PAIRS),
        (APIClient.delete, OF_BOTH),
        (APIClient.get, ABILITIES),
        (APIClient.put, ABILITIES),
    ):
        assert ask(listener, path).status_code == 403
        assert ask(APIClient(), path).status_code == 401


def test_other_methods_are_refused(api: APIClient) -> None:
    assert [api.get(PAIRS).status_code, api.get(OF_BOTH).status_code, api.post(ABILITIES).status_code] == [
        405
    ] * 3
