"""What a reviewer sees of a flag: why, what happened, whether the machine reads it the same again, what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as When
from django.db.models import IntegerField, QuerySet, Value
from django.db.models import When as Then

from accounts.bands import BANDS, is_minor
from safety import words
from safety.evidence import SUBJECT, Evidence, Replayed, from_json, replay
from safety.facts import Case
from safety.models import Appeal, Flag, Letter, Standing, StandingChange
from safety.services import reviewing
from safety.timeline import Line, band, lines
from staff.services import HeldAction, User

PAGE = 50
# What is older is counted, not shown.
LINES = 150


@dataclass(frozen=True)
class ShownReason:
    rule: str
    text: str
    weight: float
    expires_on: date


@dataclass(frozen=True)
class ShownCase:
    """A flag's evidence in words."""

    reasons: list[ShownReason]
    lines: Sequence[Line]
    earlier: int
    missing: list[str]
    replayed: Replayed
    role: str
    age_band: str
    minors: list[tuple[str, int]]


@dataclass(frozen=True)
class FlagPage:
    flag: Flag
    # None once the evidence is gone.
    case: ShownCase | None
    standing: Standing | None
    changes: list[StandingChange]
    waiting: list[HeldAction]
    letter: Letter | None
    appeal: Appeal | None

    @property
    def may_end(self) -> bool:
        """A limit that people set or confirmed still holds."""
        return (
            self.flag.outcome in reviewing.LIMITING and self.standing is not None and self.standing.level > 0
        )


@dataclass(frozen=True)
class Queue:
    flags: list[Flag]
    # The number that the next page begins below.
    older_than: int | None


def open_flags(user: User) -> Queue:
    """What waits: a picture on the list first, then the highest score, then the oldest."""
    waiting = reviewing.visible(user).filter(state=Flag.State.OPEN).defer("evidence")
    return Queue(list(_by_urgency(waiting)[:PAGE]), None)


def closed_flags(user: User, *, before: int | None) -> Queue:
    closed = reviewing.visible(user).filter(state=Flag.State.CLOSED).defer("evidence")
    if before:
        closed = closed.filter(number__lt=before)
    rows = list(closed.order_by("-number")[: PAGE + 1])
    return Queue(rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None)


def count_open(user: User) -> int:
    return reviewing.visible(user).filter(state=Flag.State.OPEN).count()


def flag_page(flag: Flag) -> FlagPage:
    letter = Letter.objects.filter(flag=flag).select_related("appeal").first()
    account = flag.account_id
    return FlagPage(
        flag=flag,
        case=_shown(from_json(flag.evidence)) if flag.evidence else None,
        standing=Standing.objects.filter(account=account).first() if account else None,
        changes=list(StandingChange.objects.filter(account=account).order_by("-at")[:10]) if account else [],
        waiting=reviewing.waiting_on(flag),
        letter=letter,
        appeal=getattr(letter, "appeal", None),
    )


def _by_urgency(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    first = When(
        Then(cause=Flag.Cause.LISTED_HASH, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return flags.order_by(first, "-score", "opened_at")


def _shown(evidence: Evidence) -> ShownCase:
    case = evidence.case
    # As they were when the flag opened, whatever the rules say by now.
    reasons: Any = evidence.reading["reasons"]
    named = frozenset(name for one in reasons for name in one["happenings"])
    story = lines(case, named=named)
    subject = case.people[SUBJECT]
    return ShownCase(
        reasons=[_reason(one) for one in sorted(reasons, key=lambda one: -one["weight"])],
        lines=story[:LINES],
        earlier=max(0, len(story) - LINES),
        missing=words.missing(case),
        replayed=replay(evidence),
        role=subject.role,
        age_band=band(subject.age_band),
        minors=_minors(case),
    )


def _reason(row: Mapping[str, Any]) -> ShownReason:
    return ShownReason(
        rule=row["rule"],
        text=words.sentence(row["rule"], row["facts"]),
        weight=row["weight"],
        expires_on=date.fromisoformat(row["expires_on"]),
    )


def _minors(case: Case) -> list[tuple[str, int]]:
    bands = Counter(one.age_band for name, one in case.people.items() if name != SUBJECT)
    return [(band(told), bands[told]) for told in BANDS if is_minor(told) and bands[told]]
