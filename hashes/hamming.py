"""A growing table of bit strings that finds every row within a distance: exact, in numpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]

_FIRST_ROWS = 1024


class _Rows(NamedTuple):
    columns: tuple[Words, ...]
    filled: int


class HammingTable:
    """Rows of `bits` bits, one 64-bit word a column, so that a first look touches half of the memory.

    One thread adds; any number look at the same time. A row is complete before the count that shows it.
    """

    def __init__(self, *, bits: int) -> None:
        self._rows = _Rows(tuple(np.zeros(_FIRST_ROWS, np.uint64) for _ in range(bits // 64)), 0)

    def __len__(self) -> int:
        return self._rows.filled

    def add(self, value: str) -> int:
        """Add a row, given in hex; say its place."""
        columns, place = self._rows
        if place == len(columns[0]):
            columns = tuple(np.concatenate([column, np.zeros_like(column)]) for column in columns)
        for column, word in zip(columns, words_of(value), strict=True):
            column[place] = word
        self._rows = _Rows(columns, place + 1)
        return place

    def rows(self) -> Words:
        """A copy of all rows, (rows, words)."""
        columns, filled = self._rows
        return np.stack([column[:filled] for column in columns], axis=1)

    def within(self, value: str, *, radius: int) -> list[tuple[int, int]]:
        """Every (place, distance) at most so far from the value."""
        columns, filled = self._rows
        words = words_of(value)
        half = (len(columns) + 1) // 2
        first = _distances(columns[:half], words[:half], slice(filled))
        # What is too far in half of the bits is too far in all of them.
        near = np.flatnonzero(first <= radius)
        distances = first[near] + _distances(columns[half:], words[half:], near)
        hits = distances <= radius
        return list(zip(near[hits].tolist(), distances[hits].tolist(), strict=True))


def _distances(
    columns: tuple[Words, ...], words: Words, rows: slice | NDArray[np.intp]
) -> NDArray[np.uint16]:
    total = np.zeros(len(columns[0][rows]) if columns else 1, np.uint16)
    for column, word in zip(columns, words, strict=True):
        total += np.bitwise_count(column[rows] ^ word)
    return total


def words_of(value: str) -> Words:
    """The words of a row, given in hex."""
    return np.frombuffer(bytes.fromhex(value), dtype=">u8").astype(np.uint64)
