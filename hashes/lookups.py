"""What multi_index.py has compiled: filling tables, looking up in them, and comparing with every row."""

from __future__ import annotations

from typing import Any

import numpy as np

from hashes.compiled import compiled, fetch, ones

# Buckets of a directory come in blocks: the block's first place, in two halves, then each bucket's offset from it.
BUCKETS = 16
HEAD = 2
_SHIFT = np.uint64(4)
_INSIDE = np.uint64(BUCKETS - 1)
_HEAD = np.uint64(HEAD)
# So many steps before memory is needed it is asked for.
_AHEAD = 24
# Of one bucket; longer ones the processor sees coming.
_MOST_LINES = 8
# Places in a line of the processor's caches.
_IN_A_LINE = 16

# The columns of a plan, which has a row for each piece and one more, for where the last one's flips end.
START, WIDTH, FIRST_BLOCK, FIRST_FLIP, SIGN_START, SIGN_WIDTH, LIMIT = range(7)
PLANNED = 7


@compiled
def piece_of(row: Any, start: Any, width: Any) -> Any:
    if width == 0:
        return np.uint64(0)
    word, offset = start >> 6, start & 63
    bits = row[word] >> np.uint64(offset)
    if offset + width > 64:
        bits |= row[word + 1] << np.uint64(64 - offset)
    return bits & (np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - width))


@compiled
def fill(rows: Any, piece: Any, sign: Any, place_bits: Any, starts: Any, places: Any) -> None:
    """A counting sort of the rows by one piece: `starts[:, 0]` becomes each bucket's first place.

    Both passes go through memory without any order, so they ask for it ahead: the second for the counter first, and
    once that has come, for where it points.
    """
    one, shift, last = np.uint32(1), np.uint64(place_bits), rows.shape[0] - 1
    for row in range(rows.shape[0]):
        fetch(
            starts, piece_of(rows[min(row + _AHEAD, last)], piece[0], piece[1]) + np.uint64(1), np.uint64(0)
        )
        starts[piece_of(rows[row], piece[0], piece[1]) + np.uint64(1), 0] += one
    for bucket in range(1, starts.shape[0]):
        starts[bucket, 0] += starts[bucket - 1, 0]
    following = starts[:-1].copy()
    for row in range(rows.shape[0]):
        fetch(following, piece_of(rows[min(row + 2 * _AHEAD, last)], piece[0], piece[1]), np.uint64(0))
        soon = piece_of(rows[min(row + _AHEAD, last)], piece[0], piece[1])
        fetch(places, np.uint64(min(following[soon, 0], last)), np.uint64(0))
        bucket = piece_of(rows[row], piece[0], piece[1])
        signed = piece_of(rows[row], sign[0], sign[1]) << shift | np.uint64(row)
        places[following[bucket, 0], 0] = np.uint32(signed)
        following[bucket, 0] += one


@compiled
def look_up(
    rows: Any, query: Any, radius: Any, plan: Any, flips: Any, directory: Any, places: Any, most: Any
) -> Any:
    """Three passes, each of which asks for its memory ahead: nearly all of the time is waiting for memory."""
    firsts, ends, tags, candidates = _spans(query, plan, flips, directory)
    if candidates > most:
        return np.empty(0, np.uint64), True
    kept = _signed(query, plan, (firsts, ends, tags), candidates, places)
    return _near(rows, query, radius, kept), False


@compiled
def _spans(query: Any, plan: Any, flips: Any, directory: Any) -> Any:
    """Where in `places` the rows are that agree with the query in a piece: first, end, and piece with limit."""
    firsts = np.empty(flips.shape[0], np.uint32)
    ends, tags = np.empty_like(firsts), np.empty(flips.shape[0], np.uint16)
    filled = candidates = np.uint64(0)
    for piece in range(plan.shape[0] - 1):
        bits = piece_of(query, plan[piece, START], plan[piece, WIDTH])
        block = np.uint64(plan[piece, FIRST_BLOCK])
        last = plan[piece + 1, FIRST_FLIP] - 1
        for flip in range(plan[piece, FIRST_FLIP], last + 1):
            ahead = bits ^ flips[min(flip + _AHEAD, last)]
            fetch(directory, block + (ahead >> _SHIFT), _HEAD + (ahead & _INSIDE))
            first, end = _span(directory, block, bits ^ flips[flip])
            firsts[filled], ends[filled] = first, end
            # A sign has fewer than 32 bits, so that a higher limit says no more.
            limit = min(plan[piece, LIMIT] - np.int64(ones(flips[flip])), 63)
            tags[filled] = np.uint16(piece << 8 | limit)
            # Without a branch: whether a bucket is empty can't be foreseen.
            filled += np.uint64(end > first)
            candidates += np.uint64(end - first)
    return firsts[:filled], ends[:filled], tags[:filled], candidates


@compiled
def _span(directory: Any, first_block: Any, bucket: Any) -> Any:
    block, inside = first_block + (bucket >> _SHIFT), bucket & _INSIDE
    head = _head(directory, block)
    first = head + np.uint32(directory[block, _HEAD + inside])
    if inside == _INSIDE:
        return first, _head(directory, block + np.uint64(1))
    return first, head + np.uint32(directory[block, _HEAD + inside + np.uint64(1)])


@compiled
def _head(directory: Any, block: Any) -> Any:
    upper = np.uint32(directory[block, np.uint64(1)]) << np.uint32(16)
    return np.uint32(directory[block, np.uint64(0)]) + upper


@compiled
def _signed(query: Any, plan: Any, spans: Any, candidates: Any, places: Any) -> Any:
    """The rows of the spans whose sign is near enough to the query's."""
    firsts, ends, tags = spans
    shift = np.uint64(_place_bits(places.shape[1]))
    mask = (np.uint64(1) << shift) - np.uint64(1)
    kept = np.empty(candidates + np.uint64(1), np.uint32)
    # Numbers of the compiler's own kinds, which the types of numpy's stubs don't tell apart.
    filled: Any = np.uint64(0)
    piece: Any = -1
    sign: Any = np.uint64(0)
    of_piece = places[0]
    # As many lines as a bucket takes on average, and the one it reaches into.
    lines = min(_MOST_LINES, 2 + np.int64(candidates) // (max(1, firsts.shape[0]) * _IN_A_LINE))
    for span in range(firsts.shape[0]):
        ahead = min(span + _AHEAD, firsts.shape[0] - 1)
        for line in range(lines):
            begins = np.uint64(firsts[ahead]) + np.uint64(line * _IN_A_LINE)
            fetch(places, np.uint64(tags[ahead] >> 8), min(begins, np.uint64(ends[ahead] - 1)))
        if piece != tags[span] >> 8:
            piece = np.int64(tags[span] >> 8)
            of_piece = places[piece]
            sign = piece_of(query, plan[piece, SIGN_START], plan[piece, SIGN_WIDTH])
        limit = np.uint64(tags[span] & 63)
        for place in range(np.uint64(firsts[span]), np.uint64(ends[span])):
            signed = np.uint64(of_piece[place])
            kept[filled] = np.uint32(signed & mask)
            filled += np.uint64(ones((signed >> shift) ^ sign) <= limit)
    return kept[:filled]


@compiled
def _place_bits(count: Any) -> Any:
    bits = 1
    while count > 1 << bits:
        bits += 1
    return bits


@compiled
def _near(rows: Any, query: Any, radius: Any, candidates: Any) -> Any:
    """Each row in reach as row << 16 | distance, as often as it was a candidate."""
    found = np.empty(candidates.shape[0], np.uint64)
    filled, most = 0, np.uint64(radius)
    for number in range(candidates.shape[0]):
        ahead = candidates[min(number + _AHEAD, candidates.shape[0] - 1)]
        fetch(rows, np.uint64(ahead), np.uint64(0))
        row = np.uint64(candidates[number])
        far = _far(rows[row], query)
        found[filled] = row << np.uint64(16) | far
        filled += far <= most
    return found[:filled]


@compiled
def _far(row: Any, query: Any) -> Any:
    far = ones(row[0] ^ query[0])
    if query.shape[0] == 4:
        far += ones(row[1] ^ query[1]) + ones(row[2] ^ query[2]) + ones(row[3] ^ query[3])
    return far


@compiled
def compare(rows: Any, query: Any, radius: Any) -> Any:
    """As `_near` says it, of all rows in their order."""
    found = np.empty(1024, np.uint64)
    filled, most = 0, np.uint64(radius)
    for row in range(rows.shape[0]):
        far = _far(rows[row], query)
        if far <= most:
            if filled == found.shape[0]:
                found = np.concatenate((found, np.empty_like(found)))
            found[filled] = np.uint64(row) << np.uint64(16) | far
            filled += 1
    return found[:filled]


@compiled
def sort_few(found: Any) -> Any:
    """In rising order and each once, in place; quicker than numpy while they are few. Says how many are left."""
    left = 0
    for number in range(found.shape[0]):
        one, place = found[number], left
        while place > 0 and found[place - 1] > one:
            place -= 1
        if place == 0 or found[place - 1] != one:
            for above in range(left, place, -1):
                found[above] = found[above - 1]
            found[place] = one
            left += 1
    return left
