"""What a picture was put into: bars of a phone, a border, a letterbox, a caption, a chat. It is looked for inside of that too.

Whoever lists a picture can't foresee every frame, but whoever is asked about one sees it: its lines are plain from
edge to edge, but for a few signs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Looked at as small as this on its longer side, or up to twice as large: a pixel is then at most a five-hundredth of it.
_SIDE = 512
# A line is plain if this share of it has nearly the colour that it begins or ends with. What a clock, a battery and
# the words of a caption leave is more; of a photograph's lines hardly any is so even.
_PLAIN_SHARE = 0.6
_LEVELS = 2
_ENDS = 3
# The picture begins where this share of all lines follow each other and none of them is plain.
_BEGINS = 0.03
# What is cut from the sides shows what was beside it above and below.
_PASSES = 2
# Of what there was: less is no picture in a frame, and more has none.
_LEAST, _MOST = 0.08, 0.985

Lines = NDArray[np.int16]


class Box(NamedTuple):
    """In pixels; right and lower are the first that are no longer inside."""

    left: int
    upper: int
    right: int
    lower: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.lower - self.upper)


def inside(picture: Image.Image) -> Box | None:
    """Where the picture is in its frame, to within a pixel in five hundred; nothing if there is no frame."""
    step = max(1, max(picture.size) // _SIDE)
    grey = np.asarray(picture.reduce(step).convert("L"), np.int16)
    found = Box(0, 0, grey.shape[1], grey.shape[0])
    for _ in range(_PASSES):
        found = _peeled(grey, found)
    if not _LEAST * grey.size <= found.area <= _MOST * grey.size:
        return None
    left, upper, right, lower = (side * step for side in found)
    return Box(left, upper, min(right, picture.width), min(lower, picture.height))


def _peeled(grey: Lines, box: Box) -> Box:
    first, last = _busy_part(grey[box.upper : box.lower, box.left : box.right])
    upper, lower = box.upper + first, box.upper + last
    first, last = _busy_part(grey[upper:lower, box.left : box.right].T)
    return Box(box.left + first, upper, box.left + last, lower)


def _busy_part(lines: Lines) -> tuple[int, int]:
    """From the first to the last line of the picture; both the same where there is none."""
    if not lines.size:
        return 0, 0
    busy = ~_are_plain(lines)
    begins = _first_of_many(busy)
    return (begins, len(busy) - _first_of_many(busy[::-1])) if begins < len(busy) else (0, 0)


def _are_plain(lines: Lines) -> NDArray[np.bool_]:
    ends = (np.median(end, axis=1, keepdims=True) for end in (lines[:, :_ENDS], lines[:, -_ENDS:]))
    shares = [(np.abs(lines - end) <= _LEVELS).mean(axis=1) for end in ends]
    plain: NDArray[np.bool_] = np.maximum(*shares) >= _PLAIN_SHARE
    return plain


def _first_of_many(busy: NDArray[np.bool_]) -> int:
    many = max(2, round(len(busy) * _BEGINS))
    in_a_row = np.convolve(busy, np.ones(many, int))[many - 1 : len(busy)]
    found = np.flatnonzero(in_a_row == many)
    return int(found[0]) if len(found) else len(busy)
