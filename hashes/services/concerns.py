"""What the list asks people about. Others raise it; a person at the desk ends it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from hashes.models import Concern, Picture

if TYPE_CHECKING:
    from staff.services import User

PAGE = 25
_Kind = Concern.Kind
# The most urgent first: what keeps a picture off the list, or hits many people, before what can wait.
URGENCY = (_Kind.DISPUTED, _Kind.COME_BACK, _Kind.FLOOD, _Kind.BENIGN, _Kind.TOO_MUCH, _Kind.PROBING)
# While one of these is open about a picture that waits, nothing but the desk releases it.
HOLDING = (_Kind.DISPUTED, _Kind.COME_BACK, _Kind.BENIGN, _Kind.TOO_MUCH)


@dataclass(frozen=True)
class Place:
    """Where a concern stands in the queue."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}.{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """From an address; nothing if somebody changed it."""
        kind, _dot, number = text.partition(".")
        is_id = number.isascii() and number.isdigit() and len(number) < _DIGITS
        return cls(kind, int(number)) if kind in URGENCY and is_id else None


_DIGITS = 19


@dataclass(frozen=True)
class ConcernPage:
    concerns: list[Concern]
    after: Place | None


def raise_concern(
    *,
    kind: str,
    on: date,
    evidence: dict[str, object],
    picture_id: UUID | None = None,
    platform_id: int | None = None,
) -> bool:
    """Ask a person to look, in the caller's transaction. False if this already waits for one.

    The evidence is flat: counts, ids or short names of platforms, and days.
    """
    if picture_id is None and platform_id is None:
        raise TypeError("A concern is about a picture or about a platform.")
    new = Concern(
        kind=_Kind(kind), raised_on=on, evidence=evidence, picture_id=picture_id, platform_id=platform_id
    )
    if _same(new).exists():
        return False
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        if _same(new).exists():
            # Somebody else raised it between our look and our write.
            return False
        raise
    return True


@transaction.atomic
def end_concerns(
    *,
    ending: str,
    by: User | None,
    on: date,
    picture_id: UUID | None = None,
    platform_id: int | None = None,
    through: int | None = None,
) -> int:
    """End what is open about a picture, or about a platform itself; say how many there were.

    `through` is the newest one that the person had seen: what was raised since stays open.
    """
    about = open_concerns().filter(picture=picture_id)
    if picture_id is None:
        about = about.filter(platform=platform_id)
    if through is not None:
        about = about.filter(pk__lte=through)
    return about.update(ending=Concern.Ending(ending), ended_by=by, ended_on=on)


def open_concerns() -> models.QuerySet[Concern]:
    return Concern.objects.filter(ended_on=None)


def queue() -> models.QuerySet[Concern]:
    """What waits for a person. A picture that its owner took back meanwhile asks for nothing."""
    gone = Concern.objects.filter(picture__status=Picture.Status.WITHDRAWN, ended_on=None)
    return open_concerns().exclude(pk__in=gone.values("pk"))


def queue_page(*, kind: str = "", after: Place | None = None) -> ConcernPage:
    """The next ones, kind by kind and the oldest of a kind first; at most one query a kind."""
    found: list[Concern] = []
    for waiting in _ranges(kind, after):
        rows = waiting.select_related("picture", "platform").order_by("pk")
        found += rows[: PAGE + 1 - len(found)]
        if len(found) > PAGE:
            break
    last = found[PAGE - 1] if len(found) > PAGE else None
    return ConcernPage(found[:PAGE], Place(last.kind, last.pk) if last else None)


def counts() -> dict[str, int]:
    """How many of each kind wait, the most urgent first."""
    found = dict(queue().values_list("kind").annotate(count=models.Count("pk")).order_by())
    return {kind.value: found[kind] for kind in URGENCY if kind in found}


def held_back(*, picture_ids: Collection[UUID]) -> set[UUID]:
    """Those that nothing but the desk may release: a person has to look, or did and let no platform have it."""
    # What stayed on the list while people were asked was never held back. What was asked at intake doesn't say.
    is_off = ~Q(evidence__has_key="is_off") | Q(evidence__is_off=True)
    asked = Concern.objects.filter(is_off, kind__in=HOLDING, picture__in=picture_ids)
    holding = asked.exclude(ending=Concern.Ending.LISTED)
    return {picture_id for picture_id in holding.values_list("picture", flat=True) if picture_id}


def _same(new: Concern) -> models.QuerySet[Concern]:
    same = open_concerns().filter(kind=new.kind, picture=new.picture_id)
    return same if new.picture_id else same.filter(platform=new.platform_id)


def _ranges(kind: str, after: Place | None) -> Iterator[models.QuerySet[Concern]]:
    kinds = [one for one in URGENCY if not kind or one == kind]
    first = kinds.index(_Kind(after.kind)) if after and after.kind in kinds else 0
    for one in kinds[first:]:
        waiting = queue().filter(kind=one)
        yield waiting.filter(pk__gt=after.id) if after and after.kind == one else waiting
