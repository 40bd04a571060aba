"""Looking through the chain: by who, what, on what and when. A page costs the same wherever it lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from staff import chain
from staff.models import AuditRow, User
from staff.spreadsheets import harmless

PAGE = 50
# So many digits are said of a case's id.
CASE_NUMBER = 8


@dataclass(frozen=True)
class Sought:
    actor: User | None = None
    act: str = ""
    on: str = ""
    first_day: date | None = None
    last_day: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Page:
    rows: list[AuditRow]
    # The position that the next page begins below; none when this is the last.
    older_than: int | None


def page(sought: Sought) -> Page:
    """The newest that fit, from the cursor on."""
    rows = list(_found(sought).order_by("-position")[: PAGE + 1])
    has_more = len(rows) > PAGE
    return Page(rows[:PAGE], rows[PAGE - 1].position if has_more else None)


def rows(sought: Sought) -> Iterator[AuditRow]:
    """All that fit, oldest first, without holding them all."""
    return _found(sought).order_by("position").iterator(chunk_size=1000)


def told(position: int) -> str:
    """What stands there now, in a few words."""
    row = AuditRow.objects.select_related("actor").filter(position=position).first()
    if row is None:
        return "there is no such row"
    return " ".join(
        (
            chain.stamp(row.at),
            row.actor.username if row.actor else "-",
            row.act,
            row.object_kind,
            row.object_id,
        )
    ).rstrip()


def hash_at(position: int) -> str:
    if position == 0:
        return chain.FIRST
    return AuditRow.objects.filter(position=position).values_list("hash", flat=True).first() or ""


def as_cells(row: AuditRow) -> list[str]:
    who = row.actor.username if row.actor else ""
    detail = json.dumps(row.detail, sort_keys=True) if row.detail else ""
    cells = [str(row.position), chain.stamp(row.at), who, row.act, row.object_kind, row.object_id, detail]
    return [harmless(cell) for cell in cells] + [row.previous_hash, row.hash]


def _found(sought: Sought) -> QuerySet[AuditRow]:
    found = AuditRow.objects.select_related("actor")
    if sought.actor:
        found = found.filter(actor=sought.actor)
    if sought.act:
        # A whole act or the beginning of several: `case.` finds all that was done with cases.
        found = found.filter(act__startswith=sought.act)
    if sought.on:
        found = found.filter(_on(sought.on))
    if sought.before:
        found = found.filter(position__lt=sought.before)
    return _of_days(found, sought)


def _on(what: str) -> Q:
    """An exact id, or what the desk calls a case: how its id begins."""
    exactly = Q(object_id=what)
    return exactly | Q(object_id__startswith=f"{what}-") if len(what) == CASE_NUMBER else exactly


def _of_days(found: QuerySet[AuditRow], sought: Sought) -> QuerySet[AuditRow]:
    if sought.first_day:
        found = found.filter(at__gte=_begins(sought.first_day))
    # The last day that there is has no next one.
    if sought.last_day and sought.last_day != date.max:
        found = found.filter(at__lt=_begins(sought.last_day + timedelta(days=1)))
    return found


def _begins(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
