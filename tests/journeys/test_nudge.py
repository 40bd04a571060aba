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
from tests.nudges.push_service import make_browser, push_service
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
    platform.tell("mia", age_band="13_15", settings=LOOSE, time_zone=where_it_is_afternoon())
    platform.tell("stranger-17", age_band="21_plus")
    return Member(page, Members(portal_server, {}), "mia", "teen")


def where_it_is_afternoon() -> str:
    """Somewhere she is awake and out of school, at whatever hour this runs."""
    ahead = 16 - datetime.now(UTC).hour
    ahead -= 24 if ahead > 14 else 0
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


# The only part that can't be had here is the company behind a browser, which hands out the address.
SUBSCRIBE = """
PushManager.prototype.subscribe = async function (options) {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("wrong options");
  return { toJSON: () => (%s) };
};
"""
SHOWN = "navigator.serviceWorker.ready.then((worker) => worker.getNotifications())"


def test_a_push_reaches_her_browser_and_says_one_thing(mia: Member, platform: Platform) -> None:
    with push_service() as service:
        browser = make_browser(service.url)
        keys = {"p256dh": browser.address.p256dh, "auth": browser.address.auth}
        handed_out = json.dumps({"endpoint": service.url, "keys": keys})
        mia.page.add_init_script(SUBSCRIBE % handed_out)
        mia.page.context.grant_permissions(["notifications"])
        come_in(mia, platform)
        mia.press("Turn on")
        assert platform.asks("message", "stranger-17", "mia")["decision"] == "deny"

        deadline = time.monotonic() + PATIENCE_SECONDS
        while not service.got:
            assert time.monotonic() < deadline, mia.members.portal.log()
            time.sleep(0.2)
        assert browser.opens(service.got[0][1]) == "tip"
    assert what_is_shown_for(mia, "Somebody wrote to you!") == ["You have a safety tip."]


def what_is_shown_for(mia: Member, pushed: str) -> list[str]:
    """What the browser shows when such a push comes in, whatever stands in it."""
    registrations: list[str] = []
    devtools = mia.page.context.new_cdp_session(mia.page)
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    mia.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    while not registrations:
        mia.page.wait_for_timeout(50)
    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": mia.members.portal.url, "registrationId": registrations[0], "data": pushed},
    )
    mia.page.wait_for_function(f"{SHOWN}.then((shown) => shown.length > 0)")
    return list(mia.page.evaluate(f"{SHOWN}.then((shown) => shown.map((one) => one.title + one.body))"))
