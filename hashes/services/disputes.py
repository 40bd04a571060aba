"""What follows when a platform says that a picture is not what it claims."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from hashes import disputing
from hashes.disputing import Decision, Facts, Word
from hashes.models import Concern, Entry, Feedback, FeedChange, Picture
from hashes.services.concerns import open_concerns, raise_concern
from hashes.services.listing import announce
from hashes.services.quarantine import bring_back_withdrawn, quarantine_pictures
from platforms.services import participating

_ON_ITS_WAY = (Picture.Status.LISTED, Picture.Status.WAITING)


def hear_dispute(*, picture_id: UUID, on: date) -> None:
    """Act on a dispute that was just given. The caller holds the picture's lock."""
    picture = Picture.objects.select_related("source").get(pk=picture_id)
    if picture.status not in _ON_ITS_WAY:
        return
    facts = _facts(picture, on=on)
    decision = disputing.decide(facts)
    if decision.is_checked_first:
        _check_first(picture_id)
    if decision.calls_a_person:
        is_off = decision.takes_off and _takes_off_without_floods(facts, on=on)
        if is_off:
            quarantine_pictures(picture_ids=[picture_id])
            _ask_anew(picture_id, on=on)
        evidence = _evidence(decision, is_off=is_off)
        raise_concern(kind=Concern.Kind.DISPUTED, on=on, evidence=evidence, picture_id=picture_id)


@transaction.atomic
def relist_pictures(*, picture_ids: Collection[UUID], release: bool) -> list[UUID]:
    """Put withdrawn pictures back, for a decision that was taken back. What the desk took off for good stays off.

    What platforms said of them meanwhile is heard now.
    """
    back = bring_back_withdrawn(picture_ids=picture_ids, release=release)
    for picture_id in back:
        if anybody_disputes(picture_id=picture_id):
            hear_dispute(picture_id=picture_id, on=timezone.now().date())
    return back


def words_about(picture_id: UUID) -> list[Word]:
    lines = Feedback.objects.filter(entry__picture=picture_id).order_by("id")
    fields = ("id", "platform_id", "platform__slug", "platform__operator", "entry_id", "outcome", "reason")
    return [Word(*line) for line in lines.values_list(*fields, "given_on")]


def anybody_blocks(*, picture_id: UUID) -> bool:
    blocking, _disputing = disputing.stances(words_about(picture_id))
    return bool(blocking)


def anybody_disputes(*, picture_id: UUID) -> bool:
    _blocking, disputing_now = disputing.stances(words_about(picture_id))
    return bool(disputing_now)


def settle(*, picture_id: UUID) -> None:
    """People decided about all that was said until now. The caller holds the picture's lock, so nothing is said meanwhile."""
    last = Feedback.objects.filter(entry__picture=picture_id).order_by("-id").values_list("id", flat=True)
    Picture.objects.filter(pk=picture_id).update(settled_through=last.first() or 0)


def _facts(picture: Picture, *, on: date) -> Facts:
    added = FeedChange.objects.filter(entry__picture=picture, change=FeedChange.Change.ADDED).order_by("id")
    living = Entry.objects.filter(picture=picture).exclude(status=Entry.Status.WITHDRAWN)
    return Facts(
        words=words_about(picture.pk),
        taking_part=frozenset(one.pk for one in participating(on=on)),
        source_operator=picture.source.operator if picture.source else "",
        source_id=picture.source_id,
        is_confirmed=living.filter(review=Entry.Review.CONFIRMED).exists(),
        came_confirmed=added.values_list("review", flat=True).first() == Entry.Review.CONFIRMED,
        settled_through=picture.settled_through,
    )


def _check_first(picture_id: UUID) -> None:
    living = Entry.objects.filter(picture=picture_id).exclude(status=Entry.Status.WITHDRAWN)
    changed = list(living.exclude(review=Entry.Review.CHECK_FIRST))
    living.update(review=Entry.Review.CHECK_FIRST)
    for entry in changed:
        entry.review = Entry.Review.CHECK_FIRST
    announce(FeedChange.Change.REVIEWED, [one for one in changed if one.status == Entry.Status.LISTED])


def _takes_off_without_floods(facts: Facts, *, on: date) -> bool:
    """Whether enough is left without those who dispute so much today that their word alone says too little."""
    _blocking, disputing_now = disputing.stances(facts.words)
    flooding = {pk for pk in disputing_now if _disputed_on(on, pk) > disputing.MOST_A_DAY}
    return disputing.decide(replace(facts, taking_part=facts.taking_part - flooding)).takes_off


def _disputed_on(day: date, platform_id: int) -> int:
    """How much a platform disputed: many forms of a picture are one, and so are many reports of a value."""
    disputes = Feedback.objects.filter(
        platform=platform_id, given_on=day, reason=Feedback.Reason.NOT_WHAT_IT_CLAIMS
    )
    value = Concat(F("entry__algorithm"), Value(" "), F("entry__value"))
    counted = disputes.aggregate(
        pictures=Count("entry__picture", distinct=True), values=Count(value, distinct=True)
    )
    pictures, values = int(counted["pictures"]), int(counted["values"])
    return min(pictures, values)


def _ask_anew(picture_id: UUID, *, on: date) -> None:
    """It was asked about while it stayed on the list. That it is off now is another question, to be told of again."""
    before = open_concerns().filter(kind=Concern.Kind.DISPUTED, picture=picture_id, evidence__is_off=False)
    before.update(ending=Concern.Ending.LEFT, ended_on=on)


def _evidence(decision: Decision, *, is_off: bool) -> dict[str, object]:
    return {
        "platforms": [word.slug for word in decision.disputes],
        "operators": [word.operator for word in decision.disputes],
        "days": [word.given_on.isoformat() for word in decision.disputes],
        "is_off": is_off,
    }
