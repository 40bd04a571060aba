"""The frame that touches pixels, in a real browser; and the portal as a platform's scan reaches it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from playwright.sync_api import Page
from pytest_django import Settings

from hashes.management.commands import platform_scan
from hashes.scan.client import PortalClient
from tests.hashes.frame import Frame
from tests.hashes.pixel_server import PixelServer, serving


@pytest.fixture
def pixel_server() -> Iterator[PixelServer]:
    with serving() as server:
        yield server


@pytest.fixture
def frame(page: Page, pixel_server: PixelServer) -> Frame:
    return Frame(page, pixel_server.url)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, bytes]], list[Path]]:
    """Files on her phone."""

    def written(contents: dict[str, bytes]) -> list[Path]:
        paths = [tmp_path / name for name in contents]
        for path, content in zip(paths, contents.values(), strict=True):
            path.write_bytes(content)
        return paths

    return written


@pytest.fixture
def portal_in_this_process(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The real portal answers the real client, without a socket between them."""
    settings.VAR_DIR = tmp_path / "var"
    portal = httpx.WSGITransport(app=get_wsgi_application())
    client = partial(PortalClient, transport=portal, sleep=lambda _: None)
    monkeypatch.setattr(platform_scan, "PortalClient", client)
    # A request's end closes the connection, and the test's transaction with it. Django's own client does the same.
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)
