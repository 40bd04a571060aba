"""The report's pages in a real browser: every step, small and large, by keyboard, by ear."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, Request, Route, expect

from tests.journeys.reporter_pages import CODE, Pages
from tests.photographs import PHOTOGRAPHS
from tests.servers import Portal

pytestmark = pytest.mark.real_servers


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("phone") / "IMG_0001.jpg"
    next(one for one in PHOTOGRAPHS if one.name == "coffee").open().resize((300, 200)).save(file)
    return file


@pytest.fixture
def pages(page: Page, portal_server: Portal) -> Pages:
    return Pages(page, portal_server.url)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (320, "dark"), (1280, "light")])
def test_every_step_is_for_everybody_and_fits(
    width: int, scheme: str, chromium: Browser, portal_server: Portal, photo: Path
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 640},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    pages = Pages(context.new_page(), portal_server.url)
    for path in ("/", "/help/", "/privacy/", "/nowhere/", "/status/"):
        pages.open(path)
        pages.look(path)
    seen = []
    for name in pages.steps(photo):
        pages.look(name)
        seen.append(name)
    assert seen[-2:] == ["code", "done"]
    context.close()


def test_each_step_says_its_number_and_takes_the_focus_to_its_heading(pages: Pages, photo: Path) -> None:
    headings = []
    for name in pages.steps(photo):
        if name in ("before", "pictures, none chosen"):
            continue
        headings.append(pages.page.locator("[data-step]:visible h1").inner_text())
        if name in ("whose", "danger", "threat", "where"):
            number = 3 + ("whose", "danger", "threat", "where").index(name)
            expect(pages.page.get_by_role("progressbar")).to_have_accessible_name(f"Step {number} of 7")
            expect(pages.step.locator("h1")).to_have_accessible_description(f"Step {number} of 7")
        if name == "code":
            assert headings[-1] == "Your report is in. This is your code."
    assert len(set(headings)) == len(headings) == 8


def test_the_focus_follows_from_step_to_step(pages: Pages, photo: Path) -> None:
    pages.to("whose", photo)
    expect(pages.step.locator("h1")).to_be_focused()
    pages.press("Skip this step")
    expect(pages.page.get_by_role("heading", name="Are you in danger right now?")).to_be_focused()
    pages.press("Back")
    expect(pages.page.get_by_role("heading", name="Whose picture is it?")).to_be_focused()


def test_questions_are_heard_as_groups_of_choices(pages: Pages, photo: Path) -> None:
    pages.to("whose", photo)
    expect(pages.step).to_match_aria_snapshot("""
      - heading "Whose picture is it?" [level=1]
      - paragraph: /Why we ask/
      - group "Who is in the picture?":
        - radio "Me. I'm under 18 now."
        - text: Me. I'm under 18 now.
        - radio /I was under 18 then/
        - text: /I was under 18 then/
        - radio /A child I look after/
        - text: /./
        - radio /I was 18 or older/
        - text: /./
      - group "How old was the person in the picture?":
        - radio "Under 13"
        - text: Under 13
        - radio "13 to 15"
        - text: 13 to 15
        - radio "16 or 17"
        - text: 16 or 17
        - radio "I'm not sure"
        - text: I'm not sure
      - paragraph:
        - button "Continue"
        - button "Skip this step"
    """)


def test_without_a_picture_she_is_told_at_once_and_led_there(pages: Pages) -> None:
    pages.start()
    pages.go_on()
    pages.go_on()
    alert = pages.page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_match_aria_snapshot("""
      - alert:
        - heading "Please look at this" [level=2]
        - list:
          - listitem:
            - button "Choose at least one picture or video."
    """)
    alert.get_by_role("button").click()
    expect(pages.page.locator("#pictures-frame")).to_be_focused()


def _tab_to(page: Page, name: str) -> None:
    """Presses Tab until something of that name has the focus, in the page or in the frame."""
    for _ in range(60):
        page.keyboard.press("Tab")
        for frame in page.frames:
            held = frame.evaluate(
                """() => { const held = document.activeElement; if (!held || held === document.body) return '';
                return (held.labels?.[0] ?? held).textContent.trim().replace(/\\s+/g, ' '); }"""
            )
            if held.startswith(name):
                return
    raise AssertionError(f"Tab never led to {name!r}")


def _tab_and_press(page: Page, name: str, key: str = "Enter") -> None:
    _tab_to(page, name)
    page.keyboard.press(key)


def test_the_keyboard_alone_is_enough(pages: Pages, photo: Path) -> None:
    page = pages.page
    pages.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Leave quickly")).to_be_focused()
    _tab_and_press(page, "Start")
    expect(page.get_by_role("heading", name="Before you start")).to_be_visible()
    _tab_and_press(page, "I understand, go on")
    _tab_to(page, "Choose your pictures")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(photo)
    expect(page.frame_locator("#pictures-frame").locator("#summary")).to_have_text(
        "Ready: 1 of 1", timeout=60_000
    )
    _tab_and_press(page, "Continue")
    _tab_and_press(page, "Me. I'm under 18 now.", "Space")
    _tab_and_press(page, "Continue")
    for _ in range(3):
        _tab_and_press(page, "Skip this step")
    _tab_and_press(page, "Send my report")
    code = pages.code()
    _tab_to(page, "Or write it down")
    page.keyboard.type(code[-4:].lower())
    _tab_and_press(page, "I have kept my code")
    _tab_and_press(page, "Look at my report")
    page.wait_for_url("**/status/")
    _tab_to(page, "Your code")
    page.keyboard.type(code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your report", exact=True)).to_be_focused(timeout=60_000)


def test_nobody_goes_on_before_the_code_was_kept(pages: Pages, photo: Path) -> None:
    code = pages.report(photo)
    pages.press("I have kept my code")
    expect(pages.page.get_by_role("alert")).to_contain_text("Keep your code first")
    back = pages.page.get_by_label("type its last four letters and numbers")
    back.fill("0000" if not code.endswith("0000") else "1111")
    expect(pages.step.get_by_role("status")).to_contain_text("That isn't the end of your code")
    pages.press("I have kept my code")
    expect(pages.page.get_by_role("alert")).to_be_visible()
    back.fill(code[-4:].replace("0", "o").replace("1", "l"))
    pages.finish()
    assert pages.page.get_by_label("Your code").input_value() == ""


def test_after_the_code_she_is_told_that_all_is_done_and_the_page_forgets_it(
    pages: Pages, photo: Path
) -> None:
    code = pages.report(photo)
    pages.page.get_by_label("type its last four").fill(code[-4:])
    pages.press("Show as a QR code")
    pages.press("I have kept my code")
    expect(pages.page.get_by_role("heading", name="That's it. Your report is in.")).to_be_focused()
    expect(pages.step).to_contain_text("Come back with your code.")
    assert code[:5] not in pages.page.content()
    assert pages.page.locator("[data-qr] svg").count() == 0
    assert pages.page.locator("[data-typed-back]").input_value() == ""
    assert pages.page.url == f"{pages.url}/report/"


def test_the_code_stands_on_two_lines_of_two_groups_on_a_phone(pages: Pages, photo: Path) -> None:
    pages.page.set_viewport_size({"width": 360, "height": 740})
    code = pages.report(photo)
    halves = pages.page.locator(".code__half")
    first, second = (halves.nth(number).bounding_box() for number in (0, 1))
    assert first
    assert second
    assert first["height"] == second["height"] < 60
    assert second["y"] >= first["y"] + first["height"]
    assert pages.page.locator(".code__joint").evaluate("joint => joint.offsetWidth") == 0
    assert CODE.fullmatch(code)


def test_a_parent_is_asked_about_the_child_too(pages: Pages, photo: Path) -> None:
    pages.to("whose", photo)
    pages.page.get_by_label("A child I look after.").check()
    pages.press("Continue")
    expect(pages.step.locator("h1")).to_have_text(
        "Are you or your child in danger right now?", use_inner_text=True
    )
    pages.press("Continue")
    expect(pages.step.locator("h1")).to_have_text(
        "Is somebody threatening you or your child?", use_inner_text=True
    )
    for _ in range(2):
        pages.press("Continue")
    expect(pages.step.locator("dt").filter(has_text="Somebody threatens you or your child")).to_be_visible()
    pages.step.get_by_role("button", name="Change: Who is in the picture").click()
    pages.page.get_by_label("Me. I'm under 18 now.").check()
    pages.press("Continue")
    expect(pages.step.locator("h1")).to_have_text("Are you in danger right now?", use_inner_text=True)


def test_in_danger_help_comes_up_to_the_question_and_is_there_without_it_too(
    pages: Pages, photo: Path
) -> None:
    pages.to("danger", photo)
    help_lines, go_on = pages.step.locator("[data-help-card]"), pages.step.locator("[data-next]")

    def top(place: Locator) -> float:
        box = place.bounding_box()
        assert box
        return box["y"]

    expect(help_lines).to_be_visible()
    assert top(help_lines) > top(go_on) > top(pages.step.get_by_label("No", exact=True))
    pages.step.get_by_label("Yes", exact=True).check()
    expect(pages.step.get_by_text("Please get help now.")).to_be_visible()
    assert top(help_lines) < top(go_on)
    country = pages.step.get_by_label("Country")
    country.focus()
    country.select_option("FR")
    expect(country).to_be_focused()
    pages.step.get_by_label("No", exact=True).check()
    assert top(help_lines) > top(go_on)


def test_in_the_dark_only_what_is_chosen_looks_chosen(
    chromium: Browser, portal_server: Portal, photo: Path
) -> None:
    context = chromium.new_context(color_scheme="dark", reduced_motion="reduce")
    pages = Pages(context.new_page(), portal_server.url)
    pages.to("whose", photo)
    chosen, other = pages.page.get_by_label("13 to 15"), pages.page.get_by_label("16 or 17")
    chosen.check()
    fill = "radio => [getComputedStyle(radio).backgroundColor, getComputedStyle(radio, '::before').content]"
    assert chosen.evaluate(fill)[1] == '""'
    assert other.evaluate(fill) == ["rgba(0, 0, 0, 0)", "none"]
    context.close()


def test_a_copy_and_a_note_hold_the_code_and_nothing_that_betrays_it(pages: Pages, photo: Path) -> None:
    pages.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = pages.report(photo)
    pages.press("Copy it")
    expect(pages.step.get_by_role("status")).to_contain_text("Copied")
    assert pages.page.evaluate("navigator.clipboard.readText()") == code
    with pages.page.expect_download() as started:
        pages.press("Save as a note")
    assert started.value.suggested_filename == "notes.txt"
    text = Path(started.value.path()).read_text()
    assert code in text
    assert not re.search("reclaim|report|picture|http", text, re.IGNORECASE)


def test_what_is_shown_as_sent_is_what_is_sent(pages: Pages, photo: Path) -> None:
    sent: list[Request] = []
    pages.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    pages.to("check", photo)
    pages.page.get_by_text("See exactly what is sent").click()
    text = pages.page.locator("[data-body]").inner_text()
    shown = json.loads(text)
    assert text == json.dumps(shown, indent=2, ensure_ascii=False)
    pages.press("Send my report")
    pages.code()
    assert [request.post_data_json for request in sent] == [shown]


def test_a_lost_answer_is_fetched_again_and_makes_no_second_report(pages: Pages, photo: Path) -> None:
    answers: list[str] = []
    sent: list[tuple[str | None, str | None]] = []

    def lose_the_first(route: Route) -> None:
        sent.append((route.request.header_value("idempotency-key"), route.request.post_data))
        answer = route.fetch()
        answers.append(answer.json()["access_code"])
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    pages.page.route("**/api/v1/cases/", lose_the_first)
    code = pages.report(photo)
    assert answers == [code, code]
    assert sent[0] == sent[1]
    assert sent[0][0]
    assert len(sent[0][0]) >= 22


def test_the_network_may_be_off_until_she_sends(pages: Pages, photo: Path) -> None:
    pages.start()
    pages.go_on()
    context = pages.page.context
    context.set_offline(True)
    expect(pages.page.locator("[data-network]")).to_contain_text("You are offline now")
    pages.choose(photo)
    for _ in range(5):
        pages.go_on()
    pages.press("Send my report")
    expect(pages.step.get_by_role("status")).to_contain_text("You are offline")
    context.set_offline(False)
    assert CODE.fullmatch(pages.code())


def test_a_refusal_leads_back_to_the_question(pages: Pages, photo: Path) -> None:
    def tell_of_a_platform_that_left(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}") | {"platforms": ["gone-since"]}
        route.continue_(post_data=json.dumps(body))

    pages.to("check", photo)
    pages.page.route("**/api/v1/cases/", tell_of_a_platform_that_left)
    pages.press("Send my report")
    alert = pages.page.get_by_role("alert")
    expect(alert).to_contain_text("gone-since")
    alert.get_by_role("button").click()
    expect(pages.page.get_by_role("heading", name=re.compile("Where is it"))).to_be_focused()
    pages.page.unroute("**/api/v1/cases/")
    pages.press("Skip this step")
    pages.press("Send my report")
    assert CODE.fullmatch(pages.code())


def test_an_adult_is_led_to_who_can_help_and_nothing_is_sent(pages: Pages, photo: Path) -> None:
    sent: list[str] = []
    pages.page.on("request", lambda request: sent.append(request.method))
    pages.to("whose", photo)
    pages.page.get_by_label("Me. I was 18 or older when it was taken.").check()
    pages.press("Continue")
    expect(pages.page.get_by_role("heading", name="There is a better place for you")).to_be_focused()
    expect(pages.step.get_by_role("link", name="Open the website (StopNCII.org)").first).to_be_visible()
    expect(pages.page.frame_locator("#pictures-frame").locator(".file")).to_have_count(0)
    assert "POST" not in sent


def test_help_comes_from_the_device_and_asks_nobody(
    chromium: Browser, portal_server: Portal, photo: Path
) -> None:
    context = chromium.new_context(timezone_id="Europe/London", locale="fr-FR", reduced_motion="reduce")
    pages = Pages(context.new_page(), portal_server.url)
    pages.to("danger", photo)
    expect(pages.step.get_by_label("Country")).to_have_value("GB")
    expect(pages.step.get_by_role("link", name="999")).to_be_visible()
    asked: list[str] = []
    pages.page.on("request", lambda request: asked.append(request.url))
    pages.step.get_by_label("Country").select_option("FR")
    expect(pages.step.get_by_role("link", name="3018", exact=True)).to_be_visible()
    expect(pages.step.get_by_role("link", name="999")).to_be_hidden()
    assert not asked
    context.close()


def test_a_reload_asks_first_and_forgets(pages: Pages, photo: Path) -> None:
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    pages.page.on("dialog", accept)
    pages.start()
    pages.page.reload()
    assert not asked
    pages.to("whose", photo)
    pages.page.get_by_label("13 to 15").check()
    pages.page.reload()
    assert asked == ["beforeunload"]
    expect(pages.page.get_by_role("heading", name="Before you start")).to_be_visible()
    assert pages.page.locator("input:checked").count() == 0
