"""What happens to a picture before a copy of it turns up, as groups of changes with several strengths each.

Strengths lie between those of the listed forms, so that what is measured is not what was chosen. Turns and the
shapes of screens are what they are, and the border of 10 % is the widest that is promised. Bars take
3.3 to 5.2 % of the screen above and 5.2 to 6.7 % below; phones have 3 to 7 % and 2.5 to 7 %.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from benchmarks.phones import with_signs

Change = Callable[[Image.Image], Image.Image]
# A copy is shrunk and saved anew by whoever passes it on.
_SHRUNK, _SAVED = 0.6, 60


class Group(NamedTuple):
    """Changes of one kind. `target` is the recall that is promised of it, where one is."""

    name: str
    changes: tuple[Change, ...]
    target: float | None = None


def passed_on(picture: Image.Image) -> Image.Image:
    """Smaller, and through JPEG."""
    size = max(1, round(picture.width * _SHRUNK)), max(1, round(picture.height * _SHRUNK))
    return saved(picture.resize(size, Image.Resampling.BICUBIC), quality=_SAVED)


def saved(picture: Image.Image, *, quality: int) -> Image.Image:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=quality)
    return Image.open(BytesIO(kept.getvalue())).convert("RGB")


def jpeg(quality: int) -> Change:
    return lambda picture: saved(picture, quality=quality)


def resized(percent: float) -> Change:
    return lambda picture: ImageOps.scale(picture, percent / 100)


def cropped(left: float, top: float, right: float, bottom: float) -> Change:
    """So many percent gone from each side."""

    def change(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        start = round(width * left / 100), round(height * top / 100)
        end = round(width * (100 - right) / 100), round(height * (100 - bottom) / 100)
        return picture.crop((*start, *end))

    return change


def centre(percent: float) -> Change:
    """So many percent of the width and height gone in all."""
    return cropped(*[percent / 2] * 4)


def bordered(percent: float, colour: str) -> Change:
    return lambda picture: ImageOps.expand(picture, round(min(picture.size) * percent / 100), colour)


def barred(top: float, bottom: float, *, phone: str = "", is_dark: bool = True) -> Change:
    """A phone's bars, in percent of the screen's height, plain or with the signs of that kind of phone."""

    def change(picture: Image.Image) -> Image.Image:
        whole = picture.height / (1 - (top + bottom) / 100)
        screen = Image.new("RGB", (picture.width, round(whole)), "black")
        if phone:
            screen = with_signs(screen, phone, top, bottom, is_dark=is_dark)
        screen.paste(picture, (0, round(whole * top / 100)))
        return screen

    return change


def fitted(across: float, down: float, *, shift: float = 0) -> Change:
    """Letterboxed into a screen of that shape, moved by percent of it where it is free to."""

    def change(picture: Image.Image) -> Image.Image:
        width = max(picture.width, round(picture.height * across / down))
        height = max(picture.height, round(picture.width * down / across))
        screen = Image.new("RGB", (width, height), "black")
        left, top = (width - picture.width) // 2, (height - picture.height) // 2
        move = round(max(width, height) * shift / 100)
        screen.paste(picture, (left + (move if left else 0), top + (move if top else 0)))
        return screen

    return change


def shaped(across: float, down: float) -> Change:
    """Cropped to that shape."""

    def change(picture: Image.Image) -> Image.Image:
        width = min(picture.width, round(picture.height * across / down))
        height = min(picture.height, round(picture.width * down / across))
        return ImageOps.fit(picture, (width, height))

    return change


def watermarked(share: float) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        marked = picture.copy()
        size = round(picture.width * share)
        layer = Image.new("L", picture.size, 0)
        place = ((picture.width - size) // 2, round(picture.height * 0.6))
        ImageDraw.Draw(layer).text(place, "SAMPLE", fill=150, font_size=max(8, size / 3.6))
        marked.paste("white", mask=layer)
        return marked

    return change


def captioned(percent: float) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        bar = round(picture.height * percent / 100)
        whole = Image.new("RGB", (picture.width, picture.height + bar), "white")
        whole.paste(picture, (0, bar))
        ImageDraw.Draw(whole).text(
            (9, bar * 0.2), "look who this is", fill="black", font_size=max(8, bar * 0.5)
        )
        return whole

    return change


def in_a_chat(picture: Image.Image) -> Image.Image:
    """A message in a chat on a phone: a head above, the picture, and a line to write in."""
    width = round(picture.width * 1.12)
    screen = Image.new("RGB", (width, round(width * 19.5 / 9)), (236, 229, 221))
    drawing = ImageDraw.Draw(screen)
    drawing.rectangle((0, 0, width, screen.height * 0.09), fill=(7, 94, 84))
    drawing.rectangle((0, screen.height * 0.93, width, screen.height), fill="white")
    smaller = ImageOps.contain(picture, (width, round(screen.height * 0.8)))
    screen.paste(smaller, ((width - smaller.width) // 2, round(screen.height * 0.11)))
    return screen


def both(*changes: Change) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        for one in changes:
            picture = one(picture)
        return picture

    return change


def lit(kind: type[ImageEnhance.Brightness | ImageEnhance.Contrast], by: float) -> Change:
    return lambda picture: kind(picture).enhance(by)


def blurred(by: float) -> Change:
    return lambda picture: picture.filter(ImageFilter.GaussianBlur(by))


def turned(how: Image.Transpose) -> Change:
    return lambda picture: picture.transpose(how)


TURNS = tuple(turned(how) for how in Image.Transpose)


def _saved_anew() -> Iterator[Group]:
    yield Group("JPEG, quality 10 to 70", tuple(map(jpeg, (10, 30, 50, 70))))
    yield Group("resize, 25 to 200 %", tuple(map(resized, (25, 50, 150, 200))))
    yield Group(
        "brightness and contrast",
        tuple(
            lit(kind, by) for kind in (ImageEnhance.Brightness, ImageEnhance.Contrast) for by in (0.7, 1.3)
        ),
    )
    yield Group("grey", (lambda one: one.convert("L").convert("RGB"),))
    yield Group(
        "blur, 1 to 3 px",
        tuple(map(blurred, (1, 2, 3))),
    )
    yield Group("watermark, small and large", (watermarked(0.3), watermarked(0.8)))


def _cut() -> Iterator[Group]:
    yield Group("flips and right angles", TURNS, 0.95)
    yield Group(
        "crop from the centre, 1 to 12 %", tuple(map(centre, (1, 3.2, 4.3, 6.1, 8.3, 11.2, 12))), 0.95
    )
    sides = [
        [by if place == side else 0.0 for place in range(4)]
        for side in range(4)
        for by in (1.2, 4.1, 6.2, 9.1)
    ]
    yield Group("crop from one side, 1 to 9 %", tuple(cropped(*one) for one in sides), 0.95)
    yield Group(
        "crop off the centre, 0 to 5 % a side",
        tuple(
            cropped(*one)
            for one in ((1, 2, 4, 3), (4.5, 0.5, 2, 3), (2, 4, 0, 1), (0, 3, 3, 0), (3, 1, 5, 4))
        ),
    )


def _framed() -> Iterator[Group]:
    colours = ("black", "white")
    yield Group(
        "border, 1 to 10 %",
        tuple(bordered(by, colour) for by in (1.2, 3.1, 5.2, 7.1, 9.2, 10) for colour in colours),
        0.95,
    )
    bars = ((4, 5.5), (4.8, 6.3), (3.3, 6.7), (5.2, 5.2))
    yield Group("screenshot bars, plain", tuple(barred(*one) for one in bars), 0.9)
    for phone, name in (
        ("iphone", "an iPhone's signs"),
        ("gestures", "an Android's signs"),
        ("buttons", "an Android's buttons"),
    ):
        drawn = tuple(barred(*one, phone=phone, is_dark=dark) for one in bars for dark in (True, False))
        yield Group(f"screenshot bars, {name}", drawn, 0.9)
    shapes = ((9, 19.5), (9, 16), (9, 20), (19.5, 9), (16, 9), (20, 9))
    yield Group(
        "letterbox in a phone's screen",
        tuple(fitted(*shape, shift=shift) for shape in shapes for shift in (-0.7, 0, 0.7)),
        0.9,
    )
    yield Group(
        "cropped to 1:1, 4:5, 9:16, 16:9", tuple(shaped(*one) for one in ((1, 1), (4, 5), (9, 16), (16, 9)))
    )
    yield Group("caption above, 8 to 24 %", tuple(map(captioned, (8, 12, 16, 24))))
    yield Group("in a chat", (in_a_chat,))


def _combined() -> Iterator[Group]:
    yield Group("flipped, and cropped 5 %", (both(TURNS[0], centre(5.3)),))
    yield Group("cropped 4 %, and a border of 4 %", (both(centre(4.2), bordered(4.3, "white")),))
    yield Group("border, and screenshot bars", (both(bordered(3.1, "black"), barred(4.8, 6.3)),))


GROUPS = (*_saved_anew(), *_cut(), *_framed(), *_combined())
