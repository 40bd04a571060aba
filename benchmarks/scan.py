"""What a platform's scan costs: pictures of 4 megapixels a second, and what a second scan saves.

The portal answers in the same process, so its share is counted too. Seconds of the processor change little with what
else the machine does; pictures a second do, so each is printed beside the other. `SCAN_PICTURES=30` makes it shorter.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils import timezone
from PIL import Image

from benchmarks.bench import Bench
from benchmarks.mosaics import as_jpeg, mosaic
from benchmarks.own_database import django as django  # noqa: PLC0414 - Before any model.
from benchmarks.references import available, reference_pdq
from hashes.fingerprints import Fingerprint
from hashes.hashing import fingerprint_file, phash
from hashes.scan.client import PortalClient
from hashes.scan.news import Entry, Kept, News
from hashes.scan.scanning import COMPARED_AT_A_TIME, Report, Scan
from hashes.scan.state import State
from hashes.services import publish
from tests.makers import make_picture, make_platform

PICTURES = int(os.environ.get("SCAN_PICTURES", "120"))
SIZE = (2_400, 1_700)
OF_ONE_MOSAIC = 12
NEWS = 1_000
KEPT = 100_000
BY_THE_PEER = 10


@dataclass(frozen=True)
class Cost:
    seconds: float
    processor: float

    @classmethod
    def of(cls, work: Callable[[], object]) -> Cost:
        began, worked = time.perf_counter(), time.process_time()
        work()
        return cls(time.perf_counter() - began, time.process_time() - worked)


def main() -> None:
    call_command("migrate", verbosity=0)
    bench = Bench(
        "scan", f"A platform's scan of {PICTURES} pictures of 4 megapixels (peer: Pillow, pdqhash, imagehash)"
    )
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "uploads"
        folder.mkdir()
        _fill(folder)
        # What is compiled is compiled before the clock runs.
        fingerprint_file(next(folder.iterdir()))
        _scans(bench, folder, Path(made))
    _compared(bench)
    bench.finish()


def _scans(bench: Bench, folder: Path, beside: Path) -> None:
    make_picture()
    _number()
    peer = _as_others_do(folder) if available() else None
    for cores in sorted({1, os.cpu_count() or 1}):
        cost = Cost.of(lambda cores=cores: _scan(folder, beside / f"{cores}", at_once=cores))  # type: ignore[misc]  # Bound at once.
        name = f"first scan, {cores} at once"
        bench.add(
            f"{name}: pictures a second",
            PICTURES / cost.seconds,
            "",
            peer=1_000 / peer.seconds if peer else None,
        )
        each = 1_000 * cost.processor / PICTURES
        bench.add(f"{name}: processor a picture", each, "ms", peer=peer.processor if peer else None)
    memory = beside / "1"
    bench.add("second scan, nothing is new", Cost.of(lambda: _scan(folder, memory)).seconds, "s")
    for _ in range(NEWS // 4):
        make_picture()
    _number()
    bench.add(f"third scan, {NEWS:,} new on the list", Cost.of(lambda: _scan(folder, memory)).seconds, "s")
    anew = Cost.of(lambda: _scan(folder, memory, ask_all=True))
    bench.add("fourth scan, all asked about (--all)", anew.seconds, "s")


def _compared(bench: Bench) -> None:
    """What the third scan does for many files: the hashes that are kept, and what is new on the list."""
    chance = np.random.default_rng(0)
    listed = [Entry(f"{number}", "pdq", chance.bytes(32).hex()) for number in range(NEWS)]
    kept = [
        Kept(
            f"{number}",
            (Fingerprint("pdq", chance.bytes(32).hex()), Fingerprint("phash", chance.bytes(8).hex())),
        )
        for number in range(KEPT)
    ]
    parts = [kept[first : first + COMPARED_AT_A_TIME] for first in range(0, KEPT, COMPARED_AT_A_TIME)]
    news = News(listed)
    cost = Cost.of(lambda: [list(news.in_files(part)) for part in parts])
    name = f"{KEPT:,} remembered files compared with {NEWS:,} new PDQ"
    bench.add(name, cost.seconds, "s")
    bench.add(f"{name}: processor", cost.processor, "s")


def _fill(folder: Path) -> None:
    for number, picture in enumerate(_pictures()):
        (folder / f"{number:04}.jpg").write_bytes(as_jpeg(picture))


def _pictures() -> Iterator[Image.Image]:
    chance = np.random.default_rng(0)
    for number in range(PICTURES):
        if number % OF_ONE_MOSAIC == 0:
            whole = mosaic(number)
        left, top = (int(chance.integers(0, whole.size[axis] - SIZE[axis])) for axis in (0, 1))
        yield whole.crop((left, top, left + SIZE[0], top + SIZE[1]))


def _scan(folder: Path, memory: Path, *, at_once: int = 1, ask_all: bool = False) -> Report:
    key = make_platform(f"Platform {time.monotonic_ns()}", scopes=("feed", "match")).key
    portal = httpx.WSGITransport(app=get_wsgi_application())
    client = PortalClient(url="http://127.0.0.1", key=key, transport=portal)
    with State(memory) as state:
        report = Scan(client=client, state=state, at_once=at_once, ask_all=ask_all).run(folder)
    if len(report.verdicts) != PICTURES:
        raise AssertionError(f"{len(report.verdicts)} of {PICTURES} pictures were told about")
    return report


def _number() -> None:
    while publish(now=timezone.now()):
        pass


def _as_others_do(folder: Path) -> Cost:
    """Milliseconds a picture."""
    files = sorted(folder.iterdir())[:BY_THE_PEER]

    def hash_all() -> None:
        for file in files:
            picture = Image.open(file).convert("RGB")
            reference_pdq(np.asarray(picture))
            phash(picture)

    cost = Cost.of(hash_all)
    return Cost(1_000 * cost.seconds / len(files), 1_000 * cost.processor / len(files))


if __name__ == "__main__":
    main()
