"""An account goes, and all that is known of it goes along, unless it must be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.apps import apps
from django.db.models import Model
from rest_framework.test import APIClient

from accounts.errors import UnderLegalHold
from accounts.models import Account, Pair, Supervision, Wish
from accounts.services import AccountFacts, change_settings, deleting, links, register_deletion
from platforms.services import NewKey
from tests.accounts.makers import make_account, make_pair

MIA = "/api/v1/accounts/mia/"


@pytest.fixture(autouse=True)
def _registers_as_before() -> Iterator[None]:
    guards, forgets = list(deleting._GUARDS), list(deleting._FORGETS)
    yield
    deleting._GUARDS[:], deleting._FORGETS[:] = guards, forgets


@pytest.fixture
def mia(teller: NewKey) -> AccountFacts:
    return make_account("mia", platform_id=teller.platform.pk, settings={"message": "friends"})


@pytest.fixture
def mum(teller: NewKey) -> AccountFacts:
    return make_account("mum", platform_id=teller.platform.pk, age_band="21_plus")


@pytest.fixture
def supervised(mia: AccountFacts, mum: AccountFacts, now: datetime) -> Supervision:
    return Supervision.objects.create(
        platform_id=mia.platform_id,
        teen_id=mia.id,
        guardian_id=mum.id,
        state="active",
        invited_by="teen",
        invited_at=now,
        expires_at=now,
        began_at=now,
    )


def rows_of_this_room() -> dict[str, int]:
    models: list[type[Model]] = [*apps.get_app_config("accounts").get_models()]
    return {one.__name__: one._default_manager.count() for one in models}


@pytest.mark.usefixtures("supervised")
def test_all_that_is_known_of_it_goes(
    api: APIClient, mia: AccountFacts, mum: AccountFacts, now: datetime
) -> None:
    make_pair(teen=mia, adult=mum)
    change_settings(account_id=mia.id, changes={"message": "nobody"}, by="teen", now=now)
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    for _ in range(2):
        link = links.make_link(platform_id=mia.platform_id, external_id="mia", now=now)
    links.use_link(secret=link.secret, minor=True, now=now)
    before = rows_of_this_room()
    assert all(
        before[name]
        for name in ("Wish", "SettingChange", "Pair", "SignInLink", "MemberSession", "Supervision")
    )
    assert api.delete(MIA).status_code == 204
    left = {name: count for name, count in rows_of_this_room().items() if count}
    # Her mother, who is an account of her own.
    assert left == {"Account": 1}
    assert api.get(MIA).status_code == 404
    assert api.delete(MIA).status_code == 404


def test_a_teen_whose_guardian_is_gone_waits_for_nobody(
    api: APIClient, supervised: Supervision, mia: AccountFacts, now: datetime
) -> None:
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    assert Wish.objects.get().state == "waiting"
    assert api.delete("/api/v1/accounts/mum/").status_code == 204
    assert not Supervision.objects.filter(pk=supervised.pk).exists()
    assert Wish.objects.get().state == "taken_back"
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    assert Account.objects.get(external_id="mia").settings == {"message": "everyone"}


def test_under_legal_hold_it_stays_as_it_is(api: APIClient, mia: AccountFacts, mum: AccountFacts) -> None:
    make_pair(teen=mia, adult=mum)
    forgotten = []

    def guard(account_id: int, _now: datetime) -> None:
        if account_id == mia.id:
            raise UnderLegalHold

    register_deletion(guard=guard, forget=lambda account_id, _now: forgotten.append(account_id))
    answer = api.delete(MIA)
    assert answer.status_code == 409
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [
        ("external_id", "legal_hold")
    ]
    assert api.get(MIA).status_code == 200
    assert (Pair.objects.count(), forgotten) == (1, [])
    assert api.delete("/api/v1/accounts/mum/").status_code == 204
    assert forgotten == [mum.id]


def test_rooms_above_forget_in_the_same_transaction(api: APIClient, mia: AccountFacts) -> None:
    def forget(account_id: int, _now: datetime) -> None:
        # It is still there for who has to look something up.
        Account.objects.filter(pk=account_id).update(region="forgotten")
        raise RuntimeError

    register_deletion(forget=forget)
    api.raise_request_exception = False
    assert api.delete(MIA).status_code == 500
    assert Account.objects.get(pk=mia.id).region == ""


def test_it_is_guarded_before_anybody_forgets(mia: AccountFacts, api: APIClient) -> None:
    order: list[str] = []
    register_deletion(
        guard=lambda _account, _now: order.append("guard"), forget=lambda _a, _n: order.append("forget")
    )
    register_deletion(guard=lambda _account, _now: order.append("guard"))
    api.delete(f"/api/v1/accounts/{mia.external_id}/")
    assert order == ["guard", "guard", "forget"]
