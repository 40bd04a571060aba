"""What a decision costs as events pile up: through gunicorn as production runs it, with PostgreSQL, beside a bare read.

`DECISION_ACCOUNTS` and `DECISION_EVENTS` say how many at most (1 000 000 and 20 000 000 are what is aimed at).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any, NamedTuple

import psycopg

from benchmarks.bench import ROOT, Bench
from benchmarks.decisions_load import BATCH, LIST
from benchmarks.decisions_rows import fill_accounts, fill_events
from benchmarks.served import database, environment, manage, portal, say

ACCOUNTS = int(os.environ.get("DECISION_ACCOUNTS", "100000"))
MOST = int(os.environ.get("DECISION_EVENTS", "2000000"))
SIZES = (1_000_000, 5_000_000, 20_000_000)
SECONDS = int(os.environ.get("DECISION_SECONDS", "5"))
ROUNDS = 3
# As many web processes as a machine has cores, each with production's threads.
PROCESSES = os.cpu_count() or 1
CORES = os.cpu_count() or 1


class Seen(NamedTuple):
    """What the asking process saw: how long each took, and how much of one core it used itself."""

    took: list[float]
    seconds: float
    processor: float

    def at(self, share: float) -> float:
        return self.took[min(len(self.took) - 1, int(len(self.took) * share))] * 1_000

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds


class Server(NamedTuple):
    port: int
    key: str
    platform: int


def main() -> None:
    bench = Bench(
        "decisions",
        f"Decisions with {ACCOUNTS:,} accounts (through gunicorn, {PROCESSES} processes; peer: a bare indexed read)",
    )
    with tempfile.TemporaryDirectory() as folder, database(folder) as url:
        env = environment(url, folder, WEB_CONCURRENCY=str(PROCESSES))
        manage(env, "migrate", "-v", "0")
        key = json.loads(manage(env, "platform_add", "Bench", "--scope", "safety", "--json"))["key"]
        with psycopg.connect(url, autocommit=True) as rows:
            platform = _platform(rows)
            fill_accounts(rows, platform=platform, accounts=ACCOUNTS)
            there = 0
            for size in [one for one in SIZES if one < MOST] + [MOST]:
                began = time.perf_counter()
                fill_events(rows, platform=platform, accounts=ACCOUNTS, after=there, upto=size)
                say(f"{size:,} events stand after {time.perf_counter() - began:.0f} s")
                there = size
                with portal(env, "portal.wsgi") as web:
                    _measure(bench, Server(web.port, key, platform), size, is_last=size == MOST)
    bench.finish()


def _measure(bench: Bench, server: Server, size: int, *, is_last: bool) -> None:
    where = f"{size:,} events"
    _ask(server, "mixed", seconds=2, connections=4)  # What every process loads once.
    _latency(bench, server, where)
    for what, connections in (("mixed", 8), ("bare", 8)):
        seen = _ask(server, what, seconds=SECONDS * 2, connections=connections)
        bench.add(f"{where}: {what}, {connections} connections", seen.rate, "/s")
        bench.add(f"{where}: {what}, the asking process' share of {CORES} cores", _share(seen), "%")
    seen = _ask(server, "batch", seconds=SECONDS, connections=2)
    bench.add(f"{where}: recommendations in lists of {LIST}", seen.rate * LIST, "decisions/s")
    if is_last:
        seen = _ask(server, "events", seconds=SECONDS * 2, connections=2)
        bench.add(f"{where}: events taken in batches of {BATCH:,}", seen.rate * BATCH, "events/s")
        bench.add(f"{where}: the asking process' share while they are", _share(seen), "%")
        seen = _ask(server, "first_contact", seconds=SECONDS, connections=2)
        bench.add(f"{where}: first contacts with some events unread, p99", seen.at(0.99), "ms")


def _latency(bench: Bench, server: Server, where: str) -> None:
    """In turns, so that whatever else the machine does meets all of them."""
    kinds = ("bare", "mixed", "chat", "show", "first_contact")
    rounds = [
        {what: _ask(server, what, seconds=SECONDS, connections=2, seed=turn) for what in kinds}
        for turn in range(ROUNDS)
    ]
    together = {
        what: Seen(sorted(one for turn in rounds for one in turn[what].took), 1.0, 0.0) for what in kinds
    }
    for share, name in ((0.5, "median"), (0.99, "p99")):
        peer = together["bare"].at(share)
        for what in kinds[1:]:
            bench.add(f"{where}: {what}, {name}", together[what].at(share), "ms", peer=peer)


def _share(seen: Seen) -> float:
    return seen.processor / CORES * 100


def _ask(server: Server, what: str, *, seconds: int, connections: int, seed: int = 0) -> Seen:
    arguments = (what, server.port, server.key, server.platform, ACCOUNTS, seconds, connections, seed)
    command = [sys.executable, "-m", "benchmarks.decisions_load", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return Seen(**json.loads(done.stdout))


def _platform(rows: psycopg.Connection[Any]) -> int:
    return int(rows.execute("SELECT id FROM platforms_platform").fetchone()[0])  # type: ignore[index]  # There is one.


if __name__ == "__main__":
    main()
