"""Everything that the list's desk knows of one picture: what is asked, who said what, and what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

import staff.services
from hashes.concern_words import SAID, TOLD, spelled, why
from hashes.models import Concern, Entry, Feedback, FeedChange, Picture
from hashes.services.concerns import open_concerns
from hashes.services.deciding import PUT_BACK, can_be_put_back
from staff.services import AuditRow, HeldAction

# The newest of each; a picture that many say much about must not make a page without end.
SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """A concern in words."""

    concern: Concern
    why: str
    evidence: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Saying:
    """What a platform said on a day, once however many fingerprints it said it of."""

    platform: str
    operator: str
    outcome: str
    reason: str
    entries: int
    found: int
    on: date


@dataclass(frozen=True)
class Telling:
    """What platforms were told, once for all fingerprints that they were told of together."""

    change: str
    review: str
    entries: int
    # Its numbers in the feed; none while it is on its way.
    first: int | None
    last: int | None
    at: datetime | None


@dataclass(frozen=True)
class PicturePage:
    picture: Picture
    number: str
    fingerprints: Mapping[str, int]
    reviews: Sequence[str]
    open: Sequence[Asked]
    ended: Sequence[Asked]
    said: Sequence[Saying]
    told: Sequence[Telling]
    asked_of_two: Sequence[HeldAction]
    done: Sequence[AuditRow]
    waiting: HeldAction | None
    can_be_put_back: bool
    can_be_taken_off: bool
    # What the person has read, so that what is raised meanwhile is not ended unseen.
    seen: int


def picture_page(*, picture: Picture) -> PicturePage:
    """In a constant number of queries."""
    concerns = [asked(one) for one in _concerns(picture)]
    held = _held(picture)
    living = _last_entries(picture)
    open_ones = [one for one in concerns if one.concern.ended_on is None]
    left = any(one.concern.ending == Concern.Ending.LEFT for one in concerns)
    return PicturePage(
        picture=picture,
        number=number(picture.pk),
        fingerprints={str(algorithm): count for algorithm, _review, count in living},
        reviews=sorted({str(TOLD[review]) for _algorithm, review, _count in living}),
        open=open_ones,
        ended=[one for one in concerns if one.concern.ended_on is not None],
        said=_said(picture),
        told=_told(picture),
        asked_of_two=held,
        done=list(staff.services.audit_of(picture)[:SHOWN]),
        waiting=next((one for one in held if one.state == HeldAction.State.WAITING), None),
        can_be_put_back=can_be_put_back(picture),
        can_be_taken_off=bool(open_ones or left) and picture.status != Picture.Status.WITHDRAWN,
        seen=max((one.concern.pk for one in concerns), default=0),
    )


def asked(concern: Concern) -> Asked:
    return Asked(concern, why(concern.kind), spelled(concern.evidence))


def number(picture_id: UUID) -> str:
    """What the desk calls a picture: short enough to say."""
    return picture_id.hex[:8]


def asked_about(*, picture_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """What waits for a person about each of these pictures, in the words of its kind."""
    found: dict[UUID, list[str]] = {}
    for concern in open_concerns().filter(picture__in=picture_ids).order_by("pk"):
        if concern.picture_id:
            found.setdefault(concern.picture_id, []).append(str(concern.get_kind_display()))
    return found


def _concerns(picture: Picture) -> list[Concern]:
    rows = Concern.objects.filter(picture=picture).select_related("ended_by", "platform")
    return list(rows.order_by("-pk")[:SHOWN])[::-1]


def _held(picture: Picture) -> list[HeldAction]:
    rows = HeldAction.objects.filter(kind=PUT_BACK, object_id=str(picture.pk))
    return list(rows.select_related("asked_by", "decided_by").order_by("-pk")[:SHOWN])[::-1]


def _last_entries(picture: Picture) -> list[tuple[str, str, int]]:
    """Those that live, or those that did last."""
    entries = Entry.objects.filter(picture=picture)
    if picture.status in {Picture.Status.LISTED, Picture.Status.WAITING}:
        entries = entries.exclude(status=Entry.Status.WITHDRAWN)
    values = Count("value", distinct=True)
    counted = entries.values_list("algorithm", "review").annotate(count=values).order_by("algorithm")
    return [(algorithm, review, count) for algorithm, review, count in counted]


def _said(picture: Picture) -> list[Saying]:
    rows = Feedback.objects.filter(entry__picture=picture).values_list(
        "platform__name", "platform__operator", "outcome", "reason", "given_on"
    )
    grouped = rows.annotate(entries=Count("entry", distinct=True), found=Max("count"), order=Min("id"))
    return [
        Saying(
            platform=platform,
            operator=operator,
            outcome=str(SAID[outcome]),
            reason=str(SAID[reason]) if reason else "",
            entries=entries,
            found=found,
            on=on,
        )
        for platform, operator, outcome, reason, on, entries, found, _order in _last(grouped)
    ]


def _told(picture: Picture) -> list[Telling]:
    rows = FeedChange.objects.filter(entry__picture=picture).values_list("change", "review", "stamped_at")
    grouped = rows.annotate(entries=Count("id"), first=Min("number"), last=Max("number"), order=Min("id"))
    return [
        Telling(str(TOLD[change]), str(TOLD[review]), entries, first, last, at)
        for change, review, at, entries, first, last, _order in _last(grouped)
    ]


def _last(grouped: QuerySet[Any, Any]) -> list[Any]:
    """The newest that are shown, in the order in which they came."""
    return list(grouped.order_by("-order")[:SHOWN])[::-1]
