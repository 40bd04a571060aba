"""Platforms and people at one picture at once, each with a connection of their own.

`python -m tests.hashes.dispute_races` with DATABASE_URL naming a migrated database; prints what came of each as JSON.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import UUID

import django
from django.utils import timezone

if __name__ == "__main__":
    django.setup()

from hashes import services
from hashes.models import Concern, Entry, FeedChange, Picture
from platforms.services import NewKey
from staff.services import User, verify_chain
from tests.cases.desk_races import Act, at_once, entwined
from tests.hashes.disputing import dispute, make_listed, make_operator, say
from tests.makers import make_user

ROUNDS = 6


def main() -> None:
    cast = [make_operator(f"P{number}", operator=f"Operator {number}") for number in range(4)]
    people = [make_user("tessa", role="triager"), make_user("sena", role="senior")]
    races = {
        "two_disputes": two_disputes(cast),
        "dispute_and_withdrawal": dispute_and_withdrawal(cast),
        "dispute_and_block": dispute_and_block(cast),
        "two_ways_back": two_ways_back(cast, people),
        "two_decisions": two_decisions(cast, people),
        "a_crowd": a_crowd(cast, people),
    }
    sys.stdout.write(json.dumps({**races, "broken_at": verify_chain()}))


def two_disputes(cast: list[NewKey]) -> list[dict[str, object]]:
    outcomes = []
    for _ in range(ROUNDS):
        picture = make_listed()
        acts = [partial(dispute, one, picture) for one in cast[:2]]
        outcomes.append(_after(picture, entwined(*acts)))
        picture = make_listed()
        outcomes.append(_after(picture, at_once(*(partial(dispute, one, picture) for one in cast[:2]))))
    return outcomes


def dispute_and_withdrawal(cast: list[NewKey]) -> list[dict[str, object]]:
    return _both_ways(cast, lambda picture: partial(services.withdraw_pictures, picture_ids=[picture]))


def dispute_and_block(cast: list[NewKey]) -> list[dict[str, object]]:
    return _both_ways(cast, lambda picture: partial(say, cast[2], picture, "blocked"))


def two_ways_back(cast: list[NewKey], people: list[User]) -> list[dict[str, object]]:
    picture = _disputed(cast)
    back = [partial(services.put_back, picture_id=picture, by=one, now=timezone.now()) for one in people]
    return [_after(picture, entwined(*back))]


def two_decisions(cast: list[NewKey], people: list[User]) -> list[dict[str, object]]:
    picture, now = _disputed(cast), timezone.now()
    seen = Concern.objects.latest("pk").pk
    tessa, sena = people
    return [
        _after(
            picture,
            entwined(
                partial(_taken_off, picture, tessa),
                partial(services.leave_picture, picture_id=picture, by=sena, seen=seen, now=now),
            ),
        )
    ]


def a_crowd(cast: list[NewKey], people: list[User]) -> list[dict[str, object]]:
    """Everything that locks a picture, in the same moment."""
    outcomes = []
    for _ in range(ROUNDS):
        picture = make_listed()
        heard = at_once(
            *(partial(dispute, one, picture) for one in cast[:3]),
            partial(say, cast[3], picture, "blocked"),
            partial(services.quarantine_pictures, picture_ids=[picture]),
            partial(services.put_back, picture_id=picture, by=people[0], now=timezone.now()),
            partial(services.publish, now=timezone.now()),
        )
        outcomes.append(_after(picture, heard))
    return outcomes


def _both_ways(cast: list[NewKey], other: Callable[[UUID], Act]) -> list[dict[str, object]]:
    outcomes = []
    for swapped in (False, True):
        picture = make_listed()
        dispute(cast[0], picture)
        acts = [partial(dispute, cast[1], picture), other(picture)]
        outcomes.append(_after(picture, entwined(*(reversed(acts) if swapped else acts))))
    return outcomes


def _disputed(cast: list[NewKey]) -> UUID:
    picture = make_listed()
    for one in cast[:2]:
        dispute(one, picture)
    return picture


def _taken_off(picture: UUID, by: User) -> None:
    services.take_off_for_good(picture_id=picture, by=by, now=timezone.now())


def _after(picture: UUID, heard: list[str]) -> dict[str, object]:
    told = FeedChange.objects.filter(entry__picture=picture, change="withdrawn")
    listed = Entry.objects.listed().filter(picture=picture)
    return {
        "heard": heard,
        "status": Picture.objects.get(pk=picture).status,
        "listed": listed.count(),
        "reviews": sorted(set(listed.values_list("review", flat=True))),
        # An entry is told to be withdrawn once.
        "most_withdrawn": max(Counter(told.values_list("entry", flat=True)).values(), default=0),
        "withdrawn": told.count(),
        "concerns": Concern.objects.filter(picture=picture).count(),
        "open": Concern.objects.filter(picture=picture, ended_on=None).count(),
        "is_off": list(Concern.objects.filter(picture=picture).values_list("evidence__is_off", flat=True)),
        "endings": list(Concern.objects.filter(picture=picture).values_list("ending", flat=True)),
    }


if __name__ == "__main__":
    main()
