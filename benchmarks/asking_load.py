"""Asks for matches as a platform's servers would, over connections that stay open; a process of its own.

One thread and the kernel's readiness list, so that little of the machine goes into asking.
`python -m benchmarks.asking_load WHAT PORT KEY SECONDS CONNECTIONS SEED ROWS_FILE` prints what it saw.
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import sys
import time
from pathlib import Path

# How many of the hashes asked about are near a listed one: of uploads, few are.
HITS = 0.01
_PATIENCE = 60
_PREPARED = 2_000
_PREPARED_BATCHES = 12
BATCH = 1_000


class Asker:
    """Requests, written before the clock runs."""

    def __init__(self, *, key: str, seed: int, listed: list[str]) -> None:
        self.key, self.listed = key, listed
        self.chance = random.Random(seed)  # noqa: S311 - Nothing secret: what to ask about.

    def one(self) -> list[bytes]:
        return [self._match([self._hash()]) for _ in range(_PREPARED)]

    def carefully(self) -> list[bytes]:
        """The same through DRF and every middleware: an Accept header that is worth a closer look."""
        return [self._match([self._hash()], accept="application/json;q=1") for _ in range(_PREPARED)]

    def batch(self) -> list[bytes]:
        return [self._match([self._hash() for _ in range(BATCH)]) for _ in range(_PREPARED_BATCHES)]

    def empty(self) -> list[bytes]:
        """A view that does nothing, behind the middleware that every page has."""
        return [b"GET /api/v1/empty/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]

    def nothing(self) -> list[bytes]:
        """No Django at all: what the web server itself costs."""
        return [b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]

    def _hash(self) -> dict[str, str]:
        if self.chance.random() >= HITS:
            return {"algorithm": "pdq", "value": f"{self.chance.getrandbits(256):064x}"}
        near = int(self.chance.choice(self.listed), 16)
        for place in self.chance.sample(range(256), 10):
            near ^= 1 << place
        return {"algorithm": "pdq", "value": f"{near:064x}"}

    def _match(self, hashes: list[dict[str, str]], *, accept: str = "*/*") -> bytes:
        written = json.dumps({"hashes": hashes}).encode()
        head = (
            f"POST /api/v1/match/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\nAccept: {accept}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(written)}\r\n\r\n"
        )
        return head.encode() + written


class Line:
    """One connection: at most one question is on its way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.asked_at = 0.0
        self.answers = 0
        self._read = b""
        self._length = 0

    def ask(self, request: bytes) -> None:
        self.asked_at = time.perf_counter()
        self._read, self._length = b"", 0
        self.socket.sendall(request)

    def is_answered(self) -> bool:
        got = self.socket.recv(262_144)
        assert got, "The server closed the connection."
        self._read += got
        if not self._length:
            self._length = _length_of(self._read)
        return 0 < self._length <= len(self._read)


def _length_of(read: bytes) -> int:
    end = read.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = read[:end]
    assert head.startswith(b"HTTP/1.1 200"), read
    return end + 4 + int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])


def play(
    what: str, port: str, key: str, seconds: str, connections: str, seed: str, rows: str
) -> dict[str, object]:
    listed = Path(rows).read_text(encoding="ascii").split()
    requests = getattr(Asker(key=key, seed=int(seed), listed=listed), what)()
    took: list[float] = []
    with selectors.DefaultSelector() as ready:
        lines = [Line(int(port)) for _ in range(int(connections))]
        for line in lines:
            ready.register(line.socket, selectors.EVENT_READ, line)
        began, used, load = time.perf_counter(), time.process_time(), _other_work()
        _ask(ready, lines, requests, until=began + float(seconds), into=took)
        lasted = time.perf_counter() - began
        return {
            "took": sorted(took),
            "seconds": lasted,
            "processor": (time.process_time() - used) / lasted,
            "busy": (_other_work() - load) / lasted,
            "silent": sum(not line.answers for line in lines),
        }


def _ask(
    ready: selectors.BaseSelector,
    lines: list[Line],
    requests: list[bytes],
    *,
    until: float,
    into: list[float],
) -> None:
    place = 0
    for line in lines:
        line.ask(requests[place % len(requests)])
        place += 1
    # On a machine that has much else to do, one answer at least is waited for.
    while (now := time.perf_counter()) < until or (not into and now < until + _PATIENCE):
        for key, _events in ready.select(timeout=1):
            line = key.data
            if line.is_answered():
                into.append(time.perf_counter() - line.asked_at)
                line.answers += 1
                line.ask(requests[place % len(requests)])
                place += 1


def _other_work() -> float:
    """Seconds that this machine's cores have worked so far, all programs together."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, *interrupts = map(int, fields[:8])
    return (user + nice + system + sum(interrupts[:2])) / 100


if __name__ == "__main__":
    sys.stdout.write(json.dumps(play(*sys.argv[1:])))
