"""A teen comes to her pages from her app, and leaves nothing behind when she signs out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.member_pages import Member, make_members
from tests.servers import Portal

pytestmark = pytest.mark.real_servers


def test_a_link_a_button_her_page_and_out_again(portal_server: Portal, page: Page, chromium: Browser) -> None:
    members = make_members(portal_server, mia="13_15")
    mia = Member(page, members, "mia", "teen")
    mia.open("/teen/")
    assert "Come in from your app" in mia.text()
    mia.look("come-in")
    link = members.link("mia", "teen")
    # As a program that makes a preview of it.
    assert page.request.get(link).status == 200
    page.goto(link)
    mia.look("enter")
    mia.press("Go in")
    assert page.url == f"{portal_server.url}/teen/"
    inside = mia.text()
    assert "Come in from your app" not in inside
    theirs = [one for one in page.context.cookies() if one.get("name") == "teen"]
    assert [(one.get("path"), one.get("httpOnly"), one.get("sameSite")) for one in theirs] == [
        ("/teen/", True, "Strict")
    ]
    for elsewhere in ("/report/", "/guardian/", "/staff/sign-in/"):
        sent = page.context.cookies(f"{portal_server.url}{elsewhere}")
        assert [one for one in sent if one.get("name") == "teen"] == []
    stranger = chromium.new_context()
    copied = stranger.new_page()
    copied.goto(link)
    assert "doesn't work any more" in copied.inner_text("main")
    Member(copied, members, "mia", "teen").look("link-gone")
    stranger.close()
    mia.open("/teen/")
    mia.press("Sign out")
    assert "You are signed out" in mia.text()
    mia.look("signed-out")
    page.go_back()
    page.wait_for_load_state()
    assert "Come in from your app" in mia.text()
    assert [one for one in page.context.cookies() if one.get("name") == "teen"] == []
    # Pages that say no are told with a status that browsers note down.
    assert [one for one in mia.complaints if "403" not in one and "410" not in one] == []
