"""Fingerprints like which nothing gets on the list before a person looked. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from hashes.index import RADIUS
from hashes.multi_index import MultiIndex

# 64 bits hit by chance too often to keep a report waiting, so pHash says nothing here.
COMPARED = ("pdq", "md5", "sha256")

Pair = tuple[str, str]
"""Algorithm and value."""


class Likeness(NamedTuple):
    # What the nearest one is known as.
    label: str
    algorithm: str
    distance: int


class Guarded:
    """Never changed once it is built, so any number of threads may look."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._exact: dict[Pair, str] = {}
        self._labels: list[str] = []
        values = []
        for algorithm, value, label in rows:
            if algorithm == "pdq":
                values.append(value)
                self._labels.append(label)
            elif algorithm in COMPARED:
                self._exact[algorithm, value] = label
        self._near = MultiIndex.build(_words(values)) if values else None

    def __bool__(self) -> bool:
        return bool(self._exact or self._labels)

    def nearest(self, pairs: Iterable[Pair]) -> Likeness | None:
        """The nearest to any of a picture's fingerprints, if one is as near as two copies of a picture are."""
        found = [likeness for pair in pairs if (likeness := self._like(*pair))]
        return min(found, key=lambda one: one.distance, default=None)

    def _like(self, algorithm: str, value: str) -> Likeness | None:
        if algorithm != "pdq":
            label = self._exact.get((algorithm, value))
            return None if label is None else Likeness(label, algorithm, 0)
        near = self._near.within_hex(value, radius=RADIUS["pdq"]) if self._near else []
        if not near:
            return None
        place, distance = min(near, key=lambda one: one[1])
        return Likeness(self._labels[place], algorithm, distance)


def _words(values: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    return np.frombuffer(bytes.fromhex("".join(values)), ">u8").astype(np.uint64).reshape(-1, 4)
