"""The altered forms of a picture whose hashes are listed beside the picture's own.

`variants.json` names them once for the browser and the server. Each is, in this order: a turn, a crop (what
goes from left, top, right and bottom, in percent), bars or a border around. `crop-centre-5` loses 5 % of its
width and height in all, so 2.5 % a side. The bars take the place they take on a screen: a bar of 5 % is 5 % of
the result's height. A border is in percent of the shorter side. A `letter` is fitted into a screen of that
shape, moved by percent of the screen where it is free to. `signs` are what phones show on their bars, clock, signal, battery
and the line to swipe at: left, top, right and bottom in percent of the screen, and how bright. They stand at 60 % of their
contrast, between a bar with and one without.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from hashes.fingerprints import FRAMED, ORIGINAL

_FILE = Path(__file__).with_name("variants.json")
_COLOURS = {"black": 0, "white": 255}

Pixels = NDArray[Any]
Turn = Literal["rotate-90", "rotate-180", "rotate-270", "flip-h", "flip-v", "transpose", "transverse"]


class Variant(TypedDict):
    name: str
    turn: NotRequired[Turn]
    crop: NotRequired[list[float]]
    shape: NotRequired[list[float]]
    bars: NotRequired[list[float]]
    screen: NotRequired[list[float]]
    shift: NotRequired[float]
    border: NotRequired[float]
    colour: NotRequired[Literal["black", "white"]]
    squash: NotRequired[int]
    signs: NotRequired[list[list[float]]]


_TEXT = _FILE.read_text(encoding="utf-8")
VARIANTS: tuple[Variant, ...] = tuple(json.loads(_TEXT)["variants"])
_NAMES = frozenset([ORIGINAL, *(variant["name"] for variant in VARIANTS)])
# Pages that were opened before a form went still bring it.
_RETIRED = frozenset(json.loads(_TEXT)["retired"])


def names() -> frozenset[str]:
    """Every form that is listed today, the unaltered picture itself among them."""
    return _NAMES


def accepted() -> frozenset[str]:
    """Those, what is inside of a frame where a picture has one, and the names of forms that were listed once."""
    return _NAMES | _RETIRED | {FRAMED}


def as_json() -> str:
    """The whole list as the browser reads it."""
    return _TEXT


def applied(variant: Variant, pixels: Pixels) -> Pixels:
    """Alter a picture given as rows x columns, with or without channels behind."""
    turned = _turned(variant.get("turn"), pixels)
    if "squash" in variant:
        return _squashed(turned, variant["squash"])
    height, width = turned.shape[:2]
    left, top, right, bottom = margins_cut(variant, width, height)
    kept = turned[top : height - bottom, left : width - right]
    return _padded(variant, kept)


def margins_cut(variant: Variant, width: int, height: int) -> tuple[int, int, int, int]:
    """How many pixels go from the left, top, right and bottom."""
    if "shape" in variant:
        return _cut_to_shape(variant["shape"], width, height)
    left, top, right, bottom = variant.get("crop", [0, 0, 0, 0])
    return _share(left, width), _share(top, height), _share(right, width), _share(bottom, height)


def margins_added(variant: Variant, width: int, height: int) -> tuple[int, int, int, int]:
    """How many pixels come on the left, top, right and bottom."""
    if "border" in variant:
        thickness = _share(variant["border"], min(width, height))
        return thickness, thickness, thickness, thickness
    if "bars" in variant:
        top, bottom = variant["bars"]
        whole = height / (1 - (top + bottom) / 100)
        return 0, _share(top, whole), 0, _share(bottom, whole)
    if "screen" in variant:
        return _fitted_into(variant["screen"], variant.get("shift", 0), width, height)
    return 0, 0, 0, 0


def _cut_to_shape(shape: list[float], width: int, height: int) -> tuple[int, int, int, int]:
    across, down = shape
    wide = max(0, width - _round(height * across / down))
    high = max(0, height - _round(width * down / across))
    return wide // 2, high // 2, wide - wide // 2, high - high // 2


def _fitted_into(screen: list[float], shift: float, width: int, height: int) -> tuple[int, int, int, int]:
    across, down = screen
    wide = max(0, _round(height * across / down) - width)
    high = max(0, _round(width * down / across) - height)
    left = _moved(wide, shift, width + wide)
    top = _moved(high, shift, height + high)
    return left, top, wide - left, high - top


def _moved(free: int, shift: float, whole: int) -> int:
    """The share of the free space that comes first when the picture is moved by percent of the screen."""
    return min(free, max(0, free // 2 + _round(whole * shift / 100)))


def _padded(variant: Variant, pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    left, top, right, bottom = margins_added(variant, width, height)
    around = [(top, bottom), (left, right)] + [(0, 0)] * (pixels.ndim - 2)
    screen = np.pad(pixels, around, constant_values=_COLOURS[variant.get("colour", "black")])
    for start_x, start_y, end_x, end_y, brightness in variant.get("signs", []):
        rows = slice(_share(start_y, len(screen)), _share(end_y, len(screen)))
        columns = slice(_share(start_x, screen.shape[1]), _share(end_x, screen.shape[1]))
        screen[rows, columns] = brightness
    return screen


def _turned(turn: Turn | None, pixels: Pixels) -> Pixels:
    if turn is None:
        return pixels
    transposed = pixels.swapaxes(0, 1)
    turns: dict[Turn, Pixels] = {
        "rotate-90": transposed[:, ::-1],
        "rotate-180": pixels[::-1, ::-1],
        "rotate-270": transposed[::-1],
        "flip-h": pixels[:, ::-1],
        "flip-v": pixels[::-1],
        "transpose": transposed,
        "transverse": transposed[::-1, ::-1],
    }
    return turns[turn]


def _squashed(pixels: Pixels, side: int) -> Pixels:
    """Every axis thinned to one length without smoothing, as Meta's command line does before it hashes."""
    height, width = pixels.shape[:2]
    thinned: Pixels = pixels[np.arange(side) * height // side][:, np.arange(side) * width // side]
    return thinned


def _share(percent: float, whole: float) -> int:
    return _round(whole * percent / 100)


def _round(value: float) -> int:
    # JavaScript's rounding: Python's own sends halves to the even neighbour.
    return math.floor(value + 0.5)
