"""A part of the list that never grows: sorted by entry, found by value. It may lie on disk, shared by processes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashes.hamming import Words, words_of
from hashes.multi_index import COMPILED, MultiIndex, Pieces

Keys = NDArray[np.bytes_]
Arrays = Mapping[str, NDArray[Any]]

# The distances within which the platforms' own tools call two pictures the same.
RADIUS = {"pdq": 31, "phash": 8}
BITS = {"pdq": 256, "phash": 64, "md5": 128, "sha256": 256}
REVIEWS = ("unreviewed", "confirmed", "check_first")
# What stands instead of a review where the entry is withdrawn.
GONE = 255

_ENTRY_BYTES = 16
# A segment goes into a new one when it is at most so many times its size, so there are a few of very different sizes.
_GROWS_BY = 8
# Or when more than this share of its rows is withdrawn.
_MOSTLY_GONE = 1 / 4
_PIECES = [field.name for field in fields(Pieces) if field.init]
_TABLES = [field.name for field in fields(MultiIndex) if field.init and field.name != "pieces"]
# So many rows show how tables are laid out.
_SAMPLE = 5_000


class Found(NamedTuple):
    """Nearest first and then by entry, as rows sort."""

    distance: int
    entry: bytes
    review: int


class Block(NamedTuple):
    """Entries of one algorithm, a row each. An exact value stands in its key, and its row is empty."""

    keys: Keys
    rows: Words
    reviews: NDArray[np.uint8]


def key_of(algorithm: str, value: str, entry: bytes) -> bytes:
    """What rows are sorted by: near ones by their entry, exact ones by their value first."""
    return entry if algorithm in RADIUS else bytes.fromhex(value) + entry


def keys_of(algorithm: str, keys: Iterable[bytes]) -> Keys:
    # As wide as they are stored; a narrower kind would make numpy copy all it compares them with.
    return np.array(list(keys), dtype=f"S{_key_bytes(algorithm)}")


def rows_of(algorithm: str, values: Sequence[str]) -> Words:
    if algorithm not in RADIUS:
        return np.empty((len(values), 0), np.uint64)
    words = np.frombuffer(bytes.fromhex("".join(values)), dtype=">u8").astype(np.uint64)
    return words.reshape(len(values), BITS[algorithm] // 64)


def _key_bytes(algorithm: str) -> int:
    return _ENTRY_BYTES + (0 if algorithm in RADIUS else BITS[algorithm] // 8)


class Segment:
    """Only its reviews change, in this process's own memory: a withdrawn entry is passed over at once."""

    def __init__(
        self, algorithm: str, keys: Keys, reviews: NDArray[np.uint8], tables: MultiIndex | None
    ) -> None:
        self.algorithm = algorithm
        self._keys = keys
        self._reviews = reviews
        self._tables = tables
        self._entries = keys.view(np.uint8).reshape(len(keys), -1)[:, -_ENTRY_BYTES:]
        self.is_changed = False
        # Where it lies on disk; a segment in memory lies nowhere.
        self.stored: dict[str, Any] | None = None

    @classmethod
    def build(cls, algorithm: str, block: Block) -> Segment:
        order = np.argsort(block.keys, kind="stable")
        tables = None
        if algorithm in RADIUS:
            tables = MultiIndex.build(block.rows[order])
        return cls(algorithm, block.keys[order], block.reviews[order], tables)

    @classmethod
    def of(cls, algorithm: str, arrays: Arrays) -> Segment:
        """Raises KeyError where one is missing."""
        tables = None
        if algorithm in RADIUS:
            pieces = Pieces(**{name: arrays[name] for name in _PIECES})
            tables = MultiIndex(pieces=pieces, **{name: arrays[name] for name in _TABLES})
        return cls(algorithm, arrays["keys"], arrays["reviews"], tables)

    def arrays(self) -> dict[str, NDArray[Any]]:
        near = {} if self._tables is None else _arrays_of(self._tables)
        return {"keys": self._keys, "reviews": self._reviews, **near}

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def living(self) -> int:
        return len(self) - int(np.count_nonzero(self._reviews == GONE))

    @property
    def has_tables(self) -> bool:
        return self._tables is not None and bool(self._tables.places.size)

    @property
    def lacks_tables(self) -> bool:
        """It was built where nothing could be compiled."""
        return COMPILED and self._tables is not None and not self.has_tables

    def find(self, value: str) -> list[Found]:
        if self._tables is None:
            first, end = self._span(bytes.fromhex(value))
            return self._living_at(np.arange(first, end), np.zeros(end - first, np.uint16))
        return self._living_at(*self._tables.within(words_of(value), radius=RADIUS[self.algorithm]))

    def places_of(self, keys: Keys) -> list[tuple[int, int]]:
        """Of those that have a row here, which of the keys it is and which row."""
        places = np.minimum(np.searchsorted(self._keys, keys), len(self) - 1)
        known = np.flatnonzero(self._keys[places] == keys)
        return list(zip(known.tolist(), places[known].tolist(), strict=True))

    def review_at(self, place: int) -> int:
        return int(self._reviews[place])

    def set_review(self, place: int, review: int) -> None:
        self._reviews[place] = review
        self.is_changed = True

    def block(self) -> Block:
        """What of it lives."""
        rows = self._tables.rows if self._tables else np.empty((len(self), 0), np.uint64)
        lives = self._reviews != GONE
        if lives.all():
            return Block(self._keys, rows, self._reviews)
        return Block(self._keys[lives], rows[lives], self._reviews[lives])

    def _span(self, value: bytes) -> tuple[int, int]:
        ends = np.array([value, value + b"\xff" * _ENTRY_BYTES], dtype=self._keys.dtype)
        first = np.searchsorted(self._keys, ends[0:1], side="left")
        return int(first[0]), int(np.searchsorted(self._keys, ends[1:2], side="right")[0])

    def _living_at(self, places: NDArray[Any], distances: NDArray[np.uint16]) -> list[Found]:
        if not len(places):
            return []
        reviews = self._reviews[places]
        found = zip(distances.tolist(), self._entries[places], reviews.tolist(), strict=True)
        return [Found(far, entry.tobytes(), review) for far, entry, review in found if review != GONE]


def merged(algorithm: str, segments: Sequence[Segment], new: Block) -> tuple[Segment, ...]:
    """The same entries in fewer segments, together with the new ones; what is large and whole stays as it is."""
    kept, blocks, size = [], [new], len(new.keys)
    for segment in sorted(segments, key=len):
        if len(segment) <= _GROWS_BY * size or _needs_building(segment):
            blocks.append(segment.block())
            size += len(blocks[-1].keys)
        else:
            kept.append(segment)
    if not size:
        return tuple(kept)
    whole = Block(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))
    return (*kept, Segment.build(algorithm, whole))


@cache
def layout() -> int:
    """Another number as soon as this version lays out tables otherwise, whoever forgot to say so."""
    check = 0
    for bits in sorted(BITS[algorithm] for algorithm in RADIUS):
        row = np.arange(_SAMPLE * bits // 64, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        for array in _arrays_of(MultiIndex.build(row.reshape(_SAMPLE, -1))).values():
            check = zlib.crc32(np.ascontiguousarray(array).tobytes(), check)
    return check


def compile_all() -> None:
    """Make or load the compiled code now, so that nobody's request waits for it."""
    for algorithm in RADIUS:
        nothing = "0" * (BITS[algorithm] // 4)
        block = Block(keys_of(algorithm, [bytes(16)]), rows_of(algorithm, [nothing]), np.zeros(1, np.uint8))
        Segment.build(algorithm, block).find(nothing)
    layout()


def _needs_building(segment: Segment) -> bool:
    return segment.lacks_tables or len(segment) - segment.living > _MOSTLY_GONE * len(segment)


def _arrays_of(tables: MultiIndex) -> dict[str, NDArray[Any]]:
    return {
        **{name: getattr(tables.pieces, name) for name in _PIECES},
        **{name: getattr(tables, name) for name in _TABLES},
    }
