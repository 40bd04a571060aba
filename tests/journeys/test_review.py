"""A platform tells what happened, a person reads why it was flagged and decides, and whoever is limited is heard."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.staff_pages import Desk
from tests.platforms.receiver import Receiver, receiver
from tests.servers import Portal, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(900)]


@dataclass
class Chatter:
    """A platform's server: it tells what happens and hears what was decided."""

    running: Portal
    server: Receiver
    key: str

    def ask(self, method: str, path: str, body: object = None) -> dict[str, object]:
        answer = httpx.request(
            method,
            f"{self.running.url}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    def heard(self, event: str, external_id: str) -> dict[str, object] | None:
        bodies = [json.loads(one.body) for one in self.server.heard]
        fitting = [one["data"] for one in bodies if one["type"] == event]
        return next((one for one in fitting if one["external_id"] == external_id), None)

    def hears(self, event: str, external_id: str) -> dict[str, object]:
        until(lambda: self.heard(event, external_id) is not None)
        return self.heard(event, external_id) or {}

    def level_of(self, external_id: str) -> object:
        return self.ask("GET", f"accounts/{external_id}/standing/")["level"]

    def is_hunted_by(self, adult: str) -> None:
        """He writes to twelve strangers in two days; four of them report him."""
        teens = [f"{adult}-t{number}" for number in range(12)]
        accounts: list[dict[str, object]] = [
            {
                "external_id": name,
                "age_band": "13_15",
                "joined_on": "2024-01-01",
                "community": f"school {name}",
            }
            for name in teens
        ]
        accounts.append({"external_id": adult, "age_band": "21_plus", "joined_on": "2024-01-01"})
        self.ask("POST", "accounts/batch/", {"accounts": accounts})
        begun = datetime.now(tz=UTC) - timedelta(days=2)
        events = [
            event("contact", adult, teen, begun + timedelta(hours=place)) for place, teen in enumerate(teens)
        ]
        events += [
            event("report", teen, adult, begun + timedelta(hours=place + 14))
            for place, teen in enumerate(teens[:4])
        ]
        assert self.ask("POST", "events/", {"events": events})["rejected"] == []


def event(kind: str, actor: str, target: str, at: datetime) -> dict[str, object]:
    return {
        "id": f"{kind}-{actor}-{target}",
        "kind": kind,
        "actor": actor,
        "target": target,
        "occurred_at": at.isoformat(),
        "mutuals": 0,
        "labels": [],
    }


def until(true: Callable[[], bool], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture(scope="module")
def chatter() -> Iterator[Chatter]:
    with receiver() as server, portal() as running:
        added = running.manage("platform_add", "Chatter", "--scope", "safety", "--json")
        running.manage("webhook_add", "chatter", server.url, "--json")
        yield Chatter(running, server, json.loads(added)["key"])


def test_a_flag_is_read_and_lifted(chatter: Chatter, page: Page) -> None:
    chatter.is_hunted_by("coach-1")
    chatter.hears("letter.created", "coach-1")
    assert chatter.level_of("coach-1") == 2
    desk = Desk(page, chatter.running)
    desk.let_in("safety_reviewer")
    desk.open("/review/")
    desk.look("queue")
    page.get_by_role("link", name="coach-1").click()
    expect(page.get_by_text("4 young people blocked or reported this account")).to_be_visible()
    expect(page.get_by_text("same result")).to_be_visible()
    expect(page.get_by_text("T1 reported S")).to_be_visible()
    assert "coach-1-t" not in page.content()
    desk.look("flag")
    # Both verdicts are reached with keys alone.
    page.get_by_label("Note for colleagues").fill("The team's coach; the parents know him.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Lift")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Lifted. The limit has ended")).to_be_visible()
    desk.look("decided")
    assert chatter.level_of("coach-1") == 0
    assert chatter.hears("flag.decided", "coach-1")["outcome"] == "lifted"
    assert desk.complaints == []


def test_whoever_is_limited_asks_a_person_and_reads_the_answer(chatter: Chatter, page: Page) -> None:
    chatter.is_hunted_by("coach-2")
    letter = chatter.hears("letter.created", "coach-2")
    address = urlsplit(str(letter["url"])).path
    desk = Desk(page, chatter.running)
    desk.open(address)
    expect(page.get_by_text("how this account gets in touch with younger people")).to_be_visible()
    desk.look("appeal")
    page.get_by_label("What should we know?").fill("I coach them. I am sixteen myself.")
    page.get_by_label("The age on my account is wrong").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We have your message")).to_be_visible()
    desk.look("sent")
    desk.let_in("safety_reviewer")
    desk.open("/review/appeals/")
    page.get_by_role("link", name="coach-2").click()
    expect(page.get_by_text("I coach them. I am sixteen myself.")).to_be_visible()
    desk.look("appeal at the desk")
    page.get_by_label("Your answer").fill("You are right. We are sorry, and the limits are gone.")
    page.get_by_role("button", name="Lift the limit").click()
    expect(page.get_by_text("Answered: the limit is lifted.")).to_be_visible()
    page.context.clear_cookies()
    desk.open(address)
    expect(page.get_by_text("You are right. We are sorry, and the limits are gone.")).to_be_visible()
    assert "safety_reviewer" not in page.content()
    desk.look("answered")
    assert chatter.level_of("coach-2") == 0
    assert desk.complaints == []


def test_the_desks_other_pages_are_fit_to_be_read(chatter: Chatter, page: Page) -> None:
    chatter.is_hunted_by("coach-3")
    chatter.hears("letter.created", "coach-3")
    desk = Desk(page, chatter.running)
    desk.let_in("auditor")
    desk.open("/review/fairness/")
    desk.look("fairness")
    desk.let_in("platform_manager")
    desk.open("/staff/webhooks/")
    desk.look("webhooks")
    page.get_by_role("link", name=chatter.server.url).click()
    expect(page.get_by_role("cell", name="letter.created").first).to_be_visible()
    desk.look("webhook")
    assert desk.complaints == []
