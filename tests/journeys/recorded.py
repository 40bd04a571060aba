"""Every request of a browser, and what none of them may hold."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Request

BYTES_A_PICTURE = 12 * 1_024
_RUN = 24

_FINGERPRINT = {"algorithm", "value", "quality", "variant"}
_MEDIA = {"kind", "fingerprints"}
# The fields of each endpoint, as the schema has them.
_BODIES = {
    "/api/v1/cases/": {
        "subject",
        "age_band",
        "in_danger",
        "threatened",
        "deadline",
        "posted",
        "platforms",
        "elsewhere",
        "language",
        "media",
    },
    "/api/v1/cases/status/": {"access_code"},
    "/api/v1/cases/media/": {"access_code", "media"},
    "/api/v1/cases/withdraw/": {"access_code"},
    "/api/v1/cases/withdraw/cancel/": {"access_code"},
}


@dataclass
class Recorded:
    requests: list[Request] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.requests.append(request))  # noqa: PLW0108 - Playwright wants a function.

    def sent(self) -> Iterator[tuple[Request, bytes]]:
        for request in self.requests:
            yield request, request.post_data_buffer or b""

    def addresses(self) -> list[str]:
        return [request.url for request in self.requests if not request.url.startswith("blob:")]

    def assert_nothing_of(self, files: list[Path], *, site: str) -> None:
        """No byte run and no name of a file, no field that the schema doesn't have, nothing to anybody else."""
        runs = [run for file in files for run in _runs(file.read_bytes())]
        names = [file.name.encode() for file in files] + [file.stem.encode() for file in files]
        for request, body in self.sent():
            assert request.url.startswith((site, "blob:", "about:")), request.url
            whole = body + request.url.encode() + json.dumps(request.all_headers()).encode()
            assert not [name for name in names if name in whole], request.url
            assert not [run for run in runs if run in whole], request.url
            if body:
                _assert_known_fields(urlsplit(request.url).path, json.loads(body), size=len(body))


def _runs(content: bytes) -> Iterator[bytes]:
    """Pieces of the file, as they are and in base64 at each of its three phases."""
    for start in range(0, len(content) - _RUN, max(1, len(content) // 200)):
        piece = content[start : start + _RUN]
        if len(set(piece)) > 8:
            yield piece
            yield piece.hex().encode()
            yield from (base64.b64encode(piece[phase:])[: _RUN - 4] for phase in range(3))


def _assert_known_fields(path: str, body: dict[str, Any], *, size: int) -> None:
    assert set(body) <= _BODIES[path], (path, set(body))
    media = body.get("media", [])
    for one in media:
        assert set(one) <= _MEDIA
        assert all(set(fingerprint) <= _FINGERPRINT for fingerprint in one["fingerprints"])
    assert size <= 1_024 + BYTES_A_PICTURE * len(media), (path, size, len(media))
