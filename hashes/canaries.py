"""Invented fingerprints that stand in one platform's list only."""

from __future__ import annotations

from collections.abc import Callable

# What each list gets: image hashes are what leaks and is shared most. More than one, since the platforms' own tools
# never match against a list of exactly one hash.
KINDS = (("image", "pdq", 32), ("image", "pdq", 32), ("image", "pdq", 32), ("video", "md5", 16))
_HALF = 128


def invented(length: int, random_bytes: Callable[[int], bytes]) -> str:
    """As a real one looks: PDQ has as many ones as zeros, give or take what chance gives."""
    while True:
        value = random_bytes(length)
        ones = int.from_bytes(value).bit_count()
        if length != 32 or abs(ones - _HALF) <= 4:
            return value.hex()
