"""The list in memory, for matching: exact radius search, nothing missed, nothing withdrawn.

`Index` is all that matching knows. A faster exact index replaces it behind the same three members.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import numpy as np

from hashes.hamming import HammingTable
from hashes.multi_index import COMPILED, MultiIndex

# The distances within which the platforms' own tools call two pictures the same.
RADIUS = {"pdq": 31, "phash": 8}
_BITS = {"pdq": 256, "phash": 64}
# Rows of withdrawn entries are dropped once they are more than the living ones and more than this.
_DEAD_ROWS_KEPT = 1_000
# New rows are compared one by one until they are more than this and more than a quarter of those with tables.
_NEW_ROWS_COMPARED = 20_000


class Listed(NamedTuple):
    """One line of the feed."""

    number: int
    change: str
    entry: UUID
    algorithm: str
    value: str
    review: str


class Hit(NamedTuple):
    entry: UUID
    algorithm: str
    distance: int
    review: str


class _Living(NamedTuple):
    algorithm: str
    value: str
    review: str


class Index:
    """One thread applies changes; any number of threads look at the same time."""

    def __init__(self) -> None:
        self.number = 0
        self._living: dict[UUID, _Living] = {}
        self._exact: dict[tuple[str, str], tuple[UUID, ...]] = {}
        self._near = {algorithm: _Near(algorithm) for algorithm in RADIUS}

    def apply(self, changes: Iterable[Listed]) -> None:
        """Follow the feed, in the order of its numbers."""
        for line in changes:
            if line.change == "added":
                self._add(line)
            elif line.change == "reviewed" and line.entry in self._living:
                self._living[line.entry] = _Living(line.algorithm, line.value, line.review)
            elif line.change == "withdrawn":
                self._withdraw(line.entry)
            self.number = line.number
        self._drop_dead_rows()
        for near in self._near.values():
            near.settle()

    def find(self, *, algorithm: str, value: str) -> list[Hit]:
        """Every living entry that matches, the nearest first."""
        if algorithm in self._near:
            found = self._near[algorithm].find(value)
        else:
            found = [(entry, 0) for entry in self._exact.get((algorithm, value), ())]
        hits = [
            Hit(entry, algorithm, distance, living.review)
            for entry, distance in found
            if (living := self._living.get(entry))
        ]
        return sorted(hits, key=lambda hit: (hit.distance, hit.entry))

    def _add(self, line: Listed) -> None:
        if line.entry in self._living:
            return
        self._living[line.entry] = _Living(line.algorithm, line.value, line.review)
        if line.algorithm in self._near:
            self._near[line.algorithm].add(line.entry, line.value)
        else:
            same = self._exact.get((line.algorithm, line.value), ())
            self._exact[line.algorithm, line.value] = (*same, line.entry)

    def _withdraw(self, entry: UUID) -> None:
        gone = self._living.pop(entry, None)
        if gone is None:
            return
        if gone.algorithm in self._near:
            # The row stays in its table and is passed over, until the dead ones are dropped together.
            self._near[gone.algorithm].dead += 1
            return
        place = gone.algorithm, gone.value
        left = tuple(other for other in self._exact[place] if other != entry)
        if left:
            self._exact[place] = left
        else:
            del self._exact[place]

    def _drop_dead_rows(self) -> None:
        for algorithm, near in self._near.items():
            if near.dead <= max(len(near) - near.dead, _DEAD_ROWS_KEPT):
                continue
            fresh = _Near(algorithm)
            for entry, living in self._living.items():
                if living.algorithm == algorithm:
                    fresh.add(entry, living.value)
            self._near[algorithm] = fresh


class _Parts(NamedTuple):
    """The older rows with tables, and the newer ones without."""

    older: MultiIndex | None
    newer: HammingTable


class _Near:
    """One algorithm's values, and which entry each row is."""

    def __init__(self, algorithm: str) -> None:
        self._radius = RADIUS[algorithm]
        self._bits = _BITS[algorithm]
        # Both in one place, so that who looks sees either both before a change or both after it.
        self._parts = _Parts(None, HammingTable(bits=self._bits))
        self._entries: list[UUID] = []
        self.dead = 0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: UUID, value: str) -> None:
        # The entry first: a row that can be found must have one.
        self._entries.append(entry)
        self._parts.newer.add(value)

    def find(self, value: str) -> list[tuple[UUID, int]]:
        older, newer = self._parts
        near = [] if older is None else older.within_hex(value, radius=self._radius)
        first = 0 if older is None else len(older)
        near += [(first + place, far) for place, far in newer.within(value, radius=self._radius)]
        return [(self._entries[place], far) for place, far in near]

    def settle(self) -> None:
        """Give the new rows tables too, once they are many. Who looks meanwhile finds all of them."""
        older, newer = self._parts
        count = 0 if older is None else len(older)
        if not COMPILED or len(newer) <= max(_NEW_ROWS_COMPARED, count // 4):
            return
        rows = newer.rows() if older is None else np.concatenate([older.rows, newer.rows()])
        tables = MultiIndex.build(rows)
        # The first look of a process compiles, which is not for somebody's request to wait for.
        tables.within(rows[0], radius=self._radius)
        self._parts = _Parts(tables, HammingTable(bits=self._bits))
