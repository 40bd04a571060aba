"""What a match costs: the index in memory beside comparing with everything, and whether both find the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import Bench
from hashes.index import RADIUS, Index, Listed

SIZES = (100_000, 1_000_000)
QUERIES = 100
ADDED = 1_000
BYTES = 32

Rows = NDArray[np.uint64]


def main() -> None:
    bench = Bench(
        "matching", "Matching PDQ within 31 of 256 bits (one thread; peer: numpy over every bit of every row)"
    )
    for size in SIZES:
        _measure(bench, size)
    bench.finish()


def _measure(bench: Bench, size: int) -> None:
    chance = np.random.default_rng(size)
    rows = chance.integers(0, 2**64, (size, BYTES // 8), dtype=np.uint64)
    index = Index()
    bench.add(f"{size:,} entries: load from the feed", _seconds(lambda: index.apply(_lines(rows))), "s")
    asked = _near(rows[chance.choice(size, QUERIES, replace=False)], chance)
    ours, found = _each(asked, lambda row: _places(index, row))
    peers, expected = _each(asked, lambda row: _compared(rows, row))
    bench.add(f"{size:,} entries: a query, median", ours, "ms", peer=peers)
    same = sum(one == other for one, other in zip(found, expected, strict=True))
    bench.add(f"{size:,} entries: queries answered like the peer", 100 * same / QUERIES, "%")
    more = chance.integers(0, 2**64, (ADDED, BYTES // 8), dtype=np.uint64)
    added = _seconds(lambda: index.apply(_lines(more, after=size)))
    bench.add(f"{size:,} entries: add one", added * 1e6 / ADDED, "µs")


def _near(rows: Rows, chance: np.random.Generator) -> Rows:
    """Each row with 0 to 40 of its bits changed, so that some queries hit and some just miss."""
    bits = np.unpackbits(rows.view(np.uint8), axis=1)
    for row in bits:
        row[chance.choice(bits.shape[1], chance.integers(0, 41), replace=False)] ^= 1
    return np.packbits(bits, axis=1).view(np.uint64)


def _lines(rows: Rows, after: int = 0) -> Iterator[Listed]:
    for number, row in enumerate(rows, start=after + 1):
        yield Listed(number, "added", UUID(int=number), "pdq", _hex(row), "unreviewed")


def _places(index: Index, row: Rows) -> set[int]:
    return {hit.entry.int - 1 for hit in index.find(algorithm="pdq", value=_hex(row))}


def _compared(rows: Rows, row: Rows) -> set[int]:
    distances = np.bitwise_count(rows ^ row).sum(axis=1, dtype=np.uint16)
    return set(np.flatnonzero(distances <= RADIUS["pdq"]).tolist())


def _hex(row: Rows) -> str:
    return row.astype(">u8").tobytes().hex()


def _each(asked: Rows, answer: Callable[[Rows], set[int]]) -> tuple[float, list[set[int]]]:
    """The median time of an answer in milliseconds, and all answers."""
    times, answers = [], []
    for row in asked:
        start = time.perf_counter()
        answers.append(answer(row))
        times.append((time.perf_counter() - start) * 1e3)
    return median(times), answers


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
