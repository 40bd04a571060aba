"""Others' indexes that ours is measured beside: faiss's, and python-threatexchange's around one of them.

They come with the platforms' own client (`make clients`), whose environment is a different one. Its packages are put
behind our own ones here, so that both sides run in one process and can take turns; numpy is ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import ROOT
from hashes.hamming import Words

RADIUS = 31
BITS = 256

CLIENTS = Path(os.environ.get("CLIENTS_DIR", ROOT / ".clients"))
sys.path.extend(map(str, CLIENTS.glob("lib/python3*/site-packages")))

faiss: Any = None
threatexchange: Any = None
try:
    faiss = import_module("faiss")
    threatexchange = import_module("threatexchange.signal_type.pdq.pdq_index")
    # Ours uses one thread for a query, so theirs may too.
    faiss.omp_set_num_threads(1)
except ImportError:
    pass

Found = tuple[NDArray[Any], NDArray[Any]]


class _Faiss:
    index: Any

    def find(self, query: Words) -> Found:
        # Theirs are the distances below the radius.
        _, distances, places = self.index.range_search(octets(query[None]), RADIUS + 1)
        return places, distances

    def find_many(self, queries: Words) -> None:
        self.index.range_search(octets(queries), RADIUS + 1)

    def add(self, row: Words) -> None:
        self.index.add(octets(row[None]))


class Flat(_Faiss):
    """faiss IndexBinaryFlat: every row compared."""

    name = "faiss IndexBinaryFlat"
    bytes_a_hash = 32

    def __init__(self, rows: Words) -> None:
        self.index = faiss.IndexBinaryFlat(BITS)
        self.index.add(octets(rows))

    def delete(self, place: int) -> None:
        self.index.remove_ids(np.array([place], np.int64))


class MultiHash(_Faiss):
    """faiss IndexBinaryMultiHash as threatexchange sets it: sixteen pieces, one bit of each flipped. No deletion."""

    name = "faiss IndexBinaryMultiHash 16x16"
    # With room for its tables to grow.
    bytes_a_hash = 450

    def __init__(self, rows: Words) -> None:
        self.index = faiss.IndexBinaryMultiHash(BITS, 16, 16)
        self.index.nflip = RADIUS // 16
        self.index.add(octets(rows))


class ThreatExchange:
    """python-threatexchange's PDQIndex, which the platforms' tools use. No deletion."""

    name = "python-threatexchange PDQIndex"
    # With the strings and tuples that it keeps.
    bytes_a_hash = 1_000

    def __init__(self, rows: Words) -> None:
        self.index: Any = threatexchange.PDQIndex(zip(values(rows), range(len(rows)), strict=True))
        self.added = 0

    def find(self, query: Words) -> Found:
        matches = self.index.query(next(values(query[None])))
        places = np.array([match.metadata for match in matches], np.int64)
        return places, np.array([match.similarity_info.distance for match in matches], np.int64)

    def find_many(self, queries: Words) -> None:
        for query in queries:
            self.find(query)

    def add(self, row: Words) -> None:
        self.added -= 1
        self.index.add(next(values(row[None])), self.added)


Peer = Flat | MultiHash | ThreatExchange
PEERS: tuple[type[Peer], ...] = (Flat, MultiHash, ThreatExchange)


def octets(rows: Words) -> NDArray[np.uint8]:
    return np.ascontiguousarray(rows).view(np.uint8)


def values(rows: Words) -> Iterator[str]:
    """In hex, as our index and theirs are asked."""
    for row in rows:
        yield row.astype(">u8").tobytes().hex()


def left_out(peer: type[Peer], size: int, *, largest: Sequence[tuple[type[Peer], int]]) -> str | None:
    """Why it is not measured, if it isn't."""
    if faiss is None:
        return "not installed (make clients)"
    if any(peer is one and size > most for one, most in largest):
        return "building it would take longer than all the rest"
    needed, there = peer.bytes_a_hash * size, available_bytes()
    if needed > there:
        return f"needs about {needed >> 30} GiB and {there >> 30} GiB are free"
    return None


def available_bytes() -> int:
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("MemAvailable"))) << 10
