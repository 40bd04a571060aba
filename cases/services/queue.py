"""The queue: what waits for the desk, the most urgent first, a page at a time.

A page starts after a place, which is the four things that order the queue. So a page costs the same whichever it is and
however many cases wait, and nothing is shown twice or missed because something above it left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import BooleanField, Prefetch, Q, QuerySet
from django.db.models.expressions import RawSQL

from cases import policy, risk
from cases.models import Case, Claim, Clock
from cases.services import claims
from cases.services.clock_words import TimeLeft, time_left
from cases.services.risk import LEVELS, why
from staff.services import User

PAGE = 25
_NUMBER_DIGITS = 8
_UUID_DIGITS = 32
# In the words of the index and without parameters: SQLite uses a partial index only for a condition that it can read.
_WAITS = RawSQL("\"cases_case\".\"status\" IN ('received', 'open')", [], output_field=BooleanField())
_ORDER = ("-is_overdue", "-risk", "received_on", "id")


@dataclass(frozen=True)
class Filters:
    """As they stand in the address; what is empty filters nothing."""

    state: str = ""
    risk: str = ""
    platform: str = ""
    clock: str = ""
    assignee: str = ""
    language: str = ""


@dataclass(frozen=True)
class Place:
    """Where a case stands in the queue."""

    is_overdue: bool
    risk: int
    received_on: date
    id: UUID

    @classmethod
    def of(cls, case: Case) -> Place:
        return cls(case.is_overdue, case.risk, case.received_on, case.pk)

    def __str__(self) -> str:
        return f"{self.is_overdue:d}.{self.risk}.{self.received_on:%Y%m%d}.{self.id.hex}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """From an address; nothing if somebody changed it."""
        try:
            overdue, score, day, key = text.split(".")
            return cls(overdue == "1", int(score), date.fromisoformat(day), UUID(key))
        except ValueError:
            return None


@dataclass(frozen=True)
class Line:
    """One case of the queue, as one person sees it."""

    case: Case
    number: str
    why: str
    level: str
    level_name: str
    clock: TimeLeft | None
    claim: claims.Standing


@dataclass(frozen=True)
class Page:
    lines: Sequence[Line]
    after: Place | None


def queue_page(*, filters: Filters, after: Place | None, seen_by: User, now: datetime) -> Page:
    """The next lines. Four queries at most for the cases, however many wait, and one for their clocks."""
    cases = _filtered(filters, seen_by=seen_by, now=now)
    found = _from(cases, after, at_most=PAGE + 1)
    lines = [line(case, seen_by=seen_by, now=now) for case in found[:PAGE]]
    return Page(lines, Place.of(found[PAGE - 1]) if len(found) > PAGE else None)


def find_case(*, text: str) -> Case | None:
    """By the number that the desk uses, or by the first group of the reporter's code."""
    asked = text.strip().lower().removeprefix("#")
    if len(asked) == _NUMBER_DIGITS and all(digit in "0123456789abcdef" for digit in asked):
        first, last = (UUID(asked + digit * (_UUID_DIGITS - _NUMBER_DIGITS)) for digit in "0f")
        return Case.objects.filter(pk__gte=first, pk__lte=last).first()
    symbols = asked.upper().translate(str.maketrans("ILO", "110"))
    # Where a NUL is no text, looking for one is an error.
    return Case.objects.filter(selector=symbols).first() if symbols.isalnum() else None


def lines_of(*, case_ids: Sequence[UUID], seen_by: User, now: datetime) -> list[Line]:
    """The lines of chosen cases, to look at before something is done to all of them."""
    cases = _with_what_is_shown(Case.objects.filter(pk__in=case_ids)).order_by(*_ORDER)
    return [line(case, seen_by=seen_by, now=now) for case in cases]


def line(case: Case, *, seen_by: User, now: datetime) -> Line:
    clocks = [clock for clock in case.clocks.all() if clock.kind in _SHOWN_CLOCKS]
    level = risk.level(case.risk)
    return Line(
        case=case,
        number=number(case),
        why=why(case, broken={clock.kind for clock in clocks if clock.is_broken}),
        level=level,
        level_name=str(LEVELS[level]),
        clock=time_left(min(clocks, key=lambda clock: clock.due_at), now=now) if clocks else None,
        claim=claims.standing(getattr(case, "claim", None), seen_by=seen_by, now=now),
    )


def number(case: Case) -> str:
    """What the desk calls a case: short enough to say, and nothing of the reporter's."""
    return case.pk.hex[:_NUMBER_DIGITS]


def waiting() -> QuerySet[Case]:
    """What stands in the queue."""
    return Case.objects.filter(_WAITS)


def _filtered(filters: Filters, *, seen_by: User, now: datetime) -> QuerySet[Case]:
    cases = Case.objects.filter(status=filters.state) if filters.state in Case.Status.values else waiting()
    if filters.state in policy.WAITING_FOR_US:
        cases = cases.filter(_WAITS)
    if filters.state == "asked":
        cases = cases.filter(awaits_reporter=True)
    if filters.risk:
        least, below = risk.bounds(filters.risk)
        cases = cases.filter(risk__gte=least, risk__lt=below)
    if filters.platform:
        cases = cases.filter(platforms__slug=filters.platform)
    if filters.language:
        cases = cases.filter(language=filters.language)
    return cases.filter(_by_clock(filters.clock), _by_assignee(filters.assignee, seen_by=seen_by, now=now))


def _by_clock(clock: str) -> Q:
    if clock == "late":
        return Q(is_overdue=True)
    if not clock:
        return Q()
    running = Clock.objects.filter(kind=clock)
    return Q(pk__in=running.values("case"))


def _by_assignee(assignee: str, *, seen_by: User, now: datetime) -> Q:
    living = Claim.objects.filter(Q(expires_at__gt=now) | Q(expires_at=None)).values("case")
    if assignee == "me":
        return Q(pk__in=living.filter(by=seen_by))
    if assignee == "role":
        return Q(pk__in=living.filter(by=None, role=seen_by.role))
    if assignee == "nobody":
        return ~Q(pk__in=living)
    return Q(pk__in=living.filter(by__username=assignee)) if assignee else Q()


def _from(cases: QuerySet[Case], after: Place | None, *, at_most: int) -> list[Case]:
    """Range after range, each of which the queue's index answers by itself, until the page is full."""
    found: list[Case] = []
    for within in _ranges(after):
        ordered = _with_what_is_shown(cases.filter(within)).order_by(*_ORDER)
        found += ordered[: at_most - len(found)]
        if len(found) == at_most:
            break
    return found


def _ranges(after: Place | None) -> Iterator[Q]:
    if after is None:
        yield Q()
        return
    # `in` and not `=`: Django writes a comparison with true as the bare column, which SQLite does not look up.
    overdue = Q(is_overdue__in=[after.is_overdue])
    yield overdue & Q(risk=after.risk, received_on=after.received_on, id__gt=after.id)
    yield overdue & Q(risk=after.risk, received_on__gt=after.received_on)
    yield overdue & Q(risk__lt=after.risk)
    if after.is_overdue:
        yield Q(is_overdue__in=[False])


def _with_what_is_shown(cases: QuerySet[Case]) -> QuerySet[Case]:
    limited = Clock.objects.filter(kind__in=_SHOWN_CLOCKS).select_related("platform")
    return cases.select_related("claim__by").prefetch_related(Prefetch("clocks", queryset=limited))


_SHOWN_CLOCKS = (Clock.Kind.FIRST_LOOK, Clock.Kind.PUSH, Clock.Kind.ACKNOWLEDGE, Clock.Kind.OUTCOME)
