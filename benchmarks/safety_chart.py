"""The comparison as a picture: for each rule what it finds, and whom it wrongs. A table with the same figures is printed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from benchmarks.judging import RULES
from benchmarks.measures import Platform

_WIDTH, _LEFT, _ROW, _BAR, _TOP = 760, 250, 22, 14, 64
_Share = Callable[[Platform, str], float]
_GROUPS: tuple[tuple[str, str, _Share], ...] = (
    ("Bad accounts found (recall)", "#1d6f5c", lambda platform, rule: platform.recall(rule)),
    ("Of those flagged, bad (precision)", "#2f5d9b", lambda platform, rule: platform.precision(rule)),
    ("Brigaded adults flagged", "#b3452f", lambda platform, rule: platform.share_of(rule, "brigaded")),
    ("Teachers flagged", "#b3452f", lambda platform, rule: platform.share_of(rule, "teachers")),
    ("Creators flagged", "#b3452f", lambda platform, rule: platform.share_of(rule, "creators")),
)


def draw(path: Path, platform: Platform, *, caveat: str) -> None:
    path.write_text("\n".join(_lines(platform, caveat)) + "\n", encoding="utf-8")


def _lines(platform: Platform, caveat: str) -> list[str]:
    height = _TOP + len(_GROUPS) * (len(RULES) * _ROW + 34)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f"<title>{escape(caveat)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="24" font-weight="bold">{platform.seeds} played platforms, seeds kept apart from tuning</text>',
        f'<text x="12" y="44">{escape(caveat)}</text>',
    ]
    y = _TOP
    for title, colour, share in _GROUPS:
        y += 24
        lines.append(f'<text x="12" y="{y}" font-weight="bold">{escape(title)}</text>')
        for rule in RULES:
            lines += _bar(rule, share(platform, rule), colour, y=y + 8)
            y += _ROW
        y += 10
    return [*lines, "</svg>"]


def _bar(rule: str, share: float, colour: str, *, y: int) -> list[str]:
    width = share * (_WIDTH - _LEFT - 70)
    return [
        f'<text x="28" y="{y + 12}">{escape(rule)}</text>',
        f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>',
        f'<text x="{_LEFT + width + 6:.1f}" y="{y + 12}">{share:.1%}</text>',
    ]
