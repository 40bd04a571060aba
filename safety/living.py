"""A small invented platform: its members and a month of what happened between them, in the shapes of the API.

Only for the demo and for playing traffic. It proves nothing: who is dangerous here was written by the same hand as
the rules. Ids are opaque, as a platform's are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Row = dict[str, object]

SCHOOLS = 6
TEENS_A_SCHOOL = 25
ADULTS = 110
PARENTS = 24
DAYS = 30
# Whom the demo's links and stories are about.
MIA, HER_SISTER, HER_FATHER = "t0001", "t0002", "p0001"
COLD_CONTACTER, BRIGADED = "a9001", "a9002"
_REGIONS = ("north", "south", "east")


@dataclass(frozen=True)
class Living:
    accounts: list[Row]
    pairs: list[Row]
    events: list[Row]


def living(*, now: datetime, seed: int = 7) -> Living:
    """The same platform for the same seed, with a month of events that ends now, oldest first."""
    rng = random.Random(seed)  # noqa: S311 - Invented traffic, no secret.
    teens, adults = _teens(rng, now), _adults(rng, now)
    parents = _parents(rng, now)
    stories = [*_school_life(rng, now), *_families(rng, now), *_grown_ups(rng, now)]
    stories += [*_cold_contacts(rng, now), *_brigade(rng, now), *_around_mia(rng, now)]
    stories.sort(key=lambda one: (str(one["occurred_at"]), str(one["target"])))
    # Played again with the same time, each event is known by its id.
    run = f"{now:%Y%m%d%H%M}-{seed}"
    events = [{"id": f"{run}-{number:05}", **one} for number, one in enumerate(stories, start=1)]
    fakes = [_account(f"f{n:04}", "13_15", rng, now, days=4, device_cluster="d-fake") for n in range(1, 7)]
    return Living(
        accounts=[*teens, *adults, *parents, *_strangers(rng, now), *fakes],
        pairs=[{"teen": one, "adult": HER_FATHER, "kind": "parent"} for one in (MIA, HER_SISTER)],
        events=events,
    )


def traffic(*, seed: int, count: int) -> Iterator[Row]:
    """Questions as a platform's server asks them: mostly friends, some strangers, now and then the cold contacter."""
    rng = random.Random(seed)  # noqa: S311 - Invented traffic, no secret.
    for _ in range(count):
        teen = _teen(rng.randrange(SCHOOLS), rng.randrange(TEENS_A_SCHOOL))
        kind = rng.random()
        if kind < 0.7:
            friend = _classmate(rng, teen)
            yield {"action": "message", "actor": friend, "target": teen, "mutuals": 5, "connected": True}
        else:
            actor = COLD_CONTACTER if kind > 0.9 else _adult(rng.randrange(ADULTS))
            action = rng.choice(("message", "follow", "comment", "recommend"))
            yield {"action": action, "actor": actor, "target": teen, "mutuals": 0, "connected": False}


def happened(asked: Row, *, number: int, now: datetime, seed: int) -> Row:
    """The event that follows when a platform let it happen."""
    kind = {"message": "contact", "follow": "follow", "comment": "comment"}[str(asked["action"])]
    return {
        "id": f"live-{now:%Y%m%d%H%M%S}-{seed}-{number}",
        "kind": kind,
        "actor": asked["actor"],
        "target": asked["target"],
        "occurred_at": _stamp(now),
        "mutuals": asked["mutuals"],
        "labels": [],
    }


def _teen(school: int, number: int) -> str:
    return f"t{school * TEENS_A_SCHOOL + number + 1:04}"


def _adult(number: int) -> str:
    return f"a{number + 1:04}"


def _classmate(rng: random.Random, teen: str) -> str:
    school = (int(teen[1:]) - 1) // TEENS_A_SCHOOL
    others = [one for one in (_teen(school, n) for n in range(TEENS_A_SCHOOL)) if one != teen]
    return rng.choice(others)


def _account(
    external_id: str, band: str, rng: random.Random, now: datetime, *, days: int, **more: object
) -> Row:
    return {
        "external_id": external_id,
        "age_band": band,
        "joined_on": (now - timedelta(days=days)).date().isoformat(),
        "region": rng.choice(_REGIONS),
        "locale": "en",
        "time_zone": "Europe/London",
        **more,
    }


def _teens(rng: random.Random, now: datetime) -> list[Row]:
    return [
        _account(
            _teen(school, number),
            "13_15" if number % 5 < 3 else "16_17",
            rng,
            now,
            days=rng.randrange(120, 900),
            community=f"school-{school + 1}",
            settings=_settings_of_a_teen(rng, is_open=_teen(school, number) == MIA),
        )
        for school in range(SCHOOLS)
        for number in range(TEENS_A_SCHOOL)
    ]


def _settings_of_a_teen(rng: random.Random, *, is_open: bool) -> Row:
    is_open = is_open or rng.random() < 0.3
    return {
        "private": not is_open,
        "message": "everyone" if is_open else "friends",
        "comment": "everyone" if is_open else "friends",
        "friends_list": "everyone" if is_open else "friends",
        "following_list": "everyone" if is_open else "friends",
        "tagged_posts": "friends",
        "tag_review": not is_open,
        "suggestions": is_open,
        "location": False,
    }


def _adults(rng: random.Random, now: datetime) -> list[Row]:
    accounts = []
    for number in range(ADULTS):
        role = "teacher" if number < 6 else "creator" if number < 10 else ""
        band = "18_20" if 10 <= number < 30 else "21_plus"
        community = f"school-{number + 1}" if role == "teacher" else f"town-{number % 12}"
        accounts.append(
            _account(
                _adult(number),
                band,
                rng,
                now,
                days=rng.randrange(200, 2000),
                role=role,
                community=community,
            )
        )
    return accounts


def _parents(rng: random.Random, now: datetime) -> list[Row]:
    return [
        _account(f"p{number + 1:04}", "21_plus", rng, now, days=rng.randrange(300, 2000), role="parent")
        for number in range(PARENTS)
    ]


def _strangers(rng: random.Random, now: datetime) -> list[Row]:
    return [
        _account(COLD_CONTACTER, "21_plus", rng, now, days=16, community="town-99"),
        _account(BRIGADED, "21_plus", rng, now, days=1400, community="town-3"),
    ]


def _event(
    kind: str, actor: str, target: str, at: datetime, *, mutuals: int, labels: Sequence[str] = ()
) -> Row:
    return {
        "kind": kind,
        "actor": actor,
        "target": target,
        "occurred_at": _stamp(at),
        "mutuals": mutuals,
        "labels": list(labels),
    }


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _some_time(rng: random.Random, now: datetime, *, days: float = DAYS, before: float = 0) -> datetime:
    return now - timedelta(days=before) - timedelta(seconds=rng.uniform(600, days * 86_400))


def _talk(rng: random.Random, one: str, other: str, begun: datetime, *, mutuals: int) -> Iterator[Row]:
    """They connect, one writes, the other answers."""
    yield _event("connect", one, other, begun, mutuals=mutuals)
    yield _event("contact", one, other, begun + timedelta(seconds=60), mutuals=mutuals)
    if rng.random() < 0.9:
        yield _event("reply", other, one, begun + timedelta(seconds=300), mutuals=mutuals)


def _school_life(rng: random.Random, now: datetime) -> Iterator[Row]:
    for school in range(SCHOOLS):
        for number in range(TEENS_A_SCHOOL):
            teen = _teen(school, number)
            for _ in range(4):
                yield from _talk(
                    rng, teen, _classmate(rng, teen), _some_time(rng, now), mutuals=rng.randrange(2, 15)
                )


def _families(rng: random.Random, now: datetime) -> Iterator[Row]:
    for number in range(PARENTS):
        child = _teen(number % SCHOOLS, number // SCHOOLS)
        yield from _talk(rng, f"p{number + 1:04}", child, _some_time(rng, now), mutuals=4)


def _grown_ups(rng: random.Random, now: datetime) -> Iterator[Row]:
    for number in range(ADULTS):
        one, other = _adult(number), _adult((number + rng.randrange(1, ADULTS)) % ADULTS)
        yield from _talk(rng, one, other, _some_time(rng, now), mutuals=rng.randrange(6))
    # A teacher writes to the class at the beginning of term, with many mutuals, and is answered.
    for number in range(4):
        teen = _teen(0, number)
        yield from _talk(rng, _adult(0), teen, _some_time(rng, now, days=2, before=20), mutuals=20)


def _cold_contacts(rng: random.Random, now: datetime) -> Iterator[Row]:
    """Some thirty teens of all schools within a week, no mutuals, hardly an answer; five block, three report."""
    met = [_teen(number % SCHOOLS, number // SCHOOLS + 3) for number in range(30)]
    for number, teen in enumerate(met):
        at = _some_time(rng, now, days=6, before=1)
        labels = ("off_platform",) if number % 4 == 0 else ("photo_request",) if number % 7 == 0 else ()
        yield _event("contact", COLD_CONTACTER, teen, at, mutuals=0, labels=labels)
        after = at + timedelta(minutes=rng.randrange(3, 90))
        if number % 9 == 8:
            yield _event("reply", teen, COLD_CONTACTER, after, mutuals=0)
        if number % 6 == 0:
            yield _event("block", teen, COLD_CONTACTER, after, mutuals=0)
        elif number % 10 == 3:
            yield _event("report", teen, COLD_CONTACTER, after, mutuals=0)


def _brigade(rng: random.Random, now: datetime) -> Iterator[Row]:
    """Six accounts of four days and one device report a man who never wrote to them, within an hour."""
    begun = now - timedelta(days=2)
    for number in range(1, 7):
        at = begun + timedelta(minutes=rng.randrange(60))
        yield _event("report", f"f{number:04}", BRIGADED, at, mutuals=0)


def _around_mia(rng: random.Random, now: datetime) -> Iterator[Row]:
    """A stranger whom nobody complained about, and the cold contacter: what she is told is the same."""
    yield _event("follow", _adult(40), MIA, now - timedelta(days=3), mutuals=1)
    yield _event("comment", _adult(41), MIA, now - timedelta(days=2), mutuals=0)
    yield _event("contact", COLD_CONTACTER, MIA, _some_time(rng, now, days=1, before=0.1), mutuals=0)
