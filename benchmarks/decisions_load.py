"""Asks as a platform's servers would, over connections that stay open; a process of its own, so that its share shows.

`python -m benchmarks.decisions_load WHAT PORT KEY PLATFORM ACCOUNTS SECONDS CONNECTIONS SEED` prints what it saw.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

BATCH = 1_000
LIST = 100

Ask = Callable[[random.Random], bytes]


class Asker:
    """Makes requests about accounts that `benchmarks.decisions_rows` made."""

    def __init__(self, *, key: str, platform: int, accounts: int, seed: int) -> None:
        self.key, self.platform, self.seed = key, platform, seed
        self.adults = accounts * 6 // 10
        self.minors = accounts - self.adults
        self.numbers = count()

    def bare(self, chance: random.Random) -> bytes:
        return self._get(f"/api/v1/bare/{self.platform}/{self._adult(chance)}/")

    def mixed(self, chance: random.Random) -> bytes:
        """Of ten, six are in chats that there are already, two show somebody, two are first contacts."""
        ask = (self.chat,) * 6 + (self.show,) * 2 + (self.first_contact,) * 2
        return chance.choice(ask)(chance)

    def chat(self, chance: random.Random) -> bytes:
        return self._decide(self._question(chance, "message", connected=True))

    def show(self, chance: random.Random) -> bytes:
        return self._decide(self._question(chance, "recommend", connected=False))

    def first_contact(self, chance: random.Random) -> bytes:
        return self._decide(self._question(chance, "message", connected=False))

    def batch(self, chance: random.Random) -> bytes:
        """A page of recommendations."""
        rows = [self._question(chance, "recommend", connected=False) for _ in range(LIST)]
        return self._decide({"decisions": rows})

    def events(self, chance: random.Random) -> bytes:
        now = datetime.now(UTC)
        rows: list[dict[str, object]] = [
            {
                "id": f"new-{self.seed}-{next(self.numbers)}",
                "kind": chance.choice(("contact", "contact", "reply", "comment", "follow", "block")),
                "actor": self._adult(chance),
                "target": self._minor(chance),
                "occurred_at": (now - timedelta(seconds=chance.random() * 600)).isoformat(),
                "mutuals": chance.randrange(9),
                "labels": [],
            }
            for _ in range(BATCH)
        ]
        return self._post("/api/v1/events/", {"events": rows})

    def _question(self, chance: random.Random, action: str, *, connected: bool) -> dict[str, object]:
        return {
            "action": action,
            "actor": self._adult(chance),
            "target": self._minor(chance),
            "mutuals": 0,
            "connected": connected,
        }

    def _adult(self, chance: random.Random) -> str:
        return f"a{chance.randint(1, self.adults)}"

    def _minor(self, chance: random.Random) -> str:
        return f"m{chance.randint(1, self.minors)}"

    def _decide(self, body: object) -> bytes:
        return self._post("/api/v1/decisions/", body)

    def _get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()

    def _post(self, path: str, body: object) -> bytes:
        written = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(written)}\r\n\r\n"
        )
        return head.encode() + written


def ask_for(port: int, ask: Ask, *, until: float, chance: random.Random, into: list[float]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while time.perf_counter() < until:
            request = ask(chance)
            at = time.perf_counter()
            line.sendall(request)
            _answer(line)
            into.append(time.perf_counter() - at)


def _answer(line: socket.socket) -> bytes:
    read = b""
    while (end := read.find(b"\r\n\r\n")) < 0:
        read += _some(line)
    head, body = read[:end], read[end + 4 :]
    assert head.startswith(b"HTTP/1.1 200"), read
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += _some(line)
    return body


def _some(line: socket.socket) -> bytes:
    got = line.recv(65_536)
    assert got, "The server closed the connection."
    return got


def play(what: str, port: str, key: str, *numbers: str) -> dict[str, object]:
    platform, accounts, seconds, connections, seed = map(int, numbers)
    asker = Asker(key=key, platform=platform, accounts=accounts, seed=seed)
    ask: Ask = getattr(asker, what)
    took: list[list[float]] = [[] for _ in range(connections)]
    began, used = time.perf_counter(), time.process_time()
    threads = [
        threading.Thread(
            target=ask_for,
            args=(int(port), ask),
            kwargs={
                "until": began + seconds,
                "chance": random.Random(seed * 100 + place),  # noqa: S311 - Nothing secret: whom to ask about.
                "into": took[place],
            },
        )
        for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - began
    return {
        "took": sorted(one for some in took for one in some),
        "seconds": lasted,
        "processor": (time.process_time() - used) / lasted,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(play(*sys.argv[1:])))
