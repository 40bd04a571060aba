"""A phone's own signs on the bars of a screenshot: clock, signal, battery, and what is swiped at or tapped.

Sizes are in points of the device: 393 x 852 for an iPhone 15, 412 x 892 for a Pixel or a Galaxy. Signs keep their share of the
screen's width and height whatever the picture's shape is, because PDQ sees shares only.
"""

from __future__ import annotations

from typing import NamedTuple

from PIL import Image, ImageDraw

# Drawn larger and then shrunk, or thin lines would be as thick as a pixel.
_LARGER = 3
_BATTERY_FULL = 0.7


class _Phone(NamedTuple):
    width: float
    height: float


_IPHONE, _ANDROID = _Phone(393, 852), _Phone(412, 892)


class _Bar:
    """One bar: signs are placed by points from the left, and from the bar's middle line."""

    def __init__(self, screen: Image.Image, phone: _Phone, middle: float, *, ink: str, ground: str) -> None:
        self._drawing = ImageDraw.Draw(screen)
        self._screen, self._middle = screen, middle * screen.height
        self._x, self._y = screen.width / phone.width, screen.height / phone.height
        self.ink, self.ground = ink, ground

    def box(self, left: float, top: float, right: float, bottom: float, *, colour: str = "") -> None:
        self._drawing.rectangle(self._place(left, top, right, bottom), fill=colour or self.ink)

    def fan(self, left: float, top: float, right: float, bottom: float) -> None:
        self._drawing.pieslice(self._place(left, top, right, bottom), 225, 315, fill=self.ink)

    def clock(self, text: str, *, left: float, width: float, height: float) -> None:
        """As wide as it is on the phone, whatever the font here is."""
        drawn = Image.new("L", (600, 160), 0)
        ImageDraw.Draw(drawn).text((9, 80), text, fill=255, font_size=100, anchor="lm", stroke_width=3)
        size = max(1, round(width * self._x)), max(1, round(height * self._y))
        mask = drawn.crop(drawn.getbbox()).resize(size)
        self._screen.paste(self.ink, (round(left * self._x), round(self._middle - size[1] / 2)), mask)

    def _place(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        return left * self._x, self._middle + top * self._y, right * self._x, self._middle + bottom * self._y


def with_signs(screen: Image.Image, kind: str, top: float, bottom: float, *, is_dark: bool) -> Image.Image:
    """A screen of one colour whose bars take so many percent, with the signs of `iphone`, `gestures` or `buttons`."""
    ink, ground = ("white", "black") if is_dark else ("black", "white")
    large = Image.new("RGB", (screen.width * _LARGER, screen.height * _LARGER), ground)
    phone = _IPHONE if kind == "iphone" else _ANDROID
    above = _Bar(large, phone, top / 200, ink=ink, ground=ground)
    below = _Bar(large, phone, 1 - bottom / 200, ink=ink, ground=ground)
    if kind == "iphone":
        _iphone(above, below)
    else:
        _android(above, below, has_buttons=kind == "buttons")
    return large.resize(screen.size, Image.Resampling.BOX)


def _iphone(above: _Bar, below: _Bar) -> None:
    above.clock("9:41", left=42, width=34, height=12)
    for number, height in enumerate((4, 6.5, 9, 12)):
        above.box(296 + 5 * number, 6 - height, 299 + 5 * number, 6)
    above.fan(319, -6, 337, 14)
    above.box(343, -6.5, 368, 6.5)
    above.box(345, -4.5, 366, 4.5, colour=above.ground)
    above.box(345, -4.5, 345 + 21 * _BATTERY_FULL, 4.5)
    below.box(127, 4, 266, 9)


def _android(above: _Bar, below: _Bar, *, has_buttons: bool) -> None:
    above.clock("12:30", left=24, width=36, height=10.5)
    above.fan(335, -6, 351, 10)
    for number, height in enumerate((3, 6, 9, 12)):
        above.box(355 + 3 * number, 6 - height, 358 + 3 * number, 6)
    above.box(374, -6, 382, 6)
    if not has_buttons:
        below.box(152, -2, 260, 2)
        return
    for middle in (103, 206, 309):
        below.box(middle - 7, -7, middle + 7, 7)
        below.box(middle - 5, -5, middle + 5, 5, colour=below.ground)
