"""Lists of PDQ hashes as large as wanted that lie together as those of photographs do.

Real photographs are too few for a list. But the cosine transform is linear, so a weighted sum of the frequencies of two
pieces of photographs is what a double exposure of both would have, and its hash is a PDQ hash with their skews. Around each
there are forms of it: bits differ mostly where a frequency lies near the median, as they do in a copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hashes.hamming import Words
from hashes.jarosz import SIDE
from hashes.perceptual import FREQUENCIES, WORST_TRUSTED_QUALITY, frequencies_of, quality_of_samples
from tests.photographs import PHOTOGRAPHS

BITS = 256
# A picture and its forms: so many rows lie around one centre on average.
_IN_A_CLUSTER = 8
# Of so many forms one is of a picture that is listed often.
_POPULAR = 20
_PIECES_OF_EACH = 80
_AT_A_TIME = 50_000

Floats = NDArray[np.float32]


class Centres(NamedTuple):
    rows: Words
    # Bits that a copy changes first.
    weak: Words


def listed_rows(count: int) -> Words:
    """The same for the same count: a quarter alone, the others in clusters of all sizes."""
    chance = np.random.default_rng(count)
    rows = np.empty((count, BITS // 64), np.uint64)
    filled = 0
    for centres in _centres(-(-count // _IN_A_CLUSTER), chance):
        some = min(count - filled, len(centres.rows) * _IN_A_CLUSTER)
        rows[filled : filled + some] = _clusters(centres, some, chance)
        filled += some
    chance.shuffle(rows)
    return rows


def changed(rows: Words, bits: NDArray[np.int64], chance: np.random.Generator) -> Words:
    """Each row with so many of its bits changed."""
    unpacked = np.unpackbits(np.ascontiguousarray(rows).view(np.uint8), axis=1)
    for row, count in zip(unpacked, bits, strict=True):
        row[chance.choice(BITS, int(count), replace=False)] ^= 1
    return np.packbits(unpacked, axis=1).view(np.uint64)


def _clusters(centres: Centres, count: int, chance: np.random.Generator) -> Words:
    """The centres themselves, then forms of three in four of them, and of a few very many."""
    drawn = chance.random(count - len(centres.rows))
    drawn[::_POPULAR] **= 4
    of = (len(centres.rows) * drawn * 3 / 4).astype(np.int64)
    shape = (len(of), BITS // 64)
    forms = centres.rows[of]
    forms ^= centres.weak[of] & _random(shape, chance) & _random(shape, chance)
    forms ^= np.bitwise_and.reduce([_random(shape, chance) for _ in range(6)])
    return np.concatenate([centres.rows, forms])[:count]


def _random(shape: tuple[int, int], chance: np.random.Generator) -> Words:
    return chance.integers(0, 2**64, shape, dtype=np.uint64)


def _centres(count: int, chance: np.random.Generator) -> Iterator[Centres]:
    pieces = _frequencies()
    for first in range(0, count, _AT_A_TIME):
        some = min(_AT_A_TIME, count - first)
        one, other = (pieces[chance.integers(0, len(pieces), some)] for _ in range(2))
        exposed = one + chance.uniform(0.5, 2, (some, 1)).astype(np.float32) * other
        median = np.partition(exposed, BITS // 2 - 1, axis=1)[:, BITS // 2 - 1, None]
        from_median = np.abs(exposed - median)
        nearest = np.partition(from_median, BITS // 4, axis=1)[:, BITS // 4, None]
        yield Centres(_packed(exposed > median), _packed(from_median < nearest))


def _packed(bits: NDArray[np.bool_]) -> Words:
    return np.packbits(bits, axis=1).view(np.uint64)


@cache
def _frequencies() -> Floats:
    """Of pieces of photographs that have enough in them to be listed; all equally bright."""
    chance = np.random.default_rng(0)
    found = []
    for photograph in PHOTOGRAPHS:
        grey = photograph.open().convert("L")
        for _ in range(_PIECES_OF_EACH):
            samples = _piece(grey, chance)
            if quality_of_samples(samples) >= WORST_TRUSTED_QUALITY:
                found.append(frequencies_of(samples))
    planes = np.array(found, np.float32)
    planes /= np.linalg.norm(planes, axis=(1, 2), keepdims=True)
    turned = np.concatenate([planes, planes.swapaxes(1, 2)])
    # The mirrored picture has every other frequency with the other sign.
    signs = np.where(np.arange(FREQUENCIES) % 2, 1, -1).astype(np.float32)
    turned = np.concatenate([turned, turned * signs])
    turned = np.concatenate([turned, turned * signs[:, None]])
    return turned.reshape(-1, BITS)[:, ::-1].copy()


def _piece(grey: Image.Image, chance: np.random.Generator) -> Floats:
    width, height = grey.size
    side = int(chance.uniform(0.3, 1) * min(width, height))
    left, top = (int(chance.integers(0, whole - side + 1)) for whole in (width, height))
    piece = grey.resize((SIDE, SIDE), Image.Resampling.BOX, (left, top, left + side, top + side))
    return np.asarray(piece, np.float32)
