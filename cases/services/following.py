"""What happened to fingerprints outside, brought to the clocks of their cases. Every part may run twice.

Nothing tells this room when a platform reads or answers, because the list does not know that cases exist. So the worker
asks, a batch at a time: what was numbered, who proved to hold it, and what was said since the last look.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.cache import cache
from django.db import transaction

import hashes.services
from cases import clock_policy
from cases.models import Case, Clock
from cases.services import clock_rules, links, risk
from cases.services.locks import lock_case
from hashes.services import PlatformFacts

_log = logging.getLogger(__name__)
_AT_A_TIME = 200
# Where the next look starts. Lost with the cache, it starts anew and finds the same again, which changes nothing.
_PUSHED_FROM = "desk:pushed-from"
_ACKNOWLEDGED_FROM = "desk:acknowledged-from"
_HEARD_UP_TO = "desk:heard-up-to"


def follow_cases(*, now: datetime) -> None:
    """Look once at everything that is waited for."""
    follow_pushes(now=now)
    _follow_readers(now=now)
    _follow_answers(now=now)


def was_done_in_time(*, clock: Clock) -> bool:
    """Asked when a platform's limit passes: it may have done it since the last look, and then the limit was kept."""
    for facts in _facts(clock.case, now=clock.due_at):
        if facts.platform_id == clock.platform_id:
            _hear(clock.case, facts, now=clock.due_at)
            _acknowledge(clock.case, facts, now=clock.due_at)
    return not Clock.objects.filter(pk=clock.pk).exists()


def follow_pushes(*, now: datetime) -> None:
    """What has all its numbers in the feed: from here on platforms have to acknowledge it."""
    for clock in _in_turn(Clock.Kind.PUSH, mark=_PUSHED_FROM):
        with _apart(clock.case):
            if hashes.services.all_numbered(picture_ids=links.picture_ids(clock.case)):
                _pushed(clock.case, now=now)


def _pushed(case: Case, *, now: datetime) -> None:
    # First: what is found twice is written once, and a process that dies in between begins with it again.
    links.find_links(case=case, on=now.date())
    facts = hashes.services.platform_facts(picture_ids=links.picture_ids(case), on=now.date())
    due_at = now + clock_policy.ACKNOWLEDGE
    with transaction.atomic():
        lock_case(case.pk)
        if not clock_rules.end(case=case, kind=Clock.Kind.PUSH, now=now):
            return
        waiting = [one.platform_id for one in facts if not (one.collected or one.matched)]
        clock_rules.start_many(case=case, kind=Clock.Kind.ACKNOWLEDGE, platform_ids=waiting, due_at=due_at)
        risk.reassess(case=case)


def _follow_readers(*, now: datetime) -> None:
    clocks = _in_turn(Clock.Kind.ACKNOWLEDGE, mark=_ACKNOWLEDGED_FROM)
    for case in {clock.case_id: clock.case for clock in clocks}.values():
        with _apart(case):
            for facts in _facts(case, now=now):
                _acknowledge(case, facts, now=now)


def _follow_answers(*, now: datetime) -> None:
    mark, picture_ids = hashes.services.said_after(mark=cache.get(_HEARD_UP_TO, 0), at_most=_AT_A_TIME)
    for case in Case.objects.filter(pictures__picture__in=picture_ids).distinct():
        with _apart(case):
            for facts in _facts(case, now=now):
                _hear(case, facts, now=now)
    cache.set(_HEARD_UP_TO, mark, None)


def _acknowledge(case: Case, facts: PlatformFacts, *, now: datetime) -> None:
    if facts.collected or facts.matched:
        _ended(case, Clock.Kind.ACKNOWLEDGE, facts, now=now)


def _hear(case: Case, facts: PlatformFacts, *, now: datetime) -> None:
    outcomes = {outcome for _picture, outcome, _reason in facts.outcomes}
    if "pending_review" in outcomes:
        clock_rules.start(case=case, kind=Clock.Kind.OUTCOME, platform_id=facts.platform_id, now=now)
    elif outcomes:
        _ended(case, Clock.Kind.OUTCOME, facts, now=now)


@transaction.atomic
def _ended(case: Case, kind: Clock.Kind, facts: PlatformFacts, *, now: datetime) -> None:
    if clock_rules.end(case=case, kind=kind, platform_id=facts.platform_id, now=now):
        risk.reassess(case=case)


def _facts(case: Case, *, now: datetime) -> Iterable[PlatformFacts]:
    return hashes.services.platform_facts(picture_ids=links.picture_ids(case), on=now.date())


def _in_turn(kind: Clock.Kind, *, mark: str) -> list[Clock]:
    """A batch of those that wait, the next one each time, and from the beginning after the last."""
    waiting = Clock.objects.filter(kind=kind, pk__gt=cache.get(mark, 0)).select_related("case")
    clocks = list(waiting.order_by("pk")[:_AT_A_TIME])
    cache.set(mark, clocks[-1].pk if len(clocks) == _AT_A_TIME else 0, None)
    return clocks


@contextmanager
def _apart(case: Case) -> Iterator[None]:
    """One broken case must not hold up the others. Whoever runs the machine reads of it."""
    try:
        yield
    except Exception:  # noqa: BLE001 - Whatever it is, it stays this case's.
        _log.exception("following case %s failed", case.pk)
