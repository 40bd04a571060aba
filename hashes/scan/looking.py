"""One upload, reduced to fingerprints. What can't be decoded is still compared byte for byte."""

from __future__ import annotations

from dataclasses import dataclass

from hashes.errors import NotAPicture, PictureCutOff, PictureTooLarge
from hashes.fingerprints import Fingerprint
from hashes.hashing import exact_hashes, fingerprint_file
from hashes.scan.walking import Found

VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi", ".3gp", ".mpg", ".mpeg", ".ogv"})
_REASONS = {
    NotAPicture: "not_a_picture",
    PictureCutOff: "damaged",
    PictureTooLarge: "too_many_pixels",
}


@dataclass(frozen=True)
class Looked:
    """The hashes to ask about, and why there may be fewer than a picture has."""

    fingerprints: tuple[Fingerprint, ...]
    skipped: str = ""


def look_at(found: Found) -> Looked:
    try:
        if found.path.suffix.lower() in VIDEO_SUFFIXES:
            return Looked(tuple(exact_hashes(found.path)))
        return _look_at_picture(found)
    except OSError:
        return Looked((), skipped="unreadable")


def _look_at_picture(found: Found) -> Looked:
    try:
        return Looked(tuple(fingerprint_file(found.path)))
    except (NotAPicture, PictureCutOff, PictureTooLarge) as reason:
        return Looked(tuple(exact_hashes(found.path)), skipped=_REASONS[type(reason)])
    except (MemoryError, RecursionError):
        return Looked((), skipped="too_large_to_open")
