"""Coming back with the code: what she sees, adds, takes back and keeps, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.reporter_pages import Pages
from tests.photographs import PHOTOGRAPHS
from tests.servers import Portal, portal

pytestmark = pytest.mark.real_servers
PICTURES = ("coffee", "chelsea")


@pytest.fixture(scope="module")
def patient() -> Iterator[Portal]:
    """A portal with the real delays, where every report costs a proof of work and one may wait for it instead."""
    with portal(
        WITHDRAWAL_DELAY_HOURS="24",
        WITHDRAWAL_DELAY_THREATENED_HOURS="72",
        REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF="0",
        WRONG_CODES_PER_CLIENT="3",
        PROOF_WAIT_SECONDS="1",
    ) as running:
        scopes = ("--scope", "feed", "--scope", "feedback")
        running.manage("platform_add", "Quietboard", *scopes)
        running.manage("platform_add", "Askboard", "--scope", "match")
        yield running


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("phone")
    files = []
    for photograph in PHOTOGRAPHS:
        if photograph.name in PICTURES:
            files.append(folder / f"{photograph.name}.jpg")
            photograph.open().resize((300, 200)).save(files[-1])
    return files


@pytest.fixture
def pages(page: Page, patient: Portal) -> Pages:
    return Pages(page, patient.url)


def _value(pages: Pages, term: str) -> str:
    return pages.page.locator(".overview > div").filter(has_text=term).locator("dd").inner_text()


def test_every_view_of_a_report_is_for_everybody_and_fits(pages: Pages, photos: list[Path]) -> None:
    pages.page.set_viewport_size({"width": 320, "height": 640})
    code = pages.report(photos[0])
    pages.come_back(code)
    pages.look("the report")
    for button, heading in (
        ("Add more pictures", "Add more pictures"),
        ("Take my report back", "Take your report back?"),
    ):
        pages.press(button)
        expect(pages.page.get_by_role("heading", name=heading)).to_be_focused()
        pages.look(heading)
        pages.press("Back to my report")
    pages.page.reload()
    pages.press("Show my report")
    expect(pages.page.get_by_role("alert")).to_be_focused()
    pages.look("a problem")


def test_the_ladder_is_heard_as_a_list_that_says_where_it_stands(pages: Pages, photos: list[Path]) -> None:
    pages.come_back(pages.report(photos[0]))
    card = pages.page.get_by_role("article").filter(has_text="Quietboard")
    expect(card).to_match_aria_snapshot("""
      - article:
        - heading "Quietboard" [level=3]
        - paragraph: No news yet
        - list:
          - listitem: /Now. Sent The fingerprints wait/
          - listitem: "Later: Collected"
          - listitem: "Later: Watching"
          - listitem: /Later. If something matches/
          - listitem: /Later. And blocked/
    """)
    expect(card.locator("[aria-current=step]")).to_have_count(1)


def test_a_mistyped_code_is_told_before_any_server_is_asked(pages: Pages, photos: list[Path]) -> None:
    code = pages.report(photos[0])
    asked: list[str] = []
    pages.open("/status/")
    # The browser fetches the sign of the page whenever it likes.
    pages.page.on(
        "request", lambda request: asked.extend({request.url} if "/static/" not in request.url else ())
    )
    field = pages.page.get_by_label("Your code")
    for typed, told in (
        ("", "Type your code first"),
        (code[:-1], "Group 4 doesn't have 5 letters and numbers"),
        (code[:6] + "U" + code[7:], "in group 2"),
        (code[:-1] + ("0" if code[-1] != "0" else "2"), "There is a mistake in the code"),
    ):
        field.fill(typed)
        pages.press("Show my report")
        expect(pages.page.get_by_role("alert")).to_contain_text(told)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(re.escape(told)))
    assert not asked
    field.fill(f" {code.lower().replace('-', '  ')} ")
    field.press("Enter")
    expect(pages.page.get_by_role("heading", name="Your report", exact=True)).to_be_focused(timeout=60_000)


def test_guessing_costs_a_proof_of_work_that_the_browser_does_by_itself(pages: Pages) -> None:
    asked: list[str | None] = []
    pages.page.on("request", lambda request: asked.append(request.header_value("x-proof-of-work")))
    pages.open("/status/")
    pages.page.get_by_label("Your code").fill("ZGMN1-MS5FF-M9GYP-GXAVF")
    for _ in range(4):
        pages.press("Show my report")
        expect(pages.page.get_by_role("alert")).to_contain_text(
            "No report opens with this code", timeout=60_000
        )
    field = pages.page.get_by_label("Your code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("No report opens with this code"))
    pages.page.get_by_role("alert").get_by_role("button").click()
    expect(field).to_be_focused()
    assert any(asked)


def test_a_device_too_slow_to_solve_may_wait(pages: Pages, photos: list[Path]) -> None:
    # A worker that never answers is the slowest there is.
    pages.page.route(
        "**/proof-worker.js", lambda route: route.fulfill(body="", content_type="text/javascript")
    )
    pages.to("check", photos[0])
    pages.press("Send my report")
    expect(pages.step.get_by_role("status")).to_contain_text("Checking that you are a person")
    assert pages.code()


def test_more_pictures_can_be_added(pages: Pages, photos: list[Path]) -> None:
    pages.come_back(pages.report(photos[0]))
    assert _value(pages, "Files") == "1"
    pages.press("Add more pictures")
    pages.press("Send the fingerprints")
    expect(pages.page.get_by_role("alert")).to_contain_text("Choose at least one picture or video")
    pages.choose(photos[1])
    pages.press("Send the fingerprints")
    expect(pages.page.get_by_text("Done. The fingerprints were added.")).to_be_visible(timeout=60_000)
    assert _value(pages, "Files") == "2"
    pages.press("Add more pictures")
    expect(pages.page.locator("[data-pictures-state]")).to_have_text("")
    expect(pages.page.frame_locator("#pictures-frame").locator(".file")).to_have_count(0)
    pages.press("Send the fingerprints")
    expect(pages.page.get_by_role("alert")).to_contain_text("Choose at least one picture or video")


def _show_rungs(pages: Pages, rungs: dict[str, tuple[str, str | None]]) -> None:
    """The server's own answer, with these rungs and reasons."""

    def tell(route: Route) -> None:
        answer = route.fetch()
        if not answer.ok:
            # It asks for a proof of work first.
            route.fulfill(response=answer)
            return
        told = answer.json()
        told["platforms"] = [
            {"platform": slug, "rung": rung, "reason": reason, "changed_on": "2031-02-03"}
            for slug, (rung, reason) in rungs.items()
        ]
        route.fulfill(json=told)

    pages.page.route("**/api/v1/cases/status/", tell)
    words = pages.page.locator("[data-shown-words]")
    words.evaluate("place => place.textContent = ''")
    pages.press("Look again")
    expect(words).to_have_text("This is the newest.", timeout=60_000)
    pages.page.unroute("**/api/v1/cases/status/")


def _is_told(pages: Pages, words: str) -> None:
    expect(pages.page.locator("[data-state-words]")).to_have_text(words)


def test_the_first_words_follow_the_place_that_came_furthest_and_it_stands_first(
    pages: Pages, photos: list[Path]
) -> None:
    pages.come_back(pages.report(photos[0]))
    _is_told(pages, "Your report is with us. The fingerprints are on their way.")
    _show_rungs(pages, {"askboard": ("sent", None), "quietboard": ("checking", None)})
    _is_told(pages, "Your report is with us. A place found something and is checking it.")
    _show_rungs(pages, {"askboard": ("watching", None), "quietboard": ("blocked", None)})
    _is_told(pages, "Your report is with us. A place found a copy and stopped it.")
    expect(pages.page.get_by_role("article").get_by_role("heading")).to_have_text(["Quietboard", "Askboard"])


def test_a_place_that_left_what_it_found_says_why_and_who_helps(pages: Pages, photos: list[Path]) -> None:
    pages.come_back(pages.report(photos[0]))
    _show_rungs(pages, {"quietboard": ("not_blocked", "allowed_here")})
    card = pages.page.get_by_role("article").filter(has_text="Quietboard")
    expect(card).to_contain_text("its rules allow it")
    expect(card.get_by_role("link", name="People who help (opens in a new tab)")).to_have_attribute(
        "href", "/help/"
    )
    pages.look("not blocked")
    _show_rungs(pages, {"quietboard": ("blocked", None)})
    expect(card.get_by_role("link")).to_have_count(0)


def test_a_place_that_only_asks_has_no_rungs_that_it_cannot_reach(pages: Pages, photos: list[Path]) -> None:
    pages.come_back(pages.report(photos[0]))
    card = pages.page.get_by_role("article").filter(has_text="Askboard")
    expect(card).to_match_aria_snapshot("""
      - article:
        - heading "Askboard" [level=3]
        - paragraph: No news yet
        - list:
          - listitem: /Now. Sent This place asks us about each picture/
          - listitem: "Later: Watching"
    """)


def test_nobody_takes_a_report_back_before_she_was_asked_who_wants_it(
    pages: Pages, photos: list[Path]
) -> None:
    pages.come_back(pages.report(photos[0]))
    pages.press("Take my report back")
    row = pages.page.locator("[data-withdraw-row]").get_by_role("button")
    pages.press("Take my report back")
    alert = pages.page.get_by_role("alert")
    expect(alert).to_contain_text("is somebody making you do this?")
    alert.get_by_role("button").click()
    forced = pages.page.get_by_label("Yes, or I'm not sure")
    expect(forced).to_be_focused()
    forced.check()
    expect(row).to_have_text(["No, keep it", "Take my report back"])
    expect(row.first).to_have_class("button button--big")
    expect(row.last).to_have_class("button button--quiet")
    pages.look("keeping comes first")
    pages.page.get_by_label("No, I want this").check()
    expect(row).to_have_text(["Take my report back", "No, keep it"])
    expect(row.first).to_have_class("button")
    pages.page.get_by_label("Yes, or I'm not sure").check()
    pages.press("No, keep it")
    expect(pages.page.get_by_role("heading", name="You asked to take your report back")).to_be_hidden()


def test_a_withdrawal_waits_and_can_be_called_off(pages: Pages, photos: list[Path]) -> None:
    code = pages.report(photos[0])
    pages.come_back(code)
    pages.press("Take my report back")
    expect(pages.page.get_by_text("It takes effect after 24 hours")).to_be_visible()
    pages.page.get_by_label("Yes, or I'm not sure").check()
    expect(pages.page.get_by_role("heading", name="You don't have to do it")).to_be_visible()
    pages.press("Take my report back")
    expect(pages.page.get_by_role("heading", name="You asked to take your report back")).to_be_visible()
    expect(pages.page.get_by_role("button", name="Take my report back")).to_be_hidden()
    pages.look("a withdrawal that waits")
    pages.come_back(code)
    pages.press("Keep my report")
    expect(pages.page.get_by_text("Your report stays. Nothing has changed.")).to_be_visible()
    expect(pages.page.get_by_role("heading", name="You asked to take your report back")).to_be_hidden()


def test_a_withdrawn_report_says_so_and_nothing_about_the_list(
    page: Page, portal_server: Portal, photos: list[Path]
) -> None:
    pages = Pages(page, portal_server.url)
    code = pages.report(photos[0])
    pages.come_back(code)
    pages.press("Take my report back")
    expect(page.get_by_text("It takes effect at once.")).to_be_visible()
    page.get_by_label("No, I want this").check()
    pages.press("Take my report back")
    expect(page.get_by_text("Your report is withdrawn.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Add more pictures")).to_be_hidden()
    expect(page.get_by_text("Later:")).to_have_count(0)
    expect(page.locator("article.platform").first).to_contain_text("never fetched your fingerprints")
    expect(pages.step.get_by_text("Losing the code")).to_be_hidden()
    expect(pages.step.get_by_text("Your report no longer protects this picture.")).to_be_visible()
    pages.look("a withdrawn report")
    assert "no longer listed" not in page.locator("main").inner_text()


def test_a_server_in_trouble_is_told_kindly(pages: Pages, photos: list[Path]) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=503, json={"status": 503, "detail": "", "errors": []})

    pages.come_back(pages.report(photos[0]))
    pages.page.route("**/api/v1/cases/status/", fail)
    pages.press("Look again")
    expect(pages.page.get_by_text("The connection is weak. We are trying again.")).to_be_visible()
    expect(pages.page.get_by_role("alert")).to_contain_text("We couldn't reach our server", timeout=60_000)
    pages.page.unroute("**/api/v1/cases/status/")
    pages.press("Look again")
    expect(pages.page.get_by_text("This is the newest.")).to_be_visible()


def test_a_reload_asks_for_the_code_again(pages: Pages, photos: list[Path]) -> None:
    pages.come_back(pages.report(photos[0]))
    pages.page.reload()
    expect(pages.page.get_by_label("Your code")).to_have_value("")
    expect(pages.page.get_by_text("Losing the code never loses protection.").first).to_be_visible()
