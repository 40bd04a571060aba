"""The chain of what was done. Rows are only ever added, each in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet

from staff import chain
from staff.chain import Link
from staff.models import AuditHead, AuditRow, User


@transaction.atomic
def record(
    *,
    actor: User | None,
    act: str,
    on: Model | None = None,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> AuditRow:
    """Add a row. Call it inside the transaction of the act, so that neither is there without the other."""
    head, _ = AuditHead.objects.select_for_update().get_or_create(id=1)
    row = AuditRow(
        position=head.position + 1,
        at=at,
        actor=actor,
        act=act,
        object_kind=_kind(on) if on else "",
        object_id=str(on.pk) if on else "",
        detail=chain.plain(detail or {}),
        previous_hash=head.hash,
    )
    row.hash = _link(row, previous_hash=head.hash).hash()
    row.save(force_insert=True)
    head.position, head.hash = row.position, row.hash
    head.save(update_fields=["position", "hash"])
    return row


def audit_of(on: Model) -> QuerySet[AuditRow]:
    """What was done to it, oldest first."""
    rows = AuditRow.objects.filter(object_kind=_kind(on), object_id=str(on.pk))
    return rows.select_related("actor").order_by("position")


def times_done(actor: User, act: str, since: datetime) -> int:
    return AuditRow.objects.filter(actor=actor, act=act, at__gte=since).count()


def verify_chain() -> int | None:
    """The first position that is not as it was written, or None. A row that is gone breaks at its own position."""
    head = AuditHead.objects.filter(id=1).first() or AuditHead()
    previous, position = chain.FIRST, 0
    for row in _rows():
        position += 1
        if row.position != position or not _holds(row, previous):
            return position
        if position == head.position and row.hash != head.hash:
            return position
        previous = row.hash
    if position != head.position:
        # Rows are missing at the end, or were added past it.
        return min(position, head.position) + 1
    return None


def end_of_chain() -> tuple[int, str]:
    head = AuditHead.objects.filter(id=1).first() or AuditHead()
    return head.position, head.hash


def _rows() -> Iterator[AuditRow]:
    return AuditRow.objects.order_by("position").iterator(chunk_size=2000)


def _holds(row: AuditRow, previous: str) -> bool:
    return row.previous_hash == previous and row.hash == _link(row, previous_hash=previous).hash()


def _link(row: AuditRow, *, previous_hash: str) -> Link:
    return Link(
        position=row.position,
        at=chain.stamp(row.at),
        actor=row.actor_id,
        act=row.act,
        object_kind=row.object_kind,
        object_id=row.object_id,
        detail=row.detail,
        previous_hash=previous_hash,
    )


def _kind(on: Model) -> str:
    return on._meta.label_lower  # noqa: SLF001 - Django's documented way to a model's name.
