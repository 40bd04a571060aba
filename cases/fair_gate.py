"""A gate with few places and a fair line: clients take turns, so a long line of one does not delay another."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from cases.errors import LineTooLong


class FairGate:
    """At most `places` at once; each client's line is at most `line` long, and lines are served in turn."""

    def __init__(self, *, places: int, line: int) -> None:
        self._free = places
        self._line = line
        self._lock = threading.Lock()
        self._lines: OrderedDict[str, deque[threading.Event]] = OrderedDict()

    @contextmanager
    def turn(self, client: str) -> Iterator[None]:
        """Wait for a place and hold it. Raises LineTooLong if this client has too many waiting already."""
        ticket = self._enter(client)
        if ticket is not None:
            ticket.wait()
        try:
            yield
        finally:
            self._leave()

    def _enter(self, client: str) -> threading.Event | None:
        with self._lock:
            if self._free and not self._lines:
                self._free -= 1
                return None
            line = self._lines.setdefault(client, deque())
            if len(line) >= self._line:
                raise LineTooLong
            ticket = threading.Event()
            line.append(ticket)
            return ticket

    def _leave(self) -> None:
        with self._lock:
            if not self._lines:
                self._free += 1
                return
            client, line = self._lines.popitem(last=False)
            ticket = line.popleft()
            if line:
                # Behind everybody else who waits.
                self._lines[client] = line
            ticket.set()
