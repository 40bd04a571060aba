"""Two platforms say that a picture is not what it claims; people at the desk read why and put it back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from platforms.services import subscription_of
from tests.cases.reporter import new_key, picture
from tests.journeys.staff_pages import Desk
from tests.servers import Portal, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(400)]


@dataclass
class Client:
    """A platform's server."""

    running: Portal
    key: str

    def changes(self) -> list[dict[str, Any]]:
        answer = httpx.get(
            f"{self.running.url}/api/v1/feed/", headers={"Authorization": f"Bearer {self.key}"}, timeout=60
        )
        return list(answer.json()["changes"])

    def says(self, entry: str, outcome: str, reason: str | None) -> None:
        answer = httpx.post(
            f"{self.running.url}/api/v1/feedback/",
            json={"entry": entry, "outcome": outcome, "reason": reason},
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        assert answer.status_code == 201, answer.text

    def says_as_stopncii_does(self, value: str) -> None:
        said = {"hashValue": value, "feedbackValue": "NotBlocked", "tags": ["not_what_it_claims"]}
        answer = httpx.post(
            f"{self.running.url}/exchange/stopncii/v1/SubmitFeedback",
            json={"count": 1, "hashFeedbacks": [said]},
            headers={
                "x-functions-key": self.key,
                "Ocp-Apim-Subscription-Key": subscription_of(self.key),
            },
            timeout=60,
        )
        assert answer.json() == {"count": 1, "unknown": 0}, answer.text


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    with portal(DEMO="1") as started:
        yield started


def joined(running: Portal, name: str) -> Client:
    scopes = ("--scope", "feed", "--scope", "feedback")
    told = running.manage("platform_add", name, "--operator", f"{name} Inc.", *scopes, "--json")
    return Client(running, json.loads(told)["key"])


def reported(running: Portal) -> str:
    """The PDQ of the one picture of a report."""
    media = picture()
    answer = httpx.post(
        f"{running.url}/api/v1/cases/",
        json={"media": [media]},
        headers={"Idempotency-Key": new_key()},
        timeout=60,
    )
    assert answer.status_code == 201, answer.text
    return str(media["fingerprints"][0]["value"])


def until(look: Callable[[], list[str] | None]) -> list[str]:
    deadline = time.monotonic() + 60
    while (found := look()) is None:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def entries(client: Client, change: str, value: str) -> list[str] | None:
    found = [one["entry"] for one in client.changes() if (one["change"], one["value"]) == (change, value)]
    return found or None


def test_what_two_platforms_dispute_leaves_the_list_until_two_people_put_it_back(
    running: Portal, page: Page
) -> None:
    native, wire = joined(running, "Picturewall"), joined(running, "Snapyard")
    value = reported(running)
    (listed,) = until(lambda: entries(native, "added", value))

    native.says(listed, "not_blocked", "not_what_it_claims")
    until(lambda: entries(native, "reviewed", value))
    assert entries(native, "withdrawn", value) is None
    wire.says_as_stopncii_does(value)
    assert until(lambda: entries(native, "withdrawn", value)) == [listed]

    desk = Desk(page, running)
    desk.let_in("triager")
    desk.open("/staff/list/")
    expect(page.get_by_text("off the list, until people decide")).to_be_visible()
    desk.look("what the list asks")
    page.get_by_role("link", name="Two platforms say").click()
    expect(page.get_by_role("cell", name="not what it claims").first).to_be_visible()
    desk.look("a disputed picture")
    page.get_by_label("Why should it be back on the list?").fill("Both mistook the light.")
    page.get_by_role("button", name="Ask a second person to put it back").click()
    expect(page.get_by_text("Waits for a second person, asked by triager")).to_be_visible()
    desk.look("waits for a second person")

    desk.let_in("senior")
    desk.open("/triage/held/")
    page.get_by_role("link", name="Read what it is about").click()
    expect(page.get_by_text("Both mistook the light.").first).to_be_visible()
    desk.open("/triage/held/")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Done: it was approved.")).to_be_visible()

    back = until(lambda: [one for one in entries(native, "added", value) or [] if one != listed] or None)
    assert len(back) == 1
    desk.open("/staff/list/")
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    desk.look("nothing waits")

    assert desk.complaints == []
