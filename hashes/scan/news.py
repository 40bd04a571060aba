"""What is new on the list, compared here with the hashes that are kept: no file is opened, nobody is asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashes.compiled import COMPILED
from hashes.fingerprints import HEX_LENGTHS, Fingerprint
from hashes.hamming import Words
from hashes.index import RADIUS
from hashes.multi_index import MultiIndex

# Below this many entries comparing with each of them is quicker than tables.
_TABLES_FROM = 20_000


class Entry(NamedTuple):
    entry: str
    algorithm: str
    value: str


class Kept(NamedTuple):
    """A file whose hashes are remembered."""

    name: str
    fingerprints: tuple[Fingerprint, ...]


class NewHit(NamedTuple):
    name: str
    entry: str
    distance: int


class News:
    """Entries to look for, compared in the same way as the portal compares: exact, and within the same radius."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        near: defaultdict[str, list[Entry]] = defaultdict(list)
        for one in entries:
            if one.algorithm in RADIUS:
                near[one.algorithm].append(one)
            else:
                self._exact[one.algorithm, one.value].append(one.entry)
        self._near = [_Near(algorithm, listed) for algorithm, listed in near.items()]

    def in_files(self, files: Sequence[Kept]) -> Iterator[NewHit]:
        for file in files:
            for one in file.fingerprints:
                for entry in self._exact.get((one.algorithm, one.value), ()):
                    yield NewHit(file.name, entry, 0)
        for near in self._near:
            yield from near.in_files(files)


class _Near:
    """The entries of one perceptual algorithm."""

    def __init__(self, algorithm: str, entries: Sequence[Entry]) -> None:
        self._algorithm = algorithm
        self._radius = RADIUS[algorithm]
        self._ids = [one.entry for one in entries]
        self._rows = _rows(algorithm, [one.value for one in entries])
        self._columns = np.ascontiguousarray(self._rows.T)
        self._tables = MultiIndex.build(self._rows) if COMPILED and len(entries) >= _TABLES_FROM else None

    def in_files(self, files: Sequence[Kept]) -> Iterator[NewHit]:
        looked_for = [
            (file.name, one.value)
            for file in files
            for one in file.fingerprints
            if one.algorithm == self._algorithm
        ]
        queries = _rows(self._algorithm, [value for _, value in looked_for])
        for query, place, distance in self._pairs(queries):
            yield NewHit(looked_for[query][0], self._ids[place], distance)

    def _pairs(self, queries: Words) -> Iterator[tuple[int, int, int]]:
        """The number of each query, the place of what is near it, and how far that is."""
        if self._tables is not None:
            for number, query in enumerate(queries):
                places, distances = self._tables.within(query, radius=self._radius)
                for place, distance in zip(places.tolist(), distances.tolist(), strict=True):
                    yield number, place, distance
        elif len(queries) < len(self._rows):
            for number, query in enumerate(queries):
                yield from (
                    (number, place, far) for place, far in _within(self._columns, query, self._radius)
                )
        else:
            columns = np.ascontiguousarray(queries.T)
            for place, row in enumerate(self._rows):
                yield from ((number, place, far) for number, far in _within(columns, row, self._radius))


def _rows(algorithm: str, values: Sequence[str]) -> Words:
    words = HEX_LENGTHS[algorithm] // 16
    return np.frombuffer(bytes.fromhex("".join(values)), ">u8").astype(np.uint64).reshape(-1, words)


def _within(columns: Words, query: Words, radius: int) -> Iterator[tuple[int, int]]:
    """Each row at most so far from the query. What is too far in half of the bits is too far in all of them."""
    half = (len(query) + 1) // 2
    near = np.flatnonzero(_distances(columns[:half], query[:half]) <= radius)
    for place, far in zip(near.tolist(), _distances(columns[:, near], query).tolist(), strict=True):
        if far <= radius:
            yield place, far


def _distances(columns: Words, query: Words) -> NDArray[np.uint16]:
    total = np.zeros(columns.shape[1], np.uint16)
    for column, word in zip(columns, query, strict=True):
        total += np.bitwise_count(column ^ word)
    return total
