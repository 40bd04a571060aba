"""The fingerprints of a file, as a platform or the server makes them.

It brings Pillow, numpy and scipy along, so only what hashes pictures imports it: the scan and the tasks.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import warnings
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import imagehash
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from hashes.errors import NotAPicture, PictureCutOff, PictureTooLarge
from hashes.fingerprints import FRAMED, ORIGINAL, Fingerprint
from hashes.frames import inside
from hashes.perceptual import WORST_TRUSTED_QUALITY, pdq

# Pixels as the file stores them, before the orientation that the camera noted is applied.
AS_STORED = "as-stored"
MOST_PIXELS = 120_000_000
# What phones, browsers and scanners write. Pillow knows more, and some of that it hands to other programs:
# a stranger's EPS would be run by Ghostscript.
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "JPEG2000", "ICO")
# A JPEG of twice this or more on its shorter side is unpacked at half of its size or less. Below that it would cost
# bits: bricks at half of 4 megapixels are 20 bits away.
_SIDE_NEEDED = 2_048
_ORIENTATION = 0x0112
_SLICE = 1 << 20
_OPENING = threading.Lock()
# What Pillow raises for a file that begins as a picture and does not go on as one.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, struct.error)


def fingerprint_file(source: Path | bytes, *, most_pixels: int = MOST_PIXELS) -> list[Fingerprint]:
    """Hash a picture: exact hashes, then PDQ and pHash, of both orientations where the file notes one, and of what a frame holds.

    A picture too even to be told apart has exact hashes only. Raises NotAPicture, PictureCutOff or
    PictureTooLarge.
    """
    with _opened(source) as stream:
        exact = _exact_hashes(stream)
        stream.seek(0)
        upright, stored = _pictures(stream, most_pixels=most_pixels)
    looks = [_looks(upright, ORIGINAL)]
    if stored is not None:
        looks.append(_looks(stored, AS_STORED))
    box = inside(upright)
    if box is not None:
        looks.append(_looks(upright.crop(box), FRAMED))
    return exact + [one for found in looks for one in found]


def exact_hashes(source: Path | bytes) -> list[Fingerprint]:
    """SHA-256 and MD5 of the bytes: all that there is for a video."""
    with _opened(source) as stream:
        return _exact_hashes(stream)


def rgb_of(picture: Image.Image) -> Image.Image:
    """Eight bits a channel, what shines through on white: the pixels that a browser hashes too."""
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8)).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def grey_of(picture: Image.Image) -> Image.Image:
    """What hashes look at. A JPEG keeps brightness apart, so its colours are not even unpacked."""
    if picture.format in {"JPEG", "MPO"} and picture.mode in {"RGB", "L"}:
        picture.draft("L", (_SIDE_NEEDED, _SIDE_NEEDED))
    # Here, where damage is told apart and the file is still open.
    picture.load()
    return picture if picture.mode == "L" and not picture.has_transparency_data else rgb_of(picture)


def phash(picture: Image.Image) -> str:
    return str(imagehash.phash(picture))


def _opened(source: Path | bytes) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _exact_hashes(stream: BinaryIO) -> list[Fingerprint]:
    sha256 = hashlib.sha256()
    md5 = hashlib.md5(usedforsecurity=False)
    while slice_ := stream.read(_SLICE):
        sha256.update(slice_)
        md5.update(slice_)
    return [Fingerprint("sha256", sha256.hexdigest()), Fingerprint("md5", md5.hexdigest())]


def _pictures(stream: BinaryIO, *, most_pixels: int) -> tuple[Image.Image, Image.Image | None]:
    """The picture as a person sees it, and as it is stored where that is different."""
    # Filters are the whole process's, so of several threads one opens at a time; that reads a header only.
    with _OPENING, warnings.catch_warnings():
        # Pillow warns at half of what it refuses; our own limit decides.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = _recognised(stream)
    if picture.width * picture.height > most_pixels:
        raise PictureTooLarge(f"{picture.width} x {picture.height} pixels")
    try:
        stored = grey_of(picture)
        orientation = picture.getexif().get(_ORIENTATION, 1)
        if orientation == 1:
            return stored, None
        stored.getexif()[_ORIENTATION] = orientation
        return ImageOps.exif_transpose(stored), stored
    except Image.DecompressionBombError as bomb:
        # A small icon may hold a large picture.
        raise PictureTooLarge(str(bomb)) from bomb
    except _DAMAGE as damage:
        raise PictureCutOff(str(damage)) from damage


def _recognised(stream: BinaryIO) -> Image.Image:
    try:
        return Image.open(stream, formats=FORMATS)
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge(str(bomb)) from bomb
    except (UnidentifiedImageError, *_DAMAGE) as unknown:
        raise NotAPicture("Pillow knows no such picture.") from unknown


def _looks(picture: Image.Image, variant: str) -> list[Fingerprint]:
    value, quality = pdq(np.asarray(picture))
    if quality < WORST_TRUSTED_QUALITY:
        return []
    return [
        Fingerprint("pdq", value, quality, variant),
        Fingerprint("phash", phash(picture), None, variant),
    ]
