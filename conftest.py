"""What every test may rely on: real servers and a browser on request, and no socket for the rest."""

from __future__ import annotations

import os
from collections.abc import Iterator

import hypothesis
import pytest
from pytest_socket import disable_socket, enable_socket

pytest_plugins = ["tests.servers"]

# A slow machine is no failure: no test depends on how long something takes.
hypothesis.settings.register_profile("reclaim", deadline=None)
hypothesis.settings.load_profile("reclaim")

# Playwright keeps an event loop in the test's thread, and Django would refuse to touch the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(autouse=True)
def _sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Shut, but for those that say that they use real servers."""
    if request.node.get_closest_marker("real_servers"):
        enable_socket()
        yield
        return
    disable_socket(allow_unix_socket=True)
    yield
    enable_socket()
