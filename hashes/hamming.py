"""A growing table of bit strings that finds every row within a distance: exact, by looking at every row."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashes.compiled import COMPILED, compiled, ones

Words = NDArray[np.uint64]

_FIRST_ROWS = 1024


_Found = tuple[NDArray[np.intp], NDArray[np.uint16]]


class _Rows(NamedTuple):
    columns: tuple[Words, ...]
    filled: int


class HammingTable:
    """Rows of `bits` bits, one 64-bit word a column, so that a first look touches half of the memory.

    One thread adds; any number look at the same time. A row is complete before the count that shows it.
    """

    def __init__(self, *, bits: int) -> None:
        self._rows = _Rows(tuple(np.zeros(_FIRST_ROWS, np.uint64) for _ in range(bits // 64)), 0)
        # The first look of a process compiles, which is not for somebody's request to wait for.
        self.within("0" * (bits // 4), radius=0)

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
        find = _looked_through if COMPILED else _compared
        places, distances = find(columns, filled, words_of(value), radius)
        return list(zip(places.tolist(), distances.tolist(), strict=True))


@compiled
def _looked_through(columns: Any, filled: Any, words: Any, radius: Any) -> Any:
    half = (len(columns) + 1) // 2
    one, other = columns[0], columns[half - 1]
    # A row of one word has no second one to count.
    both = np.uint64(255 if half == 2 else 0)
    places, distances = np.empty(filled, np.uint32), np.empty(filled, np.uint16)
    found, most, word, other_word = 0, np.uint64(radius), words[0], words[half - 1]
    for row in range(np.uint64(filled)):
        far = ones(one[row] ^ word) + (ones(other[row] ^ other_word) & both)
        # What is too far in half of the bits is too far in all of them.
        if far <= most:
            for column in range(half, len(columns)):
                far += ones(columns[column][row] ^ words[column])
            if far <= most:
                places[found], distances[found] = row, far
                found += 1
    return places[:found], distances[:found]


def _compared(columns: tuple[Words, ...], filled: int, words: Words, radius: int) -> _Found:
    half = (len(columns) + 1) // 2
    first = _distances(columns[:half], words[:half], slice(filled))
    # What is too far in half of the bits is too far in all of them.
    near = np.flatnonzero(first <= radius)
    distances = first[near] + _distances(columns[half:], words[half:], near)
    hits = distances <= radius
    return near[hits], distances[hits]


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
