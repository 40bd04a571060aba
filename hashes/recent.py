"""The newest entries of one algorithm, in this process's memory, compared one by one."""

from __future__ import annotations

import numpy as np

from hashes.hamming import HammingTable
from hashes.segments import BITS, GONE, RADIUS, Block, Found, key_of, keys_of, rows_of


class Recent:
    """One thread changes it; any number look at the same time."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm
        self._table = HammingTable(bits=BITS[algorithm]) if algorithm in RADIUS else None
        self._with_value: dict[str, tuple[int, ...]] = {}
        self._entries: list[bytes] = []
        self._values: list[str] = []
        self._reviews = bytearray()
        self._places: dict[bytes, int] = {}

    def __len__(self) -> int:
        """Withdrawn ones included."""
        return len(self._entries)

    def __contains__(self, entry: bytes) -> bool:
        return entry in self._places

    def add(self, entry: bytes, value: str, review: int) -> None:
        place = self._places[entry] = len(self._entries)
        self._entries.append(entry)
        self._values.append(value)
        self._reviews.append(review)
        # What can be found must be complete, so this is last.
        if self._table is None:
            self._with_value[value] = (*self._with_value.get(value, ()), place)
        else:
            self._table.add(value)

    def set_review(self, entry: bytes, review: int) -> None:
        self._reviews[self._places[entry]] = review

    def withdraw(self, entry: bytes) -> None:
        # The row stays and is passed over, until the living ones move into a segment.
        self._reviews[self._places.pop(entry)] = GONE

    def find(self, value: str) -> list[Found]:
        if self._table is None:
            near = [(place, 0) for place in self._with_value.get(value, ())]
        else:
            near = self._table.within(value, radius=RADIUS[self._algorithm])
        found = [Found(far, self._entries[place], self._reviews[place]) for place, far in near]
        return [one for one in found if one.review != GONE]

    def block(self) -> Block:
        """What of it lives."""
        places = sorted(self._places.values())
        values = [self._values[place] for place in places]
        keys = (key_of(self._algorithm, self._values[place], self._entries[place]) for place in places)
        reviews = np.array([self._reviews[place] for place in places], np.uint8)
        return Block(keys_of(self._algorithm, keys), rows_of(self._algorithm, values), reviews)
