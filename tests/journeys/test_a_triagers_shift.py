"""A whole shift at the desk by keyboard only, in a real browser: take, read, note, decide, take back, escalate, many at once."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.staff_pages import Desk
from tests.servers import Portal

pytestmark = pytest.mark.real_servers
# More urgent than whatever the demo shows.
REPORTS = """
import json, secrets
from django.utils import timezone
from cases import services
from cases.models import Case
from cases.services import Answers
from hashes.services import Fingerprint, NewPicture
made = []
for number in range({count}):
    prints = (Fingerprint("pdq", secrets.token_hex(32), quality=90), Fingerprint("sha256", secrets.token_hex(32)))
    told = Answers(in_danger=True, deadline="hours" if number == 0 else "", age_band="under_13")
    receipt = services.submit_case(key=secrets.token_urlsafe(24), body="{{}}", answers=told,
        pictures=[NewPicture("image", prints)], client=str(number), now=timezone.now())
    made.append(Case.objects.get(selector=receipt.code[:5]).pk.hex)
Case.objects.exclude(pk__in=made).update(is_overdue=False)
print(json.dumps(made))
"""


@pytest.fixture
def desk(page: Page, portal_server: Portal) -> Desk:
    return Desk(page, portal_server)


def _reports(desk: Desk, count: int) -> list[str]:
    told = desk.portal.manage("shell", "-c", REPORTS.format(count=count)).strip().splitlines()[-1]
    made: list[str] = json.loads(told)
    return made


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _go(page: Page, key: str) -> None:
    """A key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_shift_by_keyboard(desk: Desk) -> None:
    page = desk.page
    _reports(desk, 3)
    desk.let_in("triager")
    desk.open("/triage/?state=received&assignee=nobody")
    desk.look("the queue")

    urgent = page.locator("[data-open]").first.inner_text()
    _press(page, "j", "j", "k")
    expect(page.locator("[data-open]:focus")).to_have_text(urgent)
    _go(page, "c")
    expect(page.get_by_role("heading", level=1)).to_contain_text(urgent)
    expect(page.get_by_text("Yours", exact=True)).to_be_visible()
    desk.look("a case")

    _press(page, "n")
    page.keyboard.type("she sounds scared? jkces")
    _press(page, "Tab")
    _go(page, "Enter")
    expect(page.get_by_text("she sounds scared? jkces")).to_be_visible()

    # Escape leaves the field, so that the next key is a key again.
    _press(page, "n", "Escape", "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    desk.look("the list of keys")
    _press(page, "Escape")

    _go(page, "s")
    expect(page.get_by_role("status").first).to_contain_text("Accepted.")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(urgent)
    page.get_by_role("button", name="Undo").focus()
    _go(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(urgent)
    expect(page.locator(".badges")).to_contain_text("Received")

    _press(page, "e")
    _go(page, "Enter")
    expect(page.locator("#flash")).to_contain_text("handed to the liaison")
    # With no verdict open, sending leads to where one is chosen.
    _press(page, "s")
    expect(page.locator("#verdicts")).to_be_focused()
    assert desk.complaints == []


def test_many_cases_are_shown_then_done_then_taken_back(desk: Desk) -> None:
    page = desk.page
    _reports(desk, 2)
    desk.let_in("senior")
    desk.open("/triage/?risk=danger&state=received&assignee=nobody")
    _press(page, "j", "x", "j", "x")
    page.get_by_role("button", name="Accept…").focus()
    _go(page, "Enter")
    expect(page.get_by_role("table")).to_contain_text("2 cases are ticked")
    desk.look("what many would be")
    page.get_by_role("button", name="Yes, all of them").focus()
    _go(page, "Enter")
    expect(page.locator("#flash")).to_contain_text("2 cases done.")
    desk.look("the queue with an offer to undo")
    page.get_by_role("button", name="Undo").focus()
    _go(page, "Enter")
    expect(page.locator("#flash")).to_contain_text("2 cases taken back.")


def test_a_page_that_is_stale_is_told_who_was_first(desk: Desk) -> None:
    page, case = desk.page, _reports(desk, 1)[0]
    desk.let_in("triager")
    desk.open(f"/triage/{UUID(case)}/")
    other = page.context.new_page()
    other.goto(page.url)
    _go(other, "s")

    _go(page, "s")

    expect(page.get_by_role("alert")).to_contain_text("triager was first, at ")
    desk.look("nothing was changed")


def test_one_switch_turns_the_keys_off(desk: Desk) -> None:
    page = desk.page
    _reports(desk, 1)
    desk.let_in("liaison")
    desk.open("/triage/")
    page.get_by_role("button", name="Turn shortcuts off").focus()
    _go(page, "Enter")
    _press(page, "j")
    expect(page.locator("[data-open]:focus")).to_have_count(0)
    page.get_by_role("button", name="Turn keyboard shortcuts on").focus()
    _go(page, "Enter")
    _press(page, "j")
    expect(page.locator("[data-open]:focus")).to_have_count(1)
