"""The demo's photographs, from packages that bring them along: things, animals and places, no people."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageOps


class Photo(NamedTuple):
    package: str
    path: str

    def open(self) -> Image.Image:
        with files(self.package).joinpath(self.path).open("rb") as stream:
            return Image.open(stream).convert("RGB")


class Upload(NamedTuple):
    """One file among a platform's uploads, and how it was made."""

    photo: Photo
    alter: Callable[[Image.Image], Image.Image]
    told: str
    quality: int = 85


CAT = Photo("skimage", "data/chelsea.png")
COFFEE = Photo("skimage", "data/coffee.png")
FLOWER = Photo("sklearn", "datasets/images/flower.jpg")
# The ones to report, under names that say nothing.
ORIGINALS = {"photo-1.jpg": CAT, "photo-2.jpg": COFFEE, "photo-3.jpg": FLOWER}


def unchanged(picture: Image.Image) -> Image.Image:
    return picture


def shrunk(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width * 60 // 100, picture.height * 60 // 100), Image.Resampling.LANCZOS)


def cropped(picture: Image.Image) -> Image.Image:
    """Without 6 % at each side."""
    across, down = picture.width * 6 // 100, picture.height * 6 // 100
    return picture.crop((across, down, picture.width - across, picture.height - down))


def bordered(picture: Image.Image) -> Image.Image:
    return ImageOps.expand(picture, min(picture.size) * 4 // 100, "white")


def on_a_screen(picture: Image.Image) -> Image.Image:
    """A phone's screenshot of it: a clock and signs above, the keys of the phone below."""
    above, below = picture.height * 5 // 100, picture.height * 7 // 100
    screen = Image.new("RGB", (picture.width, above + picture.height + below), "black")
    screen.paste(picture, (0, above))
    draw = ImageDraw.Draw(screen)
    draw.text((above, above // 5), "21:47", "white")
    for place in range(3):
        left = picture.width - (place + 2) * above
        draw.rectangle((left, above // 4, left + above // 2, above * 3 // 4), outline="white")
    middle, bottom = picture.width // 2, screen.height - below // 2
    draw.ellipse(
        (middle - below // 4, bottom - below // 4, middle + below // 4, bottom + below // 4), outline="white"
    )
    return screen


UPLOADS = {
    "0001.jpg": Upload(Photo("sklearn", "datasets/images/china.jpg"), unchanged, "another picture"),
    "0002.jpg": Upload(CAT, unchanged, "photo-1, saved again at quality 40", 40),
    "0003.jpg": Upload(Photo("skimage", "data/rocket.jpg"), unchanged, "another picture"),
    "0004.jpg": Upload(COFFEE, shrunk, "photo-2, shrunk to 60 %"),
    "0005.jpg": Upload(FLOWER, cropped, "photo-3, cropped by 6 %"),
    "0006.jpg": Upload(Photo("skimage", "data/motorcycle_left.png"), unchanged, "another picture"),
    "0007.jpg": Upload(CAT, ImageOps.mirror, "photo-1, mirrored"),
    "0008.jpg": Upload(Photo("skimage", "data/hubble_deep_field.jpg"), unchanged, "another picture"),
    "0009.jpg": Upload(COFFEE, bordered, "photo-2, with a border"),
    "0010.jpg": Upload(Photo("skimage", "data/coins.png"), unchanged, "another picture"),
    "0011.jpg": Upload(FLOWER, on_a_screen, "photo-3, a screenshot with bars"),
    "0012.jpg": Upload(Photo("skimage", "data/brick.png"), unchanged, "another picture"),
    "0013.jpg": Upload(Photo("skimage", "data/grass.png"), unchanged, "another picture"),
}


def make_originals(folder: Path) -> int:
    """Write the pictures to report, where they are not there yet; say how many were."""
    return sum(_save(photo.open(), folder / name, quality=92) for name, photo in ORIGINALS.items())


def make_uploads(folder: Path) -> int:
    """Write a platform's uploads, where they are not there yet; say how many were."""
    made = 0
    for name, upload in UPLOADS.items():
        made += _save(upload.alter(upload.photo.open()), folder / name, quality=upload.quality)
    return made


def _save(picture: Image.Image, path: Path, *, quality: int) -> bool:
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    picture.save(unfinished, "JPEG", quality=quality)
    unfinished.replace(path)
    return True
