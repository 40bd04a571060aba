"""She writes to the desk and comes back for the answer, in a real browser; what gives her away stays her own choice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.cases.reporter import fingerprint, new_key
from tests.journeys.reporter_pages import Pages
from tests.servers import Portal, portal

pytestmark = pytest.mark.real_servers
_ANSWER = """
from django.utils import timezone
from cases.models import Case
from cases.services.desk_messages import write_message
from staff.models import User
by, _ = User.objects.get_or_create(username="tessa", role="triager")
write_message(case=Case.objects.get(selector="{selector}"), by=by, text="{text}", now=timezone.now(), key="{key}")
"""


@pytest.fixture(scope="module")
def desk() -> Iterator[Portal]:
    with portal() as running:
        running.manage("platform_add", "Quietboard", "--scope", "feed")
        yield running


@pytest.fixture
def pages(page: Page, desk: Portal) -> Pages:
    return Pages(page, desk.url)


@pytest.fixture
def code(desk: Portal) -> str:
    """Of a new report; how it was made is another journey."""
    media = [{"kind": "image", "fingerprints": [fingerprint("sha256")]}]
    headers = {"Idempotency-Key": new_key()}
    answer = httpx.post(f"{desk.url}/api/v1/cases/", json={"media": media}, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["access_code"])


def _answer(desk: Portal, code: str, text: str) -> None:
    desk.manage("shell", "-c", _ANSWER.format(selector=code[:5], text=text, key=new_key()))


def _parts(pages: Pages) -> Locator:
    """What the report's page has, one below the other."""
    return pages.page.locator('[data-step="shown"] > section > h2:visible')


def _write(pages: Pages, text: str) -> None:
    pages.page.get_by_label("Write to us").fill(text)
    pages.press("Send the message")


def test_she_writes_and_finds_the_answer_when_she_comes_back(pages: Pages, desk: Portal, code: str) -> None:
    pages.come_back(code)
    expect(pages.page.get_by_text("No messages yet.")).to_be_visible()
    expect(_parts(pages)).to_have_text(["Place by place", "Messages", "What you can do"])
    expect(pages.page.get_by_text("People read this from Monday to Friday")).to_be_visible()
    _write(pages, "He wants money.\nWhat can I do?")
    expect(pages.page.get_by_text("Sent. Come back with your code")).to_be_visible()
    expect(pages.page.locator("[data-thread] .message__text")).to_have_text("He wants money.\nWhat can I do?")
    expect(pages.page.get_by_label("Write to us")).to_have_value("")
    _answer(desk, code, "Please do not pay.")

    pages.come_back(code)

    expect(pages.page.get_by_role("heading", name="1 new message for you")).to_be_visible()
    expect(pages.page.locator("[data-unread-thread] .message__text")).to_have_text("Please do not pay.")
    expect(_parts(pages)).to_have_text(["Messages", "Place by place", "What you can do"])
    pages.look("an answer that is unread")
    pages.press("Look again")
    expect(pages.page.get_by_role("heading", name="1 new message for you")).to_be_hidden()
    # Nothing jumps away while she reads.
    expect(_parts(pages)).to_have_text(["Messages", "Place by place", "What you can do"])
    expect(pages.page.locator("[data-thread] .message")).to_have_count(2)


def test_what_says_who_she_is_is_warned_about_and_sent_only_if_she_wants(pages: Pages, code: str) -> None:
    sent: list[Request] = []
    pages.page.on("request", lambda one: sent.append(one) if "/messages/" in one.url else None)
    pages.come_back(code)
    _write(pages, f"My name is Mia, +44 7700 900123, 12 Long Road. My code is {code.lower()}")

    warnings = pages.page.get_by_role("group", name="Look once more before you send it")
    expect(warnings).to_be_focused()
    for words in ("Your code stands in it", "a name", "phone number", "a street"):
        expect(warnings.get_by_text(words)).to_be_visible()
    assert sent == []
    pages.look("the warnings")

    pages.press("Change it")
    expect(pages.page.get_by_label("Write to us")).to_be_focused()
    pages.page.get_by_label("Write to us").fill("My name is nobody's business")
    pages.press("Send the message")
    pages.press("Send it as it is")
    expect(pages.page.get_by_text("Sent. Come back with your code")).to_be_visible()
    assert len(sent) == 1


def test_words_of_danger_show_who_helps_and_the_tick_puts_it_on_top(
    pages: Pages, desk: Portal, code: str
) -> None:
    asked: list[str] = []
    pages.come_back(code)
    pages.page.on("request", lambda one: asked.append(one.url))
    heading = pages.page.get_by_role("heading", name="Are you in danger?")
    expect(heading).to_be_hidden()
    pages.page.get_by_label("Write to us").fill("I want to die")
    expect(heading).to_be_visible()
    expect(pages.page.locator("[data-lines]:visible").get_by_text("In danger now")).to_be_visible()
    # Found on her device: nobody was asked.
    assert asked == []
    pages.look("help in danger")

    pages.page.get_by_label("I am in danger").check()
    pages.press("Send the message")
    expect(pages.page.get_by_text("Your report is now at the top.")).to_be_visible()
    told = desk.manage(
        "shell",
        "-c",
        f"from cases.models import Case; c = Case.objects.get(selector='{code[:5]}'); print(c.in_danger, c.risk)",
    )
    assert re.search(r"True \d{4}", told)


def test_the_reminder_is_made_on_the_device_and_says_nothing(pages: Pages, code: str, tmp_path: Path) -> None:
    pages.come_back(code)
    asked: list[str] = []
    pages.page.on("request", lambda one: asked.append(one.url) if one.url.startswith("http") else None)
    pages.page.get_by_text("Remind me to come back").click()
    pages.look("the reminder")
    with pages.page.expect_download() as waiting:
        pages.press("Make the calendar entry")
    waiting.value.save_as(tmp_path / "entry.ics")

    text = (tmp_path / "entry.ics").read_text()
    assert waiting.value.suggested_filename == "event.ics"
    assert "SUMMARY:Maths revision" in text
    assert not re.search(r"reclaim|http|127\.0\.0\.1", text, re.IGNORECASE)
    assert code[:5] not in text
    assert asked == []


def test_she_says_where_it_is_and_lets_us_sign(pages: Pages, code: str) -> None:
    pages.come_back(code)
    pages.press("Say where the picture is")
    expect(pages.page.get_by_text("You haven't told us a place yet.")).to_be_visible()
    expect(pages.page.get_by_text("Without a place and your tick, no letter is made.")).to_be_visible()
    pages.press("Send")
    expect(pages.page.get_by_role("alert")).to_contain_text("Write at least one place.")
    pages.look("no place told")
    pages.page.get_by_label("Which place?").select_option("Quietboard")
    pages.page.get_by_label("The link, or how to find it").fill("https://quiet.example/p/1")
    pages.press("Add another place")
    pages.look("two places")
    pages.page.get_by_label("The link, or how to find it").nth(1).fill("a group chat")
    pages.press("Send")
    expect(pages.page.get_by_text("Thank you. We have it.")).to_be_visible()

    pages.come_back(code)
    pages.press("Say where the picture is")
    told = pages.page.locator("[data-places-told]")
    expect(told).to_contain_text("You told us 2 places. You haven't let us sign for you")
    pages.page.get_by_label("Yes, you may sign for me").check()
    pages.press("Send")
    pages.press("Say where the picture is")
    expect(told).to_contain_text("You let us sign for you")
    assert "quiet.example" not in pages.page.locator("main").inner_text()


def test_it_fits_and_is_for_everybody_also_in_the_dark(chromium: Browser, desk: Portal, code: str) -> None:
    _answer(desk, code, "A long word: " + "x" * 300)
    for scheme in ("light", "dark"):
        context = chromium.new_context(
            viewport={"width": 320, "height": 640}, color_scheme=scheme, reduced_motion="reduce"
        )
        pages = Pages(context.new_page(), desk.url)
        pages.come_back(code)
        _write(pages, "y" * 300)
        expect(pages.page.get_by_text("Sent. Come back")).to_be_visible()
        pages.page.get_by_text("Remind me to come back").click()
        pages.page.get_by_label("Write to us").fill("he hits me")
        expect(pages.page.get_by_role("heading", name="Are you in danger?")).to_be_visible()
        pages.look(f"messages, {scheme}")
        pages.press("Say where the picture is")
        pages.look(f"places, {scheme}")
        context.close()


def test_all_of_it_can_be_done_by_keyboard(pages: Pages, code: str) -> None:
    pages.come_back(code)
    pages.page.get_by_label("Write to us").focus()
    pages.page.keyboard.type("Is it still there?")
    pages.page.keyboard.press("Tab")
    expect(pages.page.get_by_label("I am in danger")).to_be_focused()
    pages.page.keyboard.press("Tab")
    pages.page.keyboard.press("Enter")
    expect(pages.page.get_by_text("Sent. Come back with your code")).to_be_visible()
    expect(pages.page.get_by_role("button", name="Send the message")).to_be_focused()


def test_the_page_keeps_nothing_and_leaving_quickly_wipes_it(pages: Pages, code: str) -> None:
    pages.come_back(code)
    _write(pages, "Nobody else sees this")
    expect(pages.page.locator("[data-thread] .message")).to_have_count(1)
    kept = "[localStorage.length, sessionStorage.length, document.cookie.length]"
    assert pages.page.evaluate(kept) == [0, 0, 0]
    pages.page.get_by_label("Write to us").fill("half a sentence")

    pages.page.evaluate("dispatchEvent(new Event('reclaim:wipe'))")

    expect(pages.page.locator(".message")).to_have_count(0)
    expect(pages.page.get_by_label("Write to us")).to_have_value("")


def test_no_rule_of_the_page_is_broken(pages: Pages, code: str) -> None:
    complaints: list[str] = []
    pages.page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    pages.page.on("pageerror", lambda one: complaints.append(str(one)))
    pages.come_back(code)
    _write(pages, "<b onclick=alert(1)>hello</b>")
    expect(pages.page.locator("[data-thread] .message__text")).to_have_text("<b onclick=alert(1)>hello</b>")
    assert complaints == []
