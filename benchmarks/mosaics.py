"""Photos of a phone's size, put together from bundled photographs side by side."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from tests.photographs import PHOTOGRAPHS

SIZE = (4000, 3000)
ACROSS = 4
DOWN = 3


def mosaic(seed: int) -> Image.Image:
    """A 12-megapixel picture; every seed gives another one."""
    chance = np.random.default_rng(seed)
    tile = (SIZE[0] // ACROSS, SIZE[1] // DOWN)
    picture = Image.new("RGB", SIZE)
    order = chance.permutation(len(PHOTOGRAPHS))[: ACROSS * DOWN]
    for place, number in enumerate(order):
        fitted = ImageOps.fit(PHOTOGRAPHS[number].open(), tile)
        picture.paste(fitted, (place % ACROSS * tile[0], place // ACROSS * tile[1]))
    return _grained(picture, chance)


def as_jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def _grained(picture: Image.Image, chance: np.random.Generator) -> Image.Image:
    # Enlarged tiles are smoother than a camera's pixels and would compress, and so decode, too easily.
    grain = chance.normal(0, 4, (SIZE[1], SIZE[0], 1))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))
