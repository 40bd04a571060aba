"""Real photographs that installed packages bring along. None is copied into the repository."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class Photograph(NamedTuple):
    package: str
    path: str

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]

    def read_bytes(self) -> bytes:
        return files(self.package).joinpath(self.path).read_bytes()

    def open(self) -> Image.Image:
        with files(self.package).joinpath(self.path).open("rb") as stream:
            if self.path.endswith(".npz"):
                return Image.fromarray(np.load(stream)["data"].astype(np.uint8)).convert("RGB")
            return Image.open(stream).convert("RGB")

    def pixels(self) -> NDArray[np.uint8]:
        return np.asarray(self.open())


# Photographs of things, animals and places, and of two people in public life.
PHOTOGRAPHS = (
    Photograph("sklearn", "datasets/images/china.jpg"),
    Photograph("sklearn", "datasets/images/flower.jpg"),
    Photograph("skimage", "data/astronaut.png"),
    Photograph("skimage", "data/brick.png"),
    Photograph("skimage", "data/camera.png"),
    Photograph("skimage", "data/chelsea.png"),
    Photograph("skimage", "data/coffee.png"),
    Photograph("skimage", "data/coins.png"),
    Photograph("skimage", "data/grass.png"),
    Photograph("skimage", "data/gravel.png"),
    Photograph("skimage", "data/hubble_deep_field.jpg"),
    Photograph("skimage", "data/ihc.png"),
    Photograph("skimage", "data/moon.png"),
    Photograph("skimage", "data/motorcycle_left.png"),
    Photograph("skimage", "data/motorcycle_right.png"),
    Photograph("skimage", "data/retina.jpg"),
    Photograph("skimage", "data/rocket.jpg"),
    Photograph("pywt", "data/aero.npz"),
    Photograph("pywt", "data/ascent.npz"),
)
# Even ones, drawn ones and pages of text: they decode and hash like any other, but find too much.
OTHER_PICTURES = (
    Photograph("skimage", "data/cell.png"),
    Photograph("skimage", "data/clock_motion.png"),
    Photograph("skimage", "data/color.png"),
    Photograph("skimage", "data/horse.png"),
    Photograph("skimage", "data/logo.png"),
    Photograph("skimage", "data/page.png"),
    Photograph("skimage", "data/text.png"),
)


def installed() -> Iterator[Photograph]:
    """Every listed picture whose package is there."""
    for photograph in PHOTOGRAPHS + OTHER_PICTURES:
        if files(photograph.package).joinpath(photograph.path).is_file():
            yield photograph
