"""Headers of static files."""

from __future__ import annotations

from collections.abc import MutableMapping

from hashes.pixel_policy import PIXEL_POLICY


def static_headers(headers: MutableMapping[str, str], path: str, url: str) -> None:  # noqa: ARG001 - WhiteNoise names the arguments.
    # Every script, not only the one that is meant: the frame may start any of ours as a worker, which would
    # then obey that script's own policy. A page's scripts obey the page's.
    if url.endswith(".js"):
        headers["Content-Security-Policy"] = PIXEL_POLICY
