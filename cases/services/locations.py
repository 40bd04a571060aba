"""Where copies are, as she told it, and whether the operator may sign for her. Sealed; deleted after the platform's outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from cases import policy
from cases.errors import CaseIsOver, KeyUsedForAnotherBody, NoPlaceToAuthorise, TooManyLocations
from cases.models import Case, Location
from cases.services import replays
from cases.services.case_keys import open_sealed, seal
from cases.services.locks import lock_case
from cases.services.opening import OpenedCase
from cases.services.replays import RequestDigest


@dataclass(frozen=True, repr=False)
class NewPlace:
    """A link, or words that lead there, and the platform if it takes part."""

    platform_id: int | None
    where: str


@dataclass(frozen=True)
class ToldPlaces:
    """What she reads of it again: how many, and her tick. The words themselves stay shut."""

    count: int
    authorised: bool


@transaction.atomic
def tell_places(
    *,
    opened: OpenedCase,
    key: str,
    body: str,
    places: Sequence[NewPlace],
    is_authorised: bool,
    now: datetime,
) -> None:
    """Add places. Her tick is her present word, so it holds for those told before as well; the same key and body count once.

    Raises CaseIsOver, TooManyLocations, NoPlaceToAuthorise, KeyUsedForAnotherBody.
    """
    request = RequestDigest.of(purpose="locations", key=key, body=body)
    if replays.answered_case(request=request, now=now) is not None:
        return
    case = lock_case(opened.case.pk)
    _see_that_they_fit(case, adding=len(places))
    if not replays.remember(request=request, case=case, now=now):
        if replays.answered_case(request=request, now=now) is None:
            raise KeyUsedForAnotherBody
        return
    case.locations.update(is_authorised=is_authorised)
    case_key = opened.case_key
    Location.objects.bulk_create(
        Location(
            case=case,
            platform_id=place.platform_id,
            sealed_where=seal(place.where, case_key=case_key),
            is_authorised=is_authorised,
            told_on=now.date(),
        )
        for place in places
    )


def told_places(*, case: Case) -> ToldPlaces:
    ticks = list(case.locations.values_list("is_authorised", flat=True))
    return ToldPlaces(count=len(ticks), authorised=bool(ticks) and all(ticks))


def where_of(location: Location, *, case_key: bytes) -> str:
    return open_sealed(bytes(location.sealed_where), case_key=case_key)


def _see_that_they_fit(case: Case, *, adding: int) -> None:
    if case.status not in policy.LIVING:
        raise CaseIsOver
    told = case.locations.count()
    if not told and not adding:
        raise NoPlaceToAuthorise
    if told + adding > settings.LOCATIONS_PER_CASE:
        raise TooManyLocations
