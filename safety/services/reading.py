"""One account's standing, from what the engine reads in its case and what people decided about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from accounts.bands import is_minor
from safety import engine
from safety.answers import DEFAULT, RESTRICTED
from safety.facts import Case, Reading, Reason
from safety.models import Flag, Standing
from safety.settling import Decided, look_again_at, settled_level

# The rules of a standing that was read while the platform took its account for a minor's. Once that is an adult's again,
# it is read anew before anybody goes by it: nobody sheds a limit by being fifteen for a day.
READ_AS_MINOR = ""
# What a reading changes; the rest of a standing is written by people and by retention.
WRITTEN = (
    "level",
    "score",
    "reasons",
    "rule_version",
    "inputs_hash",
    "version",
    "as_of",
    "stands_until",
    "frozen_at",
    "upheld_until",
    "lifted_until",
)


@dataclass(frozen=True, slots=True)
class Fold:
    """What the engine made of a case, and the standing that it comes to."""

    case: Case
    reading: Reading
    before: int
    standing: Standing
    # What a person has to look at.
    causes: tuple[Flag.Cause, ...]

    @property
    def is_moved(self) -> bool:
        return self.before != self.standing.level


def fold(case: Case, before: Standing | None, *, now: datetime, has_listed_hash: bool) -> Fold:
    reading = engine.read(case, at=now, checkpoint=(before.checkpoint or None) if before else None)
    decided = _decided(before)
    is_new_burst = reading.is_burst and not decided.is_frozen and not _is_looked_at(case, reading)
    if is_new_burst:
        decided = replace(decided, is_frozen=True)
    level = _level(case, reading, decided, now=now)
    standing = _standing(case, reading, before, decided, level=level, now=now)
    reached = level >= RESTRICTED > decided.level
    causes = _causes(reached=reached, is_new_burst=is_new_burst, has_listed_hash=has_listed_hash)
    return Fold(case, reading, decided.level, standing, tuple(causes))


def _level(case: Case, reading: Reading, decided: Decided, *, now: datetime) -> int:
    """A minor is never limited, whatever stood there before the platform knew the age."""
    if _is_of_minor(case):
        return DEFAULT
    return settled_level(reading.level, decided, now=now)


def _is_of_minor(case: Case) -> bool:
    return is_minor(case.people[case.subject].age_band)


def _decided(before: Standing | None) -> Decided:
    if before is None:
        return Decided()
    return Decided(
        level=before.level,
        is_sanctioned=before.sanctioned_at is not None,
        is_frozen=before.frozen_at is not None,
        upheld_until=before.upheld_until,
        lifted_until=before.lifted_until,
    )


def _is_looked_at(case: Case, reading: Reading) -> bool:
    """A person has looked since the burst."""
    closed = Flag.objects.filter(account=int(case.subject), cause=Flag.Cause.BURST, state=Flag.State.CLOSED)
    return closed.filter(closed_at__gte=reading.burst_at).exists()


def _standing(
    case: Case, reading: Reading, before: Standing | None, decided: Decided, *, level: int, now: datetime
) -> Standing:
    """While frozen, the score and its reasons stay as a person will find them."""
    frozen = (before.score, before.reasons) if before else (0.0, [])
    read = (reading.score, list(map(_reason, reading.reasons)))
    score, reasons = frozen if decided.is_frozen else read
    return Standing(
        account_id=int(case.subject),
        level=level,
        score=score,
        reasons=reasons,
        rule_version=READ_AS_MINOR if _is_of_minor(case) else reading.rule_version,
        inputs_hash=reading.inputs_hash,
        version=before.version + 1 if before else 1,
        as_of=now,
        stands_until=look_again_at(reading.stands_until, decided, now=now),
        frozen_at=(before.frozen_at if before else None) or (now if decided.is_frozen else None),
        # As it was: where there is a row, this one is held against its rules before it is put in its place.
        sanctioned_at=before.sanctioned_at if before else None,
        checkpoint=before.checkpoint if before else {},
        upheld_until=_still(decided.upheld_until, now=now),
        lifted_until=_still(decided.lifted_until, now=now),
    )


def _still(until: datetime | None, *, now: datetime) -> datetime | None:
    return until if until is not None and until > now else None


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "rule": reason.rule,
        "weight": reason.weight,
        "expires_on": reason.expires_on.isoformat(),
        "facts": dict(reason.facts),
        "events": list(reason.happenings),
    }


def _causes(*, reached: bool, is_new_burst: bool, has_listed_hash: bool) -> Iterator[Flag.Cause]:
    if reached:
        yield Flag.Cause.RESTRICTED
    if is_new_burst:
        yield Flag.Cause.BURST
    if has_listed_hash:
        yield Flag.Cause.LISTED_HASH
