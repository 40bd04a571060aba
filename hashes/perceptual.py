"""PDQ, Meta's open perceptual hash, by the path that hashes a picture at its full size.

256 bits: smooth, sample 64 x 64 points, cosine transform, one bit for each of the 16 x 16 lowest
frequencies against their median. Bit for bit what `pdqhash` gives.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from hashes.jarosz import SIDE, Plane, Rgb, samples

FREQUENCIES = 16
# The reference hashes nothing narrower.
SHORTEST_SIDE = 5
# Below this quality a picture is so even that unrelated ones share its hash.
WORST_TRUSTED_QUALITY = 50


class Pdq(NamedTuple):
    value: str
    quality: int


def pdq(rgb: Rgb, sampled: Callable[[Rgb], Plane] = samples) -> Pdq:
    """Hash a picture given as rows x columns x RGB, or as rows x columns of grey."""
    if min(rgb.shape[:2]) < SHORTEST_SIDE:
        return Pdq("0" * 64, 0)
    return pdq_of_samples(sampled(rgb))


def pdq_of_samples(picture: Plane) -> Pdq:
    frequencies = frequencies_of(picture).ravel()
    median = np.sort(frequencies)[len(frequencies) // 2 - 1]
    # The reference writes the highest frequency first.
    bits = (frequencies > median)[::-1]
    return Pdq(np.packbits(bits).tobytes().hex(), quality_of_samples(picture))


def quality_of_samples(picture: Plane) -> int:
    """How much there is to see, 0 to 100: the steps between neighbouring points, added up."""
    steps = 0
    for axis in (0, 1):
        difference = -np.diff(picture, axis=axis) * np.float32(100) / np.float32(255)
        steps += int(np.abs(difference.astype(np.int32)).sum())
    return min(steps // 90, 100)


def distance(one: str, other: str) -> int:
    """In how many bits two hashes of the same length, written in hex, differ."""
    if len(one) != len(other):
        raise ValueError("Hashes of different lengths have no distance.")
    return (int(one, 16) ^ int(other, 16)).bit_count()


def frequencies_of(picture: Plane) -> Plane:
    cosines = transform_matrix()
    # Products are added one after the other in float32 as the reference does; a matrix product adds in
    # another order and can flip a bit that stands at the median.
    down = np.zeros((FREQUENCIES, SIDE), np.float32)
    for k in range(SIDE):
        down += cosines[:, k, None] * picture[None, k, :]
    both = np.zeros((FREQUENCIES, FREQUENCIES), np.float32)
    for k in range(SIDE):
        both += down[:, k, None] * cosines[None, :, k]
    return both


@cache
def transform_matrix() -> Plane:
    frequency = np.arange(1, FREQUENCIES + 1)[:, None]
    position = 2 * np.arange(SIDE)[None, :] + 1
    scale = np.sqrt(2 / SIDE)
    cosines: Plane = (scale * np.cos(np.pi / 2 / SIDE * frequency * position)).astype(np.float32)
    return cosines
