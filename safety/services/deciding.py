"""A platform asks before something happens, and is answered from the table of `safety.answers`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

import nudges.services
from safety.answers import ALLOW, DENY, FRICTION, NOTICE, Verdict, ttl
from safety.models import Answer
from safety.questions import Asked
from safety.services.allow_ids import Allowed, allow_id
from safety.services.friction import count_contacts
from safety.services.texts import denial
from safety.services.weighing import Weighed, weigh

# At most so many a request.
DECISION_BATCH = 1_000


class Said(NamedTuple):
    """Words to show, and the key by which a platform may show its own instead."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    decision: str
    ttl: int
    decision_id: str
    to_actor: Said | None
    to_target: Said | None


def decide(*, platform_id: int, questions: Sequence[Asked], now: datetime) -> list[Decision]:
    """Answer each, in order. What was committed before is in the answer: unread events are read first."""
    weighed = weigh(platform_id=platform_id, questions=questions, now=now)
    reached = {one.target.id for one in weighed if one.target is not None and one.reaches_a_minor}
    if all(one.verdict.decision == ALLOW for one in weighed):
        return [_allow(one, platform_id=platform_id, now=now) for one in weighed]
    with transaction.atomic():
        weighed = _counted(weighed, now=now)
        answers = [_answer(one, platform_id=platform_id, now=now) for one in weighed]
        Answer.objects.bulk_create([one for one in answers if one is not None])
        if reached:
            # Delivered or not, by whomever: nothing of the verdict is told.
            nudges.services.nudge_many(account_ids=sorted(reached), kind="stranger", now=now)
    return [
        _allow(one, platform_id=platform_id, now=now) if answer is None else _decision(one, answer)
        for one, answer in zip(weighed, answers, strict=True)
    ]


def _counted(weighed: Sequence[Weighed], *, now: datetime) -> list[Weighed]:
    """Friction lets through what is within the day's number. Who can't be counted isn't let through."""
    slowed = [one for one in weighed if one.verdict.decision == FRICTION]
    within = count_contacts(list(filter(None, map(_contact, slowed))), on=now.date()) if slowed else set()
    return [
        replace(one, verdict=Verdict(DENY, "friction_used_up"))
        if one.verdict.decision == FRICTION and _contact(one) not in within
        else one
        for one in weighed
    ]


def _contact(one: Weighed) -> tuple[int, int] | None:
    return (one.actor.id, one.target.id) if one.actor is not None and one.target is not None else None


def _answer(one: Weighed, *, platform_id: int, now: datetime) -> Answer | None:
    """What is kept of it. That a thing was allowed isn't."""
    if one.verdict.decision == ALLOW:
        return None
    return Answer(
        platform_id=platform_id,
        action=one.asked.action,
        actor_id=one.actor.id if one.actor else None,
        target_id=one.target.id if one.target else None,
        decision=one.verdict.decision,
        cause=one.verdict.cause,
        standing_version=one.stand.version,
        rule_version=one.stand.rule_version,
        at=now,
    )


def _decision(one: Weighed, answer: Answer) -> Decision:
    decision = answer.decision
    return Decision(
        decision=decision,
        ttl=ttl(decision),
        decision_id=str(answer.pk),
        to_actor=_to_actor(one) if decision == DENY else None,
        to_target=_to_target(one) if decision in {NOTICE, FRICTION} else None,
    )


def _to_actor(one: Weighed) -> Said:
    return Said(*denial(action=one.asked.action, locale=one.actor.locale if one.actor else ""))


def _to_target(one: Weighed) -> Said:
    text = nudges.services.banner(locale=one.target.locale if one.target else "")
    return Said(text.key, text.text)


def _allow(one: Weighed, *, platform_id: int, now: datetime) -> Decision:
    asked = one.asked
    allowed = Allowed(platform_id, asked.action, asked.actor, asked.target, one.stand.version, now)
    return Decision(ALLOW, ttl(ALLOW), allow_id(allowed), None, None)
