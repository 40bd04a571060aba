"""What touches pixels can reach nobody: every way out is tried from the frame and from the worker.

Each way is first shown to work without the policy, so that a test cannot pass because the way was no way.
What a policy cannot stop (the page's own scripts, navigation) is shown by recording requests elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from hashes.pixel_policy import PIXEL_POLICY
from tests.hashes.frame import Frame
from tests.hashes.pixel_server import PixelServer, serving

pytestmark = pytest.mark.real_servers

PATIENCE = 5.0
# Long enough for a request to a server on this machine, many times over.
SILENCE = 0.7

FROM_THE_FRAME = {
    "fetch": "url => { fetch(url, {mode: 'no-cors'}).catch(() => {}) }",
    "xhr": "url => { const r = new XMLHttpRequest(); r.open('GET', url); r.send() }",
    "beacon": "url => { navigator.sendBeacon(url, 'pixels') }",
    "websocket": "url => { new WebSocket(url.replace('http', 'ws')) }",
    "eventsource": "url => { new EventSource(url) }",
    "image": "url => { new Image().src = url }",
    "script": "url => { document.head.append(Object.assign(document.createElement('script'), {src: url})) }",
    "style": "url => { document.head.append(Object.assign(document.createElement('link'),"
    " {rel: 'stylesheet', href: url})) }",
    "frame": "url => { document.body.append(Object.assign(document.createElement('iframe'), {src: url})) }",
    "object": "url => { document.body.append(Object.assign(document.createElement('object'), {data: url})) }",
    "sound": "url => { new Audio(url).play().catch(() => {}) }",
    "font": "url => { const font = new FontFace('leak', `url(${url})`); font.load().catch(() => {}) }",
    "form": "url => { const form = Object.assign(document.createElement('form'),"
    " {action: url, method: 'post'}); document.body.append(form); form.submit() }",
}
FROM_THE_WORKER = {
    "fetch": FROM_THE_FRAME["fetch"],
    "xhr": FROM_THE_FRAME["xhr"],
    "websocket": FROM_THE_FRAME["websocket"],
    "eventsource": FROM_THE_FRAME["eventsource"],
    "import": "url => { import(url).catch(() => {}) }",
}


def _from_the_frame(page: Page, way: str, target: str) -> None:
    page.frames[1].evaluate(FROM_THE_FRAME[way], target)


def _from_the_worker(page: Page, way: str, target: str) -> None:
    # The frame is ready before the browser has told of the worker that it started.
    worker = page.workers[0] if page.workers else page.wait_for_event("worker")
    worker.evaluate(FROM_THE_WORKER[way], target)


def _was_asked(server: PixelServer, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if any("leak" in path for path in server.asked):
            return True
        time.sleep(0.02)
    return False


def _gets_out(page: Page, attempt: Callable[[Page, str, str], None], way: str, policy: str) -> bool:
    with serving(policy=policy) as ours, serving() as foreign:
        Frame(page, ours.url)
        attempt(page, way, f"{foreign.url}/leak")
        return _was_asked(foreign, SILENCE if policy else PATIENCE)


@pytest.mark.parametrize("way", FROM_THE_FRAME)
def test_the_frame_reaches_nobody(way: str, page: Page) -> None:
    assert _gets_out(page, _from_the_frame, way, policy="")
    assert not _gets_out(page, _from_the_frame, way, policy=PIXEL_POLICY)


@pytest.mark.parametrize("way", FROM_THE_WORKER)
def test_the_worker_reaches_nobody(way: str, page: Page) -> None:
    assert _gets_out(page, _from_the_worker, way, policy="")
    assert not _gets_out(page, _from_the_worker, way, policy=PIXEL_POLICY)


@pytest.mark.parametrize("way", ["fetch", "xhr", "beacon", "websocket", "image", "frame", "form"])
def test_not_even_our_own_server_hears_from_the_frame(way: str, page: Page) -> None:
    with serving() as ours:
        Frame(page, ours.url)
        _from_the_frame(page, way, f"{ours.url}/leak")
        assert not _was_asked(ours, SILENCE)


@pytest.mark.parametrize("way", ["fetch", "xhr", "websocket"])
def test_not_even_our_own_server_hears_from_the_worker(way: str, page: Page) -> None:
    with serving() as ours:
        Frame(page, ours.url)
        _from_the_worker(page, way, f"{ours.url}/leak")
        assert not _was_asked(ours, SILENCE)
