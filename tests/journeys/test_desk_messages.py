"""The desk reads what a reporter wrote and answers, in a real browser and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.cases.reporter import fingerprint, new_key
from tests.journeys.staff_pages import Desk
from tests.servers import Portal, portal

pytestmark = pytest.mark.real_servers
WORDS = "He says he will send it to my class."
_PEOPLE = """
from cases.models import Case
from staff.models import User
User.objects.get_or_create(username="tessa", role="triager")
User.objects.get_or_create(username="adam", role="administrator")
User.objects.get_or_create(username="sena", role="senior")
User.objects.get_or_create(username="lian", role="liaison")
print(Case.objects.get(selector="{selector}").pk)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    with portal() as desk:
        yield desk


@pytest.fixture
def code(running: Portal) -> str:
    """Of a report with two messages."""
    media = [{"kind": "image", "fingerprints": [fingerprint("sha256")]}]
    made = _post(running, "", {"media": media})
    code = str(made["access_code"])
    for text in ("Hello?", WORDS):
        _post(running, "messages/", {"access_code": code, "text": text, "danger": text == WORDS})
    return code


def _post(running: Portal, path: str, body: dict[str, object]) -> dict[str, object]:
    headers = {"Idempotency-Key": new_key()}
    answer = httpx.post(f"{running.url}/api/v1/cases/{path}", json=body, headers=headers, timeout=60)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.fixture
def case_path(running: Portal, code: str) -> str:
    told = running.manage("shell", "-c", _PEOPLE.format(selector=code[:5]))
    return f"/triage/{told.strip().splitlines()[-1]}/"


@pytest.fixture
def desk(page: Page, running: Portal, case_path: str) -> Desk:
    assert case_path
    desk = Desk(page, running)
    page.set_viewport_size({"width": 1280, "height": 800})
    return desk


def _let_in(desk: Desk, name: str) -> None:
    # A second factor must be owned as well as used.
    desk.portal.manage(
        "shell",
        "-c",
        "from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret\n"
        "from allauth.mfa.models import Authenticator\n"
        "from staff.models import User\n"
        f"u = User.objects.get(username='{name}')\n"
        "Authenticator.objects.filter(user=u).exists() or TOTP.activate(u, generate_totp_secret())",
    )
    desk.let_in(name)


def test_a_message_is_opened_in_its_place_one_at_a_time(desk: Desk, case_path: str) -> None:
    _let_in(desk, "tessa")
    desk.open(case_path)
    page = desk.page
    expect(page.locator("[data-talk-line]")).to_contain_text("2 messages from the reporter, 2 unread")
    expect(page.get_by_text(WORDS)).to_have_count(0)
    desk.look("messages, shut")

    newest = page.get_by_role("button", name="Read it message 2")
    newest.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(WORDS)).to_be_focused()
    expect(page.locator("p[data-read-this-shift]")).to_have_text("You have read 1 message in this shift.")
    expect(page.locator("#whose")).to_contain_text("Yours until")
    desk.look("messages, one open")

    page.get_by_role("button", name="Read it message 1").click()
    expect(page.locator("[data-revealed]")).to_have_text("Hello?")
    expect(page.get_by_text(WORDS)).to_have_count(0)
    page.get_by_role("button", name="Hide it again").click()
    expect(page.locator("[data-revealed]")).to_have_count(0)
    assert desk.complaints == []


def test_an_answer_is_checked_while_it_is_written_and_reaches_her(
    desk: Desk, running: Portal, case_path: str, code: str
) -> None:
    _let_in(desk, "tessa")
    desk.open(case_path)
    page = desk.page
    text = page.get_by_label("What she will read")
    page.get_by_label("Prepared text").select_option("where")
    expect(text).to_have_value(
        "Do you know where the picture is? If you do, press “Say where the picture is” on the page of your report. A link helps most. If you don't know, that is fine too. Please never send us the picture."
    )
    expect(page.get_by_label("The case waits for her answer")).to_be_checked()
    text.fill("Why did you send it to him?")
    expect(page.locator("[data-findings]")).to_contain_text("May sound like blame or doubt: “Why did you”")
    desk.look("an answer that blames")
    text.fill("You did the right thing.")
    expect(page.locator("[data-findings]")).to_be_empty()
    page.get_by_label("The case waits for her answer").uncheck()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Sent. She reads it when she comes back")).to_be_visible()

    answer = httpx.post(f"{running.url}/api/v1/cases/status/", json={"access_code": code}).json()
    assert answer["messages"][-1]["text"] == "You did the right thing."
    assert desk.complaints == []


def test_the_administrator_is_shown_nothing(desk: Desk, case_path: str) -> None:
    _let_in(desk, "adam")
    desk.open(case_path)
    expect(desk.page.get_by_role("button", name="Read it")).to_have_count(0)
    assert WORDS not in desk.page.content()


def test_a_senior_reads_a_colleagues_case_once_a_second_person_let_them(desk: Desk, case_path: str) -> None:
    page = desk.page
    _let_in(desk, "tessa")
    desk.open(case_path)
    page.get_by_role("button", name="Take the case").click()

    _let_in(desk, "sena")
    desk.open(case_path)
    page.get_by_text("Break-glass reading").click()
    page.get_by_label("Why must you read").fill("Her school called us.")
    desk.look("asking to break the glass")
    desk.send()
    expect(page.get_by_text("It waits for a second person now.")).to_be_visible()

    _let_in(desk, "lian")
    desk.open("/triage/held/")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Done: it was approved.")).to_be_visible()

    _let_in(desk, "sena")
    desk.open(case_path)
    expect(page.get_by_text("A second person lets you read")).to_be_visible()
    desk.look("behind the glass")
    page.get_by_role("button", name="Read it").first.click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("tessa", exact=True).first).to_be_visible()
