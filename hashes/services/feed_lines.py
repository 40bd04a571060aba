"""The feed's lines, as whoever keeps an index reads them."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from hashes.index import Index, Listed
from hashes.models import FeedChange, FeedCounter
from hashes.store import Damaged, Store, Witness

_LINES_AT_A_TIME = 10_000
_WITNESSES = 16
_FIELDS = ("number", "change", "entry_id", "entry__algorithm", "entry__value", "review")


def which_list() -> tuple[UUID | None, int]:
    """The list's id and its last number; no id where nothing was numbered yet."""
    return FeedCounter.objects.values_list("list_id", "last_number").first() or (None, 0)


def lines(*, after: int, through: int) -> Iterator[list[Listed]]:
    while after < through:
        rows = FeedChange.objects.filter(number__gt=after, number__lte=through).order_by("number")
        some = [Listed(*row) for row in rows.values_list(*_FIELDS)[:_LINES_AT_A_TIME]]
        if not some:
            return
        yield some
        after = some[-1].number


def witnesses(*, through: int) -> list[Witness]:
    """The last lines up to there. After a restored backup, the same numbers name other lines."""
    rows = FeedChange.objects.filter(number__lte=through).order_by("-number")
    found = rows.values_list("number", "change", "entry_id")[:_WITNESSES]
    return [(number or 0, change, str(entry)) for number, change, entry in found]


def has_past(index: Index, *, last: int) -> bool:
    """Whether what the index read is the past of this list. A restored backup may have gone on beyond it already."""
    if index.last is None or last <= index.number:
        return last >= index.number
    number, change, entry = index.last
    return FeedChange.objects.filter(number=number, change=change, entry_id=entry).exists()


def stored_index(store: Store, *, through: int, fold_at: int) -> Index | None:
    """What lies on disk, if it is of this list's past. Raises Damaged."""
    stored = store.open()
    if stored is None:
        return None
    if stored.number > through or stored.witnesses != witnesses(through=stored.number):
        raise Damaged("the list is another one than was stored")
    index = Index(segments=stored.segments, number=stored.number, fold_at=fold_at)
    index.last = stored.witnesses[0] if stored.witnesses else None
    return index
