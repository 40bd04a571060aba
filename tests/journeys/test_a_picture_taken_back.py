"""The main job with the real portal, a real browser, a platform's scan and real photographs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.alterations import ALTERATIONS
from tests.journeys.recorded import Recorded
from tests.photographs import PHOTOGRAPHS
from tests.servers import Portal, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(300)]

REPORTED = ("china", "chelsea", "rocket")
INNOCENT = ("flower", "coffee", "coins", "moon")
CODE = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}")


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    with portal(DEMO="1") as started:
        yield started


@pytest.fixture(scope="module")
def key(running: Portal) -> str:
    scopes = ("--scope", "feed", "--scope", "match", "--scope", "feedback")
    told = json.loads(running.manage("platform_add", "Picturewall", *scopes, "--json"))
    assert set(told) >= {"platform", "key"}
    return str(told["key"])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three photographs and a video, as they lie on her phone."""
    folder = tmp_path_factory.mktemp("phone")
    files = []
    for photograph in PHOTOGRAPHS:
        if photograph.name in REPORTED:
            files.append(folder / f"IMG_private_{photograph.name}.jpg")
            photograph.open().save(files[-1], quality=92)
    files.append(folder / "VID_private_2024.mp4")
    files[-1].write_bytes(b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 4_000)
    return files


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory, pictures: list[Path]) -> Path:
    """What people posted at the platform: altered copies, the video, and pictures of other things."""
    folder = tmp_path_factory.mktemp("uploads")
    for photograph in PHOTOGRAPHS:
        if photograph.name in REPORTED:
            for alteration in ALTERATIONS:
                copy = folder / f"{photograph.name}_{alteration.__name__}.jpg"
                copy.write_bytes(alteration(photograph.open()))
        elif photograph.name in INNOCENT:
            photograph.open().save(folder / f"{photograph.name}_innocent.jpg", quality=80)
    (folder / "clip_copy.mp4").write_bytes(pictures[-1].read_bytes())
    return folder


@dataclass
class Phone:
    """Her browser, every request of which is recorded."""

    context: BrowserContext
    page: Page
    recorded: Recorded
    site: str

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def report(self, files: list[Path]) -> str:
        """Through the pages, from the first to the code."""
        self.page.goto(f"{self.site}/")
        self.page.get_by_role("link", name="Start", exact=True).click()
        self.press("I understand, go on")
        chooser = self.page.frame_locator("#pictures-frame")
        chooser.locator("input[type=file]").set_input_files(files)
        expect(chooser.locator("#summary")).to_contain_text(f"{len(files)} of {len(files)}", timeout=60_000)
        self.press("Continue")
        self.page.get_by_label("Me. I'm under 18 now.").check()
        self.page.get_by_label("13 to 15").check()
        self.press("Continue")
        self.page.get_by_role("group", name="Are you in danger?").get_by_label("No").check()
        self.press("Continue")
        self.press("Skip this step")
        self.page.get_by_label(re.compile("Picturewall")).check()
        self.press("Continue")
        self.press("Send my report")
        shown = self.page.locator("[data-code]")
        expect(shown).to_have_text(CODE, timeout=30_000)
        code = shown.inner_text().strip()
        self.page.get_by_label(re.compile("type its last four letters and numbers")).fill(code[-4:].lower())
        self.press("I have kept my code")
        self.page.get_by_role("link", name="Look at my report").click()
        expect(self.page).to_have_url(f"{self.site}/status/")
        return code

    def open(self, code: str) -> None:
        self.page.goto(f"{self.site}/status/")
        self.page.get_by_label("Your code").fill(code.lower().replace("-", " "))
        self.press("Show my report")
        expect(self.page.get_by_role("heading", name="Your report", exact=True)).to_be_visible(timeout=30_000)

    def rung(self, platform: str) -> str:
        """The step that is now, in the words she reads."""
        card = self.page.locator("article.platform").filter(has_text=platform)
        return " ".join(card.locator("[aria-current=step] .rung__name").inner_text().split())

    def look_again(self) -> None:
        self.press("Look again")
        expect(self.page.get_by_text("This is the newest.")).to_be_visible()


@pytest.fixture
def phone(chromium: Browser, running: Portal) -> Iterator[Phone]:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    recorded = Recorded()
    recorded.listen(context)
    yield Phone(context, context.new_page(), recorded, running.url)
    context.close()


def _feed(running: Portal, key: str, *, after: int = 0) -> dict[str, Any]:
    """The whole feed from there on, asked for until it is read."""
    headers = {"Authorization": f"Bearer {key}"}
    changes: list[dict[str, Any]] = []
    while True:
        answer = httpx.get(
            f"{running.url}/api/v1/feed/", params={"after": after, "limit": 500}, headers=headers
        )
        page: dict[str, Any] = answer.raise_for_status().json()
        changes += page["changes"]
        after = page["next_after"]
        if not page["has_more"]:
            return {"changes": changes, "next_after": after}


def _scan(running: Portal, key: str, uploads: Path, state: Path) -> dict[str, str]:
    """What the platform's scan says of each file."""
    told = running.manage(
        "platform_scan",
        str(uploads),
        "--url",
        running.url,
        "--key",
        key,
        "--paths",
        "--json",
        "--state",
        str(state),
    )
    return {Path(row["file"]).name: row["verdict"] for row in json.loads(told)["files"]}


def _listed(running: Portal, key: str, value: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {key}"}
    body = {"hashes": [{"algorithm": "sha256", "value": value}]}
    answer = httpx.post(f"{running.url}/api/v1/match/", json=body, headers=headers)
    found: dict[str, Any] = answer.raise_for_status().json()["results"][0]
    return found


def test_from_the_phone_to_the_platform_and_back(
    phone: Phone, running: Portal, key: str, pictures: list[Path], uploads: Path, tmp_path: Path
) -> None:
    before = _feed(running, key)["next_after"]
    code = phone.report(pictures)
    phone.open(code)
    assert phone.rung("Picturewall") == "Now: Sent"

    page = _feed(running, key, after=before)
    assert len(page["changes"]) > 3 * 50
    assert {change["change"] for change in page["changes"]} == {"added"}
    _feed(running, key, after=page["next_after"])
    phone.look_again()
    assert phone.rung("Picturewall") == "Now: Collected"

    verdicts = _scan(running, key, uploads, tmp_path / "scan.sqlite3")
    copies = {name for name in verdicts if "innocent" not in name}
    assert len(copies) == 3 * len(ALTERATIONS) + 1
    assert {name for name in copies if verdicts[name] != "match"} == set()
    assert {verdicts[name] for name in verdicts.keys() - copies} == {"none"}

    phone.look_again()
    assert phone.rung("Picturewall") == "Now: Blocked"
    reviewed = _feed(running, key, after=page["next_after"])["changes"]
    assert {(change["change"], change["review"]) for change in reviewed} == {("reviewed", "confirmed")}

    phone.recorded.assert_nothing_of(pictures, site=running.url)
    assert not [address for address in phone.recorded.addresses() if code[:5] in address or code in address]
    assert phone.context.cookies() == []


def test_a_withdrawal_reaches_the_platform_and_leaves_an_equal_picture_of_another_case(
    phone: Phone, running: Portal, key: str, pictures: list[Path], tmp_path: Path
) -> None:
    alone = tmp_path / "only_in_this_report.jpg"
    coffee = next(one for one in PHOTOGRAPHS if one.name == "coffee")
    coffee.open().save(alone, quality=90)
    shared = pictures[0]
    theirs = phone.report([shared])
    hers = phone.report([shared, alone])
    before = _feed(running, key)["next_after"]
    assert _listed(running, key, _sha256(alone))["verdict"] == "match"

    phone.open(hers)
    phone.press("Take my report back")
    phone.page.get_by_label("No, I want this").check()
    phone.press("Take my report back")
    expect(phone.page.get_by_text("Your report is withdrawn.", exact=True)).to_be_visible()

    withdrawn = _until_withdrawn(running, key, after=before)
    assert {change["change"] for change in withdrawn["changes"]} == {"withdrawn"}
    assert _listed(running, key, _sha256(alone))["verdict"] == "none"
    assert _listed(running, key, _sha256(shared))["verdict"] == "match"
    _feed(running, key, after=withdrawn["next_after"])
    phone.open(hers)
    assert phone.rung("Picturewall") == "Now: Withdrawn"
    phone.open(theirs)
    expect(phone.page.get_by_text("Your report is with us.")).to_be_visible()
    phone.recorded.assert_nothing_of([*pictures, alone], site=running.url)


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _until_withdrawn(running: Portal, key: str, *, after: int) -> dict[str, Any]:
    for _ in range(100):
        page = _feed(running, key, after=after)
        if page["changes"]:
            return page
        httpx.get(f"{running.url}/healthz")
    raise AssertionError("the withdrawal never reached the feed")
