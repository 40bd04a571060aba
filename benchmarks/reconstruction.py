"""What fingerprints give away: a picture guessed back from 1, 10 and all 65 of its hashes.

Run as `python -m benchmarks.reconstruction`. The attacker is a linear one. With one hash he turns PDQ's own
transform around; with many he uses ridge regression from the bits to the grey 32 x 32 picture, taught with
crops of other photographs. The photograph that is guessed is never among those taught. A stronger attacker,
with a million photos and a neural network, would see more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track

from benchmarks.bench import Bench
from benchmarks.photographs import held_out
from hashes.perceptual import FREQUENCIES, pdq, transform_matrix
from hashes.variants import VARIANTS, applied
from tests.photographs import OTHER_PICTURES, PHOTOGRAPHS

SIDE = 32
CROPS = 40
# As large as keeps the hashes near those of the full crop, and as small as keeps the benchmark short.
CROP_SIZE = (160, 120)
SMALLEST_SHARE = 0.35
# The attacker is given the best of these, which flatters him.
STRENGTHS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
# How far the average may lie from nothing, beside which the strengths are small.
AVERAGE = 10.0
# The original and nine forms spread over the list.
TEN = (0, *range(1, 64, 7))

# Low frequencies are strong in photographs: what a bit says of one counts for more.
_ORDER = np.add.outer(np.arange(1, FREQUENCIES + 1), np.arange(1, FREQUENCIES + 1))
LOUDNESS = (1 / _ORDER).astype(np.float32)

Matrix = NDArray[np.float32]


class Taught(NamedTuple):
    """All crops of all photographs: their hashes' bits, the pictures, and whose crop each is."""

    bits: Matrix
    pictures: Matrix
    owner: NDArray[np.intp]


def main() -> None:
    many = all_pictures()
    few = many[: len(PHOTOGRAPHS + OTHER_PICTURES)]
    bench = Bench("reconstruction", "What fingerprints give away: correlation with the 32 x 32 picture")
    for photographs in (few, many):
        known = taught(photographs)
        bench.add("PHOTOGRAPHS, each held out in turn", len(photographs), "photographs")
        bench.add("crops, hashed 65 times each", len(known.owner), "pictures")
        report(bench, known, "no hash, the others' average", correlations(known, forms=()))
        report(bench, known, "1 hash, transform turned around", turned_around(known))
        report(bench, known, "1 hash, regression", correlations(known, forms=(0,)))
        report(bench, known, "10 hashes, regression", correlations(known, forms=TEN))
        report(bench, known, "all 65 hashes, regression", correlations(known, forms=tuple(range(65))))
    bench.finish()


def all_pictures() -> list[Image.Image]:
    own = [photograph.open() for photograph in PHOTOGRAPHS + OTHER_PICTURES]
    return own + [picture for _name, picture in held_out()]


def report(bench: Bench, known: Taught, name: str, found: Matrix) -> None:
    bench.add(f"{name}: mean", float(found.mean()), "correlation")
    bench.add(f"{name}: the tenth best in a hundred", float(np.quantile(found, 0.9)), "correlation")
    bench.add(f"{name}: whole photographs alone", float(found[whole(known)].mean()), "correlation")


def taught(photographs: Sequence[Image.Image]) -> Taught:
    crops = [list(crops_of(picture, seed=number)) for number, picture in enumerate(photographs)]
    with ProcessPoolExecutor() as pool:
        lessons = list(
            track(pool.map(lesson, crops), description="photographs taught", total=len(photographs))
        )
    owner = np.repeat(np.arange(len(photographs)), CROPS)
    bits, pictures = zip(*lessons, strict=True)
    return Taught(np.concatenate(bits), np.concatenate(pictures), owner)


def lesson(crops: Sequence[Image.Image]) -> tuple[Matrix, Matrix]:
    return np.stack([bits_of(np.asarray(crop)) for crop in crops]), np.stack([even(crop) for crop in crops])


def crops_of(picture: Image.Image, *, seed: int) -> Iterator[Image.Image]:
    """The whole photograph first, then parts of it, every other one mirrored."""
    chance = np.random.default_rng(seed)
    yield picture.resize(CROP_SIZE)
    for number in range(CROPS - 1):
        share = chance.uniform(SMALLEST_SHARE, 1)
        width, height = picture.width * share, picture.height * share
        left = chance.uniform(0, picture.width - width)
        top = chance.uniform(0, picture.height - height)
        crop = picture.resize(CROP_SIZE, box=(left, top, left + width, top + height))
        yield crop.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 2 else crop


def bits_of(pixels: NDArray[np.uint8]) -> Matrix:
    """65 rows of 256 bits as -1 and 1."""
    values = [pdq(pixels).value, *(pdq(applied(form, pixels)).value for form in VARIANTS)]
    packed = np.array([list(bytes.fromhex(value)) for value in values], np.uint8)
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1


def even(picture: Image.Image) -> Matrix:
    """32 x 32 grey with mean 0 and spread 1, so that brightness and contrast count for nothing."""
    small = np.asarray(picture.convert("L").resize((SIDE, SIDE)), np.float32).ravel()
    centred = small - small.mean()
    levelled: Matrix = centred / max(float(centred.std()), 1e-6)
    return levelled


def turned_around(known: Taught) -> Matrix:
    """The picture that PDQ's cosines draw when each has the sign of its bit and its usual loudness."""
    # The highest frequency is written first.
    signs = known.bits[:, 0, ::-1].reshape(-1, FREQUENCIES, FREQUENCIES)
    cosines = transform_matrix()
    drawn = np.einsum("nij,iy,jx->nyx", signs * LOUDNESS, cosines, cosines, optimize=True)
    blocks = drawn.reshape(len(drawn), SIDE, 2, SIDE, 2).mean(axis=(2, 4))
    return _correlation(blocks.reshape(len(drawn), -1), known.pictures)


def correlations(known: Taught, *, forms: Sequence[int]) -> Matrix:
    """For every crop, how the guess from other photographs' crops correlates with it."""
    # The average of the others is learnt too, as the weight of what is the same for all.
    kernel: Matrix = np.full((len(known.owner), len(known.owner)), AVERAGE, np.float32)
    if forms:
        heard = known.bits[:, list(forms)] * LOUDNESS.ravel()[::-1]
        features = heard.reshape(len(known.owner), -1)
        kernel += (features @ features.T / float((LOUDNESS**2).sum() * len(forms))).astype(np.float32)
    tried = [_guessed(known, kernel, strength) for strength in STRENGTHS]
    return max(tried, key=lambda found: float(found.mean()))


def whole(known: Taught) -> NDArray[np.intp]:
    """Where the crops stand that are whole photographs."""
    return np.unique(known.owner, return_index=True)[1]


def _guessed(known: Taught, kernel: Matrix, strength: float) -> Matrix:
    """Each photograph from all others: what ridge regression would say without it follows from one inverse with it.

    For the rows H of one photograph, truth and guess are `G[H, H]^-1 (G y)[H]` apart, where `G` is the inverse of
    kernel and ridge (the leave-one-out residual of ridge regression, for a block: Hastie, Tibshirani and Friedman,
    The Elements of Statistical Learning, 7.10).
    """
    inverse = np.linalg.inv(kernel.astype(np.float64) + strength * np.eye(len(kernel)))
    weights = inverse @ known.pictures
    found = np.zeros(len(known.owner), np.float32)
    for number in np.unique(known.owner):
        held_out = known.owner == number
        apart = np.linalg.solve(inverse[np.ix_(held_out, held_out)], weights[held_out])
        truth = known.pictures[held_out]
        found[held_out] = _correlation(truth - apart, truth)
    return found


def _correlation(guess: Matrix, truth: Matrix) -> Matrix:
    centred = guess - guess.mean(axis=1, keepdims=True)
    spread = np.linalg.norm(centred, axis=1) * np.linalg.norm(truth, axis=1)
    products: Matrix = (centred * truth).sum(axis=1) / np.maximum(spread, 1e-6)
    return products


if __name__ == "__main__":
    main()
