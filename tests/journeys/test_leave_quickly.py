"""The way out, and what the browser still knows after it: nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.reporter_pages import FITS, Pages
from tests.photographs import PHOTOGRAPHS
from tests.servers import Portal

pytestmark = pytest.mark.real_servers
PATHS = ("/", "/report/", "/status/", "/help/", "/privacy/", "/nowhere/")
OUTSIDE = re.compile("^https://")
WEATHER = "<!doctype html><title>Weather</title><h1>Sunny</h1>"
_TELL_THE_NEXT_FRAME = """addEventListener('click', () => requestAnimationFrame(() => console.log(
    `${document.body.childElementCount} elements on ${getComputedStyle(document.body).backgroundColor}`)))"""
_KEPT = """async () => [localStorage.length, sessionStorage.length, document.cookie,
    (await caches.keys()).length, (await indexedDB.databases()).length]"""


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("phone") / "IMG_0001.jpg"
    [coffee] = [photograph for photograph in PHOTOGRAPHS if photograph.name == "coffee"]
    coffee.open().resize((300, 200)).save(file)
    return file


@pytest.fixture
def pages(page: Page, portal_server: Portal) -> Pages:
    """Her phone; the weather is played, because tests reach nobody outside."""
    page.context.route(OUTSIDE, lambda route: route.fulfill(body=WEATHER, content_type="text/html"))
    # A question before leaving would be the end of a quick exit.
    page.on("dialog", lambda dialog: pytest.fail(f"asked: {dialog.type}"))
    return Pages(page, portal_server.url)


def _is_gone(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
    page.go_back()
    assert page.locator("body").inner_text().strip() == ""
    expect(page.get_by_role("heading")).to_have_count(0)


def _shift_three_times(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


@pytest.mark.parametrize("path", PATHS)
def test_the_link_leaves_and_back_shows_nothing(path: str, pages: Pages) -> None:
    before = "/help/" if path == "/" else "/"
    pages.open(before)
    pages.open(path)
    pages.page.get_by_role("link", name="Leave quickly").click()
    _is_gone(pages.page)
    # The page she left is no longer in the history: Back led past it.
    assert pages.page.url == pages.url + before


@pytest.mark.parametrize("path", PATHS)
def test_shift_three_times_leaves_and_back_shows_nothing(path: str, pages: Pages) -> None:
    pages.open(path)
    pages.page.wait_for_load_state("load")
    _shift_three_times(pages.page)
    _is_gone(pages.page)


def test_shift_leaves_from_inside_the_frame_too(pages: Pages, photo: Path) -> None:
    pages.to("whose", photo)
    pages.press("Back")
    pages.page.frame_locator("#pictures-frame").locator("input[type=file]").focus()
    _shift_three_times(pages.page)
    _is_gone(pages.page)


def test_capital_letters_do_not_leave(pages: Pages) -> None:
    pages.open("/status/")
    pages.page.get_by_label("Your code").focus()
    for letter in "ABCD":
        pages.page.keyboard.down("Shift")
        pages.page.keyboard.press(letter)
        pages.page.keyboard.up("Shift")
    expect(pages.page.get_by_label("Your code")).to_have_value("ABCD")


def test_it_leaves_without_a_question_and_white_before_the_next_page_has_come(
    pages: Pages, photo: Path
) -> None:
    waiting: list[Route] = []
    pages.to("threat", photo)
    pages.page.get_by_label("They want money").check()
    pages.page.context.unroute(OUTSIDE)
    pages.page.context.route(OUTSIDE, lambda route: waiting.append(route))  # noqa: PLW0108 - Playwright wants a function.
    pages.page.evaluate(_TELL_THE_NEXT_FRAME)
    with pages.page.expect_console_message() as painted:
        pages.page.get_by_role("link", name="Leave quickly").click(no_wait_after=True)
    assert painted.value.text == "0 elements on rgb(255, 255, 255)"
    pages.page.wait_for_timeout(200)
    waiting[0].fulfill(body=WEATHER, content_type="text/html")
    _is_gone(pages.page)


def test_the_whole_visit_is_one_entry_in_the_history_and_never_holds_the_code(
    pages: Pages, photo: Path
) -> None:
    addresses: list[str] = []
    pages.page.on("request", lambda request: addresses.append(request.url))
    pages.open("/")
    before = pages.page.evaluate("history.length")
    pages.page.get_by_role("link", name="Start", exact=True).click()
    pages.go_on()
    pages.choose(photo)
    for _ in range(5):
        pages.go_on()
    pages.press("Send my report")
    code = pages.code()
    pages.page.get_by_label("type its last four letters and numbers").fill(code[-4:])
    pages.finish()
    pages.page.get_by_label("Your code").fill(code)
    pages.press("Show my report")
    expect(pages.page.get_by_role("heading", name="Your report", exact=True)).to_be_visible(timeout=60_000)
    assert pages.page.evaluate("history.length") == before
    bare = code.replace("-", "")
    assert not [address for address in addresses if code[:5] in address or bare[:5] in address]
    assert pages.page.evaluate(_KEPT) == [0, 0, "", 0, 0]
    assert pages.page.context.cookies() == []
    assert code not in pages.page.content()


def test_a_page_from_the_back_forward_cache_comes_back_empty(pages: Pages, photo: Path) -> None:
    """What the browser would do with a page that it kept alive; whether it keeps one is its own affair."""
    pages.to("threat", photo)
    pages.page.get_by_label("They want money").check()
    pages.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert pages.page.evaluate("document.body.childElementCount") == 0
    with pages.page.expect_navigation():
        pages.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(pages.page.get_by_role("heading", name="Before you start")).to_be_visible()
    assert pages.page.locator("input:checked").count() == 0


def test_who_followed_a_link_and_comes_back_can_open_the_page_again(pages: Pages) -> None:
    pages.open("/help/")
    pages.page.locator("a.contacts__site:visible").first.click()
    expect(pages.page.get_by_role("heading", name="Sunny")).to_be_visible()
    pages.page.go_back()
    pages.page.get_by_role("link", name="Show this page").click()
    expect(pages.page.get_by_role("heading", name="People who help")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/report/", "/status/"])
def test_without_scripts_it_says_what_is_needed_and_the_way_out_works(
    path: str, chromium: Browser, portal_server: Portal
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    context.route(OUTSIDE, lambda route: route.fulfill(body=WEATHER, content_type="text/html"))
    page = context.new_page()
    page.goto(portal_server.url + path)
    # Playwright's own search leaves <noscript> out.
    told = page.locator("main").inner_text()
    assert "Please switch JavaScript on" in told
    assert "your own phone does that work" in told
    expect(page.locator("[data-step]:visible")).to_have_count(0)
    assert page.evaluate(FITS)
    page.get_by_role("link", name="Leave quickly").click()
    expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
    context.close()
