"""Members' pages in a browser: coming in by a link, and looking at each page as everybody may see it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from tests.journeys.staff_pages import SCHEMES, SIZES
from tests.servers import Portal

MEMBERS = """
import json, secrets
from django.utils import timezone
from accounts.models import Abilities, Account
from accounts.privacy import SETTINGS
from platforms.services import add_platform
now = timezone.now()
platform = add_platform(name="Looplet " + secrets.token_hex(4), scopes=("safety",)).platform
Abilities.objects.create(platform=platform, settings=list(SETTINGS), said_at=now)
weak = dict(private=False, message="everyone", comment="everyone", friends_list="everyone", location=True)
made = {{}}
for name, band in {members!r}.items():
    made[name] = Account.objects.create(
        platform=platform, external_id=name, age_band=band, band_said_on=now.date(), changed_at=now,
        settings=weak if band in ("under_13", "13_15", "16_17") else {{}},
    ).pk
print(json.dumps(made))
"""
LINK = """
from django.utils import timezone
from accounts.models import Account
from accounts.services import links
who = Account.objects.get(pk={pk})
print(links.make_link(platform_id=who.platform_id, external_id=who.external_id, now=timezone.now()).secret)
"""


@dataclass
class Members:
    """The members of a platform of their own, so that journeys don't meet."""

    portal: Portal
    ids: dict[str, int]

    def link(self, name: str, door: str) -> str:
        told = self.portal.manage("shell", "-c", LINK.format(pk=self.ids[name]))
        return f"{self.portal.url}/{door}/enter/{told.strip().splitlines()[-1]}/"

    def do(self, code: str) -> str:
        return self.portal.manage("shell", "-c", code).strip()


def make_members(portal: Portal, **bands: str) -> Members:
    told = portal.manage("shell", "-c", MEMBERS.format(members=bands))
    return Members(portal, json.loads(told.strip().splitlines()[-1]))


@dataclass
class Member:
    """Somebody in their own browser."""

    page: Page
    members: Members
    name: str
    door: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def come_in(self) -> None:
        self.page.goto(self.members.link(self.name, self.door))
        self.press("Go in")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.members.portal.url}{path}")

    def press(self, name: str) -> None:
        """A button or a link by keyboard only, and the page that it leads to."""
        target = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        target.first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def look(self, name: str) -> None:
        """In both widths and both schemes: nothing that axe finds, nothing that sticks out, a title that says nothing."""
        for width, height in SIZES:
            for scheme in SCHEMES:
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                _keep(self.page, f"{name}-{width}-{scheme}")
                found = Axe().run(self.page)
                assert found.violations_count == 0, (name, width, scheme, found.generate_report())
                wide = self.page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (name, wide, width)
        assert self.page.title() == "Reclaim"


def _keep(page: Page, name: str) -> None:
    """Pictures for people, where SCREENSHOTS names a folder."""
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}.png", full_page=True)
