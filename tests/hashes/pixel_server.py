"""The frame, its scripts and its policy on a port of their own, without the rest of the portal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from django.template.loader import render_to_string

from hashes.pixel_policy import PIXEL_POLICY
from hashes.variants import as_json

SCRIPTS = Path(__file__).parents[2] / "hashes" / "static"
# The parent keeps what the frame tells it, in order.
PARENT = """<!doctype html><title>Parent</title><script>
window.heard = [];
addEventListener("message", ({data, origin}) => heard.push({...data, origin}));
</script><iframe src="/report/pictures/" width="380" height="800"></iframe>"""


@dataclass
class PixelServer:
    """What is served and how; `asked` collects the path of every request."""

    limit: int = 40
    policy: str = PIXEL_POLICY
    asked: list[str] = field(default_factory=list)
    url: str = ""


class PixelHandler(SimpleHTTPRequestHandler):
    pixels: PixelServer

    def do_GET(self) -> None:
        self.pixels.asked.append(self.path)
        if self.path == "/":
            self._answer(PARENT, policy="")
        elif self.path == "/report/pictures/":
            self._answer(frame_page(self.pixels.limit), self.pixels.policy)
        elif self.path.startswith("/static/hashes/"):
            self.path = self.path.removeprefix("/static")
            super().do_GET()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        self.pixels.asked.append(self.path)
        self.send_error(404)

    def end_headers(self) -> None:
        if self.path.endswith(".js") and self.pixels.policy:
            self.send_header("Content-Security-Policy", self.pixels.policy)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - The base class names it so.
        """Say nothing: a test's output is its own."""

    def _answer(self, page: str, policy: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)


def frame_page(limit: int) -> str:
    context = {"variants": as_json(), "limit": limit}
    return render_to_string("cases/report/pictures.html", context)


@contextmanager
def serving(*, limit: int = 40, policy: str = PIXEL_POLICY) -> Iterator[PixelServer]:
    """Serve until the block is left."""
    pixels = PixelServer(limit=limit, policy=policy)
    handler = type("Handler", (PixelHandler,), {"pixels": pixels})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(SCRIPTS)))
    pixels.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield pixels
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
