"""The portal starts as a stranger would start it."""

from __future__ import annotations

import json
import time
import urllib.request

import httpx
import pytest
from playwright.sync_api import Page

from tests.servers import Portal, portal

pytestmark = pytest.mark.real_servers
STATUS = "/api/v1/cases/status/"


def test_the_portal_answers_and_says_that_it_is_ready(portal_server: Portal) -> None:
    with urllib.request.urlopen(f"{portal_server.url}/readyz") as answer:  # noqa: S310 - Our own server.
        assert json.load(answer)["ready"] is True
    assert set(portal_server.processes) == {"supervisor", "web", "worker"}


@pytest.mark.parametrize(
    ("path", "header", "value"),
    [
        ("/zzz/healthz", "SCRIPT_NAME", "/zzz"),
        ("/healthz", "SCRIPT_NAME", "/zzz"),
        (STATUS, "X-Forwarded-Proto", "https"),
    ],
)
def test_a_client_can_not_choose_its_path_or_scheme(
    portal_server: Portal, path: str, header: str, value: str
) -> None:
    """The scheme shows in whose pages may ask: an encrypted page's origin is not this server's."""
    usual = {"Origin": portal_server.url.replace("http:", "https:")}

    plain, told = (
        httpx.post(portal_server.url + path, headers=usual | more) for more in ({}, {header: value})
    )

    assert told.status_code == plain.status_code


def test_it_says_that_it_is_ready_whatever_the_site_is_called() -> None:
    with portal(DEMO="0", SITE_URL="https://reclaim.example", BEHIND_PROXY="1") as running:
        wait_for("https://reclaim.example/report/", running)
        assert "security" not in running.log()
        # Said once, though web, worker and preparation all look at the settings.
        assert running.log().count("reclaim.W002") == 1


def wait_for(text: str, running: Portal) -> None:
    deadline = time.monotonic() + 15
    while text not in running.log():
        assert time.monotonic() < deadline, running.log()
        time.sleep(0.1)


@pytest.mark.parametrize("path", ["/api/v1/cases/", "/api/v1/match/", "/api/v1/nowhere/"])
def test_a_body_without_its_length_is_refused_with_what_to_do(portal_server: Portal, path: str) -> None:
    chunked = httpx.post(portal_server.url + path, content=iter([b"{}"]))
    assert chunked.status_code == 411
    assert chunked.headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in chunked.json()["errors"]] == ["Content-Length"]
    assert "Content-Length" in chunked.json()["detail"]


def test_a_browser_opens_it(portal_server: Portal, page: Page) -> None:
    answer = page.goto(f"{portal_server.url}/healthz")
    assert answer is not None
    assert answer.status == 200
