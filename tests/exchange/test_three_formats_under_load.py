"""Thirty-two who write, publishers killed with -9, and a reader of each format through HTTP: none misses or repeats a change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.databases import ROOT, finished, own_database
from tests.exchange.followers import Follower, Native, Ncmec, StopNcii, Told
from tests.hashes.test_feed_under_load import MAKERS, Database, wait_until_all_is_numbered
from tests.servers import free_port

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(300)]
WRITERS, STEPS = (2, 16), 5
NAMES = ("Nativefeed", "Stopreader", "Ncmecreader", "Sayer")
ADD = f"{MAKERS}; import json; made = [make_platform(name) for name in {NAMES}]; print(json.dumps([[new.platform.pk, new.platform.slug, new.key] for new in made]))"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with own_database("postgresql", folder=tmp_path) as made:
        yield Database(made.url)


@contextmanager
def served(database: Database) -> Iterator[str]:
    """The portal's web process on this database, as gunicorn serves it, with small pages."""
    url = f"127.0.0.1:{free_port()}"
    environment = {
        **os.environ,
        "DATABASE_URL": database.url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "WEB_BIND": url,
        "WEB_THREADS": "6",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web", "tests.exchange.small_pages"]
    web = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until_it_answers(f"http://{url}")
        yield f"http://{url}"
    finally:
        web.terminate()
        web.wait(20)


def wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("The portal does not answer.")


def test_no_reader_of_any_format_misses_a_change(database: Database, tmp_path: Path) -> None:
    native, stopncii, ncmec, sayer = json.loads(database.run("shell", "-v", "0", "-c", ADD))
    stop = tmp_path / "stop"
    with served(database) as url:
        readers = (
            Native(url, native[2]),
            StopNcii(url, stopncii[2]),
            Ncmec(url, ncmec[2], slug=ncmec[1]),
        )
        processes, threads = WRITERS
        load = [
            database.start(
                "-m", "tests.exchange.format_load", str(seed), str(threads), str(STEPS), str(sayer[0])
            )
            for seed in range(processes)
        ]
        publishers = [database.play("number", seed, stop) for seed in range(2)]
        play(database, readers, load, publishers, stop)
    check_native(database, readers[0].told, native[0])
    check_values(database, readers[1].told)
    check_entries(database, readers[2].told)


def play(
    database: Database,
    readers: Sequence[Follower],
    writers: Sequence[subprocess.Popen[str]],
    publishers: Sequence[subprocess.Popen[str]],
    stop: Path,
) -> None:
    for reader in readers:
        reader.start()
    try:
        for writer in writers:
            finished(writer)
        wait_until_all_is_numbered(database)
        # Until the last stamp has passed.
        time.sleep(2.5)
        stop.touch()
        for publisher in publishers:
            finished(publisher)
    finally:
        for process in (*writers, *publishers):
            process.kill()
            process.communicate()
        for reader in readers:
            reader.stop.set()
            reader.join()
    assert [reader.failed for reader in readers] == [""] * len(readers)


def check_native(database: Database, told: list[Told], platform: int) -> None:
    rows = database.ask(
        "FeedChange.objects.order_by('number').values_list('entry', 'change', 'number', 'review')"
    )
    planted = database.ask(
        f"Canary.objects.filter(platform={platform}).values_list('pk', 'number').order_by('number')"
    )
    written = [Told(str(one[0]), str(one[1]), int(str(one[2])), str(one[3])) for one in rows]
    canaries = [Told(str(one[0]), "added", int(str(one[1])), "unreviewed") for one in planted]
    assert {one.state for one in written} == {"added", "reviewed", "withdrawn"}
    assert told == sorted(written + canaries, key=lambda one: one.at)


def check_values(database: Database, told: list[Told]) -> None:
    """The newest state of each value is the list's own, and none was ever overtaken by an older one."""
    rows = database.ask("Entry.objects.values_list('picture__kind', 'algorithm', 'value', 'status')")
    expected: dict[str, str] = {}
    for kind, algorithm, value, status in rows:
        signal = {("image", "pdq"): "ImagePDQ", ("video", "md5"): "VideoMD5"}.get((str(kind), str(algorithm)))
        if signal is not None:
            key = f"{signal} {value}"
            is_listed = status == "listed" or expected.get(key) == "Active"
            expected[key] = "Active" if is_listed else "Withdrawn"
    assert {key: state for key, state in last_of(told).items() if key in expected} == expected
    for times in at_by_key(told).values():
        assert times == sorted(times)


def check_entries(database: Database, told: list[Told]) -> None:
    """Each entry's last change was told once, in the one range that it lies in; what is gone never comes back."""
    rows = database.ask("Entry.objects.filter(algorithm__in=['pdq', 'md5']).values_list('pk', 'status')")
    expected = {str(pk): "listed" if status == "listed" else "deleted" for pk, status in rows}
    last = last_of(told)
    # What was added and withdrawn before the first reading was never told.
    missing = {key for key in expected if key not in last}
    assert {key: state for key, state in last.items() if key in expected} == {
        key: state for key, state in expected.items() if key not in missing
    }
    assert {expected[key] for key in missing} <= {"deleted"}
    for times in at_by_key(told).values():
        assert times == sorted(set(times))
    states = defaultdict(list)
    for one in told:
        states[one.key].append(one.state)
    assert all("listed" not in seen[seen.index("deleted") :] for seen in states.values() if "deleted" in seen)


def last_of(told: list[Told]) -> dict[str, str]:
    return {one.key: one.state for one in told}


def at_by_key(told: list[Told]) -> dict[str, list[int]]:
    times = defaultdict(list)
    for one in told:
        times[one.key].append(one.at)
    return times
