"""The desk's pages in a browser: signing in by hand, and looking at each page as everybody may see it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Literal

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from tests.servers import Portal

SIZES = ((360, 740), (1280, 800))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from staff.access import SECOND_FACTOR_KEY
from staff.services import User
user = User.objects.get(username={name!r})
session = SessionStore()
session[SESSION_KEY] = session[SECOND_FACTOR_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@dataclass
class Desk:
    page: Page
    portal: Portal
    # localhost, because a passkey belongs to a name and an address is none.
    url: str = ""
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.url = self.portal.url.replace("127.0.0.1", "localhost")
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def demo(self) -> dict[str, str]:
        return dict(json.loads((self.portal.var / "demo" / "staff.json").read_text()))

    def give_password(self, name: str) -> None:
        self.open("/staff/sign-in/")
        self.page.get_by_label("Name or e-mail").fill(name)
        self.page.get_by_label("Password").fill(self.demo()["password"])
        self.send()

    def sign_in(self, name: str) -> None:
        self.give_password(name)
        self.give_code()

    def give_code(self) -> None:
        """A code counts once and for half a minute, so that the next one may be needed."""
        for _ in range(3):
            self.page.get_by_label("Code from your app").fill(
                code_at(self.demo()["totp_secret"], time.time())
            )
            self.send()
            if self.page.get_by_role("button", name="Sign out").is_visible():
                return
            self.page.wait_for_timeout(1000 * (31 - time.time() % 30))
        raise AssertionError("No code was taken.")

    def let_in(self, name: str) -> None:
        """As if they had signed in before; for journeys about something else."""
        session = self.portal.manage("shell", "-c", SESSION.format(name=name)).strip().splitlines()[-1]
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])

    def send(self) -> None:
        """Enter in a form's field, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def look(self, name: str) -> None:
        """In both widths and both schemes: nothing that axe finds, and nothing that sticks out."""
        for width, height in SIZES:
            for scheme in SCHEMES:
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found = Axe().run(self.page)
                assert found.violations_count == 0, (name, width, scheme, found.generate_report())
                wide = self.page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (name, wide, width)


def code_at(secret: str, seconds: float) -> str:
    """What an authenticator app shows at that time."""
    return str(format_hotp_value(hotp_value(secret, int(seconds) // 30)))
