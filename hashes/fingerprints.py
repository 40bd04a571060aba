"""What a report brings: the fingerprints of one file, and which of them are worth listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ORIGINAL = "original"
# What is inside of a frame: bars, a border, a caption, a chat.
FRAMED = "framed"
PERCEPTUAL = frozenset({"pdq", "phash"})
# At this quality and below, a picture is so even that unrelated pictures share its hash.
WORST_QUALITY = 49

HEX_LENGTHS = {"pdq": 64, "phash": 16, "md5": 32, "sha256": 64}


@dataclass(frozen=True)
class Fingerprint:
    algorithm: str
    value: str
    quality: int | None = None
    variant: str = ORIGINAL


@dataclass(frozen=True)
class NewPicture:
    kind: str
    fingerprints: tuple[Fingerprint, ...]


def listable(fingerprints: Iterable[Fingerprint]) -> list[Fingerprint]:
    """The fingerprints that find copies of this picture and not of others, each value once."""
    originals_first = sorted(fingerprints, key=lambda one: one.variant != ORIGINAL)
    blank = any(_is_poor(one) and one.variant == ORIGINAL for one in originals_first)
    kept: dict[tuple[str, str], Fingerprint] = {}
    for one in originals_first:
        if not _is_poor(one) and not (blank and one.algorithm in PERCEPTUAL):
            kept.setdefault((one.algorithm, one.value.lower()), one)
    return list(kept.values())


def _is_poor(one: Fingerprint) -> bool:
    return one.algorithm == "pdq" and one.quality is not None and one.quality <= WORST_QUALITY
