from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from platforms.models import Platform, PlatformKey
from platforms.services import NewKey, revoke_keys, rotate_key
from tests.makers import client_of, make_platform

pytestmark = pytest.mark.django_db

ENDPOINTS = [
    ("get", "/api/v1/feed/", ("feed",)),
    ("post", "/api/v1/match/", ("match",)),
    ("post", "/api/v1/feedback/", ("feedback", "feed")),
]


@pytest.mark.parametrize(("verb", "path", "scopes"), ENDPOINTS)
@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Bearer wrongwro.ng", "Basic Zm9vOmJhcg==", "Bearer é"],
)
def test_without_a_valid_key_the_door_stays_shut(
    header: str | None, verb: str, path: str, scopes: tuple[str, ...]
) -> None:
    make_platform(scopes=scopes)
    sent = {} if header is None else {"HTTP_AUTHORIZATION": header}
    answer = APIClient().generic(verb.upper(), path, **sent)  # type: ignore[arg-type]  # Headers, not options.
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="platforms"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 401


@pytest.mark.parametrize(("verb", "path", "scopes"), ENDPOINTS)
def test_each_scope_is_needed_and_the_missing_one_is_named(
    verb: str, path: str, scopes: tuple[str, ...]
) -> None:
    for missing in scopes:
        others = tuple(set(PlatformKey.Scope.values) - {missing})
        answer = client_of(make_platform(missing, scopes=others).key).generic(verb.upper(), path)
        assert answer.status_code == 403
        told = f"This key lacks the scope {missing}."
        assert answer.json()["detail"] == told
        assert answer.json()["errors"] == [
            {"field": "Authorization", "code": "scope_missing", "detail": told}
        ]


@pytest.mark.parametrize(("verb", "path", "scopes"), ENDPOINTS)
def test_no_answer_stays_in_a_cache(
    verb: str, path: str, scopes: tuple[str, ...], platform: NewKey, outsider_platform: NewKey
) -> None:
    assert scopes
    for client in (client_of(platform.key), client_of(outsider_platform.key), APIClient()):
        for asked in (verb, "delete"):
            assert client.generic(asked.upper(), path)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("verb", "path", "scopes"), ENDPOINTS)
def test_an_outsider_is_refused(
    verb: str, path: str, scopes: tuple[str, ...], outsider_platform: NewKey
) -> None:
    assert scopes
    assert client_of(outsider_platform.key).generic(verb.upper(), path).status_code == 403


@pytest.mark.parametrize(("verb", "path", "scopes"), ENDPOINTS)
def test_the_wrong_method_is_refused(verb: str, path: str, scopes: tuple[str, ...], platform: NewKey) -> None:
    assert scopes
    for other in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {verb.upper()}:
        assert client_of(platform.key).generic(other, path).status_code == 405


def test_a_revocation_holds_within_five_seconds(platform: NewKey) -> None:
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC), tick=False) as clock:
        client = client_of(platform.key)
        assert client.get("/api/v1/feed/").status_code == 200
        # Another process revokes: its own cache knows, ours does not.
        PlatformKey.objects.update(revoked=True)
        assert client.get("/api/v1/feed/").status_code == 200
        clock.shift(5.01)
        assert client.get("/api/v1/feed/").status_code == 401


def test_a_revocation_holds_at_once_where_the_cache_is_shared(platform: NewKey) -> None:
    client = client_of(platform.key)
    assert client.get("/api/v1/feed/").status_code == 200
    assert revoke_keys(slug="loopfeed") == 1
    assert client.get("/api/v1/feed/").status_code == 401


def test_an_old_key_works_until_the_overlap_ends(platform: NewKey) -> None:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    with time_machine.travel(moment, tick=False) as clock:
        client = client_of(platform.key)
        assert client.get("/api/v1/feed/").status_code == 200
        new = rotate_key(slug="loopfeed", overlap=timedelta(seconds=2), now=moment)
        assert client.get("/api/v1/feed/").status_code == 200
        clock.shift(2)
        assert client.get("/api/v1/feed/").status_code == 401
        assert client_of(new.key).get("/api/v1/feed/").status_code == 200


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"expires_on": "2020-01-01"}, {"agreed_on": "2999-01-01"}]
)
def test_a_platform_that_does_not_participate_now_is_refused(
    change: dict[str, object], platform: NewKey
) -> None:
    Platform.objects.filter(pk=platform.platform.pk).update(**change)
    assert client_of(platform.key).get("/api/v1/feed/").status_code == 401


def test_the_cache_and_the_database_hold_no_key(platform: NewKey) -> None:
    client_of(platform.key).get("/api/v1/feed/")
    secret = platform.key.partition(".")[2]
    in_memory = vars(caches["default"])["_cache"]
    assert in_memory
    assert secret not in repr(in_memory)
    assert secret not in repr(PlatformKey.objects.values())


def test_a_known_key_costs_no_query(
    platform: NewKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(platform.key)
    client.post("/api/v1/match/", {}, format="json")
    with django_assert_num_queries(0):
        assert client.post("/api/v1/match/", {}, format="json").status_code == 400
