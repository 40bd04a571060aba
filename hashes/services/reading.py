"""A platform reads the feed. What it asks for proves what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from weakref import WeakKeyDictionary

from django.db.models import F, Q
from django.db.models.functions import Greatest

from hashes.index import Index
from hashes.models import Canary, Entry, FeedChange, FeedCounter, Reader


@dataclass(frozen=True)
class Change:
    number: int
    change: str
    entry: UUID
    algorithm: str
    value: str
    review: str


@dataclass(frozen=True)
class FeedPage:
    changes: list[Change]
    next_after: int
    has_more: bool


def read_feed(*, platform_id: int, after: int, limit: int) -> FeedPage:
    """The changes numbered above `after`. Asking for them proves that everything up to it was collected."""
    # Read before the page, which ends here too: up to this number all is committed. What is numbered in
    # between must not count as asked for, and one of two queries must not see beyond the other.
    last = last_number()
    # A position beyond the list's end is called back to the end, or a reader from before a restored
    # backup would skip what is numbered anew.
    after = min(after, last)
    prove_collected(platform_id=platform_id, through=after)
    found = _changes(after=after, through=last, limit=limit + 1)
    found += _canaries(platform_id, after=after, through=last, limit=limit + 1)
    found.sort(key=lambda change: change.number)
    page, has_more = found[:limit], len(found) > limit
    return FeedPage(changes=page, next_after=page[-1].number if has_more else last, has_more=has_more)


def last_number() -> int:
    return FeedCounter.objects.values_list("last_number", flat=True).first() or 0


def prove_matched(*, platform_id: int, index: Index, through: int) -> None:
    """The platform asked for matches while the list stood at this number, by this index."""
    proven = _proven.setdefault(index, {})
    # Thousands of requests a second prove the same.
    if through and proven.get(platform_id) == through:
        return
    reader = _reader(platform_id)
    if reader.matched_through < through:
        _raise(reader, matched_through=through)
    proven[platform_id] = through


# By index, because a restored or emptied list gets another one and its numbers begin anew.
_proven: WeakKeyDictionary[Index, dict[int, int]] = WeakKeyDictionary()


def prove_collected(*, platform_id: int, through: int) -> None:
    """The platform asked for what comes after this number, so it holds everything up to it."""
    reader = _reader(platform_id)
    # Coming back at or beyond what it had collected before shows that it follows the list.
    followed = min(reader.collected_through, through) if through >= reader.collected_through else 0
    if reader.collected_through < through or reader.followed_through < followed:
        _raise(reader, collected_through=through, followed_through=followed)


def _reader(platform_id: int) -> Reader:
    reader = Reader.objects.filter(pk=platform_id).first()
    return reader or Reader.objects.get_or_create(pk=platform_id)[0]


def _raise(reader: Reader, **marks: int) -> None:
    """Raise the marks that are higher; of two requests at once, none takes back what the other proved."""
    grows = Q(*(Q(**{f"{name}__lt": mark}) for name, mark in marks.items()), _connector=Q.OR)
    higher = {name: Greatest(F(name), mark) for name, mark in marks.items()}
    Reader.objects.filter(grows, pk=reader.pk).update(**higher)


def _changes(*, after: int, through: int, limit: int) -> list[Change]:
    rows = FeedChange.objects.filter(number__gt=after, number__lte=through).order_by("number")[:limit]
    fields = ("number", "change", "entry_id", "entry__algorithm", "entry__value", "review")
    return [Change(*row) for row in rows.values_list(*fields)]


def _canaries(platform_id: int, *, after: int, through: int, limit: int) -> list[Change]:
    """Each as an entry that was added and that nobody reviewed."""
    own = Canary.objects.filter(platform=platform_id, number__gt=after, number__lte=through)
    rows = own.order_by("number").values_list("number", "pk", "algorithm", "value")[:limit]
    added, review = FeedChange.Change.ADDED.value, Entry.Review.UNREVIEWED.value
    return [Change(number, added, pk, algorithm, value, review) for number, pk, algorithm, value in rows]
