"""The portal as production serves it, with one address beside it that no Django answers: what the web server itself costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from portal.wsgi import application as portal


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/nothing":
        return portal(environ, start_response)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
    return [b"{}"]
