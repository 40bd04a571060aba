"""The list as a file: one JSON object a line, each a fingerprint. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import BinaryIO, Generic, NamedTuple, TypeVar

from hashes.errors import RowNotUsable
from hashes.fingerprints import HEX_LENGTHS
from hashes.guarded import COMPARED

KINDS = ("image", "video")
REVIEWS = ("unreviewed", "confirmed", "check_first")
# What is made of pixels is not made of a video as a whole.
_OF_PICTURES_ONLY = frozenset({"pdq", "phash"})
_HEX = frozenset("0123456789abcdef")
_LONGEST_LINE = 10_000
LONGEST_NAME = 200


class ListRow(NamedTuple):
    kind: str
    algorithm: str
    value: str
    review: str = "unreviewed"


class BenignRow(NamedTuple):
    algorithm: str
    value: str
    name: str = ""


Row = TypeVar("Row")


class Line(NamedTuple, Generic[Row]):
    """A line of a file by its number, with what it takes in bytes: a row, or why it is none."""

    number: int
    size: int
    row: Row | None
    problem: str = ""


def read_lines(stream: BinaryIO) -> Iterator[Line[ListRow]]:
    """Every line that holds anything: a row of the list, or why it is none."""
    return read_rows(stream, row_of)


def read_rows(stream: BinaryIO, made_of: Callable[[bytes], Row]) -> Iterator[Line[Row]]:
    """No line is held in memory that is longer than a row can be."""
    number = 0
    while text := stream.readline(_LONGEST_LINE):
        number += 1
        size = len(text) + (0 if text.endswith(b"\n") else _passed_over(stream))
        if size > len(text):
            yield Line(number, size, None, "the line is too long")
        elif text.strip():
            yield _line(number, text, made_of)


def as_line(row: ListRow) -> str:
    return json.dumps(row._asdict(), separators=(",", ":")) + "\n"


def row_of(text: bytes) -> ListRow:
    """Raises RowNotUsable with the field and what it may be."""
    said = _object(text)
    row = ListRow(
        kind=_one_of(said.get("kind", "image"), KINDS, field="kind"),
        algorithm=_one_of(said.get("algorithm"), tuple(HEX_LENGTHS), field="algorithm"),
        value=_hex(said),
        review=_one_of(said.get("review", "unreviewed"), REVIEWS, field="review"),
    )
    _require_hash(row.algorithm, row.value)
    if row.kind == "video" and row.algorithm in _OF_PICTURES_ONLY:
        raise RowNotUsable("algorithm of a video must be md5 or sha256")
    return row


def benign_row_of(text: bytes) -> BenignRow:
    """Raises RowNotUsable with the field and what it may be."""
    said = _object(text)
    algorithm = _one_of(said.get("algorithm"), COMPARED, field="algorithm")
    row = BenignRow(algorithm, _hex(said), _name(said.get("name", "")))
    _require_hash(row.algorithm, row.value)
    return row


def _object(text: bytes) -> dict[str, object]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise RowNotUsable("no JSON object") from None
    if not isinstance(said, dict):
        raise RowNotUsable("no JSON object")
    return said


def _hex(said: dict[str, object]) -> str:
    value = said.get("value")
    return value.lower() if isinstance(value, str) else ""


def _name(said: object) -> str:
    # PostgreSQL takes no NUL in a text, and nothing takes half of a surrogate pair.
    if not isinstance(said, str) or len(said) > LONGEST_NAME or not said.isprintable():
        raise RowNotUsable(f"name must be a text of at most {LONGEST_NAME} printable characters")
    return said.strip()


def _passed_over(stream: BinaryIO) -> int:
    """Go on to the next line; say over how many bytes. None are left at the end of a file."""
    passed = 0
    while text := stream.readline(_LONGEST_LINE):
        passed += len(text)
        if text.endswith(b"\n"):
            break
    return passed


def _line(number: int, text: bytes, made_of: Callable[[bytes], Row]) -> Line[Row]:
    try:
        return Line(number, len(text), made_of(text))
    except RowNotUsable as problem:
        return Line(number, len(text), None, str(problem))


def _one_of(said: object, known: tuple[str, ...], *, field: str) -> str:
    if not isinstance(said, str) or said not in known:
        raise RowNotUsable(f"{field} must be one of {', '.join(known)}")
    return said


def _require_hash(algorithm: str, value: str) -> None:
    digits = HEX_LENGTHS[algorithm]
    if len(value) != digits or not _HEX.issuperset(value):
        raise RowNotUsable(f"value must be {digits} hex digits")
