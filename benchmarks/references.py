"""Meta's C++ PDQ where it could be built, and what our own is compared with where it could not."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hashes.variants import Pixels

try:
    import pdqhash
except ImportError:
    # It ships as source only and needs g++.
    pdqhash = None


class Reference(NamedTuple):
    value: str
    quality: int


def available() -> bool:
    return pdqhash is not None


def reference_pdq(pixels: Pixels) -> Reference:
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return Reference(np.packbits(bits).tobytes().hex(), int(quality))
