"""What is found suspiciously often is marked for people to check first, and a person is called. Nothing is unlisted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, QuerySet, Sum

from hashes import flood_policy
from hashes.flood_policy import DAYS, FLOOR, Usual
from hashes.models import Concern, Entry, FeedChange, MatchCount, Picture
from hashes.services import counting
from hashes.services.concerns import raise_concern
from hashes.services.listing import announce, locked

_KEPT_SECONDS = 86_400
_USUAL_SECONDS = 300
_UNKNOWN = flood_policy.usual_of({})
Where = int | None
"""A platform, or all of them together."""
Days = dict[tuple[str, Where], Counter[int]]
"""By kind and platform, how many pictures were found so often in a day."""
UsualByPlace = dict[tuple[str, Where], Usual]


@dataclass
class _Candidate:
    """A picture that was found often enough today to be looked at."""

    kind: str
    today: dict[Where, int] = field(default_factory=dict)
    earlier: dict[Where, dict[date, int]] = field(default_factory=lambda: defaultdict(dict))
    # When a person was asked before and left it as it was, and how often it was found then.
    left: list[tuple[date, int]] = field(default_factory=list)

    def left_at(self, where: Where, *, on: date) -> int:
        """The highest count that was left, of this place's own: one platform's flood excuses no other's."""
        days = {**self.earlier[where], on: self.today.get(where, 0)}
        return max((min(count, days.get(day, 0)) for day, count in self.left), default=0)


@dataclass(frozen=True)
class _Flood:
    picture_id: UUID
    kind: str
    count: int
    usual: float
    platform_ids: tuple[int, ...]


def look_for_floods(*, now: datetime) -> int:
    """Say how many are new."""
    counting.write_counts()
    floods = _floods(on=now.date())
    names = _slugs(floods, on=now.date())
    return sum(_call_a_person(one, names=names, on=now.date()) for one in floods)


@transaction.atomic
def trust_again(*, picture_ids: Collection[UUID]) -> list[UUID]:
    """A person looked and leaves them as they are: they are `unreviewed` as before; say which were marked."""
    listed = locked(Picture.objects.filter(status=Picture.Status.LISTED), picture_ids=picture_ids)
    marked = _move_review(listed, was=Entry.Review.CHECK_FIRST, to=Entry.Review.UNREVIEWED)
    return sorted({entry.picture_id for entry in marked})


def _floods(*, on: date) -> list[_Flood]:
    candidates = _candidates(on=on)
    if not candidates:
        return []
    usual = _usual(on)
    found = (_judged(picture_id, one, usual, on=on) for picture_id, one in candidates.items())
    return [flood for flood in found if flood]


def _judged(picture_id: UUID, one: _Candidate, usual: UsualByPlace, *, on: date) -> _Flood | None:
    """Sudden on one platform is enough: a small one's flood is lost in a large one's day."""
    floods = [
        where
        for where, count in one.today.items()
        if flood_policy.is_flood(
            count,
            usual=usual.get((one.kind, where), _UNKNOWN),
            earlier=tuple(one.earlier[where].values()),
            left_at=one.left_at(where, on=on),
        )
    ]
    if not floods:
        return None
    named = [where for where in floods if where is not None]
    everywhere = [where for where in one.today if where is not None]
    where = max(floods, key=lambda place: one.today[place])
    often = usual.get((one.kind, where), _UNKNOWN).count
    return _Flood(picture_id, one.kind, one.today[where], often, tuple(named or everywhere))


def _candidates(*, on: date) -> dict[UUID, _Candidate]:
    """Those about which nobody is asked yet, with their own earlier days and what a person left as it was."""
    today = MatchCount.objects.filter(counted_on=on).values("picture").annotate(total=Sum("count"))
    often = today.order_by().filter(total__gte=FLOOR).values("picture")
    listed = Picture.objects.filter(pk__in=often, status=Picture.Status.LISTED)
    kinds = dict(listed.values_list("pk", "kind"))
    since = on - timedelta(days=DAYS)
    concerns = Concern.objects.filter(kind=Concern.Kind.FLOOD, picture__in=kinds)
    open_ones = set(concerns.filter(ended_on=None).values_list("picture_id", flat=True))
    found = {pk: _Candidate(kind) for pk, kind in kinds.items() if pk not in open_ones}
    asked = concerns.filter(raised_on__gte=since).values_list("picture_id", "raised_on", "evidence")
    for picture_id, day, evidence in asked:
        if picture_id in found:
            found[picture_id].left.append((day, int(evidence.get("count", 0))))
    _fill(found, on=on, since=since)
    return found


def _fill(found: dict[UUID, _Candidate], *, on: date, since: date) -> None:
    rows = MatchCount.objects.filter(picture__in=found, counted_on__gte=since)
    for picture_id, platform_id, day, count in rows.values_list(
        "picture_id", "platform_id", "counted_on", "count"
    ):
        one = found[picture_id]
        for where in (platform_id, None):
            if day == on:
                one.today[where] = one.today.get(where, 0) + count
            elif day < on:
                one.earlier[where][day] = one.earlier[where].get(day, 0) + count


def _usual(on: date) -> UsualByPlace:
    """Of all that was found today too, or a platform's first day would be one flood. It moves slowly, the sweep is often."""
    key = f"hashes:usual:{on.isoformat()}"
    known: UsualByPlace | None = cache.get(key)
    if known is None:
        days = _days_until(on)
        for place, counts in _days(MatchCount.objects.filter(counted_on=on)).items():
            days.setdefault(place, Counter()).update(counts)
        known = {place: flood_policy.usual_of(counts) for place, counts in days.items()}
        cache.set(key, known, _USUAL_SECONDS)
    return known


def _days_until(on: date) -> Days:
    """What was before today doesn't change any more, so it is read once a day."""
    key = f"hashes:floods:{on.isoformat()}"
    known: Days | None = cache.get(key)
    if known is None:
        since = on - timedelta(days=DAYS)
        known = _days(MatchCount.objects.filter(counted_on__gte=since, counted_on__lt=on))
        cache.set(key, known, _KEPT_SECONDS)
    return {place: Counter(counts) for place, counts in known.items()}


def _days(rows: QuerySet[MatchCount]) -> Days:
    days: Days = defaultdict(Counter)
    each = rows.order_by().values_list("picture__kind", "platform_id", "count").annotate(Count("pk"))
    for kind, platform_id, count, often in each.iterator():
        days[kind, platform_id][count] = often
    totals = rows.order_by().values("counted_on", "picture", "picture__kind").annotate(total=Sum("count"))
    for kind, total in totals.values_list("picture__kind", "total").iterator():
        days[kind, None][total] += 1
    return dict(days)


@transaction.atomic
def _call_a_person(flood: _Flood, *, names: dict[int, str], on: date) -> bool:
    listed = locked(Picture.objects.filter(status=Picture.Status.LISTED), picture_ids=[flood.picture_id])
    if not listed:
        return False
    evidence: dict[str, object] = {
        "count": flood.count,
        "usual": round(flood.usual, 1),
        "platforms": sorted(names[one] for one in flood.platform_ids if one in names),
        "kind": flood.kind,
    }
    if not raise_concern(kind=Concern.Kind.FLOOD, picture_id=flood.picture_id, evidence=evidence, on=on):
        return False
    # What a platform's people confirmed stays confirmed; the person is called all the same.
    _move_review(listed, was=Entry.Review.UNREVIEWED, to=Entry.Review.CHECK_FIRST)
    return True


def _slugs(floods: Collection[_Flood], *, on: date) -> dict[int, str]:
    rows = MatchCount.objects.filter(counted_on=on, picture__in=[one.picture_id for one in floods])
    return dict(rows.order_by().values_list("platform_id", "platform__slug").distinct())


def _move_review(picture_ids: Collection[UUID], *, was: Entry.Review, to: Entry.Review) -> list[Entry]:
    moved = list(Entry.objects.listed().filter(picture__in=picture_ids, review=was))
    for entry in moved:
        entry.review = to
    Entry.objects.filter(pk__in=[entry.pk for entry in moved]).update(review=to)
    announce(FeedChange.Change.REVIEWED, moved)
    return moved
