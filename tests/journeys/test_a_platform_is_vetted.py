"""A platform is let in at the desk, a second person gives it the list, and its key reads it."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.staff_pages import Desk
from tests.servers import Portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(600)]


@pytest.fixture
def desk(page: Page, portal_server: Portal) -> Desk:
    return Desk(page, portal_server)


def reads_the_list(desk: Desk, key: str) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.get(f"{desk.portal.url}/api/v1/feed/", headers=headers, timeout=30).status_code


def let_in(desk: Desk, name: str) -> str:
    """By the form, as a platform manager; the key that the page shows."""
    page = desk.page
    desk.let_in("platform_manager")
    desk.open("/staff/platforms/")
    desk.look("platforms")
    page.get_by_role("link", name="Let a platform in").click()
    desk.look("a new platform")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Operator").fill(f"{name} Ltd")
    page.get_by_label("Contact").fill("trust@quiet.example")
    page.get_by_label("First day of the agreement").fill("2026-01-01")
    page.get_by_label("Its last day").fill("2099-12-31")
    page.get_by_label("Its own report page").fill("https://quiet.example/report")
    page.get_by_role("button", name="Let it in").click()
    expect(page.get_by_role("heading", name="The new key")).to_be_visible()
    desk.look("its key")
    return page.locator("code.code").inner_text()


def test_two_people_give_a_platform_the_list(desk: Desk) -> None:
    page = desk.page
    key = let_in(desk, "Quietjourney")
    assert reads_the_list(desk, key) == 403
    page.get_by_label("Why may it read the list?").fill("The agreement is signed; we know its people.")
    page.get_by_role("button", name="Ask a second person").click()
    expect(page.get_by_text("Asked. It waits for a second person.")).to_be_visible()
    assert key.partition(".")[2] not in page.content()
    desk.look("asked for the list")
    desk.let_in("administrator")
    desk.open("/triage/held/")
    waiting = page.get_by_role("region", name="Let Quietjourney read the list")
    waiting.get_by_role("link", name="Read what it is about").click()
    expect(page.get_by_role("heading", name="Quietjourney", level=1)).to_be_visible()
    page.go_back()
    waiting.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Done: it was approved.")).to_be_visible()
    # In every process within five seconds.
    page.wait_for_timeout(5_000)
    assert reads_the_list(desk, key) == 200
    desk.open("/staff/platforms/")
    page.get_by_role("link", name="Quietjourney").click()
    expect(page.get_by_text("let it read the list, as the second person")).to_be_visible()
    desk.look("reads the list")
    assert [text for text in desk.complaints if "403" not in text] == []


def test_a_key_is_replaced_revoked_and_the_part_ended(desk: Desk) -> None:
    page = desk.page
    old = let_in(desk, "Brief")
    page.get_by_role("button", name="Make a new key").click()
    expect(page.get_by_role("heading", name="The new key")).to_be_visible()
    new = page.locator("code.code").inner_text()
    assert new != old
    row = page.get_by_role("row", name=old.partition(".")[0])
    row.get_by_text("Revoke", exact=False).first.click()
    desk.look("before revoking")
    row.get_by_role("button", name="Revoke it for good").click()
    expect(page.get_by_text("Revoked. It is refused everywhere within five seconds.")).to_be_visible()
    page.locator("summary", has_text="End its part").click()
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("It takes part no more.")).to_be_visible()
    desk.look("ended")
    assert desk.complaints == []
