"""The quick way gives the careful way's answers, and leaves to it whatever needs an explanation."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings

from hashes import asking, fields
from hashes.api import Match
from hashes.errors import ListNotReady
from hashes.index import Index
from hashes.models import Reader
from hashes.services import Fingerprint, following, publish
from platforms.access import PlatformEndpoint
from platforms.services import NewKey
from portal.middleware import ANSWERED_QUICKLY
from tests.hashes.test_match_endpoint import flipped
from tests.makers import client_of, make_picture, make_platform
from tests.servers import free_port

pytestmark = pytest.mark.django_db
MATCH = "/api/v1/match/"
PDQ, MD5 = secrets.token_hex(32), secrets.token_hex(16)
# What DRF looks at and the quick way does not.
CAREFULLY = "application/json;q=1"


@pytest.fixture(autouse=True)
def _listed(now: datetime) -> None:
    make_picture(Fingerprint("pdq", PDQ, 90), Fingerprint("md5", MD5))
    publish(now=now)


@pytest.fixture
def asker() -> NewKey:
    return make_platform("Chatterbox", scopes=("match",))


def send(platform: NewKey, body: Any, *, accept: str = "*/*", **extra: Any) -> Any:
    sent = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"authorization": f"Bearer {platform.key}", "accept": accept}
    return Client().post(MATCH, sent, content_type="application/json", headers=headers, **extra)


def asked(*queries: tuple[str, str]) -> dict[str, object]:
    return {"hashes": [{"algorithm": algorithm, "value": value} for algorithm, value in queries]}


@pytest.fixture
def careful_requests(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What came as far as DRF."""
    seen: list[object] = []
    initial = PlatformEndpoint.initial

    def initial_seen(self: PlatformEndpoint, request: Any, *args: Any, **kwargs: Any) -> None:
        seen.append(request)
        initial(self, request, *args, **kwargs)

    monkeypatch.setattr(Match, "initial", initial_seen)
    return seen


def test_both_ways_answer_the_same_bytes(
    platform: NewKey, asker: NewKey, careful_requests: list[object]
) -> None:
    bodies = [
        asked(("pdq", PDQ)),
        asked(("pdq", flipped(PDQ, 31).upper()), ("pdq", flipped(PDQ, 32)), ("md5", MD5), ("sha256", PDQ)),
        asked(*[("pdq", secrets.token_hex(32))] * 1_000),
    ]
    for caller in (platform, asker):
        for body in bodies:
            quick = send(caller, body)
            assert careful_requests == []
            careful = send(caller, body, accept=CAREFULLY)
            assert len(careful_requests) == 1
            careful_requests.clear()
            assert (quick.status_code, quick.content) == (200, careful.content)
            for header in ("Content-Type", "Cache-Control", "X-Content-Type-Options", "Content-Length"):
                assert quick.headers[header] == careful.headers[header]


_values = st.one_of(
    st.none(), st.integers(), st.sampled_from([PDQ, PDQ.upper(), MD5, "", "0" * 63, "é" * 64, "٣" * 32])
)
_hashes = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.fixed_dictionaries(
        {}, optional={"algorithm": st.sampled_from(["pdq", "md5", "md6", 7, None]), "value": _values}
    ),
    st.fixed_dictionaries({"algorithm": st.just("pdq"), "value": st.just(PDQ)}, optional={"more": _values}),
)


@given(
    st.one_of(
        st.lists(_hashes, max_size=3).map(lambda some: json.dumps({"hashes": some})),
        st.dictionaries(st.sampled_from(["hashes", "more"]), _hashes, max_size=2).map(json.dumps),
        st.sampled_from(
            ["", "[]", "{", "\ufeff{}", '{"hashes": [NaN]}', "[" * 5_000, '{"hashes": "\\ud800"}']
        ),
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_both_ways_agree(platform: NewKey, body: str) -> None:
    quick, careful = send(platform, body), send(platform, body, accept=CAREFULLY)
    assert (quick.status_code, quick.content) == (careful.status_code, careful.content)
    assert quick.status_code in {200, 400}


@pytest.mark.parametrize(
    ("accept", "status", "careful"),
    [
        ("application/json, text/plain, */*", 200, 0),
        ("application/json", 200, 0),
        ("application/json;q=0.5, text/html", 200, 1),
        ("text/html", 406, 1),
        ("application/jsonish", 406, 1),
    ],
)
def test_whoever_takes_json_is_answered_quickly(
    platform: NewKey, careful_requests: list[object], accept: str, status: int, careful: int
) -> None:
    answer = send(platform, asked(("pdq", PDQ)), accept=accept)
    assert (answer.status_code, len(careful_requests)) == (status, careful)


def test_a_process_that_has_only_begun_says_so(platform: NewKey, monkeypatch: pytest.MonkeyPatch) -> None:
    def has_only_begun() -> Index:
        raise ListNotReady

    monkeypatch.setattr(following, "current_index", has_only_begun)
    answer = send(platform, asked(("pdq", PDQ)))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.json()["status"] == 503


def test_what_is_read_plainly_is_what_the_careful_way_reads() -> None:
    body = asked(("pdq", PDQ.upper()), ("md5", MD5))
    plainly = fields.read_plainly(json.dumps(body).encode())
    assert plainly == fields.HashesField().to_internal_value(body["hashes"])


def test_the_address_is_the_endpoints() -> None:
    assert {reverse("hashes:match"): asking.answer} == ANSWERED_QUICKLY


def test_it_is_nowhere_where_the_endpoint_is_not(platform: NewKey, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["site.test", "staff.test"]
    settings.SITE_URL, settings.STAFF_URL = "http://site.test", "http://staff.test"
    statuses = {
        host: send(platform, asked(("pdq", PDQ)), SERVER_NAME=host).status_code
        for host in ("site.test", "staff.test", "evil.test")
    }
    assert statuses == {"site.test": 200, "staff.test": 404, "evil.test": 400}
    settings.SURFACES = ["safety"]
    assert send(platform, asked(("pdq", PDQ)), SERVER_NAME="site.test").status_code == 404


def test_https_is_asked_for_before_any_answer(platform: NewKey, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    assert send(platform, asked(("pdq", PDQ))).status_code == 301
    answer = send(platform, asked(("pdq", PDQ)), secure=True)
    assert answer.status_code == 200
    assert "max-age=60" in answer["Strict-Transport-Security"]


def test_no_cookie_is_read_or_set(
    platform: NewKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send(platform, asked(("pdq", PDQ)))
    with django_assert_num_queries(0):
        answer = send(platform, asked(("pdq", PDQ)), HTTP_COOKIE="sessionid=" + "a" * 32)
    assert not answer.cookies


def test_a_body_beyond_the_limit_is_refused_unread(platform: NewKey, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    for accept in ("*/*", CAREFULLY):
        answer = send(platform, asked(*[("pdq", PDQ)] * 20), accept=accept)
        assert answer.status_code == 413
        assert answer.json()["status"] == 413


def test_the_quota_counts_hashes_and_is_told(asker: NewKey, now: datetime, settings: Settings) -> None:
    settings.MATCH_HASHES_PER_MINUTE = 1_000
    with time_machine.travel(now, tick=False):
        for accept, left in (("*/*", 400), (CAREFULLY, 400 - 300)):
            answer = send(asker, asked(*[("md5", MD5)] * (600 if accept == "*/*" else 300)), accept=accept)
            assert answer["RateLimit-Policy"] == '"hashes";q=1000;w=60;qu="hashes"'
            assert answer["RateLimit"] == f'"hashes";r={left};t=43'
        for accept in ("*/*", CAREFULLY):
            answer = send(asker, asked(*[("md5", MD5)] * 101), accept=accept)
            assert (answer.status_code, answer["Retry-After"]) == (429, "43")
            assert answer["RateLimit"] == '"hashes";r=100;t=43'
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == 429
        assert send(asker, asked(*[("md5", MD5)] * 100)).status_code == 200


def test_what_is_wrong_costs_nothing(asker: NewKey, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        before = send(asker, asked(("md5", MD5)))["RateLimit"]
        for body in (asked(("md5", "")), asked(), "nonsense"):
            refused = send(asker, body)
            assert (refused.status_code, "RateLimit" in refused.headers) == (400, False)
        assert send(asker, asked(("md5", MD5)))["RateLimit"] != before
        assert send(asker, asked(("md5", MD5)))["RateLimit"].startswith('"hashes";r=599997;')


def test_how_far_a_platform_asked_is_kept_once_for_each_number(
    asker: NewKey, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send(asker, asked(("pdq", PDQ)))
    assert Reader.objects.get(pk=asker.platform.pk).matched_through == 2
    make_picture()
    publish(now=now)
    following.look_at_once()
    send(asker, asked(("pdq", PDQ)))
    assert Reader.objects.get(pk=asker.platform.pk).matched_through == 6
    with django_assert_num_queries(0):
        send(asker, asked(("pdq", PDQ)))


@pytest.mark.real_servers
def test_without_the_shared_cache_matching_goes_on(asker: NewKey, settings: Settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        }
    }
    near_misses = [("pdq", flipped(PDQ, bits)) for bits in range(32, 64)]
    answer = send(asker, asked(("pdq", PDQ), *near_misses))
    assert answer.status_code == 200, answer.content
    assert [one["verdict"] for one in answer.json()["results"]] == ["match"] + ["none"] * len(near_misses)
    assert client_of("wrong.key").post(MATCH, {}, format="json").status_code == 401
