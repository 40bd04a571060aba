"""The reporter's pages as a person goes through them, for journeys that look at the pages themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}")
STEPS = ("before", "pictures", "whose", "danger", "threat", "where", "check")
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@dataclass
class Pages:
    page: Page
    url: str

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    @property
    def step(self) -> Locator:
        return self.page.locator("[data-step]:visible")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def go_on(self) -> None:
        self.step.locator("[data-next]").click()

    def start(self) -> None:
        self.open("/report/")
        expect(self.page.get_by_role("heading", name="Before you start")).to_be_visible()

    def choose(self, *files: Path) -> None:
        chooser = self.page.frame_locator("#pictures-frame")
        chooser.locator("input[type=file]").set_input_files(files)
        expect(chooser.locator("#summary")).to_contain_text(f"{len(files)} of {len(files)}", timeout=60_000)

    def steps(self, *files: Path) -> Iterator[str]:
        """Through the report with every part of it unfolded; stops at each step to let the caller look."""
        self.start()
        yield "before"
        self.go_on()
        self.go_on()
        expect(self.page.get_by_role("alert")).to_be_visible()
        yield "pictures, none chosen"
        self.choose(*files)
        yield "pictures"
        self.go_on()
        self.page.get_by_label("A child I look after.").check()
        yield "whose"
        self.go_on()
        self.page.get_by_role("group", name="Are you or your child in danger?").get_by_label("Yes").check()
        yield "danger"
        self.go_on()
        self.page.get_by_label("They want money").check()
        self.page.get_by_label("Tomorrow").check()
        yield "threat"
        self.go_on()
        self.page.get_by_label("Somewhere else").check()
        yield "where"
        self.go_on()
        self.page.get_by_text("See exactly what is sent").click()
        yield "check"
        self.press("Send my report")
        expect(self.page.locator("[data-code]")).to_have_text(CODE, timeout=60_000)
        self.press("Show as a QR code")
        yield "code"
        self.press("I have kept my code")
        yield "done"

    def to(self, name: str, *files: Path) -> None:
        """The shortest way to a step of the report."""
        self.start()
        for step in STEPS[: STEPS.index(name)]:
            if step == "pictures":
                self.choose(*files)
            self.go_on()
        expect(self.page.locator(f"[data-step={name}]")).to_be_visible()

    def report(self, *files: Path) -> str:
        self.to("check", *files)
        self.press("Send my report")
        return self.code()

    def code(self) -> str:
        shown = self.page.locator("[data-code]")
        expect(shown).to_have_text(CODE, timeout=60_000)
        return shown.inner_text()

    def finish(self) -> None:
        """Goes on from the code, kept in some way, to the page that opens the report with it."""
        self.press("I have kept my code")
        expect(self.page.get_by_role("heading", name="That's it. Your report is in.")).to_be_focused()
        self.page.get_by_role("link", name="Look at my report").click()
        self.page.wait_for_url("**/status/")

    def come_back(self, code: str) -> None:
        self.open("/status/")
        self.page.get_by_label("Your code").fill(code)
        self.press("Show my report")
        expect(self.page.get_by_role("heading", name="Your report", exact=True)).to_be_visible(timeout=60_000)

    def look(self, name: str) -> None:
        """What must hold on every page at every moment."""
        found = Axe().run(self.page).response["violations"]
        assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found])
        assert self.page.evaluate(FITS), f"{name} is wider than the screen"
        assert self.page.title() == "Reclaim"
        expect(self.page.get_by_role("link", name="Leave quickly")).to_be_in_viewport(ratio=1)
