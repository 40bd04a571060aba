"""The frame in a browser, as tests and benchmarks drive it: choose files, wait, read what the parent was told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

Told = dict[str, Any]

_FINISHED = """count => new Set(heard.filter(m => m.type == 'file' && ['done', 'problem'].includes(m.status))
    .map(m => m.id)).size >= count"""


class Frame:
    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        page.wait_for_function("heard.some(m => m.type == 'ready')")
        self.inside = page.frame_locator("iframe")

    def choose(self, *files: Path) -> None:
        self.inside.locator("#files").set_input_files(files)

    def finished(self, count: int) -> list[Told]:
        """The last word on each file once so many are finished, in the order they were chosen."""
        self.page.wait_for_function(_FINISHED, arg=count, timeout=120_000)
        last = {told["id"]: told for told in self.heard("file")}
        return [last[name] for name in sorted(last, key=lambda name: int(name.split("-")[1]))]

    def heard(self, kind: str) -> list[Told]:
        return [told for told in self.page.evaluate("heard") if told["type"] == kind]

    def tell(self, kind: str, name: str) -> None:
        self.page.evaluate("([type, id]) => frames[0].postMessage({type, id}, location.origin)", [kind, name])

    def row(self, number: int) -> Locator:
        return self.inside.locator(".file").nth(number)


def only(fingerprints: Iterable[Told], algorithm: str, variant: str = "original") -> Told:
    """The one fingerprint of its kind."""
    [found] = [one for one in fingerprints if one["algorithm"] == algorithm and one["variant"] == variant]
    return found
