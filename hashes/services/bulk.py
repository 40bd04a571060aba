"""The list by the million: taken from a file under a platform's name, and given out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from hashes.json_lines import ListRow
from hashes.models import Entry, FeedChange, Picture, Reader
from hashes.services import guarding
from hashes.services.allowance import Allowance
from hashes.services.bulk_rows import store

_ROWS_AT_A_TIME = 10_000

Listed = tuple[str, str, str]


class Imported(NamedTuple):
    new: int
    # Of the new ones.
    waiting: int


@transaction.atomic
def import_rows(*, platform_id: int, rows: Sequence[ListRow], allowance: Allowance | None = None) -> Imported:
    """List what was never listed under this platform's name; say how much that is, and how much of it waits for a person.

    What was withdrawn since stays withdrawn, or importing the same file again would undo it.
    Raises TooMuchAdded, with an allowance.
    """
    # Of two imports at once, the second finds what the first listed.
    Reader.objects.get_or_create(pk=platform_id)
    Reader.objects.select_for_update().get(pk=platform_id)
    named = {(row.kind, row.algorithm, row.value): row for row in reversed(rows)}
    known = _known(platform_id, named)
    new = [row for place, row in named.items() if place not in known]
    if allowance and new:
        allowance.take(len(new))
    return Imported(len(new), _list(new, platform_id=platform_id))


def export_rows() -> Iterator[ListRow]:
    """Everything that is listed, in the order of random ids: no row stands beside its picture's others."""
    listed = Entry.objects.listed().order_by("pk")
    fields = listed.values_list("picture__kind", "algorithm", "value", "review")
    for row in fields.iterator(chunk_size=_ROWS_AT_A_TIME):
        yield ListRow(*row)


def count_listed() -> int:
    return Entry.objects.listed().count()


def _known(platform_id: int, named: dict[Listed, ListRow]) -> set[Listed]:
    values = defaultdict(list)
    for _kind, algorithm, value in named:
        values[algorithm].append(value)
    known: set[Listed] = set()
    for algorithm, same in values.items():
        # With its algorithm, so that the index of values serves.
        own = Entry.objects.filter(picture__source=platform_id, algorithm=algorithm, value__in=same)
        known.update(own.values_list(F("picture__kind"), "algorithm", "value"))
    return known & named.keys()


def _list(rows: Sequence[ListRow], *, platform_id: int) -> int:
    ids = [(uuid4(), uuid4(), row) for row in rows]
    reasons = guarding.reasons_to_wait([[(row.algorithm, row.value)] for row in rows])
    waiting = {picture: why for (picture, _, _), why in zip(ids, reasons, strict=True) if why}
    store(
        Picture,
        ("id", "kind", "status", "source_id"),
        [(picture, row.kind, _status(picture, waiting), platform_id) for picture, _, row in ids],
    )
    store(
        Entry,
        ("id", "picture_id", "algorithm", "value", "review", "status"),
        [
            (entry, picture, row.algorithm, row.value, row.review, _status(picture, waiting))
            for picture, entry, row in ids
        ],
    )
    store(
        FeedChange,
        ("change", "entry_id", "review"),
        [
            (FeedChange.Change.ADDED.value, entry, row.review)
            for picture, entry, row in ids
            if picture not in waiting
        ],
    )
    guarding.ask_people(waiting)
    return len(waiting)


def _status(picture_id: UUID, waiting: Container[UUID]) -> str:
    return Picture.Status.WAITING.value if picture_id in waiting else Picture.Status.LISTED.value
