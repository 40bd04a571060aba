"""The list as other systems' clients read it: by time, one row for an entry or for a value, as it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from hashes.models import Canary, Entry, FeedChange, Picture, Reader
from hashes.services.closing import close_time
from hashes.services.reading import last_number, prove_collected
from hashes.verdict import surest

_IMAGE_PDQ = Q(entry__picture__kind=Picture.Kind.IMAGE, entry__algorithm=Entry.Algorithm.PDQ)
_VIDEO_MD5 = Q(entry__picture__kind=Picture.Kind.VIDEO, entry__algorithm=Entry.Algorithm.MD5)
_ANY_MD5 = Q(entry__algorithm=Entry.Algorithm.MD5)
_VALUES_A_QUERY = 5_000


@dataclass(frozen=True, slots=True)
class Row:
    """An entry, or a value with all its entries, as it stands; at the time of its last change."""

    number: int
    stamped_at: datetime
    kind: str
    algorithm: str
    value: str
    entry: UUID
    is_listed: bool
    review: str


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    # Where the next page begins; none if this was the last.
    next_after: int | None


def entries_by_time(
    *, platform_id: int, since: datetime, before: datetime, after: int, is_first: bool, limit: int
) -> Page:
    """Entries whose last change lies in [since, before), in the feed's order. A first sync leaves withdrawn ones out.

    Asking for what comes after a number or a time proves that all before it was collected. Whoever asks for
    a range won't ask for it again, so it is closed first. Raises ListBusy.
    """
    close_time(before=before)
    _prove(platform_id, since=since, after=after)
    changes = FeedChange.objects.filter(
        _IMAGE_PDQ | _ANY_MD5, stamped_at__gte=since, stamped_at__lt=before, number__gt=after
    )
    newer = FeedChange.objects.filter(
        entry=OuterRef("entry"), number__gt=OuterRef("number"), stamped_at__lt=before
    )
    last_of_each = _wanted(changes, platform_id).filter(~Exists(newer))
    if is_first:
        last_of_each = last_of_each.filter(entry__status=Entry.Status.LISTED)
    return _page(last_of_each, platform_id, since=since, before=before, after=after, limit=limit)


def values_by_time(
    *,
    platform_id: int,
    since: datetime,
    now: datetime,
    after: int,
    limit: int,
    first_as_of: datetime | None = None,
) -> Page:
    """As `entries_by_time`, but one row a value: listed while any entry with it is, and as sure as the surest.

    A first sync is of the list as of the time that it began at: whoever goes on from there is told all that changed
    since, and nothing of what was withdrawn before. So that time is closed. Raises ListBusy.
    """
    if first_as_of is not None:
        close_time(before=first_as_of)
    _prove(platform_id, since=since, after=after)
    changes = FeedChange.objects.filter(
        _IMAGE_PDQ | _VIDEO_MD5, stamped_at__gte=since, stamped_at__lte=now, number__gt=after
    )
    newer = FeedChange.objects.filter(
        entry__algorithm=OuterRef("entry__algorithm"),
        entry__value=OuterRef("entry__value"),
        entry__picture__kind=OuterRef("entry__picture__kind"),
        number__gt=OuterRef("number"),
        stamped_at__lte=now,
    )
    last_of_each = _wanted(changes, platform_id).filter(~Exists(newer))
    if first_as_of is not None:
        same = Entry.objects.listed().filter(
            algorithm=OuterRef("entry__algorithm"),
            value=OuterRef("entry__value"),
            picture__kind=OuterRef("entry__picture__kind"),
        )
        last_of_each = last_of_each.filter(Exists(same))
    page = _page(last_of_each, platform_id, since=since, before=None, after=after, limit=limit)
    return Page(list(_as_values(page.rows)), page.next_after)


def entries_with_value(*, value: str) -> list[UUID]:
    """Every entry with this image PDQ or video MD5 that platforms were told of."""
    told = FeedChange.objects.filter(_IMAGE_PDQ | _VIDEO_MD5, number__isnull=False, entry__value=value)
    return list(told.values_list("entry_id", flat=True).distinct())


def choose_variants(*, platform_id: int, wanted: bool) -> None:
    """Whether a platform's list holds the altered forms too, or originals only."""
    Reader.objects.update_or_create(pk=platform_id, defaults={"wants_variants": wanted})


def _prove(platform_id: int, *, since: datetime, after: int) -> None:
    """What lies before the asked-for time, and up to the asked-for number, the platform holds."""
    through = FeedChange.objects.filter(stamped_at__lt=since).aggregate(last=Max("number"))["last"] or 0
    through = max(through, min(after, last_number()))
    if through:
        prove_collected(platform_id=platform_id, through=through)


def _wanted(changes: QuerySet[FeedChange], platform_id: int) -> QuerySet[FeedChange]:
    reader = Reader.objects.filter(pk=platform_id).first()
    if reader is None or reader.wants_variants:
        return changes
    return changes.filter(entry__variant="original")


def _page(
    changes: QuerySet[FeedChange],
    platform_id: int,
    *,
    since: datetime,
    before: datetime | None,
    after: int,
    limit: int,
) -> Page:
    found = [
        _row(change) for change in changes.select_related("entry__picture").order_by("number")[: limit + 1]
    ]
    rows, has_more = found[:limit], len(found) > limit
    until = rows[-1].number if has_more else None
    rows += _canaries(platform_id, since=since, before=before, after=after, until=until)
    return Page(sorted(rows, key=lambda row: row.number), until)


def _row(change: FeedChange) -> Row:
    """Of a numbered change, which has a stamp."""
    entry = change.entry
    return Row(
        number=cast("int", change.number),
        stamped_at=cast("datetime", change.stamped_at),
        kind=entry.picture.kind,
        algorithm=entry.algorithm,
        value=entry.value,
        entry=entry.pk,
        is_listed=entry.status == Entry.Status.LISTED,
        review=entry.review,
    )


def _canaries(
    platform_id: int, *, since: datetime, before: datetime | None, after: int, until: int | None
) -> Iterator[Row]:
    found = Canary.objects.filter(platform=platform_id, stamped_at__gte=since, number__gt=after)
    if before is not None:
        found = found.filter(stamped_at__lt=before)
    if until is not None:
        found = found.filter(number__lte=until)
    for one in found:
        yield Row(
            one.number,
            one.stamped_at,
            one.kind,
            one.algorithm,
            one.value,
            one.pk,
            is_listed=True,
            review=Entry.Review.UNREVIEWED,
        )


def _as_values(rows: list[Row]) -> Iterator[Row]:
    reviews = _listed_reviews(rows)
    for row in rows:
        said = reviews.get((row.kind, row.algorithm, row.value))
        is_canary_row = said is None and row.is_listed
        yield Row(
            row.number,
            row.stamped_at,
            row.kind,
            row.algorithm,
            row.value,
            row.entry,
            is_listed=bool(said) or is_canary_row,
            review=surest(said) if said else row.review,
        )


def _listed_reviews(rows: Iterable[Row]) -> dict[tuple[str, str, str], list[str]]:
    """Of all listed entries with these values, what is known."""
    values = sorted({row.value for row in rows})
    reviews: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for first in range(0, len(values), _VALUES_A_QUERY):
        same = Entry.objects.listed().filter(value__in=values[first : first + _VALUES_A_QUERY])
        for kind, algorithm, value, review in same.values_list(
            F("picture__kind"), "algorithm", "value", "review"
        ):
            reviews[kind, algorithm, value].append(review)
    return reviews
