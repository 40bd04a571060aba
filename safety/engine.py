"""Where an adult stands towards minors, and why: a fold over what happened. Pure; the same facts give the same reading.

Order of arrival doesn't matter: happenings are sorted by (occurred_at, id). The score moves with them and fades day by
day; a level rises only with something that speaks against the adult, and falls only at midnight (UTC).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from accounts.bands import is_minor
from safety import bursts
from safety.facts import HORIZON_DAYS, Case, Happening, Person, Reading
from safety.folding import Fold, Step
from safety.memory import kept, remembered
from safety.reasons import moment, reasons
from safety.tuning import BOUNDS, DEFAULTS, tuned

__all__ = ["BOUNDS", "DEFAULTS", "RULE_VERSION", "course", "forgotten", "read", "tuned"]

# Rises whenever the same happenings could be read differently.
RULE_VERSION = "1"
# A standing that time doesn't change is looked at again after this time.
_LOOK_AGAIN = timedelta(days=HORIZON_DAYS)


def read(
    case: Case,
    *,
    at: datetime,
    checkpoint: Mapping[str, object] | None = None,
    without: Collection[str] = frozenset(),
) -> Reading:
    """The reading at a time. What happened later, and what the checkpoint already holds, is left out.

    The reading's own checkpoint holds all that happened earlier than the horizon before `at`: from then on those
    happenings, and nothing younger, can be dropped.
    `without` leaves rules out, so that what each of them does can be measured. Raises BadTuning.
    """
    inputs_hash = _hash(case, at=at, checkpoint=checkpoint, without=without)
    if is_minor(case.people[case.subject].age_band):
        return _nothing(at, inputs_hash, checkpoint or {})
    fold = Fold(case, remembered(checkpoint), tuned(case.tuned), without)
    held = _folded(fold, case, at=at, checkpoint=checkpoint or {})
    now = at.timestamp()
    fold.pass_time(now)
    fold.scales.forget(now)
    level, memory = fold.memory.level, fold.memory
    return Reading(
        level=level,
        score=fold.scales.score(now),
        reasons=reasons(fold.scales, now),
        rule_version=RULE_VERSION,
        inputs_hash=inputs_hash,
        checkpoint=held,
        is_burst=memory.burst_at is not None and now - memory.burst_at < bursts.LASTS,
        burst_at=None if memory.burst_at is None else moment(memory.burst_at),
        # Last, because it lets time pass.
        stands_until=_stands_until(fold, at),
    )


def course(case: Case, *, at: datetime, without: Collection[str] = frozenset()) -> Iterator[Step]:
    """Every moment at which something spoke against the adult, with the score and the level that it led to."""
    if is_minor(case.people[case.subject].age_band):
        return
    fold = Fold(case, remembered(None), tuned(case.tuned), without)
    for happening in _in_order(case, after=fold.memory.last, at=at):
        step = fold.take(happening)
        if step is not None:
            yield step


def forgotten(checkpoint: Mapping[str, object], account: str) -> dict[str, object]:
    """The checkpoint without a minor whose account was deleted. What her vote weighed stays, under nobody's name."""
    memory = remembered(checkpoint)
    memory.ties.pop(account, None)
    memory.labelled.pop(account, None)
    for opening in memory.openings:
        opening.minor = "" if opening.minor == account else opening.minor
    for complaint in memory.recent:
        complaint.minor = "" if complaint.minor == account else complaint.minor
    if account in memory.votes:
        memory.votes = {(key if key != account else ""): vote for key, vote in memory.votes.items()}
    return kept(memory)


def _folded(
    fold: Fold, case: Case, *, at: datetime, checkpoint: Mapping[str, object]
) -> Mapping[str, object]:
    """Fold everything in; what has to be kept of the happenings that are older than the horizon."""
    horizon, held = at - timedelta(days=HORIZON_DAYS), checkpoint
    is_behind = True
    took_any = False
    for happening in _in_order(case, after=fold.memory.last, at=at):
        if is_behind and happening.occurred_at >= horizon:
            held = kept(fold.memory) if took_any else held
            is_behind = False
        fold.take(happening)
        took_any = True
    return kept(fold.memory) if is_behind and took_any else held


def _in_order(case: Case, *, after: tuple[float, str], at: datetime) -> list[Happening]:
    by_id = {one.id: one for one in case.happenings if one.occurred_at <= at}
    found = [one for one in by_id.values() if (one.occurred_at.timestamp(), one.id) > after]
    return sorted(found, key=lambda one: (one.occurred_at, one.id))


def _stands_until(fold: Fold, at: datetime) -> datetime:
    level = fold.memory.level
    if not level:
        return at + _LOOK_AGAIN
    while fold.memory.level == level:
        fold.pass_time(fold.next_midnight())
    return moment(fold.memory.ticked)


def _nothing(at: datetime, inputs_hash: str, checkpoint: Mapping[str, object]) -> Reading:
    """Minors have no standing, whatever happened."""
    return Reading(0, 0.0, (), RULE_VERSION, inputs_hash, at + _LOOK_AGAIN, checkpoint)


def _hash(
    case: Case, *, at: datetime, checkpoint: Mapping[str, object] | None, without: Collection[str]
) -> str:
    """SHA-256 over all that the reading depends on, in one order."""
    given = [
        RULE_VERSION,
        at.timestamp(),
        case.subject,
        sorted([name, _person(person)] for name, person in case.people.items()),
        sorted(map(_happening, case.happenings)),
        sorted(case.pairs),
        sorted(case.tuned.items()),
        checkpoint or {},
        sorted(without),
    ]
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def _person(one: Person) -> list[object]:
    joined_on = one.joined_on.isoformat() if one.joined_on else ""
    linked = one.is_linked_to_sanctioned
    return [
        one.age_band,
        joined_on,
        one.region,
        one.community,
        one.device_cluster,
        one.role,
        linked,
        one.credit,
    ]


def _happening(one: Happening) -> list[object]:
    mutuals = -1 if one.mutuals is None else one.mutuals
    return [
        one.occurred_at.timestamp(),
        one.id,
        one.kind,
        one.actor,
        one.target or "",
        mutuals,
        *one.labels,
    ]
