"""Coming to work: a password, a second step, a passkey, and the pages that everybody at the desk has."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.staff_pages import Desk, code_at
from tests.servers import Portal

pytestmark = pytest.mark.real_servers
NEWCOMER = """
from staff.services import User
import json
from django.conf import settings
kept = json.loads((settings.VAR_DIR / "demo" / "staff.json").read_text())
user, _ = User.objects.get_or_create(username={name!r}, role="senior")
user.set_password(kept["password"])
user.save()
"""
ASK = """
from datetime import UTC, date, datetime
from platforms.services import add_platform, ask_for_feed
from staff.services import User
agreement = {"agreed_on": date(2020, 1, 1), "expires_on": date(2099, 12, 31)}
add_platform(name="Journeyboard", scopes=["match"], contact="trust@journey.example", **agreement)
asks = User.objects.get(username="platform_manager")
ask_for_feed(slug="journeyboard", by=asks, reason="The agreement is signed", now=datetime.now(UTC))
"""


@pytest.fixture
def desk(page: Page, portal_server: Portal) -> Desk:
    return Desk(page, portal_server)


def newcomer(desk: Desk, name: str) -> None:
    desk.portal.manage("shell", "-c", NEWCOMER.format(name=name))
    desk.give_password(name)


def test_a_newcomer_is_led_to_a_second_step_and_sees_every_page_of_it(desk: Desk) -> None:
    newcomer(desk, "nora")
    expect(desk.page.get_by_role("status")).to_contain_text("First set up a second step")
    desk.look("choosing a second step")
    desk.page.get_by_role("link", name="Set up an app").click()
    desk.look("setting up an app")
    secret = desk.page.locator("#authenticator_secret").inner_text()
    desk.page.get_by_label("Code from the app").fill("000000")
    desk.send()
    expect(desk.page.get_by_text("This code is wrong")).to_be_visible()
    desk.look("a wrong code")
    desk.page.get_by_label("Code from the app").fill(code_at(secret, time.time()))
    desk.send()
    expect(desk.page.locator(".codes li")).to_have_count(10)
    desk.look("recovery codes")
    for path, name in (
        ("/staff/second-step/", "the account"),
        ("/staff/second-step/recovery-codes/", "recovery codes once more"),
        ("/staff/second-step/recovery-codes/new/", "new recovery codes"),
        ("/staff/second-step/app/remove/", "removing the app"),
        ("/staff/second-step/passkeys/", "no passkeys"),
        ("/staff/second-step/passkeys/add/", "adding a passkey"),
        ("/staff/password/", "the password"),
        ("/staff/sessions/", "sessions"),
        ("/staff/confirm/", "showing once more who one is"),
        ("/staff/confirm/code/", "showing a code once more"),
        ("/staff/sign-out/", "signing out"),
        ("/triage/audit/", "what is not hers"),
    ):
        desk.open(path)
        desk.look(name)
    assert [text for text in desk.complaints if "403" not in text] == []


def test_a_passkey_signs_in_by_itself(desk: Desk) -> None:
    devices = desk.page.context.new_cdp_session(desk.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    newcomer(desk, "pia")
    desk.page.get_by_role("link", name="Add a passkey").click()
    desk.page.get_by_label("Sign in with it alone").check()
    desk.page.get_by_role("button", name="Add it").click()
    expect(desk.page.locator(".codes li")).to_have_count(10)
    desk.open("/staff/second-step/passkeys/")
    desk.look("passkeys")
    desk.page.get_by_role("button", name="Sign out").click()
    expect(desk.page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()
    desk.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(desk.page.get_by_role("button", name="Sign out")).to_be_visible()
    desk.open("/triage/held/")
    expect(desk.page.get_by_role("heading", name="Waiting for a second person")).to_be_visible()
    assert desk.complaints == []


def test_a_passkey_that_is_not_there_is_told_in_words(desk: Desk) -> None:
    desk.open("/staff/sign-in/")
    desk.look("the sign-in")
    # A passkey belongs to a name; at an address no browser gives one.
    desk.page.goto(f"{desk.portal.url}/staff/sign-in/")
    desk.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(desk.page.get_by_text("The passkey was not used")).to_be_visible()


def test_a_second_person_lets_go_and_an_auditor_finds_it(desk: Desk) -> None:
    desk.portal.manage("shell", "-c", ASK)
    desk.give_password("administrator")
    desk.look("the second step")
    desk.give_code()
    desk.open("/triage/held/")
    asked = desk.page.get_by_role("region").filter(has_text="The agreement is signed")
    expect(asked).to_contain_text("platform_manager")
    desk.look("what waits")
    asked.get_by_role("button", name="Approve").press("Enter")
    expect(desk.page.get_by_role("status")).to_contain_text("Done")
    desk.look("what was done")
    desk.open("/staff/people/")
    desk.look("people")
    desk.let_in("auditor")
    desk.open("/triage/audit/?act=held.")
    newest = desk.page.get_by_role("row").filter(has_text="held.release").first
    expect(newest).to_contain_text("administrator")
    desk.look("the audit")
    desk.open("/triage/audit/?first=2026-11-25&last=2026-11-24")
    desk.look("a search that makes no sense")
    desk.open("/triage/audit/?act=nothing-like-it")
    expect(desk.page.get_by_text(re.compile("Nothing that was done fits"))).to_be_visible()
    desk.look("nothing found")
    desk.open("/triage/audit/")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name=re.compile("Take all")).click()
    assert download.value.suggested_filename.endswith(".csv")
    assert "held.release" in download.value.path().read_text()
    assert desk.complaints == []
