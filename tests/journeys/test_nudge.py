"""A stranger tries, a card comes, one tap, the platform reads it back, Undo: over the real API, in a real browser, by keyboard."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.member_pages import Member, Members
from tests.servers import Portal

pytestmark = pytest.mark.real_servers
LOOSE = {"private": False, "message": "everyone", "comment": "everyone", "location": True}
TIGHTER = {"private": True, "message": "friends", "comment": "friends"}
PATIENCE_SECONDS = 60.0


@dataclass
class Platform:
    """A platform's server."""

    client: httpx.Client

    def tell(self, name: str, **told: object) -> None:
        self._ok(self.client.put(f"accounts/{name}/", json={"external_id": name, **told}))

    def asks(self, action: str, actor: str, target: str) -> dict[str, Any]:
        body = {"action": action, "actor": actor, "target": target, "mutuals": 0, "connected": False}
        return self._ok(self.client.post("decisions/", json=body))

    def settings_of(self, name: str) -> dict[str, object]:
        return dict(self._ok(self.client.get(f"accounts/{name}/"))["settings"])

    def link(self, name: str) -> str:
        return str(self._ok(self.client.post(f"accounts/{name}/sign-in/"))["url"])

    @staticmethod
    def _ok(answer: httpx.Response) -> dict[str, Any]:
        assert answer.is_success, (answer.status_code, answer.text)
        return dict(answer.json())


@pytest.fixture
def platform(portal_server: Portal, request: pytest.FixtureRequest) -> Iterator[Platform]:
    name = f"Loopfeed {abs(hash(request.node.nodeid)) % 10**6}"
    added = json.loads(portal_server.manage("platform_add", name, "--scope", "safety", "--json"))
    url = f"{portal_server.url}/api/v1/"
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {added['key']}"}) as client:
        yield Platform(client)


@pytest.fixture
def mia(page: Page, platform: Platform, portal_server: Portal) -> Member:
    platform.tell("mia", age_band="13_15", settings=LOOSE, time_zone=where_it_is_noon())
    platform.tell("stranger-17", age_band="21_plus")
    return Member(page, Members(portal_server, {}), "mia", "teen")


def where_it_is_noon() -> str:
    """Somewhere she is awake, at whatever hour this runs."""
    ahead = 12 - datetime.now(UTC).hour
    # The names count the other way round.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def come_in(mia: Member, platform: Platform) -> None:
    mia.page.goto(platform.link("mia"))
    mia.press("Go in")


def wait_for_card(mia: Member) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "Nothing to do right now" in mia.text():
        assert time.monotonic() < deadline, mia.members.portal.log()
        time.sleep(0.5)
        mia.open("/teen/")


def test_a_stranger_tries_and_one_tap_later_she_is_safer(mia: Member, platform: Platform) -> None:
    come_in(mia, platform)
    mia.look("teen-calm")

    answer = platform.asks("message", "stranger-17", "mia")
    assert answer["decision"] == "deny"
    wait_for_card(mia)
    assert "stranger-17" not in mia.page.content()
    expect(mia.page.get_by_role("heading", level=2).first).to_have_text(
        "Want fewer messages from people you don't know?"
    )
    mia.look("teen-card")
    yes, no = (mia.page.get_by_role("button", name=name) for name in ("Yes, change all 3", "Not now"))
    sizes = [one.bounding_box() for one in (yes, no)]
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert (sizes[0]["width"], sizes[0]["height"]) == (sizes[1]["width"], sizes[1]["height"])

    mia.press("Yes, change all 3")
    assert "Only friends can message you." in mia.text()
    mia.look("teen-done")
    assert platform.settings_of("mia") == {**LOOSE, **TIGHTER}

    mia.press("Undo")
    assert "You changed this back." in mia.text()
    mia.look("teen-undone")
    assert platform.settings_of("mia") == LOOSE
    assert mia.complaints == []


def test_help_needs_no_account_and_knows_nothing_of_her(mia: Member, platform: Platform) -> None:
    come_in(mia, platform)
    mia.press("Get a picture taken down")
    assert mia.page.url.endswith("/report/")
    assert mia.page.evaluate("document.referrer") == ""
    assert "mia" not in mia.page.content()


def test_a_browser_that_can_not_be_told_says_so_kindly(mia: Member, platform: Platform) -> None:
    """Here it can't: no push service can be reached. What else the page says stays."""
    come_in(mia, platform)
    switch = mia.page.get_by_role("button", name="Turn on")
    expect(switch).to_be_visible()
    mia.look("teen-push-off")
    switch.focus()
    mia.page.keyboard.press("Enter")
    told = mia.page.locator("[data-push-problem]:visible, [data-push-when=denied]:visible")
    expect(told).to_have_count(1, timeout=60_000)
    worker = mia.page.evaluate(
        "navigator.serviceWorker.getRegistration('/teen/').then((one) => one && one.scope)"
    )
    assert worker == f"{mia.members.portal.url}/teen/"
