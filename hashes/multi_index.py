"""Every row within a distance, without comparing with every row: multi-index hashing, exact.

After Norouzi, Punjani and Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing" (TPAMI 2014). Rows are
cut into pieces, and each piece has a table from its bits to the rows that have them. Two rows that differ in at most
`radius` bits can't differ in more than r_i bits in every piece i, as soon as the r_i + 1 add up to more than the
radius. So looking up every neighbour within r_i of each piece of the query, and comparing with what is found there,
misses nothing. Where so much is found that comparing with everything is cheaper, that is done.

Most of what is found is not compared either, after Qin and Xiao, "Pigeonring" (VLDB 2018): with the pieces in a ring,
some piece i differs in at most r_i bits and, together with the next one, in at most r_i + r_(i+1) + 1. Of the next
piece a place keeps what bits it has room for, its sign; so rows that are too far are passed over unseen.

Compiled where numba is installed. Without it every row is compared, in numpy: slower, the same answers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from math import log2
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hashes import compiled, lookups
from hashes.hamming import Words, words_of
from hashes.lookups import BUCKETS, HEAD

COMPILED = compiled.COMPILED

Places = NDArray[np.uint32]
Distances = NDArray[np.uint16]
Directory = NDArray[np.uint16] | NDArray[np.uint32]

# Of the rows; beyond that, comparing with all of them in their order is quicker.
_MOST_CANDIDATES = 1 / 8
_ROWS_AT_A_TIME = 1 << 20
# Beyond that numpy sorts quicker.
_FEW = 64
# Up to so many rows, pieces of so many bits need the fewest looks. Beyond, their lists would grow too long.
_USUAL_WIDTH = 16
_MANY_ROWS = 1 << 22
# Of a directory, for each row.
_MOST_BYTES = 28


@dataclass(frozen=True)
class Pieces:
    """How rows of so many bits are cut: the first bit and the width of each piece, and its first block."""

    starts: NDArray[np.int64]
    widths: NDArray[np.int64]
    first_blocks: NDArray[np.int64]

    @classmethod
    def of(cls, *, bits: int, count: int) -> Pieces:
        """Few looks, each at a list of rows: a list is read quickly, while one more look waits for memory."""
        number = _number_of_pieces(bits, count)
        widths = _widths(bits, number)
        starts = np.concatenate([[0], np.cumsum(widths)[:-1]]).astype(np.int64)
        # One more block, whose head is where the last bucket ends.
        blocks = (1 << widths) // BUCKETS + 1
        return cls(starts, widths, np.concatenate([[0], np.cumsum(blocks)]).astype(np.int64))

    def __len__(self) -> int:
        return len(self.widths)

    def sign(self, piece: int, *, count: int) -> tuple[int, int]:
        """The first bit and the number of the next piece's bits that are kept with a place, where it leaves room."""
        following = (piece + 1) % len(self)
        room = 32 - max(1, (count - 1).bit_length())
        return int(self.starts[following]), min(room, int(self.widths[following]))


@dataclass(frozen=True)
class MultiIndex:
    """Rows of 64 or 256 bits and their tables; never changed once they are built.

    rows        (count, 1 or 4) words
    directory   (blocks, 2 + 16): for each piece, from its bits to a span of `places`
    places      (pieces, count): a row's number below, and as much of its next piece as there is room for above
    """

    pieces: Pieces
    rows: Words
    directory: Directory
    places: Places
    _plans: dict[int, tuple[NDArray[np.int64], Words]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        # Whether they are mapped from a file or made here: of one kind, for which one program is compiled.
        for name in ("rows", "directory", "places"):
            object.__setattr__(self, name, _read_only(getattr(self, name)))

    @classmethod
    def build(cls, rows: Words) -> MultiIndex:
        """Raises ValueError for more rows than a place can name, or for rows of another length."""
        count, words = rows.shape
        if words not in {1, 4}:
            raise ValueError(f"{64 * words} bits; rows have 64 or 256")
        if count >= 2**32:
            raise ValueError(f"{count} rows; a table holds fewer than 2^32")
        rows = _read_only(rows)
        pieces = Pieces.of(bits=64 * words, count=count)
        places = np.empty((len(pieces), count if COMPILED else 0), np.uint32)
        blocks = [_build(rows, pieces, piece, places) for piece in range(len(pieces))] if COMPILED else []
        return cls(pieces, rows, _joined(blocks), places)

    def __len__(self) -> int:
        return len(self.rows)

    def within_hex(self, value: str, *, radius: int) -> list[tuple[int, int]]:
        """Every (place, distance) at most so far from the value, in rising order of places."""
        return [(one >> 16, one & 0xFFFF) for one in self._within(words_of(value), radius).tolist()]

    def within(self, query: Words, *, radius: int) -> tuple[Places, Distances]:
        """The places of all rows at most so far from the query, in rising order, and how far they are."""
        found = self._within(np.array(query, np.uint64), radius)
        return (found >> np.uint64(16)).astype(np.uint32), (found & np.uint64(0xFFFF)).astype(np.uint16)

    def _within(self, query: Words, radius: int) -> Words:
        if not COMPILED or not self.places.size:
            return _compared_with_all(self.rows, query, radius)
        plan, flips = self._plans.get(radius) or self._planned(radius)
        most = int(_MOST_CANDIDATES * len(self.rows)) + 1024
        found, is_too_much = lookups.look_up(
            self.rows, query, radius, plan, flips, self.directory, self.places, most
        )
        if is_too_much:
            return _compared_with_all(self.rows, query, radius)
        return _each_once(found) if len(found) > 1 else found

    def _planned(self, radius: int) -> tuple[NDArray[np.int64], Words]:
        pieces = self.pieces
        radii = _radii(tuple(pieces.widths.tolist()), radius)
        plan = np.zeros((len(pieces) + 1, lookups.PLANNED), np.int64)
        flips: list[int] = []
        for piece, (row, width, own) in enumerate(zip(plan, pieces.widths.tolist(), radii, strict=False)):
            sign = pieces.sign(piece, count=len(self.rows))
            limit = own + radii[(piece + 1) % len(pieces)] + 1
            row[:] = pieces.starts[piece], width, pieces.first_blocks[piece], len(flips), *sign, limit
            flips += _neighbours(width, own)
        plan[-1, lookups.FIRST_FLIP] = len(flips)
        self._plans[radius] = planned = plan, np.array(flips, np.uint64)
        return planned


def _number_of_pieces(bits: int, count: int) -> int:
    if count > _MANY_ROWS:
        # The widest whose directory is not too large.
        return next(
            number for number in range(2, bits) if _directory_bytes(bits, number) <= _MOST_BYTES * count
        )
    return round(bits / min(_USUAL_WIDTH, max(4.0, log2(max(count, 2)) - 2)))


def _widths(bits: int, number: int) -> NDArray[np.int64]:
    return np.array([bits // number + (piece < bits % number) for piece in range(number)], np.int64)


def _directory_bytes(bits: int, number: int) -> int:
    # With Python's numbers: few pieces have more buckets than 64 bits can count.
    buckets: int = sum(1 << width for width in _widths(bits, number).tolist())
    return buckets // BUCKETS * (HEAD + BUCKETS) * 2


def _read_only(array: Any) -> Any:
    view = np.ascontiguousarray(array).view(np.ndarray)
    view.flags.writeable = False
    return view


def _each_once(found: Words) -> Words:
    """A row that is near in several pieces was found several times."""
    if len(found) > _FEW:
        return np.unique(found)
    return found[: lookups.sort_few(found)]


def _radii(widths: tuple[int, ...], radius: int) -> list[int]:
    """Each piece's own radius, so that the r_i + 1 add up to radius + 1; -1 leaves a piece out."""
    share, rest = divmod(radius + 1, len(widths))
    # What is left over goes to the narrowest, which have the fewest neighbours.
    narrowest = sorted(range(len(widths)), key=lambda piece: widths[piece])[:rest]
    return [share - 1 + (piece in narrowest) for piece in range(len(widths))]


@cache
def _neighbours(width: int, radius: int) -> list[int]:
    """All bits to flip, ordered by the upper ones, so that what is in one block of a directory is looked up together."""
    return sorted(
        sum(1 << bit for bit in bits)
        for ones in range(min(radius, width) + 1)
        for bits in combinations(range(width), ones)
    )


def _compared_with_all(rows: Words, query: Words, radius: int) -> Words:
    """Each row in reach as row << 16 | distance."""
    if COMPILED:
        found: Words = lookups.compare(rows, query, radius)
        return found
    parts = [np.empty(0, np.uint64)]
    for first in range(0, len(rows), _ROWS_AT_A_TIME):
        far = np.bitwise_count(rows[first : first + _ROWS_AT_A_TIME] ^ query).sum(axis=1, dtype=np.uint64)
        near = np.flatnonzero(far <= radius)
        parts.append((near + first).astype(np.uint64) << np.uint64(16) | far[near])
    return np.concatenate(parts)


def _build(rows: Words, pieces: Pieces, piece: int, places: Places) -> Directory:
    width, count = int(pieces.widths[piece]), len(rows)
    starts = np.zeros(((1 << width) + 1, 1), np.uint32)
    place_bits = max(1, (count - 1).bit_length())
    sign = pieces.sign(piece, count=count)
    lookups.fill(rows, (int(pieces.starts[piece]), width), sign, place_bits, starts, places[piece, :, None])
    blocks = np.zeros(((1 << width) // BUCKETS + 1, HEAD + BUCKETS), np.uint32)
    blocks[:, 0] = starts[::BUCKETS, 0]
    blocks[:-1, HEAD:] = starts[:-1].reshape(-1, BUCKETS) - blocks[:-1, :1]
    return _narrowed(blocks)


def _joined(parts: list[Directory]) -> Directory:
    if not parts:
        return np.zeros((0, HEAD + BUCKETS), np.uint16)
    joined: Any = np.concatenate(parts)
    return cast("Directory", joined)


def _narrowed(blocks: NDArray[np.uint32]) -> Directory:
    """In half of the memory, unless one block is so full that its offsets don't fit."""
    if blocks[:, HEAD:].max(initial=0) > np.iinfo(np.uint16).max:
        return blocks
    narrow = blocks.astype(np.uint16)
    narrow[:, 0] = blocks[:, 0] & 0xFFFF
    narrow[:, 1] = blocks[:, 0] >> 16
    return narrow
