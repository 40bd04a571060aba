"""What the frame costs in a real browser: time a photo, memory, and how long the page stands still."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.hashes.frame import Frame
from tests.hashes.pixel_server import serving
from tests.servers import BROWSER_FLAGS, BROWSERS

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY_SECONDS = 0.01
# Times each finished file and the longest while in which the page could not have answered a tap.
_WATCH = """() => {
    window.finishedAt = [];
    window.longestGap = 0;
    addEventListener('message', ({data}) => {
        if (data.status === 'done') finishedAt.push(performance.now());
    });
    let last = performance.now();
    setInterval(() => {
        const now = performance.now();
        longestGap = Math.max(longestGap, now - last - 5);
        last = now;
    }, 5);
}"""


class Cost(NamedTuple):
    milliseconds: list[float]
    processor_milliseconds: float
    megabytes: float
    longest_gap: float
    told: list[dict[str, Any]]


class Usage:
    """What all of a browser's processes take: memory, looked at a hundred times a second, and processor time."""

    def __init__(self, browser: Browser) -> None:
        session = browser.new_browser_cdp_session()
        self._session = session
        self._peak = 0
        self.milliseconds = 0.0
        self._stop = Event()

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._processes = [
            one["id"] for one in self._session.send("SystemInfo.getProcessInfo")["processInfo"]
        ]
        self._start = sum(map(_resident, self._processes))
        worked = sum(map(_worked, self._processes))
        watcher = Thread(target=self._watch)
        watcher.start()
        try:
            yield
        finally:
            self._stop.set()
            watcher.join()
            self.milliseconds = (sum(map(_worked, self._processes)) - worked) / _TICKS * 1000

    @property
    def megabytes(self) -> float:
        return (self._peak - self._start) / 2**20

    def _watch(self) -> None:
        while not self._stop.wait(_EVERY_SECONDS):
            self._peak = max(self._peak, sum(map(_resident, self._processes)))


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def _worked(process: int) -> int:
    """Processor time in ticks: unlike the clock's, it does not grow when the machine is busy with others."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


@contextmanager
def a_page() -> Iterator[tuple[Browser, Page]]:
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield browser, browser.new_page()
        browser.close()


def told_about(files: list[Path]) -> list[dict[str, Any]]:
    """What the parent page hears of each file."""
    with serving(limit=len(files)) as server, a_page() as (_, page):
        frame = Frame(page, server.url)
        frame.choose(*files)
        return frame.finished(len(files))


def cost_of(files: list[Path]) -> Cost:
    """Hash all files as one report in a fresh browser."""
    with serving(limit=len(files)) as server, a_page() as (browser, page):
        frame = Frame(page, server.url)
        page.evaluate(_WATCH)
        usage = Usage(browser)
        with usage.watched():
            started = page.evaluate("performance.now()")
            frame.choose(*files)
            told = frame.finished(len(files))
        finished = [started, *page.evaluate("finishedAt")]
        times = [after - before for before, after in pairwise(finished)]
        return Cost(times, usage.milliseconds, usage.megabytes, page.evaluate("longestGap"), told)
