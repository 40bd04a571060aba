"""Every row within a distance, without comparing with every row: multi-index hashing, exact.

After Norouzi, Punjani and Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing" (TPAMI 2014). Rows are
cut into pieces, and each piece has a table from its bits to the rows that have them. Two rows that differ in at most
`radius` bits can't differ in more than r_i bits in every piece i, as soon as the r_i + 1 add up to more than the
radius. So looking up every neighbour within r_i of each piece of the query, and comparing with what is found there,
misses nothing. Where so much is found that comparing with everything is cheaper, that is done.

Compiled where numba is installed. Without it every row is compared, in numpy: slower, the same answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import log2
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from hashes.hamming import Words, words_of

Places = NDArray[np.uint32]
Distances = NDArray[np.uint16]
Written = TypeVar("Written", bound=Callable[..., object])

# Buckets of a directory come in blocks: the block's first place, in two halves, then each bucket's offset from it.
BUCKETS = 16
_HEAD = 2
# Of the rows; beyond that, comparing with all of them in their order is quicker.
_MOST_CANDIDATES = 1 / 8
_ROWS_AT_A_TIME = 1 << 20
# So many steps before memory is needed it is asked for.
_AHEAD = 24

# The processor's own population count, and a request for memory that is needed a little later. Compiled code only.
_ones: Any = None
_fetch: Any = None

try:
    from llvmlite import ir
    from numba import njit
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    COMPILED = True

    def _compiled(function: Written) -> Written:
        # Compiling takes seconds, so what was compiled is kept beside the module.
        return cast("Written", njit(cache=True, nogil=True)(function))

    def _emit_ones(_context: Any, _builder: Any) -> Any:
        def emit(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.ctpop(arguments[0])

        return types.uint64(types.uint64), emit

    def _emit_fetch(_context: Any, table: Any, row: Any, column: Any) -> Any:
        """Of the memory of table[row, column]."""

        def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, arguments[0])
            item: Any = cgutils.get_item_pointer
            place = item(context, builder, signature.args[0], array, arguments[1:])
            address, number = ir.IntType(8).as_pointer(), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [address, number, number, number])
            ask = builder.module.declare_intrinsic("llvm.prefetch", [address], kind)
            # To be read, kept in every cache, and no program.
            how = [ir.Constant(number, value) for value in (0, 3, 1)]
            builder.call(ask, [builder.bitcast(place, address), *how])
            return context.get_dummy_value()

        return types.void(table, row, column), emit

    _ones, _fetch = intrinsic(_emit_ones), intrinsic(_emit_fetch)
except ImportError:
    COMPILED = False

    def _compiled(function: Written) -> Written:
        return function


@dataclass(frozen=True)
class Pieces:
    """How rows of so many bits are cut: the first bit and the width of each piece, and its first block."""

    starts: NDArray[np.int64]
    widths: NDArray[np.int64]
    first_blocks: NDArray[np.int64]

    @classmethod
    def of(cls, *, bits: int, count: int) -> Pieces:
        """About as many buckets as rows: more would cost memory, fewer would be full."""
        number = max(1, min(bits // 4, round(bits / max(4.0, log2(max(count, 2)) - 0.25))))
        widths = np.array([bits // number + (piece < bits % number) for piece in range(number)], np.int64)
        starts = np.concatenate([[0], np.cumsum(widths)[:-1]]).astype(np.int64)
        # One more block, whose head is where the last bucket ends.
        blocks = (1 << widths) // BUCKETS + 1
        return cls(starts, widths, np.concatenate([[0], np.cumsum(blocks)]).astype(np.int64))

    def __len__(self) -> int:
        return len(self.widths)


@dataclass(frozen=True)
class MultiIndex:
    """Rows of 64 or 256 bits and their tables; never changed once they are built.

    rows        (count, 1 or 4) words
    directory   (blocks, 2 + 16): for each piece, from its bits to a span of `places`
    places      (pieces, count)
    """

    pieces: Pieces
    rows: Words
    directory: NDArray[np.uint16] | NDArray[np.uint32]
    places: Places

    @classmethod
    def build(cls, rows: Words) -> MultiIndex:
        """Raises ValueError for more rows than a place can name, or for rows of another length."""
        count, words = rows.shape
        if words not in {1, 4}:
            raise ValueError(f"{64 * words} bits; rows have 64 or 256")
        if count >= 2**32:
            raise ValueError(f"{count} rows; a table holds fewer than 2^32")
        pieces = Pieces.of(bits=64 * words, count=count)
        places = np.empty((len(pieces), count if COMPILED else 0), np.uint32)
        blocks = [_build(rows, pieces, piece, places) for piece in range(len(pieces))] if COMPILED else []
        wide = np.concatenate(blocks) if blocks else np.zeros((0, _HEAD + BUCKETS), np.uint32)
        return cls(pieces, rows, _narrowed(wide), places)

    def __len__(self) -> int:
        return len(self.rows)

    def within_hex(self, value: str, *, radius: int) -> list[tuple[int, int]]:
        """Every (place, distance) at most so far from the value, in rising order of places."""
        places, distances = self.within(words_of(value), radius=radius)
        return list(zip(places.tolist(), distances.tolist(), strict=True))

    def within(self, query: Words, *, radius: int) -> tuple[Places, Distances]:
        """The places of all rows at most so far from the query, in rising order, and how far they are."""
        if not COMPILED or not self.places.size:
            return _compared_with_all(self.rows, query, radius)
        flips, until = _flips(tuple(self.pieces.widths.tolist()), radius)
        pieces = self.pieces
        found, distances, is_too_much = _look_up(
            self.rows,
            query,
            radius,
            (pieces.starts, pieces.widths, pieces.first_blocks),
            (flips, until),
            self.directory,
            self.places,
            int(_MOST_CANDIDATES * len(self.rows)) + 1024,
        )
        if is_too_much:
            return _compared_with_all(self.rows, query, radius)
        if len(found) > 1:
            # A row that is near in several pieces was found several times.
            found, first = np.unique(found, return_index=True)
            distances = distances[first]
        return found, distances


def _radii(widths: tuple[int, ...], radius: int) -> list[int]:
    """Each piece's own radius, so that the r_i + 1 add up to radius + 1; -1 leaves a piece out."""
    share, rest = divmod(radius + 1, len(widths))
    # What is left over goes to the narrowest, which have the fewest neighbours.
    narrowest = sorted(range(len(widths)), key=lambda piece: widths[piece])[:rest]
    return [share - 1 + (piece in narrowest) for piece in range(len(widths))]


@cache
def _flips(widths: tuple[int, ...], radius: int) -> tuple[Words, NDArray[np.int64]]:
    """All bits to flip in each piece, and where each piece's begin."""
    flips: list[int] = []
    until = [0]
    for width, own in zip(widths, _radii(widths, radius), strict=True):
        flips += _neighbours(width, own)
        until.append(len(flips))
    return np.array(flips, np.uint64), np.array(until, np.int64)


@cache
def _neighbours(width: int, radius: int) -> list[int]:
    """Ordered by their upper bits, so that neighbours in one block of a directory are looked up together."""
    return sorted(
        sum(1 << bit for bit in bits)
        for ones in range(min(radius, width) + 1)
        for bits in combinations(range(width), ones)
    )


def _compared_with_all(rows: Words, query: Words, radius: int) -> tuple[Places, Distances]:
    places, distances = [np.empty(0, np.uint32)], [np.empty(0, np.uint16)]
    for first in range(0, len(rows), _ROWS_AT_A_TIME):
        some = rows[first : first + _ROWS_AT_A_TIME]
        far = np.bitwise_count(some ^ query).sum(axis=1, dtype=np.uint16)
        near = np.flatnonzero(far <= radius)
        places.append((near + first).astype(np.uint32))
        distances.append(far[near])
    return np.concatenate(places), np.concatenate(distances)


def _build(rows: Words, pieces: Pieces, piece: int, places: Places) -> NDArray[np.uint32]:
    width = int(pieces.widths[piece])
    starts = np.zeros((1 << width) + 1, np.uint32)
    _fill(rows, int(pieces.starts[piece]), width, starts, places[piece])
    blocks = np.zeros(((1 << width) // BUCKETS + 1, _HEAD + BUCKETS), np.uint32)
    heads = np.append(starts[:-1:BUCKETS], starts[-1])
    blocks[:, 0] = heads
    blocks[:-1, _HEAD:] = starts[:-1].reshape(-1, BUCKETS) - heads[:-1, None]
    return blocks


def _narrowed(blocks: NDArray[np.uint32]) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """In half of the memory, unless one block is so full that its offsets don't fit."""
    if blocks[:, _HEAD:].max(initial=0) > np.iinfo(np.uint16).max:
        return blocks
    narrow = blocks.astype(np.uint16)
    narrow[:, 0] = blocks[:, 0] & 0xFFFF
    narrow[:, 1] = blocks[:, 0] >> 16
    return narrow


@_compiled
def _piece_of(row: Any, start: Any, width: Any) -> Any:
    word, offset = start >> 6, start & 63
    bits = row[word] >> np.uint64(offset)
    if offset + width > 64:
        bits |= row[word + 1] << np.uint64(64 - offset)
    return np.int64(bits & ((np.uint64(1) << np.uint64(width)) - np.uint64(1)))


@_compiled
def _fill(rows: Any, start: Any, width: Any, starts: Any, places: Any) -> None:
    """A counting sort of the rows by one piece: `starts` becomes each bucket's first place."""
    for row in range(rows.shape[0]):
        starts[_piece_of(rows[row], start, width) + 1] += np.uint32(1)
    for bucket in range(1, starts.shape[0]):
        starts[bucket] += starts[bucket - 1]
    next_place = starts[:-1].copy()
    for row in range(rows.shape[0]):
        bucket = _piece_of(rows[row], start, width)
        places[next_place[bucket]] = row
        next_place[bucket] += np.uint32(1)


@_compiled
def _look_up(
    rows: Any, query: Any, radius: Any, pieces: Any, flips: Any, directory: Any, places: Any, most: Any
) -> Any:
    """Three passes, each of which asks for its memory ahead: nearly all of the time is waiting for memory."""
    spans, candidates = _spans(query, pieces, flips, directory)
    if candidates > most:
        return np.empty(0, np.uint32), np.empty(0, np.uint16), True
    return _near(rows, query, radius, _gathered(spans, candidates, places))


@_compiled
def _spans(query: Any, pieces: Any, flips: Any, directory: Any) -> Any:
    """Where in `places` the rows are that agree with the query in a piece: first, end, piece."""
    starts, widths, first_blocks = pieces
    masks, until = flips
    spans = np.empty((masks.shape[0], 3), np.int64)
    filled = candidates = 0
    for piece in range(starts.shape[0]):
        bits = _piece_of(query, starts[piece], widths[piece])
        for flip in range(until[piece], until[piece + 1]):
            ahead = bits ^ np.int64(masks[min(flip + _AHEAD, until[piece + 1] - 1)])
            _fetch(directory, first_blocks[piece] + (ahead >> 4), 2 + (ahead & 15))
            bucket = bits ^ np.int64(masks[flip])
            block, inside = first_blocks[piece] + (bucket >> 4), bucket & 15
            head = np.int64(directory[block, 0]) + (np.int64(directory[block, 1]) << 16)
            first = head + directory[block, 2 + inside]
            if inside < 15:
                end = head + directory[block, 3 + inside]
            else:
                end = np.int64(directory[block + 1, 0]) + (np.int64(directory[block + 1, 1]) << 16)
            # Without a branch: whether a bucket is empty can't be foreseen.
            spans[filled, 0], spans[filled, 1], spans[filled, 2] = first, end, piece
            filled += end > first
            candidates += end - first
    return spans[:filled], candidates


@_compiled
def _gathered(spans: Any, candidates: Any, places: Any) -> Any:
    found = np.empty(candidates, np.uint32)
    filled = 0
    for span in range(spans.shape[0]):
        ahead = min(span + _AHEAD, spans.shape[0] - 1)
        _fetch(places, spans[ahead, 2], spans[ahead, 0])
        piece = spans[span, 2]
        for place in range(spans[span, 0], spans[span, 1]):
            found[filled] = places[piece, place]
            filled += 1
    return found


@_compiled
def _near(rows: Any, query: Any, radius: Any, candidates: Any) -> Any:
    found = np.empty(candidates.shape[0], np.uint32)
    distances = np.empty(candidates.shape[0], np.uint16)
    filled = 0
    for number in range(candidates.shape[0]):
        ahead = candidates[min(number + _AHEAD, candidates.shape[0] - 1)]
        _fetch(rows, np.int64(ahead), 0)
        row = candidates[number]
        far = _ones(rows[row, 0] ^ query[0])
        if query.shape[0] == 4:
            far += (
                _ones(rows[row, 1] ^ query[1])
                + _ones(rows[row, 2] ^ query[2])
                + _ones(rows[row, 3] ^ query[3])
            )
        found[filled] = row
        distances[filled] = far
        filled += far <= radius
    return found[:filled], distances[:filled], False
