"""Charts as geometry: counts in, bars out. A template writes them as SVG, with the same counts in a table beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 400
_LABEL = 130
_TOTAL = 40
# More letters than this don't fit beside the bar; the table has the whole name.
_LETTERS = 17
_BAR, _ROW = 18, 30


@dataclass(frozen=True)
class Row:
    """A bar of the chart, and a line of the table."""

    label: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        return not any(any(row.counts) for row in self.rows)


@dataclass(frozen=True)
class Segment:
    """One coloured part; `shade` says which of the series it belongs to."""

    x: float
    width: float
    shade: int
    told: str


@dataclass(frozen=True)
class Bar:
    label: str
    y: int
    text_y: int
    total: int
    total_x: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Key:
    label: str
    shade: int


@dataclass(frozen=True)
class Chart:
    table: Table
    width: int
    height: int
    bar_height: int
    bars: tuple[Bar, ...]
    keys: tuple[Key, ...]


def stacked(table: Table, *, shades: Sequence[int] | None = None) -> Chart:
    """Bars one below the other, all to one scale, so that their lengths can be compared."""
    drawn_in = shades or range(len(table.columns))
    longest = max((sum(row.counts) for row in table.rows), default=0) or 1
    scale = (WIDTH - _LABEL - _TOTAL) / longest
    return Chart(
        table=table,
        width=WIDTH,
        height=_ROW * len(table.rows),
        bar_height=_BAR,
        bars=tuple(
            _bar(row, table.columns, drawn_in, y=number * _ROW + (_ROW - _BAR) // 2, scale=scale)
            for number, row in enumerate(table.rows)
        ),
        keys=tuple(Key(label, shade) for label, shade in zip(table.columns, drawn_in, strict=True)),
    )


def _bar(row: Row, columns: Sequence[str], shades: Sequence[int], *, y: int, scale: float) -> Bar:
    segments, x = [], float(_LABEL)
    for shade, column, count in zip(shades, columns, row.counts, strict=True):
        if count:
            width = round(count * scale, 2)
            segments.append(Segment(round(x, 2), width, shade, f"{row.label}, {column}: {count}"))
            x += width
    return Bar(_short(row.label), y, y + _BAR - 5, sum(row.counts), round(x + 6, 2), tuple(segments))


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1]}…"
