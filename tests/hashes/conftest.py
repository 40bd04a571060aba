"""The frame that touches pixels, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

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
