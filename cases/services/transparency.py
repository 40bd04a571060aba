"""What everybody may know. Small cells are hidden, so that no figure points at anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from cases.cells import shown, shown_parts, shown_rate
from cases.models import Case, Clock, ClockRecord
from cases.services.figures import hours_of
from cases.spread import spread
from staff.spreadsheets import harmless


@dataclass(frozen=True)
class PlatformFigures:
    """`within_48_hours` in per cent, of what was answered and of what is overdue without an answer."""

    name: str
    outcomes: int | None
    median_hours: int | None
    within_48_hours: int | None


@dataclass(frozen=True)
class PublicFigures:
    reports: int | None
    by_state: Sequence[tuple[str, int | None]]
    first_look_median: int | None
    platforms: Sequence[PlatformFigures]


def public_figures() -> PublicFigures:
    states = dict(Case.objects.values_list("status").annotate(Count("pk")).order_by())
    counted = {status: states.get(status, 0) for status in _state_names()}
    parts = shown_parts(counted)
    return PublicFigures(
        reports=shown(sum(counted.values())),
        by_state=[(name, parts[status]) for status, name in _state_names().items()],
        first_look_median=_median(hours_of(Clock.Kind.FIRST_LOOK).get("", {})),
        platforms=list(_platforms()),
    )


def rows(figures: PublicFigures) -> Iterator[list[str]]:
    """For the CSV. What is hidden says so, and no cell is empty by chance."""
    yield ["figure", "platform", "value"]
    yield ["reports", "", _cell(figures.reports)]
    for name, count in figures.by_state:
        yield [f"reports {name}", "", _cell(count)]
    yield ["median hours to first look", "", _cell(figures.first_look_median)]
    for one in figures.platforms:
        name = harmless(one.name)
        yield ["outcomes", name, _cell(one.outcomes)]
        yield ["median hours to outcome", name, _cell(one.median_hours)]
        yield ["per cent within 48 hours", name, _cell(one.within_48_hours)]


def _state_names() -> dict[str, str]:
    return {
        Case.Status.RECEIVED: _("waiting for a first look"),
        Case.Status.OPEN: _("being worked on"),
        Case.Status.CLOSED: _("closed"),
        Case.Status.DECLINED: _("declined"),
        Case.Status.WITHDRAWN: _("withdrawn by the person who made them"),
    }


def _platforms() -> Iterator[PlatformFigures]:
    ended = ClockRecord.objects.filter(kind=Clock.Kind.OUTCOME).values("platform__name")
    kept = dict(
        ended.annotate(kept=Count("pk", filter=Q(was_kept=True))).values_list("platform__name", "kept")
    )
    silent = Clock.objects.filter(kind=Clock.Kind.OUTCOME, is_broken=True)
    overdue = dict(silent.values_list("platform__name").annotate(Count("pk")).order_by())
    times = hours_of(Clock.Kind.OUTCOME)
    for name in sorted({*times, *overdue}):
        took = times.get(name, {})
        answered = sum(took.values())
        yield PlatformFigures(
            name=name,
            outcomes=shown(answered),
            median_hours=_median(took),
            within_48_hours=shown_rate(kept=kept.get(name, 0), of=answered + overdue.get(name, 0)),
        )


def _median(times: dict[int, int]) -> int | None:
    """At least an hour: what took minutes is told as "within an hour"."""
    found = spread(times)
    return max(found.median, 1) if found and shown(found.count) else None


def _cell(value: int | None) -> str:
    return "hidden (fewer than 10)" if value is None else str(value)
