"""The list as a file: one JSON object a line, each a fingerprint. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from hashes.errors import RowNotUsable
from hashes.fingerprints import HEX_LENGTHS

KINDS = ("image", "video")
REVIEWS = ("unreviewed", "confirmed", "check_first")
# What is made of pixels is not made of a video as a whole.
_OF_PICTURES_ONLY = frozenset({"pdq", "phash"})
_HEX = frozenset("0123456789abcdef")
_LONGEST_LINE = 10_000


class ListRow(NamedTuple):
    kind: str
    algorithm: str
    value: str
    review: str = "unreviewed"


class Line(NamedTuple):
    """A line of a file by its number, with what it takes in bytes: a row, or why it is none."""

    number: int
    size: int
    row: ListRow | None
    problem: str = ""


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line that holds anything. No line is held in memory that is longer than a row can be."""
    number = 0
    while text := stream.readline(_LONGEST_LINE):
        number += 1
        size = len(text) + (0 if text.endswith(b"\n") else _passed_over(stream))
        if size > len(text):
            yield Line(number, size, None, "the line is too long")
        elif text.strip():
            yield _line(number, text)


def as_line(row: ListRow) -> str:
    return json.dumps(row._asdict(), separators=(",", ":")) + "\n"


def row_of(text: bytes) -> ListRow:
    """Raises RowNotUsable with the field and what it may be."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise RowNotUsable("no JSON object") from None
    if not isinstance(said, dict):
        raise RowNotUsable("no JSON object")
    algorithm, value = said.get("algorithm"), said.get("value")
    row = ListRow(
        kind=_one_of(said.get("kind", "image"), KINDS, field="kind"),
        algorithm=_one_of(algorithm, tuple(HEX_LENGTHS), field="algorithm"),
        value=value.lower() if isinstance(value, str) else "",
        review=_one_of(said.get("review", "unreviewed"), REVIEWS, field="review"),
    )
    _require_hash(row)
    return row


def _passed_over(stream: BinaryIO) -> int:
    """Go on to the next line; say over how many bytes. None are left at the end of a file."""
    passed = 0
    while text := stream.readline(_LONGEST_LINE):
        passed += len(text)
        if text.endswith(b"\n"):
            break
    return passed


def _line(number: int, text: bytes) -> Line:
    try:
        return Line(number, len(text), row_of(text))
    except RowNotUsable as problem:
        return Line(number, len(text), None, str(problem))


def _one_of(said: object, known: tuple[str, ...], *, field: str) -> str:
    if not isinstance(said, str) or said not in known:
        raise RowNotUsable(f"{field} must be one of {', '.join(known)}")
    return said


def _require_hash(row: ListRow) -> None:
    digits = HEX_LENGTHS[row.algorithm]
    if len(row.value) != digits or not _HEX.issuperset(row.value):
        raise RowNotUsable(f"value must be {digits} hex digits")
    if row.kind == "video" and row.algorithm in _OF_PICTURES_ONLY:
        raise RowNotUsable("algorithm of a video must be md5 or sha256")
