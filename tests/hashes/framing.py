"""What copies of a picture are put into when they go round."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image, ImageDraw, ImageOps

Change = Callable[[Image.Image], Image.Image]


def barred(picture: Image.Image) -> Image.Image:
    """As a phone's screenshot: a clock and a battery above, a line to swipe at below."""
    screen = ImageOps.expand(picture, (0, round(picture.height * 0.07)), "black")
    drawing, high = ImageDraw.Draw(screen), round(picture.height * 0.07)
    drawing.text((picture.width * 0.1, high * 0.3), "9:41", fill="white", font_size=high * 0.5)
    drawing.rectangle((picture.width * 0.87, high * 0.3, picture.width * 0.94, high * 0.7), fill="white")
    below = screen.height - high // 2
    drawing.rectangle((picture.width * 0.33, below, picture.width * 0.67, below + 4), fill="white")
    return screen


def captioned(picture: Image.Image) -> Image.Image:
    high = round(picture.height * 0.15)
    whole = ImageOps.expand(picture, (0, high, 0, 0), "white")
    ImageDraw.Draw(whole).text((9, high * 0.2), "look who this is", fill="black", font_size=high * 0.4)
    return whole


def in_a_chat(picture: Image.Image) -> Image.Image:
    screen = Image.new("RGB", (picture.width * 5 // 4, picture.width * 5 // 2), (236, 229, 221))
    drawing = ImageDraw.Draw(screen)
    drawing.rectangle((0, 0, screen.width, screen.height * 0.08), fill=(7, 94, 84))
    drawing.ellipse((20, 20, 80, 80), fill="white")
    screen.paste(picture, (screen.width // 20, screen.height // 4))
    drawing.text((30, screen.height * 0.9), "Is that you?", fill="black", font_size=30)
    return screen


FRAMES: dict[str, Change] = {
    "bars": barred,
    "caption": captioned,
    "chat": in_a_chat,
    "border": lambda picture: ImageOps.expand(picture, 40, "white"),
    "letterbox": lambda picture: ImageOps.pad(picture, (picture.width, picture.width * 2), color="black"),
    "border and bars": lambda picture: barred(ImageOps.expand(picture, 25, "white")),
}
