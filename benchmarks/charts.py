"""Charts as SVG files, without a library: bars side by side, and lines over a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

_COLOURS = ("#9aa5b1", "#2f6fab", "#3f9b6c", "#e0a030")
_LEFT, _WIDTH, _BAR, _GAP, _TOP = 290, 420, 8, 12, 56
_EDGE, _HEIGHT, _LEGEND = 50, 260, 270


def draw_bars(path: Path, *, title: str, ways: Sequence[str], rows: Mapping[str, Sequence[float]]) -> None:
    """Shares from 0 to 1, drawn to percent."""
    high = len(ways) * _BAR + _GAP
    parts = [_text(10, 22, title, size=16), *_legend(ways)]
    for place, (name, shares) in enumerate(rows.items()):
        top = _TOP + place * high
        parts.append(_text(_LEFT - 8, top + high / 2, name, anchor="end"))
        for number, share in enumerate(shares):
            y = top + number * _BAR
            parts.append(_bar(_LEFT, y, share * _WIDTH, _COLOURS[number]))
            parts.append(_text(_LEFT + share * _WIDTH + 4, y + _BAR - 1, f"{share:.0%}", size=8))
    height = _TOP + len(rows) * high + 10
    _write(path, parts, width=max(_LEFT + _WIDTH + 60, len(ways) * _LEGEND), height=height)


def draw_lines(path: Path, *, title: str, lines: Mapping[str, Mapping[int, float]]) -> None:
    """Shares from 0 to 1 over whole numbers; each line is a mapping from one to the other."""
    most = max(max(line) for line in lines.values())
    parts = [_text(10, 22, title, size=16), *_legend(list(lines))]
    bottom = _TOP + _HEIGHT
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = bottom - share * _HEIGHT
        parts.append(_text(_EDGE - 8, y + 4, f"{share:.2f}", size=10, anchor="end"))
        parts.append(f'<path d="M{_EDGE} {y}h{_WIDTH}" stroke="#ddd"/>')
    parts += [
        _text(_EDGE + count / most * _WIDTH, bottom + 16, str(count), size=10, anchor="middle")
        for count in next(iter(lines.values()))
    ]
    for number, line in enumerate(lines.values()):
        points = " ".join(
            f"{_EDGE + count / most * _WIDTH:.1f},{bottom - share * _HEIGHT:.1f}"
            for count, share in line.items()
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{_COLOURS[number]}" stroke-width="2"/>'
        )
    _write(path, parts, width=max(_EDGE + _WIDTH + 60, len(lines) * _LEGEND), height=bottom + 30)


def _write(path: Path, parts: Sequence[str], *, width: int, height: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">'
        f'<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n',
        encoding="utf-8",
    )


def _legend(ways: Sequence[str]) -> list[str]:
    parts = []
    for number, way in enumerate(ways):
        x = 10 + number * _LEGEND
        parts += [_bar(x, 34, 12, _COLOURS[number]), _text(x + 18, 42, way)]
    return parts


def _bar(x: float, y: float, width: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{_BAR - 1}" fill="{colour}"/>'


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
