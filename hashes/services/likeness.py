"""Which other pictures of the list are the same or nearly the same. For the desk only: no answer to a platform says it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from hashes.models import Entry
from hashes.services import following

_EXACT = (Entry.Algorithm.MD5, Entry.Algorithm.SHA256)


@dataclass(frozen=True)
class Alike:
    picture_id: UUID
    is_same: bool


def find_alike(*, picture_ids: Collection[UUID], at_most: int) -> list[Alike]:
    """Pictures with the same exact hash, or with a PDQ within 31, as far as they are listed; the same ones first."""
    values = Entry.objects.filter(picture__in=picture_ids, variant="original")
    pairs = set(values.values_list("algorithm", "value"))
    same = _others(_with_exactly(pairs), but=picture_ids)
    near = _others(_within_reach(pairs), but=picture_ids) - same
    found = [Alike(pk, is_same=True) for pk in sorted(same)]
    found += [Alike(pk, is_same=False) for pk in sorted(near)]
    return found[:at_most]


def _with_exactly(pairs: set[tuple[str, str]]) -> set[UUID]:
    index = following.current_index()
    exact = [pair for pair in pairs if pair[0] in _EXACT]
    return {hit.entry for algorithm, value in exact for hit in index.find(algorithm=algorithm, value=value)}


def _within_reach(pairs: set[tuple[str, str]]) -> set[UUID]:
    index = following.current_index()
    pdq = [value for algorithm, value in pairs if algorithm == Entry.Algorithm.PDQ]
    return {hit.entry for value in pdq for hit in index.find(algorithm="pdq", value=value)}


def _others(entry_ids: set[UUID], *, but: Collection[UUID]) -> set[UUID]:
    entries = Entry.objects.filter(pk__in=sorted(entry_ids)[:_ENTRIES_LOOKED_UP])
    return set(entries.exclude(picture__in=but).values_list("picture_id", flat=True))


# A value on tens of thousands of cases is a viral picture or a flood; a sample says as much as all of it.
_ENTRIES_LOOKED_UP = 2_000
