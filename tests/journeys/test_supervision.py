"""Supervision in real browsers, by keyboard only: invitation, consent, what the guardian sees, a wish, a yes, a pause, the end at 16."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.member_pages import Member, Members, make_members
from tests.journeys.staff_pages import Desk
from tests.servers import Portal

pytestmark = pytest.mark.real_servers
GROW = """
from accounts.models import Account
Account.objects.filter(pk={pk}).update(age_band="16_17")
"""


@pytest.fixture
def members(portal_server: Portal) -> Members:
    return make_members(portal_server, mia="13_15", dad="21_plus")


@pytest.fixture
def mia(page: Page, members: Members) -> Member:
    return Member(page, members, "mia", "teen")


@pytest.fixture
def dad(chromium: Browser, members: Members) -> Iterator[Member]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield Member(context.new_page(), members, "dad", "guardian")
    context.close()


def type_code(member: Member, code: str) -> None:
    member.page.get_by_label("The code").fill(code)
    with member.page.expect_navigation():
        member.page.keyboard.press("Enter")


def invite(dad: Member) -> str:
    dad.come_in()
    dad.look("guardian-empty")
    dad.press("Make a code")
    dad.look("guardian-code")
    return dad.page.locator(".handed-over").inner_text()


def consent(mia: Member, code: str) -> None:
    """She reads what he will see and never see, and says yes."""
    mia.open("/teen/supervision/")
    type_code(mia, code.lower())
    expect(mia.page.get_by_role("heading", level=1)).to_have_text(
        "Let a parent or guardian see your settings?"
    )
    assert "They will never see" in mia.text()
    mia.look("teen-consent")
    mia.press("Yes, start")
    expect(mia.page.locator(".member-sign")).to_contain_text("Supervised by a parent or guardian.")


def wish_for_more(mia: Member) -> None:
    """From what is recommended back to more people: she has to ask."""
    mia.open("/teen/settings/")
    mia.look("teen-settings-weak")
    mia.press("Use what is recommended")
    expect(mia.page.get_by_role("status")).to_contain_text("Who can message you")
    mia.look("teen-settings-done")
    mia.press("Change Who can message you")
    mia.look("teen-change")
    mia.page.get_by_label("Anyone").check()
    mia.press("Save")
    expect(mia.page.locator("main")).to_contain_text("a guardian has to say yes first")
    mia.look("teen-confirm-asked")
    mia.press("Ask a guardian")
    assert "You asked for this." in mia.text()
    mia.look("teen-settings-wish")


def say_yes(dad: Member) -> None:
    dad.open("/guardian/")
    assert "Your teen asks you" in dad.text()
    dad.look("guardian-wish")
    dad.press("Yes Who can message your teen")
    assert "Who can message your teen\nAnyone" in dad.text()
    dad.look("guardian-after")


def pause_unseen(mia: Member, dad: Member) -> None:
    before = dad.text()
    mia.open("/teen/supervision/")
    assert "All settings, as they were at the beginning" in mia.text()
    mia.press("Pause")
    expect(mia.page.locator(".member-sign")).to_be_visible()
    mia.look("teen-supervision-paused")
    mia.open("/teen/settings/")
    mia.press("Use what is recommended")
    dad.open("/guardian/")
    assert dad.text() == before
    mia.open("/teen/supervision/")
    mia.press("Go on")
    dad.open("/guardian/")
    assert "Who can message your teen\nFriends only" in dad.text()


def end_at_16(mia: Member) -> None:
    mia.members.do(GROW.format(pk=mia.members.ids["mia"]))
    mia.open("/teen/supervision/")
    mia.look("teen-supervision-16")
    mia.press("End supervision")
    mia.look("teen-end")
    mia.press("End it")
    expect(mia.page.locator(".member-sign")).to_have_count(0)


def test_from_the_invitation_to_the_end(mia: Member, dad: Member) -> None:
    mia.come_in()
    consent(mia, invite(dad))
    dad.open("/guardian/")
    assert "Who can message your teen\nAnyone" in dad.text()
    wish_for_more(mia)
    say_yes(dad)
    mia.open("/teen/settings/")
    assert "A guardian said yes" in mia.text()
    pause_unseen(mia, dad)
    end_at_16(mia)
    dad.open("/guardian/")
    assert "A supervision ended on" in dad.text()
    dad.look("guardian-ended")
    assert mia.complaints == dad.complaints == []


def test_a_wrong_code_is_told_at_the_field(mia: Member) -> None:
    mia.come_in()
    mia.open("/teen/supervision/")
    mia.look("teen-supervision-none")
    type_code(mia, "0000-0000")
    expect(mia.page.get_by_role("alert")).to_contain_text("This code doesn't work")
    mia.look("teen-code-wrong")


def test_a_weaker_setting_is_asked_once_more_and_undone(mia: Member) -> None:
    mia.come_in()
    mia.open("/teen/settings/message/")
    mia.page.get_by_label("Nobody").check()
    mia.press("Save")
    mia.press("Change Who can message you")
    mia.page.get_by_label("Anyone").check()
    mia.press("Save")
    yes = mia.page.get_by_role("button", name="Change it").bounding_box()
    no = mia.page.get_by_role("link", name="Keep it as it is").bounding_box()
    assert yes
    assert no
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    mia.look("teen-confirm")
    mia.press("Change it")
    expect(mia.page.get_by_role("status")).to_contain_text("Anyone")
    mia.press("Undo")
    expect(mia.page.get_by_role("status")).to_contain_text("Nobody")
    assert mia.complaints == []


def test_a_call_for_help_and_its_answer(mia: Member, dad: Member, chromium: Browser) -> None:
    mia.come_in()
    dad.come_in()
    dad.press("Make a code")
    consent(mia, dad.page.locator(".handed-over").inner_text())
    mia.page.get_by_text("I need help with this person").click()
    mia.page.get_by_label("What is going on?").first.fill("He reads over my shoulder.")
    mia.look("teen-call")
    mia.press("Ask our staff for help")
    assert "A person will answer here." in mia.text()

    context = chromium.new_context()
    desk = Desk(context.new_page(), mia.members.portal)
    desk.let_in("senior")
    desk.open("/review/calls/")
    desk.look("calls")
    desk.page.get_by_role("link", name="Call ").last.focus()
    desk.send()
    expect(desk.page.locator("main")).to_contain_text("He reads over my shoulder.")
    desk.look("call")
    desk.page.get_by_label("Your answer").fill("We believe you. You can pause it now.")
    desk.page.get_by_role("button", name="Send the answer").focus()
    desk.send()
    expect(desk.page.locator("#flash")).to_contain_text("Answered.")
    context.close()

    mia.open("/teen/supervision/")
    assert "We believe you. You can pause it now." in mia.text()
    mia.look("teen-answered")
    dad.open("/guardian/")
    assert "help" not in dad.text().lower().replace("here you can help", "")
    assert mia.complaints == dad.complaints == []


def test_signing_out_shuts_the_door(mia: Member) -> None:
    mia.come_in()
    mia.open("/teen/settings/")
    mia.press("Sign out")
    mia.open("/teen/settings/")
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("Come in from your app")


def test_who_leaves_quickly_finds_another_page_and_nothing_behind_it(mia: Member) -> None:
    mia.come_in()
    mia.open("/teen/supervision/")
    mia.page.route("https://www.bbc.com/**", lambda route: route.fulfill(body="<h1>Weather</h1>"))
    mia.page.get_by_role("link", name="Leave quickly").focus()
    with mia.page.expect_navigation():
        mia.page.keyboard.press("Enter")
    expect(mia.page.get_by_role("heading", level=1)).to_have_text("Weather")
    mia.page.go_back()
    assert "supervis" not in mia.page.url
    expect(mia.page.get_by_text("Supervision")).not_to_be_visible()
