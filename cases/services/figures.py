"""How the desk goes, for its lead. Counted by the database; nothing here opens what is sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case as When_
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from cases import policy, risk
from cases.charts import Row, Table
from cases.models import Case, Claim, Clock, ClockRecord, Escalation, Notice, Rung
from cases.services.desk_messages import READ, SHIFT
from cases.services.risk import LEVELS
from cases.spread import Spread, spread
from staff.services import AuditRow

# What the shown clocks, times and people's work cover.
DAYS = 30
_FAILURES_SHOWN = 20
_AGES = ((0, 1), (2, 3), (4, 7), (8, None))


@dataclass(frozen=True)
class Timed:
    """How long something took, for one platform or for us."""

    name: str
    spread: Spread | None


@dataclass(frozen=True)
class Person:
    username: str
    claims: int
    decisions: int
    read_this_shift: int
    read: int


@dataclass(frozen=True)
class Dashboard:
    open_cases: int
    overdue: int
    breaches: int
    failed_escalations: int
    failures: Sequence[Escalation]
    waiting_escalations: int
    open_by_risk: Table
    clocks: Table
    first_look: Timed
    outcomes: Sequence[Timed]
    answers: Table
    people: Sequence[Person]
    days: int


def dashboard(*, now: datetime) -> Dashboard:
    waiting = Case.objects.filter(status__in=policy.WAITING_FOR_US)
    counted = waiting.aggregate(all=Count("pk"), overdue=Count("pk", filter=Q(is_overdue=True)))
    packs = Counter(Escalation.objects.values_list("state", flat=True))
    since = now.date() - timedelta(days=DAYS)
    return Dashboard(
        open_cases=counted["all"],
        overdue=counted["overdue"],
        breaches=Notice.objects.filter(is_breach=True, outcome="").count(),
        failed_escalations=packs[Escalation.State.FAILED],
        failures=list(
            Escalation.objects.filter(state=Escalation.State.FAILED).order_by("made_at")[:_FAILURES_SHOWN]
        ),
        waiting_escalations=packs[Escalation.State.RELEASED],
        open_by_risk=open_by_risk(on=now.date()),
        clocks=clocks(since=since),
        first_look=_timed(_("First look"), hours_of(Clock.Kind.FIRST_LOOK, since=since).get("", {})),
        outcomes=[
            _timed(name, times) for name, times in sorted(hours_of(Clock.Kind.OUTCOME, since=since).items())
        ],
        answers=answers(),
        people=people(now=now),
        days=DAYS,
    )


def open_by_risk(*, on: date) -> Table:
    """Open cases by how urgent they are and how many days old."""
    named = {
        f"age_{number}": Count("pk", filter=_aged(on, youngest, oldest))
        for number, (youngest, oldest) in enumerate(_AGES)
    }
    open_cases = Case.objects.filter(status__in=policy.WAITING_FOR_US).annotate(level=_level())
    lines = open_cases.values("level").annotate(**named).order_by().values_list("level", *named)
    counted: dict[int, tuple[int, ...]] = {line[0]: line[1:] for line in lines}
    none = (0,) * len(_AGES)
    rows = [
        Row(str(LEVELS[name]), counted.get(number, none)) for number, (name, _score) in enumerate(risk.LEVELS)
    ]
    ages = (_("up to a day"), _("2 to 3 days"), _("4 to 7 days"), _("older"))
    return Table(_("Open cases by risk and age"), ages, tuple(rows))


def _level() -> When_:
    """The first level whose score a case reaches."""
    return When_(
        *(When(risk__gte=score, then=Value(number)) for number, (_name, score) in enumerate(risk.LEVELS)),
        default=Value(len(risk.LEVELS) - 1),
        output_field=IntegerField(),
    )


def _aged(on: date, youngest: int, oldest: int | None) -> Q:
    within = Q(received_on__lte=on - timedelta(days=youngest)) if youngest else Q()
    return within if oldest is None else within & Q(received_on__gte=on - timedelta(days=oldest))


def clocks(*, since: date) -> Table:
    """Limits kept and broken. One that is broken and still runs counts as broken: silence is no excuse."""
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    ended = ClockRecord.objects.filter(ended_on__gte=since)
    for kind, was_kept, count in _counted(ended, "kind", "was_kept"):
        (kept if was_kept else broken)[kind] += count
    for kind, count in _counted(Clock.objects.filter(is_broken=True), "kind"):
        broken[kind] += count
    names = {
        Clock.Kind.FIRST_LOOK: _("First look"),
        Clock.Kind.PUSH: _("Push to platforms"),
        Clock.Kind.ACKNOWLEDGE: _("Acknowledged"),
        Clock.Kind.OUTCOME: _("Outcome in 48 h"),
    }
    rows = tuple(Row(name, (kept[kind], broken[kind])) for kind, name in names.items())
    return Table(_("Limits kept and broken"), (_("kept"), _("broken")), rows)


def hours_of(kind: Clock.Kind, *, since: date | None = None) -> dict[str, dict[int, int]]:
    """{platform, or "" for us: {hours: how often}}."""
    ended = ClockRecord.objects.filter(kind=kind)
    if since is not None:
        ended = ended.filter(ended_on__gte=since)
    times: dict[str, dict[int, int]] = {}
    for name, hours, count in _counted(ended, "platform__name", "hours"):
        times.setdefault(name or "", {})[hours] = count
    return times


def answers() -> Table:
    """Where cases stand at each platform, as the reporters see it."""
    kinds = {
        Rung.Kind.SENT: _("sent"),
        Rung.Kind.COLLECTED: _("collected"),
        Rung.Kind.WATCHING: _("watching"),
        Rung.Kind.CHECKING: _("checking"),
        Rung.Kind.BLOCKED: _("blocked"),
        Rung.Kind.NOT_BLOCKED: _("not blocked"),
        Rung.Kind.WITHDRAWN: _("withdrawn"),
    }
    counted: dict[str, Counter[str]] = {}
    for name, rung, count in _counted(Rung.objects.all(), "platform__name", "rung"):
        counted.setdefault(name, Counter())[rung] += count
    rows = tuple(Row(name, tuple(counted[name][kind] for kind in kinds)) for name in sorted(counted))
    return Table(_("Where cases stand at each platform"), tuple(kinds.values()), rows)


def people(*, now: datetime) -> list[Person]:
    """Who has how much on the table, and how much they had to read."""
    since = now - timedelta(days=DAYS)
    claims = Counter(_by(Claim.objects.filter(by__isnull=False, expires_at__gt=now), "by__username"))
    decisions = _by(
        AuditRow.objects.filter(at__gte=since, act__in=DECISIONS, actor__isnull=False), "actor__username"
    )
    reading = AuditRow.objects.filter(act__in=READING, actor__isnull=False)
    read = _by(reading.filter(at__gte=since), "actor__username")
    lately = _by(reading.filter(at__gte=now - SHIFT), "actor__username")
    names = sorted({*claims, *decisions, *read})
    return [
        Person(name, claims[name], decisions.get(name, 0), lately.get(name, 0), read.get(name, 0))
        for name in names
    ]


DECISIONS = tuple(
    f"case.{verb}"
    for verb in ("accept", "ask", "quarantine", "decline", "escalate", "close", "reopen", "withdraw")
)
READING = (READ, "notice.read", "escalation.read")


def _by(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return dict(_counted(rows, field))


def _counted(rows: QuerySet[Any], *fields: str) -> list[tuple[Any, ...]]:
    """How often each combination comes: one line of SQL, however many rows there are."""
    return list(rows.values_list(*fields).annotate(Count("pk")).order_by())


def _timed(name: str, times: Mapping[int, int]) -> Timed:
    return Timed(name, spread(times))
