"""Which cases hold the same picture. Known at the desk only.

A link changes nothing: it merges no cases, moves nothing in the queue and is never said outward. Otherwise somebody who
holds a copy could report it to learn of another report, to slow it down, or to have it declined with his own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count

import hashes.services
from cases.models import Case, CaseLink, CasePicture

# More are counted as "many": a flood of copies must not fill a page, nor a table with a row for every pair.
AT_MOST = 50
SHOWN = 8


@dataclass(frozen=True)
class Links:
    shown: tuple[CaseLink, ...]
    others: int
    are_many: bool


def picture_ids(case: Case) -> list[UUID]:
    return list(case.pictures.values_list("picture_id", flat=True))


def find_links(*, case: Case, on: date) -> int:
    """Write down the cases that hold what this one holds; say how many are new."""
    found = hashes.services.find_alike(picture_ids=picture_ids(case), at_most=AT_MOST)
    same = {alike.picture_id for alike in found if alike.is_same}
    owners = CasePicture.objects.filter(picture__in=[alike.picture_id for alike in found])
    kinds: dict[UUID, CaseLink.Kind] = {}
    for case_id, picture_id in owners.exclude(case=case).values_list("case_id", "picture_id"):
        if picture_id in same or case_id not in kinds:
            kinds[case_id] = CaseLink.Kind.SAME if picture_id in same else CaseLink.Kind.NEAR
    return _write(case, kinds, on=on)


def links_of(case: Case) -> Links:
    """The first few, the same pictures before the near ones, and how many more."""
    linked = CaseLink.objects.filter(case=case).select_related("other").order_by("-kind", "-pk")
    rows = list(linked[: AT_MOST + 1])
    return Links(tuple(rows[:SHOWN]), max(0, len(rows) - SHOWN), are_many=len(rows) >= AT_MOST)


@transaction.atomic
def _write(case: Case, kinds: dict[UUID, CaseLink.Kind], *, on: date) -> int:
    known = set(CaseLink.objects.filter(case=case).values_list("other_id", flat=True))
    new = {other: kind for other, kind in kinds.items() if other not in known}
    room = max(0, AT_MOST - len(known))
    rows = [_link(case.pk, other, kind, on) for other, kind in list(new.items())[:room]]
    full = _full({row.other_id for row in rows})
    back = [
        _link(row.other_id, case.pk, CaseLink.Kind(row.kind), on) for row in rows if row.other_id not in full
    ]
    CaseLink.objects.bulk_create([*rows, *back], ignore_conflicts=True)
    return len(rows)


def _link(case_id: UUID, other_id: UUID, kind: CaseLink.Kind, on: date) -> CaseLink:
    return CaseLink(case_id=case_id, other_id=other_id, kind=kind, found_on=on)


def _full(case_ids: set[UUID]) -> set[UUID]:
    """Those that have as many links as are kept."""
    counted = CaseLink.objects.filter(case__in=case_ids).values("case_id").annotate(count=Count("id"))
    return {row["case_id"] for row in counted if row["count"] >= AT_MOST}
