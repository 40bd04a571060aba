"""What happens to a picture on its way through the world."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps

Alteration = Callable[[Image.Image], bytes]


def _jpeg(picture: Image.Image, *, quality: int = 85) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return kept.getvalue()


def encoded_again(picture: Image.Image) -> bytes:
    return _jpeg(picture, quality=40)


def shrunk(picture: Image.Image) -> bytes:
    return _jpeg(picture.resize((round(picture.width * 0.6), round(picture.height * 0.6))))


def cropped(picture: Image.Image) -> bytes:
    """6 % from each side."""
    left, top = round(picture.width * 0.06), round(picture.height * 0.06)
    return _jpeg(picture.crop((left, top, picture.width - left, picture.height - top)))


def mirrored(picture: Image.Image) -> bytes:
    return _jpeg(ImageOps.mirror(picture))


def bordered(picture: Image.Image) -> bytes:
    return _jpeg(ImageOps.expand(picture, border=round(min(picture.size) * 0.05), fill="white"))


def screenshotted(picture: Image.Image) -> bytes:
    """On a phone's screen, with a bar above that shows a clock and one below."""
    above, below = round(picture.height * 0.05), round(picture.height * 0.066)
    screen = Image.new("RGB", (picture.width, picture.height + above + below), "black")
    screen.paste(picture, (0, above))
    drawing = ImageDraw.Draw(screen)
    drawing.text((round(picture.width * 0.05), above // 3), "9:41", fill="white")
    drawing.rectangle(
        (picture.width * 0.85, above * 0.35, picture.width * 0.93, above * 0.65), outline="white"
    )
    drawing.rounded_rectangle(
        (
            picture.width * 0.35,
            screen.height - below * 0.4,
            picture.width * 0.65,
            screen.height - below * 0.25,
        ),
        3,
        "white",
    )
    return _jpeg(screen)


ALTERATIONS: tuple[Alteration, ...] = (encoded_again, shrunk, cropped, mirrored, bordered, screenshotted)
