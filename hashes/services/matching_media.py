"""What is known about a picture, for platforms that can't hash. It is forgotten with the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from hashes.errors import (
    HashingDied,
    HashingTookTooLong,
    MediaNotUsable,
    NotAPicture,
    PictureCutOff,
    PictureTooLarge,
)
from hashes.fingerprints import Fingerprint
from hashes.hashing_apart import Hashers
from hashes.index import Hit
from hashes.services.matching import MatchResult, Query, match
from hashes.verdict import surest

_STRONGEST_FIRST = ("match", "review", "none")


@dataclass(frozen=True)
class PictureResult:
    """One result for all of a picture's hashes, and which kinds of hash it has."""

    result: MatchResult
    algorithms: tuple[str, ...]


def match_media(*, platform_id: int, content: bytes, with_entries: bool, key: str = "") -> PictureResult:
    """Hash a picture, ask about its hashes, and forget it.

    Raises MediaNotUsable, HashingBusy.
    """
    found = _fingerprints(content)
    queries = [Query(one.algorithm, one.value) for one in found]
    results = match(platform_id=platform_id, queries=queries, with_entries=with_entries, key=key)
    algorithms = tuple(sorted({one.algorithm for one in found}))
    return PictureResult(folded(results, with_entries=with_entries), algorithms)


def folded(results: Sequence[MatchResult], *, with_entries: bool) -> MatchResult:
    """The strongest verdict, as sure as the surest of the hashes that say so, and every entry once.

    A mere hint at a confirmed entry makes nothing confirmed that matches another one.
    """
    verdict = min((one.verdict for one in results), key=_STRONGEST_FIRST.index, default="none")
    reviews = [one.review for one in results if one.verdict == verdict and one.review is not None]
    nearest: dict[object, Hit] = {}
    for hit in sorted((hit for one in results for hit in one.hits or ()), key=_by_distance):
        nearest.setdefault(hit.entry, hit)
    hits = tuple(nearest.values()) if with_entries else None
    return MatchResult(verdict, surest(reviews) if reviews else None, hits)


def _by_distance(hit: Hit) -> tuple[int, str]:
    return hit.distance, str(hit.entry)


def _fingerprints(content: bytes) -> list[Fingerprint]:
    hashers = _hashers(settings.MATCH_MEDIA_AT_ONCE, settings.MATCH_MEDIA_MAX_PIXELS)
    try:
        return hashers.fingerprints(content, seconds=settings.MATCH_MEDIA_SECONDS)
    except (NotAPicture, PictureCutOff, PictureTooLarge, HashingTookTooLong, HashingDied) as problem:
        # Without its cause: what a decoder says may quote what it read.
        raise _told(problem) from None


def _told(problem: Exception) -> MediaNotUsable:
    most = settings.MATCH_MEDIA_MAX_PIXELS // 1_000_000
    told = {
        NotAPicture: (
            "not_a_picture",
            _("This is no picture. Send a JPEG, PNG, WebP, AVIF, GIF, BMP or TIFF; of a video, ask by MD5."),
        ),
        PictureCutOff: ("cut_off", _("The picture stops before its end or is damaged. Send all of it.")),
        PictureTooLarge: (
            "too_many_pixels",
            _("The picture unpacks to too much. Send it with at most {most} megapixels.").format(most=most),
        ),
        HashingTookTooLong: ("too_slow", _("The picture took too long to open. Send it smaller.")),
        HashingDied: ("not_readable", _("The picture can't be opened. Save it anew as JPEG or PNG.")),
    }
    return MediaNotUsable(*told[type(problem)])


@cache
def _hashers(at_once: int, most_pixels: int) -> Hashers:
    return Hashers(at_once=at_once, most_pixels=most_pixels)
