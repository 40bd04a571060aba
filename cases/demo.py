"""Plays the demo's reports through the real services, hour by hour, as if it had all happened before now.

Only the reports whose code is handed out have one, derived at its real cost, two at a time; nobody has the others' codes,
so a random root stands in for what would take a tenth of a second each. All is one transaction: a seeding that broke off
leaves nothing and can be run again.
"""

from __future__ import annotations

import heapq
import secrets as randomness
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import transaction

import hashes.services
from cases import access_code
from cases.code_keys import Root, new_salt
from cases.demo_fates import FATES, Cast, Scene
from cases.demo_reports import Report, oldest_first
from cases.models import Case
from cases.services import following, ladder, notices, risk
from cases.services.clocks import sweep_clocks
from cases.services.replays import RequestDigest
from cases.services.submission import case_under, keep_case, new_selector, sealed_case, secret_symbols
from hashes.services import Fingerprint, NewPicture

_PUSHED_AFTER = timedelta(minutes=4)
_READ_AFTER, _READ_EVERY = timedelta(hours=3), timedelta(hours=6)
_LAST_READ_BEFORE = timedelta(hours=2)


@dataclass(frozen=True)
class Filed:
    """A report with its case, which is nowhere yet, and the code she would keep."""

    report: Report
    key: str
    case: Case
    code: str
    at: datetime


@dataclass
class Play:
    """What is still to happen, in order of time."""

    now: datetime
    cast: Cast
    steps: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    readings: set[datetime] = field(default_factory=set)

    def plan(self, at: datetime, do: Callable[[datetime], None]) -> None:
        if at <= self.now:
            heapq.heappush(self.steps, (at, next(self.numbers), do))

    def plan_reading(self, *, after: datetime) -> None:
        """The platforms come by every so often, and only where there is something to see."""
        at = after - (after - datetime.min.replace(tzinfo=after.tzinfo)) % _READ_EVERY + _READ_EVERY
        if at not in self.readings:
            self.readings.add(at)
            self.plan(at, lambda then: _platforms_read(self, then))

    def run(self) -> None:
        while self.steps:
            at, _number, do = heapq.heappop(self.steps)
            do(at)


def play(*, cast: Cast, now: datetime, workers: int = 2) -> list[tuple[str, str]]:
    """Make the cases; give the fates and access codes of those that can be opened, the newest first."""
    with ThreadPoolExecutor(workers) as pool:
        filed = list(pool.map(lambda one: _file(one[0], one[1], now=now), oldest_first()))
    with transaction.atomic():
        stage = Play(now=now, cast=cast)
        same = _pictures(1)
        for one in filed:
            stage.plan(one.at, _submit(stage, one, same=same))
        stage.run()
        _look_around(now, filed=filed)
    return [(one.report.fate, one.code) for one in reversed(filed) if one.code]


def _file(number: int, report: Report, *, now: datetime) -> Filed:
    at = now - timedelta(hours=report.hours_ago)
    key = f"demo-{number}-{randomness.token_urlsafe(24)}"
    if not report.has_code:
        case = case_under(
            root=Root(randomness.token_bytes(32)),
            selector=new_selector(),
            salt=new_salt(),
            answers=report.answers,
            on=at.date(),
        )
        return Filed(report, key, case, "", at)
    secret = secret_symbols(key)
    case = sealed_case(secret=secret, answers=report.answers, client=f"demo-{number % 2}", on=at.date())
    return Filed(report, key, case, access_code.compose(selector=case.selector, secret=secret), at)


def _submit(stage: Play, filed: Filed, *, same: tuple[NewPicture, ...]) -> Callable[[datetime], None]:
    def do(at: datetime) -> None:
        pictures = same if filed.report.fate == "linked" else _pictures(filed.report.pictures)
        keep_case(
            request=RequestDigest.of(purpose="submit", key=filed.key, body=filed.key),
            case=filed.case,
            answers=filed.report.answers,
            pictures=pictures,
            now=at,
            release=settings.RELEASE_AT_ONCE,
        )
        filed.case.platforms.set([stage.cast.platform_id])
        stage.plan(at + _PUSHED_AFTER, _publish)
        stage.plan_reading(after=at)
        scene = Scene(case=filed.case, cast=stage.cast, says=filed.report.says)
        for hours, verb in FATES[filed.report.fate](scene):
            then = at + timedelta(hours=hours)
            stage.plan(then, _acted(filed.case, verb))
            if then - at > _READ_AFTER:
                stage.plan_reading(after=then)

    return do


def _acted(case: Case, verb: Callable[[datetime], object]) -> Callable[[datetime], None]:
    def do(at: datetime) -> None:
        case.refresh_from_db()
        verb(at)

    return do


def _publish(at: datetime) -> None:
    hashes.services.publish(now=at)
    following.follow_pushes(now=at)


def _platforms_read(stage: Play, at: datetime) -> None:
    """The reader collects, the other asks for matches; what they said since is heard."""
    reader, asker = stage.cast.platform_id, stage.cast.asker_id
    page = hashes.services.read_feed(platform_id=reader, after=0, limit=1_000_000)
    hashes.services.read_feed(platform_id=reader, after=page.next_after, limit=1)
    if at < stage.now - _LAST_READ_BEFORE:
        hashes.services.match(platform_id=asker, queries=[], with_entries=False)
    sweep_clocks(now=at)
    following.follow_cases(now=at)


def _look_around(now: datetime, *, filed: list[Filed]) -> None:
    """What the worker would have done by now."""
    _publish(now)
    following.follow_cases(now=now)
    sweep_clocks(now=now)
    notices.flag_breaches(now=now)
    for one in filed:
        one.case.refresh_from_db()
        ladder.refresh_ladder(case=one.case, on=now.date())
        risk.reassess(case=one.case)


def _pictures(how_many: int) -> tuple[NewPicture, ...]:
    return tuple(
        NewPicture(
            "image",
            (
                Fingerprint("pdq", randomness.token_hex(32), quality=100),
                Fingerprint("phash", randomness.token_hex(8)),
                Fingerprint("md5", randomness.token_hex(16)),
                Fingerprint("sha256", randomness.token_hex(32)),
            ),
        )
        for _ in range(how_many)
    )
