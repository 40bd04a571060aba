"""What names a picture exactly, for a request about that very picture."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hashes.fingerprints import ORIGINAL
from hashes.models import Entry

_EXACT = (Entry.Algorithm.MD5, Entry.Algorithm.SHA256)


def exact_digests(*, picture_ids: Collection[UUID]) -> list[tuple[str, str]]:
    """(algorithm, value) of the listed pictures as reported. Perceptual hashes stay inside: they show outlines."""
    entries = Entry.objects.listed().filter(picture__in=picture_ids, algorithm__in=_EXACT, variant=ORIGINAL)
    return sorted(set(entries.values_list("algorithm", "value")))
