"""What is not listed before a person looked: what is like a known innocent picture, or like one that platforms disputed.

Whoever brings such a picture is answered as ever, and it waits as every picture does that was not released yet.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from hashes.guarded import COMPARED, Guarded, Likeness, Pair
from hashes.models import Concern, Entry, KnownBenign, Picture
from hashes.services import concerns

Evidence = dict[str, object]
Reasons = dict[str, Evidence]
"""Why a person has to look: evidence by kind of concern; empty for nearly all pictures."""


# The stamp of no rows, so that none are not asked for.
_NOTHING: tuple[object, Guarded] = ((0, None, None), Guarded([]))


class _Source(ABC):
    """Values in the database, kept in this process until they change."""

    kind: Concern.Kind

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: tuple[object, Guarded] = _NOTHING

    def values(self) -> Guarded:
        stamp = self._stamp()
        known, guarded = self._kept
        if stamp == known:
            return guarded
        with self._lock:
            known, guarded = self._kept
            if stamp != known:
                guarded = Guarded(self._rows())
                self._kept = stamp, guarded
        return guarded

    def forget(self) -> None:
        self._kept = _NOTHING

    def _stamp(self) -> object:
        """Asked at each intake: what changes as soon as the rows do."""
        about = self._watched().aggregate(Count("pk"), Max("pk"), Sum("pk"))
        return tuple(about.values())

    @abstractmethod
    def evidence(self, likeness: Likeness) -> Evidence: ...

    @abstractmethod
    def _watched(self) -> QuerySet[KnownBenign] | QuerySet[Concern]: ...

    @abstractmethod
    def _rows(self) -> Iterable[tuple[str, str, str]]: ...


class _Benign(_Source):
    kind = Concern.Kind.BENIGN

    def evidence(self, likeness: Likeness) -> Evidence:
        return {
            "name": likeness.label,
            "algorithm": likeness.algorithm,
            "distance": likeness.distance,
        }

    def _watched(self) -> QuerySet[KnownBenign]:
        return KnownBenign.objects.all()

    def _rows(self) -> Iterable[tuple[str, str, str]]:
        return self._watched().values_list("algorithm", "value", "name").iterator()


class _Disputed(_Source):
    """Pictures that two platforms said are not what they claim, and that nobody put back."""

    kind = Concern.Kind.COME_BACK

    def evidence(self, likeness: Likeness) -> Evidence:
        return {
            "disputed_on": likeness.label,
            "algorithm": likeness.algorithm,
            "distance": likeness.distance,
        }

    def _watched(self) -> QuerySet[Concern]:
        """Not what was withdrawn while it stayed on the list in spite of a dispute, because platforms confirmed it."""
        taken_off = ~Q(evidence__has_key="is_off") | Q(evidence__is_off=True)
        disputed = Concern.objects.filter(taken_off, kind=Concern.Kind.DISPUTED, picture__isnull=False)
        return disputed.exclude(ending=Concern.Ending.LISTED).exclude(picture__status=Picture.Status.LISTED)

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        days = dict(self._watched().values_list("picture_id", "raised_on"))
        entries = Entry.objects.filter(picture__in=self._watched().values("picture"), algorithm__in=COMPARED)
        for algorithm, value, picture_id in entries.values_list("algorithm", "value", "picture_id"):
            # What was disputed between the two questions comes with the next stamp.
            if picture_id in days:
                yield algorithm, value, days[picture_id].isoformat()


_sources: tuple[_Source, ...] = (_Benign(), _Disputed())


def reasons_to_wait(pictures: Sequence[Collection[Pair]]) -> list[Reasons]:
    """For each picture, given as its fingerprints, why a person has to look before it is listed."""
    found: list[Reasons] = [{} for _ in pictures]
    for source in _sources:
        guarded = source.values()
        if not guarded:
            continue
        for reasons, pairs in zip(found, pictures, strict=True):
            likeness = guarded.nearest(pairs)
            if likeness:
                reasons[source.kind.value] = source.evidence(likeness)
    return found


def forget() -> None:
    """For tests, whose databases give the same ids to other rows."""
    for source in _sources:
        source.forget()


def ask_people(found: Mapping[UUID, Reasons]) -> None:
    """Raise what was found about pictures of which nothing was raised yet."""
    today = timezone.now().date()
    Concern.objects.bulk_create(
        Concern(kind=kind, picture_id=picture_id, evidence=evidence, raised_on=today)
        for picture_id, reasons in found.items()
        for kind, evidence in reasons.items()
    )


def held_back(*, picture_ids: Collection[UUID]) -> set[UUID]:
    """Those of pictures about to be released that wait for a person instead; what was not known at intake is raised."""
    if not picture_ids:
        return set()
    held = concerns.held_back(picture_ids=picture_ids)
    prints = _fingerprints([pk for pk in picture_ids if pk not in held])
    judged = _judged(prints)
    reasons = zip(prints, reasons_to_wait(list(prints.values())), strict=True)
    found = {picture_id: why for picture_id, why in reasons if why and picture_id not in judged}
    ask_people(found)
    return held | found.keys()


def _fingerprints(picture_ids: Collection[UUID]) -> dict[UUID, set[Pair]]:
    prints: dict[UUID, set[Pair]] = defaultdict(set)
    entries = Entry.objects.filter(picture__in=picture_ids, algorithm__in=COMPARED)
    for picture_id, algorithm, value in entries.values_list("picture_id", "algorithm", "value"):
        prints[picture_id].add((algorithm, value))
    return dict(prints)


def _judged(picture_ids: Collection[UUID]) -> set[UUID | None]:
    """What two people put on the list is stopped by nothing that it is like; what was left on it, not by the same again."""
    listed = Q(ending=Concern.Ending.LISTED)
    left_on_it = Q(ending=Concern.Ending.LEFT, kind=Concern.Kind.BENIGN, evidence__is_off=False)
    judged = Concern.objects.filter(listed | left_on_it, picture__in=picture_ids)
    return set(judged.values_list("picture_id", flat=True))
