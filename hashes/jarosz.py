"""The smoothing inside PDQ: a box filter twice along both axes, kept at 64 x 64 points.

It is written down twice. `smoothed` works on whole planes in plain numpy. `streamed` goes row by row like the
browser's, keeps one window of rows, and is only worth running compiled, where numba is installed. Both keep
the reference's order of float32 additions, so both give the reference's bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

SIDE = 64
# The axes of a picture without colour.
GREY = 2

Plane = NDArray[np.float32]
Rgb = NDArray[np.uint8]
Written = TypeVar("Written", bound=Callable[..., object])

try:
    from numba import njit

    COMPILED = True

    def _compiled(function: Written) -> Written:
        # Compiling takes seconds, so what was compiled is kept beside the module.
        return cast("Written", njit(cache=True, nogil=True)(function))
except ImportError:
    COMPILED = False

    def _compiled(function: Written) -> Written:
        return function


def window_for(length: int) -> int:
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def sample_points(length: int) -> NDArray[np.intp]:
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.intp)


def luma(rgb: Rgb) -> Plane:
    """Brightness. A grey picture, rows x columns, has no other channel."""
    if rgb.ndim == GREY:
        return rgb.astype(np.float32)
    red, green, blue = (rgb[:, :, channel] for channel in range(3))
    brightness: Plane = (red * 0.299 + green * 0.587 + blue * 0.114).astype(np.float32)
    return brightness


def smoothed(rgb: Rgb) -> Plane:
    """The samples, by numpy alone."""
    plane = luma(rgb)
    rows, columns = plane.shape
    for _ in range(2):
        across = _box_down(np.ascontiguousarray(plane.T), window_for(columns))
        plane = _box_down(np.ascontiguousarray(across.T), window_for(rows))
    sampled: Plane = plane[np.ix_(sample_points(rows), sample_points(columns))]
    return sampled


def streamed(rgb: Rgb) -> Plane:
    """The samples, row by row."""
    rows, columns = rgb.shape[:2]
    rgb = rgb.reshape(rows, columns, -1)
    windows = (window_for(columns), window_for(rows))
    return _stream(rgb, *windows, sample_points(columns), sample_points(rows))


samples = streamed if COMPILED else smoothed


def _box_down(values: Plane, window: int) -> Plane:
    """Average each value with its neighbours above and below, with smaller windows at the edges."""
    rows = values.shape[0]
    after = (window + 2) // 2 - 1
    out = np.empty_like(values)
    total = np.zeros_like(values[0])
    for time in range(rows + after):
        # First enter below, then leave above: the order of the two matters to the last bit.
        if time < rows:
            total += values[time]
        if time >= window:
            total -= values[time - window]
        if time >= after:
            out[time - after] = total / np.float32(_inside(time, rows, window))
    return out


@_compiled
def _inside(time: int, length: int, window: int) -> int:
    """How many of `length` rows are in the window when row `time` has entered."""
    return min(time + 1, length) - max(time - window + 1, 0)


@_compiled
def _box_across(values: Plane, out: Plane, window: int) -> None:
    length = len(values)
    after = (window + 2) // 2 - 1
    total = np.float32(0)
    for x in range(min(window, length)):
        total += values[x]
        if x >= after:
            out[x - after] = total / np.float32(x + 1)
    full = np.float32(window)
    for x in range(window, length):
        total += values[x]
        total -= values[x - window]
        out[x - after] = total / full
    for x in range(max(window, length), length + after):
        total -= values[x - window]
        out[x - after] = total / np.float32(_inside(x, length, window))


@_compiled
def _move(total: Plane, ring: Plane, row: Plane, time: int, rows: int) -> None:
    """Let one row into the window and the oldest out; the ring remembers what is inside."""
    kept = ring[time % len(ring)]
    for x in range(len(total)):
        if time < rows:
            total[x] += row[x]
        if time >= len(ring):
            total[x] -= kept[x]
        if time < rows:
            kept[x] = row[x]


@_compiled
def _luma_of_row(pixels: Rgb, out: Plane) -> None:
    if pixels.shape[1] == 1:
        out[:] = pixels[:, 0]
        return
    for x in range(len(out)):
        out[x] = pixels[x, 0] * 0.299 + pixels[x, 1] * 0.587 + pixels[x, 2] * 0.114


@_compiled
def _stream(rgb: Rgb, across: int, down: int, columns: NDArray[np.intp], points: NDArray[np.intp]) -> Plane:
    rows, width = rgb.shape[:2]
    after = (down + 2) // 2 - 1
    row, smooth, total = np.zeros((3, width), np.float32)
    ring = np.zeros((down, width), np.float32)
    narrow, narrow_total = np.zeros((2, len(columns)), np.float32)
    narrow_ring = np.zeros((down, len(columns)), np.float32)
    sampled = np.zeros((len(points), len(columns)), np.float32)
    following = 0
    for time in range(rows + 2 * after):
        if time < rows:
            _luma_of_row(rgb[time], row)
            _box_across(row, smooth, across)
        if time < rows + after:
            _move(total, ring, smooth, time, rows)
        second = time - after
        if 0 <= second < rows:
            row[:] = total / np.float32(_inside(time, rows, down))
            _box_across(row, smooth, across)
            narrow[:] = smooth[columns]
        if second >= 0:
            _move(narrow_total, narrow_ring, narrow, second, rows)
        while following < len(points) and points[following] == second - after:
            sampled[following] = narrow_total / np.float32(_inside(second, rows, down))
            following += 1
    return sampled
