"""The list, for matching: exact search within a radius, nothing missed, nothing withdrawn.

Most of it are segments, which may lie on disk and be shared; what is newer is in this process's memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from hashes.recent import Recent
from hashes.segments import BITS, GONE, RADIUS, REVIEWS, Segment, key_of, keys_of, merged

__all__ = ["FOLD_AT", "RADIUS", "Hit", "Index", "Listed"]

# New entries are compared one by one until they are more than this.
FOLD_AT = 20_000
_LINES_AT_A_TIME = 10_000
# Of a long list that is read at once, so many are made into a segment together.
_MOST_NEW = 500_000
_CODES = {review: code for code, review in enumerate(REVIEWS)}


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


class _Parts(NamedTuple):
    """Both in one place, so that who looks sees either both before a change or both after it."""

    segments: tuple[Segment, ...]
    recent: Recent


class Index:
    """One thread applies changes; any number of threads look at the same time."""

    def __init__(
        self,
        *,
        segments: Mapping[str, Sequence[Segment]] | None = None,
        number: int = 0,
        fold_at: int = FOLD_AT,
    ) -> None:
        self.number = number
        self.fold_at = fold_at
        # Lines since it was opened: what whoever opens it now has to read.
        self.lines_read = 0
        # The last line's number, change and entry.
        self.last: tuple[int, str, str] | None = None
        opened = segments or {}
        self._parts = {
            algorithm: _Parts(tuple(opened.get(algorithm, ())), Recent(algorithm)) for algorithm in BITS
        }

    def apply(self, changes: Iterable[Listed]) -> None:
        """Follow the feed, in the order of its numbers."""
        lines = iter(changes)
        while some := list(islice(lines, _LINES_AT_A_TIME)):
            for algorithm in {line.algorithm for line in some}:
                self._follow(self._parts[algorithm], [line for line in some if line.algorithm == algorithm])
            last = some[-1]
            self.last, self.number = (last.number, last.change, str(last.entry)), last.number
            self.lines_read += len(some)
            self._fold_above(max(self.fold_at, min(self.rows // 2, _MOST_NEW)))
        self._fold_above(self.fold_at)

    def find(self, *, algorithm: str, value: str) -> list[Hit]:
        """Every living entry that matches, the nearest first."""
        segments, recent = self._parts[algorithm]
        found = recent.find(value)
        for segment in segments:
            found += segment.find(value)
        found.sort()
        return [
            Hit(UUID(bytes=entry), algorithm, distance, REVIEWS[review]) for distance, entry, review in found
        ]

    @property
    def rows(self) -> int:
        """Some of them may be withdrawn ones'."""
        return sum(map(len, self.segments())) + sum(len(recent) for _, recent in self._parts.values())

    def segments(self) -> Iterator[Segment]:
        for segments, _ in self._parts.values():
            yield from segments

    def fold(self) -> None:
        """Make segments of all new entries. Who looks meanwhile finds all of them."""
        self._fold_above(-1)

    def _fold_above(self, count: int) -> None:
        for algorithm, (segments, recent) in self._parts.items():
            if len(recent) > count:
                folded = merged(algorithm, segments, recent.block())
                self._parts[algorithm] = _Parts(folded, Recent(algorithm))

    def _follow(self, parts: _Parts, lines: list[Listed]) -> None:
        places = _places(parts.segments, lines)
        for number, line in enumerate(lines):
            if line.entry.bytes in parts.recent:
                _change_recent(parts.recent, line)
            elif place := places.get(number):
                _change_stored(*place, line)
            elif line.change == "added":
                parts.recent.add(line.entry.bytes, line.value, _CODES[line.review])


def _places(segments: Iterable[Segment], lines: list[Listed]) -> dict[int, tuple[Segment, int]]:
    """Which of the lines are about rows of segments, and which rows."""
    algorithm = lines[0].algorithm
    keys = keys_of(algorithm, (key_of(algorithm, line.value, line.entry.bytes) for line in lines))
    return {number: (segment, place) for segment in segments for number, place in segment.places_of(keys)}


def _change_recent(recent: Recent, line: Listed) -> None:
    if line.change == "reviewed":
        recent.set_review(line.entry.bytes, _CODES[line.review])
    elif line.change == "withdrawn":
        recent.withdraw(line.entry.bytes)


def _change_stored(segment: Segment, place: int, line: Listed) -> None:
    # What is withdrawn stays so: listing it again makes a new entry.
    if segment.review_at(place) == GONE:
        return
    if line.change == "reviewed":
        segment.set_review(place, _CODES[line.review])
    elif line.change == "withdrawn":
        segment.set_review(place, GONE)
