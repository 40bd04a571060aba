"""Well-known innocent pictures, as the operator brings them: what is like one waits for a person instead of being listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from hashes.index import Hit
from hashes.json_lines import BenignRow
from hashes.models import Concern, Entry, KnownBenign, Picture
from hashes.services import following
from hashes.services.concerns import raise_concern

_ENTRIES_AT_A_TIME = 500


class Known(NamedTuple):
    new: int
    # Pictures on the list that are like one of these, of which nobody was asked before.
    asked: int


def know_benign(*, rows: Sequence[BenignRow], on: date) -> Known:
    """Keep these, and ask people about what is on the list already and is like them.

    Nothing leaves the list by it: a value that somebody brought by mistake, or to have a picture unlisted, would take
    a child's picture off. Whoever brings the same rows again has the list looked at again.
    """
    new = _keep(rows)
    return Known(new, sum(_ask(row, on=on) for row in rows))


@transaction.atomic
def forget_benign() -> int:
    """Forget all of them. What people were asked because of them stays asked."""
    return KnownBenign.objects.all().delete()[0]


@transaction.atomic
def _keep(rows: Sequence[BenignRow]) -> int:
    named = {(row.algorithm, row.value): row for row in reversed(rows)}
    known = KnownBenign.objects.filter(value__in=[row.value for row in named.values()])
    before = set(known.values_list("algorithm", "value"))
    fresh = [KnownBenign(**row._asdict()) for place, row in named.items() if place not in before]
    # Of two imports at once, the second passes over what the first kept.
    KnownBenign.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _ask(row: BenignRow, *, on: date) -> int:
    hits = following.current_index().find(algorithm=row.algorithm, value=row.value)
    nearest: dict[UUID, int] = {}
    for picture_id, distance in _pictures(hits):
        nearest[picture_id] = min(distance, nearest.get(picture_id, distance))
    return sum(_raise(picture_id, row, distance, on=on) for picture_id, distance in nearest.items())


def _pictures(hits: Sequence[Hit]) -> Iterator[tuple[UUID, int]]:
    for first in range(0, len(hits), _ENTRIES_AT_A_TIME):
        distances = {hit.entry: hit.distance for hit in hits[first : first + _ENTRIES_AT_A_TIME]}
        entries = Entry.objects.listed().filter(pk__in=distances, picture__status=Picture.Status.LISTED)
        owners: Iterable[tuple[UUID, UUID]] = entries.values_list("pk", "picture_id")
        yield from ((picture_id, distances[entry]) for entry, picture_id in owners)


def _raise(picture_id: UUID, row: BenignRow, distance: int, *, on: date) -> bool:
    """Unless a person was asked that before, and perhaps settled it."""
    if Concern.objects.filter(kind=Concern.Kind.BENIGN, picture=picture_id).exists():
        return False
    evidence: dict[str, object] = {
        "name": row.name,
        "algorithm": row.algorithm,
        "distance": distance,
        "is_off": False,
    }
    return raise_concern(kind=Concern.Kind.BENIGN, picture_id=picture_id, evidence=evidence, on=on)
