"""The search for near hashes beside others' indexes, in one process and one run: `make bench-index`.

INDEX_SIZES=1000000 leaves the larger list out. Whoever is compared takes turns in short blocks, so that whatever else the
machine does slows all of them, and a ratio is the median of the blocks' own ratios. Back to back, a block's queries
follow one another; taken in turns, each query finds the caches full of the other index's rows. All but opening is timed
on the processor: on a busy machine a long one is interrupted and a short one is not, which would flatter ours.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar
from uuid import UUID

import numpy as np

from benchmarks.bench import FOLDER, Bench
from benchmarks.listed_rows import changed, listed_rows
from benchmarks.neighbours import (
    PEERS,
    RADIUS,
    Flat,
    Found,
    MultiHash,
    Peer,
    ThreatExchange,
    left_out,
    values,
)
from hashes.hamming import Words
from hashes.index import Index, Listed
from hashes.multi_index import MultiIndex

SIZES = tuple(map(int, os.environ.get("INDEX_SIZES", "1000000,10000000").split(",")))
PLANTED = 1_000
FARTHEST = 40
BLOCKS = 20
IN_A_BLOCK = 20
TURNS = 200
ADDED = 200
# Each of these takes as long as the list is large, or longer.
SLOW = 3
# What the rows of other things add: an entry's id and its review.
BESIDE = 17
MOST_BYTES = 125
LARGEST = ((ThreatExchange, 2_000_000), (MultiHash, 20_000_000))
TARGETS = {1_000_000: (30, 15), 10_000_000: (100, 45)}
LONGEST_BUILD = {10_000_000: 15}

Made = TypeVar("Made")
Find = Callable[[Words], Found]


class Contender(Protocol):
    @property
    def name(self) -> str: ...
    def find(self, query: Words) -> Found: ...
    def find_many(self, queries: Words) -> None: ...


@dataclass
class Ours:
    """As matching asks: in hex."""

    tables: MultiIndex
    name: str = "ours"

    def find(self, query: Words) -> Found:
        return self.tables.within(query, radius=RADIUS)

    def find_many(self, queries: Words) -> None:
        for value in values(queries):
            self.tables.within_hex(value, radius=RADIUS)


@dataclass
class Times:
    """Of each block, each contender's median in microseconds."""

    blocks: dict[str, list[float]] = field(default_factory=dict)
    single: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, times: Sequence[float]) -> None:
        self.blocks.setdefault(name, []).append(median(times))
        self.single.setdefault(name, []).extend(times)

    def median(self, name: str) -> float:
        return median(self.single[name])

    def times_faster(self, name: str, than: str) -> float:
        return median(theirs / own for own, theirs in zip(self.blocks[name], self.blocks[than], strict=True))


def main() -> None:
    before = os.getloadavg()[0]
    bench = Bench("index", f"PDQ within {RADIUS} of 256 bits, one thread; peer: {Flat.name}")
    for size in SIZES:
        measured(bench, size)
    followed(bench, listed_rows(ADDED))
    after = os.getloadavg()[0]
    bench.add("load of the machine before", before, f"of {os.cpu_count()} cores")
    bench.add("load of the machine after; this program's own is 1", after, f"of {os.cpu_count()} cores")
    bench.finish()
    if max(before, after - 1) > 0.5:
        print("Other programs ran meanwhile: the times are too long, and the ratios are not reliable either.")


def measured(bench: Bench, size: int) -> None:
    chance = np.random.default_rng(size)
    print(f"{size:,} hashes: they are made, then the indexes ...", flush=True)
    rows = listed_rows(size)
    planted = chance.choice(size, PLANTED, replace=False)
    queries = changed(rows[planted], np.arange(PLANTED) % (FARTHEST + 1), chance)
    ours = our_own(bench, rows)
    peers = their_own(bench, rows)
    # What one of them keeps is millions of objects, which Python would otherwise look through while others are timed.
    gc.freeze()
    print(f"{size:,} hashes: built; now they are asked ...", flush=True)
    exactness(bench, rows, queries, ours, peers)
    speed(bench, size, queries, ours, peers)
    opened(bench, size, ours.tables, queries)
    for peer in peers:
        added_and_deleted(bench, size, peer, queries)


def our_own(bench: Bench, rows: Words) -> Ours:
    # The first of a process compiles.
    MultiIndex.build(rows[:1_000]).within(rows[0], radius=RADIUS)
    size = len(rows)
    forget_the_peak()
    before = resident_bytes() - rows.nbytes
    tables, took = timed(MultiIndex.build, rows)
    limit = LONGEST_BUILD.get(size)
    target = f" (target ≤ {limit})" if limit else ""
    bench.add(f"{size:,}: build, ours{target}", took, "s")
    highest = (resident_bytes("VmHWM") - before) / size
    bench.add(f"{size:,}: most memory while building, ours, rows included", highest, "bytes a hash")
    arrays = (tables.rows, tables.directory, tables.places)
    stored = sum(array.nbytes for array in arrays) / size
    bench.add(
        f"{size:,}: memory, ours, with {BESIDE} for entry and review (target ≤ {MOST_BYTES})",
        stored + BESIDE,
        "bytes a hash",
    )
    return Ours(tables)


def their_own(bench: Bench, rows: Words) -> list[Peer]:
    built: list[Peer] = []
    size = len(rows)
    for kind in PEERS:
        if reason := left_out(kind, size, largest=LARGEST):
            bench.add(f"{size:,}: {kind.name} left out: {reason}", 0, "")
            continue
        before = resident_bytes()
        peer: Peer
        peer, took = timed(kind, rows)
        bench.add(f"{size:,}: build, {kind.name}", took, "s")
        bench.add(f"{size:,}: memory, {kind.name}", (resident_bytes() - before) / size, "bytes a hash")
        built.append(peer)
    return built


def exactness(bench: Bench, rows: Words, queries: Words, ours: Ours, peers: Sequence[Peer]) -> None:
    """Comparing with every row in numpy would take minutes; faiss does it, and is checked by numpy itself."""
    flat = next((peer for peer in peers if isinstance(peer, Flat)), None)
    reference: Find = flat.find if flat else lambda query: compared(rows, query)
    expected = [as_a_set(reference(query)) for query in queries]
    for query, found in list(zip(queries, expected, strict=True))[:: PLANTED // 20]:
        if as_a_set(compared(rows, query)) != found:
            raise AssertionError("The reference itself is wrong.")
    contenders: list[Contender] = [ours, *(peer for peer in peers if peer is not flat)]
    for contender in contenders:
        some = PLANTED if contender is ours else PLANTED // 10
        answers = [as_a_set(contender.find(query)) for query in queries[:some]]
        same = sum(one == other for one, other in zip(answers, expected[:some], strict=True))
        label = f"{len(rows):,}: answered like comparing with every row, {contender.name}"
        bench.add(f"{label}, of {some} queries", 100 * same / some, "%")
    bench.add(
        f"{len(rows):,}: rows within reach of a query, mean", float(np.mean([*map(len, expected)])), "rows"
    )


def compared(rows: Words, query: Words) -> Found:
    first = np.bitwise_count(rows[:, 0] ^ query[0]) + np.bitwise_count(rows[:, 1] ^ query[1])
    near = np.flatnonzero(first <= RADIUS)
    far = np.bitwise_count(rows[near] ^ query).sum(axis=1, dtype=np.int64)
    return near[far <= RADIUS], far[far <= RADIUS]


def as_a_set(found: Found) -> set[tuple[int, int]]:
    places, distances = found
    return set(zip(places.tolist(), distances.astype(np.int64).tolist(), strict=True))


def speed(bench: Bench, size: int, queries: Words, ours: Ours, peers: Sequence[Peer]) -> None:
    contenders: list[Contender] = [ours, *peers]
    back_to_back, in_turns = in_blocks(queries, contenders), taken_in_turns(queries, contenders[:2])
    flat = Flat.name if peers else None
    for contender in contenders:
        name = contender.name
        peer = back_to_back.median(flat) if flat else None
        bench.add(f"{size:,}: a query back to back, {name}", back_to_back.median(name), "µs", peer=peer)
        p99 = float(np.percentile(back_to_back.single[name], 99))
        bench.add(f"{size:,}: a query back to back, 99 of 100, {name}", p99, "µs")
        bench.add(
            f"{size:,}: batch of {PLANTED if contender is ours else PLANTED // 4}, {name}",
            throughput(contender, queries),
            "queries/s",
        )
    if not flat:
        return
    bench.add(
        f"{size:,}: a query in turns, ours", in_turns.median(ours.name), "µs", peer=in_turns.median(flat)
    )
    targets = TARGETS.get(size)
    for label, times, target in zip(
        ("back to back", "in turns"), (back_to_back, in_turns), targets or ("", ""), strict=True
    ):
        wanted = f" (target ≥ {target})" if target else ""
        bench.add(
            f"{size:,}: ours is faster than {flat} {label}{wanted}",
            times.times_faster(ours.name, flat),
            "times",
        )


def in_blocks(queries: Words, contenders: Sequence[Contender]) -> Times:
    times = Times()
    for block in range(BLOCKS):
        asked = queries[block * IN_A_BLOCK : (block + 1) * IN_A_BLOCK]
        for contender in contenders:
            # Who comes first finds the caches full of the other's rows.
            for query in asked[:3]:
                contender.find(query)
            times.add(contender.name, [microseconds(contender, query) for query in asked])
    return times


def taken_in_turns(queries: Words, contenders: Sequence[Contender]) -> Times:
    times = Times()
    for query in queries[:TURNS]:
        for contender in contenders:
            times.add(contender.name, [microseconds(contender, query)])
    return times


def microseconds(contender: Contender, query: Words) -> float:
    start = time.thread_time_ns()
    contender.find(query)
    return (time.thread_time_ns() - start) / 1e3


def throughput(contender: Contender, queries: Words) -> float:
    asked = queries if isinstance(contender, Ours) else queries[: PLANTED // 4]
    start = time.thread_time()
    contender.find_many(asked)
    return len(asked) / (time.thread_time() - start)


def opened(bench: Bench, size: int, tables: MultiIndex, queries: Words) -> None:
    """From files that are mapped, as the store has them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=FOLDER) as folder:
        for name in ("rows", "directory", "places"):
            np.save(Path(folder, f"{name}.npy"), getattr(tables, name))
        start = time.perf_counter()
        mapped = first_answer(tables, Path(folder), queries[0])
        took = time.perf_counter() - start
        bench.add(f"{size:,}: open mapped files and answer once, ours", took * 1e3, "ms")
        times = in_blocks(queries, [Ours(mapped, "mapped")])
        bench.add(f"{size:,}: a query back to back, from mapped files, ours", times.median("mapped"), "µs")


def first_answer(tables: MultiIndex, folder: Path, query: Words) -> MultiIndex:
    rows, directory, places = (
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("rows", "directory", "places")
    )
    mapped = MultiIndex(tables.pieces, rows, directory, places)
    mapped.within(query, radius=RADIUS)
    return mapped


def added_and_deleted(bench: Bench, size: int, peer: Peer, queries: Words) -> None:
    times = SLOW if isinstance(peer, ThreatExchange) else ADDED
    took = [seconds(peer.add, row) for row in queries[:times]]
    bench.add(f"{size:,}: add one, {peer.name}", median(took) * 1e6, "µs")
    if isinstance(peer, Flat):
        took = [seconds(peer.delete, size // 2) for _ in range(SLOW)]
        bench.add(f"{size:,}: delete one, {peer.name}", median(took) * 1e6, "µs")


def followed(bench: Bench, rows: Words) -> None:
    """What a line of the feed costs the index, however large the list is: new rows have no tables yet."""
    index = Index()
    for change, verb in (("added", "add"), ("withdrawn", "delete")):
        lines = [
            Listed(number, change, UUID(int=number), "pdq", value, "unreviewed")
            for number, value in enumerate(values(rows), start=1)
        ]
        took = [seconds(index.apply, [line]) for line in lines]
        bench.add(f"{verb} one, ours, as the feed is followed", median(took) * 1e6, "µs")


def seconds(work: Callable[..., object], *arguments: object) -> float:
    return timed(work, *arguments)[1]


def timed(work: Callable[..., Made], *arguments: object) -> tuple[Made, float]:
    start = time.thread_time()
    made = work(*arguments)
    return made, time.thread_time() - start


def resident_bytes(kind: str = "VmRSS") -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith(kind))) << 10


def forget_the_peak() -> None:
    """So that VmHWM is the peak from here on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


if __name__ == "__main__":
    main()
