"""Who is met where, and what is off is nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.surfaces import Audience, area_of, is_reporters

pytestmark = pytest.mark.django_db
REPORTERS = ("/", "/report/", "/status/", "/help/", "/privacy/", "/transparency/", "/report/pictures/")
PLATFORMS = ("/api/v1/feed/", "/api/v1/schema/")
STAFF = ("/staff/sign-in/",)


@pytest.fixture
def _hosts_apart(settings: Any) -> None:
    settings.SITE_URL = "http://site.test"
    settings.STAFF_URL = "http://staff.test"
    settings.MEMBER_URL = "http://teens.test"
    settings.ALLOWED_HOSTS = ["site.test", "staff.test", "teens.test", "127.0.0.1"]


def status(client: Client, path: str, host: str) -> int:
    return client.get(path, headers={"host": host}).status_code


@pytest.mark.usefixtures("_hosts_apart")
@pytest.mark.parametrize("path", [*REPORTERS, *PLATFORMS])
def test_the_public_is_met_on_the_site_only(client: Client, path: str) -> None:
    assert status(client, path, "site.test") != 404
    assert status(client, path, "staff.test") == 404
    assert status(client, path, "teens.test") == 404


@pytest.mark.usefixtures("_hosts_apart")
@pytest.mark.parametrize("path", STAFF)
def test_staff_sign_in_on_their_host_only(client: Client, path: str) -> None:
    assert status(client, path, "staff.test") == 200
    assert status(client, path, "site.test") == 404
    assert status(client, path, "teens.test") == 404


@pytest.mark.usefixtures("_hosts_apart")
@pytest.mark.parametrize("host", ["site.test", "staff.test", "teens.test"])
def test_operators_look_anywhere(client: Client, host: str) -> None:
    assert status(client, "/healthz", host) == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_operators_look_by_any_name_and_without_encryption(client: Client, settings: Any, path: str) -> None:
    """Probes ask for an address and not for a name, behind the proxy that encrypts."""
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get(path, headers={"host": "10.1.2.3:8000"})
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.post(path, headers={"host": "10.1.2.3:8000"}).status_code == 405
    assert client.get("/help/", headers={"host": "10.1.2.3:8000"}).status_code in {301, 400}


def test_one_host_serves_all(client: Client) -> None:
    for path in (*REPORTERS, *STAFF, "/healthz"):
        assert client.get(path).status_code == 200, path


def test_without_take_down_its_addresses_are_nowhere(client: Client, settings: Any) -> None:
    settings.SURFACES = ["safety"]
    for path in _addresses():
        if area_of(path).surface == "takedown":
            assert client.get(path).status_code == 404, path
            assert client.post(path).status_code == 404, path
    assert client.get("/privacy/").status_code == 200
    described = client.get("/api/v1/schema/").json()["paths"]
    assert not [path for path in described if path.startswith(("/api/v1/cases/", "/api/v1/feed/"))]


def test_every_address_of_the_take_down_rooms_belongs_to_that_surface() -> None:
    of_rooms = [path for path, module in _modules() if module.startswith(("cases.", "hashes."))]
    assert of_rooms
    assert [path for path in of_rooms if area_of(path).surface != "takedown"] == []


def test_without_teen_safety_its_addresses_are_nowhere(client: Client, settings: Any) -> None:
    settings.SURFACES = ["takedown"]
    for path in _addresses():
        if area_of(path).surface == "safety":
            assert client.get(path).status_code == 404, path
            assert client.post(path).status_code == 404, path
    described = client.get("/api/v1/schema/").json()["paths"]
    assert not [path for path in described if path.startswith(("/api/v1/accounts/", "/api/v1/abilities/"))]


def test_every_address_of_teen_safety_belongs_to_that_surface() -> None:
    of_rooms = [path for path, module in _modules() if module.startswith(("accounts.", "nudges.", "safety."))]
    assert len(of_rooms) > 10
    assert [path for path in of_rooms if area_of(path).surface != "safety"] == []


def test_an_address_that_nobody_thought_of_is_treated_as_a_reporters() -> None:
    assert is_reporters("/never/heard/of/")
    assert is_reporters("/report")
    assert area_of("/admin/").audience is Audience.STAFF
    # A page whose name only begins alike is not the staff's.
    assert is_reporters("/administration/")


def _addresses() -> list[str]:
    return [path for path, _module in _modules()]


def _modules() -> list[tuple[str, str]]:
    return list(_walk(get_resolver().url_patterns, "/"))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        elif not re.search(r"[<^(]", route):
            yield route, getattr(one.callback, "__module__", "")
