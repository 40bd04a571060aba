"""Accepted means kept: processes are killed with -9 again and again while reports come in."""

from __future__ import annotations

import contextlib
import json
import os
import random
import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers import Portal, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(900)]

# More of them where there is time: KILL_ROUNDS=40 pytest tests/portal/test_nothing_is_lost.py
ROUNDS = int(os.environ.get("KILL_ROUNDS") or 8)
SENDERS = 3
DRAINED_WITHIN = 60.0
# What the servers of production are called where they run; without these, the embedded ones are killed.
PRODUCTION = {
    name: value
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL")
    if (value := os.environ.get(f"KILL_{name}"))
}
NO_PROOF = {
    "REPORTS_PER_HOUR_BEFORE_PROOF": "1000000",
    "REPORTS_PER_CLIENT_HOUR_BEFORE_PROOF": "1000000",
}


@dataclass
class Sender:
    """A reporter's browser: repeats a request with the same key until it was answered."""

    url: str
    stop: threading.Event
    codes: dict[str, str] = field(default_factory=dict)
    # Reports whose answer was lost at least once, and whose repetition was answered.
    repeated: int = 0
    surprises: list[str] = field(default_factory=list)

    def run(self) -> None:
        while not self.stop.is_set():
            self.report()

    def report(self) -> None:
        value, key = secrets.token_hex(32), secrets.token_urlsafe(24)
        code = self.until_answered(value, key)
        self.codes[value] = code
        if random.random() < 0.3 and (again := self.until_answered(value, key)) != code:  # noqa: S311 - Chance, no secret.
            self.surprises.append(f"The same key gave {code} and then {again}")

    def until_answered(self, value: str, key: str) -> str:
        body = {
            "media": [{"kind": "image", "fingerprints": [{"algorithm": "sha256", "value": value}]}],
        }
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.post(
                    f"{self.url}/api/v1/cases/", json=body, headers={"Idempotency-Key": key}, timeout=20
                )
                if answer.status_code == 201:
                    return str(answer.json()["access_code"])
                if answer.status_code not in {429, 500, 502, 503}:
                    self.surprises.append(f"{answer.status_code} {answer.text}")
            self.repeated += 1
            time.sleep(0.1)
        self.surprises.append("A report was not taken within two minutes")
        return ""


def test_no_acknowledged_report_is_lost_whatever_is_killed() -> None:
    seen: set[int] = set()
    with portal(**NO_PROOF, **PRODUCTION) as running:
        key = _platform_key(running)
        senders = _while_reports_come_in(running, seen)
        codes = {value: code for sender in senders for value, code in sender.codes.items()}
        changes = _feed(running, key, expected=set(codes))
        seen |= _all_processes(running)

    assert [surprise for sender in senders for surprise in sender.surprises] == []
    assert len(codes) >= ROUNDS
    assert len(set(codes.values())) == len(codes)
    times_listed = Counter(change["value"] for change in changes if change["value"] in codes)
    assert times_listed == Counter(dict.fromkeys(codes, 1))
    numbers = [change["number"] for change in changes]
    assert numbers == sorted(set(numbers))
    assert [pid for pid in seen if _is_alive(pid)] == []


def _while_reports_come_in(running: Portal, seen: set[int]) -> list[Sender]:
    stop = threading.Event()
    senders = [Sender(running.url, stop) for _ in range(SENDERS)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        _kill_again_and_again(running, seen, lambda: sum(len(sender.codes) for sender in senders))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    return senders


def _kill_again_and_again(running: Portal, seen: set[int], taken: Callable[[], int]) -> None:
    for round_ in range(ROUNDS):
        _until_more_are_taken(taken)
        time.sleep(random.uniform(0.2, 1.5))  # noqa: S311 - Chance, no secret.
        seen |= _all_processes(running)
        # Each kind in turn, so that none is missed by chance, at a moment that is up to chance.
        victim = ("web", "worker", "a web worker", "supervisor")[round_ % 4]
        _kill(_pid(running, victim))
        if victim == "supervisor":
            running.supervisor.wait()
            running.start()


def _until_more_are_taken(taken: Callable[[], int]) -> None:
    """Between two kills something is acknowledged that the second might lose, also on a slow machine."""
    before, deadline = taken(), time.monotonic() + 30
    while taken() == before and time.monotonic() < deadline:
        time.sleep(0.02)


def _pid(running: Portal, victim: str) -> int | None:
    if victim == "supervisor":
        return running.supervisor.pid
    if victim == "a web worker":
        return next(iter(_children(running.processes.get("web", 0))), None)
    return running.processes.get(victim)


def _kill(pid: int | None) -> None:
    # It may be between two lives.
    with contextlib.suppress(ProcessLookupError):
        if pid:
            os.kill(pid, signal.SIGKILL)


def _all_processes(running: Portal) -> set[int]:
    listed = set(running.processes.values())
    return listed | {child for pid in listed for child in _children(pid)}


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _is_alive(pid: int) -> bool:
    try:
        return (
            "reclaim" in Path(f"/proc/{pid}/cmdline").read_text()
            or "portal" in Path(f"/proc/{pid}/cmdline").read_text()
        )
    except OSError:
        return False


def _platform_key(running: Portal) -> str:
    added = running.manage("platform_add", f"Reader {secrets.token_hex(4)}", "--scope", "feed", "--json")
    return str(json.loads(added)["key"])


def _feed(running: Portal, key: str, *, expected: set[str]) -> list[dict[str, Any]]:
    """Everything that a platform reads, once all that was promised has had time to be numbered."""
    deadline = time.monotonic() + DRAINED_WITHIN
    changes: list[dict[str, Any]] = []
    while not expected <= {change["value"] for change in changes} and time.monotonic() < deadline:
        after = changes[-1]["number"] if changes else 0
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(
                f"{running.url}/api/v1/feed/?after={after}&limit=1000",
                headers={"Authorization": f"Bearer {key}"},
                timeout=20,
            )
            if answer.status_code == 200:
                changes += answer.json()["changes"]
        time.sleep(0.2)
    return changes
