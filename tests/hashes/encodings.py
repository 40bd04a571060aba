"""The ways in which one photograph can be written down, made on the fly."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

ORIENTATION = 0x0112
EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif", "BMP": "bmp"}


def encoded(picture: Image.Image, form: str, **options: object) -> bytes:
    written = BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()


def oriented(picture: Image.Image, orientation: int) -> bytes:
    """A phone's JPEG: stored as the sensor saw it, with a note how to turn it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(picture, "JPEG", exif=exif)


def see_through(picture: Image.Image) -> Image.Image:
    """Clear at the left edge, solid at the right one."""
    layered = np.array(picture.convert("RGBA"))
    layered[:, :, 3] = np.linspace(0, 255, layered.shape[1]).astype(np.uint8)
    return Image.fromarray(layered)


def sixteen_bit(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)


def misleading_profile() -> bytes:
    """A colour profile with red and blue changed over: whoever follows it hashes another picture."""
    honest = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return honest.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


def variety(picture: Image.Image) -> dict[str, bytes]:
    """File names and contents, from one picture."""
    return {
        **{f"turned-{turn}.jpg": oriented(picture, turn) for turn in range(1, 9)},
        "grey.jpg": encoded(picture.convert("L"), "JPEG"),
        "cmyk.jpg": encoded(picture.convert("CMYK"), "JPEG"),
        "progressive.jpg": encoded(picture, "JPEG", progressive=True),
        "profile.jpg": encoded(picture, "JPEG", icc_profile=misleading_profile()),
        "poor.jpg": encoded(picture, "JPEG", quality=10),
        "palette.png": encoded(picture.convert("P"), "PNG"),
        "see-through.png": encoded(see_through(picture), "PNG"),
        "grey-see-through.png": encoded(picture.convert("LA"), "PNG"),
        "two-colours.png": encoded(picture.convert("1"), "PNG"),
        "sixteen-bit.png": encoded(sixteen_bit(picture), "PNG"),
        "lossy.webp": encoded(picture, "WEBP"),
        "see-through.webp": encoded(see_through(picture), "WEBP", lossless=True),
        "modern.avif": encoded(picture, "AVIF"),
        "palette.gif": encoded(picture, "GIF"),
        "plain.bmp": encoded(picture, "BMP"),
    }


def cut_off(picture: Image.Image) -> dict[str, bytes]:
    """The first half of a file in each format."""
    whole = {f"half.{extension}": encoded(picture, form) for form, extension in EXTENSIONS.items()}
    return {name: content[: len(content) // 2] for name, content in whole.items()}


def bomb(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1_000))) + chunk(b"IEND", b"")
