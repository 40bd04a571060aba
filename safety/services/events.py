"""Events come in: each is kept once, and everything that follows from it is written with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

import accounts.services
import nudges.services
from accounts.bands import is_minor
from accounts.services import Who
from safety.intake import BadRow, Row, read_row
from safety.models import Event
from safety.services.connections import Said, connected_among, note_connections, two
from safety.services.marks import leave_unread
from safety.services.writing import write_rows

# At most so many a request.
EVENT_BATCH = 1_000
# An account may be deleted between being looked up and being written about: then all is looked up anew.
_TRIES = 3
# What a platform fills in from earlier weeks is no news for a teen.
_NEWS_FOR = timedelta(days=2)
_TRIES_TO_REACH = frozenset({Event.Kind.CONTACT.value, Event.Kind.FOLLOW.value, Event.Kind.COMMENT.value})
_AFTER = {Event.Kind.BLOCK.value: "after_block", Event.Kind.REPORT.value: "after_report"}


@dataclass(frozen=True, slots=True)
class Rejected:
    index: int
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Taken:
    accepted: int
    repeated: int
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    """A row whose accounts are known, with its place in the batch."""

    index: int
    row: Row
    actor: Who
    target: Who | None

    @property
    def columns(self) -> tuple[object, ...]:
        row = self.row
        target = self.target.id if self.target else None
        return (row.id, row.kind, self.actor.id, target, row.occurred_at, row.mutuals, [*row.labels])

    @property
    def between(self) -> tuple[Who, Who] | None:
        return (self.actor, self.target) if self.target else None


def take_events(*, platform_id: int, rows: Sequence[object], now: datetime) -> Taken:
    """Keep what is new and right; say of the rest what it is. A batch may come twice, and twice at once."""
    read, rejected = _read(rows, now=now)
    for tries_left in reversed(range(_TRIES)):
        known, unknown = _with_accounts(read, platform_id=platform_id)
        try:
            taken = _take(known, platform_id=platform_id, now=now)
        except IntegrityError:
            if not tries_left:
                raise
            continue
        every = sorted([*rejected, *unknown, *taken.rejected], key=lambda one: one.index)
        return Taken(taken.accepted, taken.repeated, tuple(every))
    raise AssertionError("unreachable")


def _read(rows: Sequence[object], *, now: datetime) -> tuple[list[tuple[int, Row]], list[Rejected]]:
    read, rejected = [], []
    for index, raw in enumerate(rows):
        try:
            read.append((index, read_row(raw, now=now)))
        except BadRow as wrong:
            rejected.append(Rejected(index, wrong.field, wrong.code))
    return read, rejected


def _with_accounts(
    read: Sequence[tuple[int, Row]], *, platform_id: int
) -> tuple[list[_Event], list[Rejected]]:
    names = {name for _, row in read for name in (row.actor, row.target) if name is not None}
    known = accounts.services.find_quickly(platform_id=platform_id, external_ids=names)
    events, rejected = [], []
    for index, row in read:
        unknown = [field for field in ("actor", "target") if _is_unknown(getattr(row, field), known)]
        if unknown:
            rejected.append(Rejected(index, unknown[0], "unknown_account"))
        else:
            target = known[row.target] if row.target is not None else None
            events.append(_Event(index, row, known[row.actor], target))
    return events, rejected


def _is_unknown(name: str | None, known: Mapping[str, Who]) -> bool:
    return name is not None and name not in known


@transaction.atomic
def _take(events: Sequence[_Event], *, platform_id: int, now: datetime) -> Taken:
    first, again = _told_once(events)
    news, stored = _write(list(first.values()), platform_id=platform_id)
    again += [(one, stored[one.row.id]) for one in first.values() if one.row.id in stored]
    rejected = tuple(Rejected(one.index, "id", "id_reused") for one, kept in again if one.columns != kept)
    _announce(news, now=now)
    return Taken(len(news), len(events) - len(news) - len(rejected), rejected)


def _told_once(
    events: Sequence[_Event],
) -> tuple[dict[str, _Event], list[tuple[_Event, tuple[object, ...]]]]:
    """The first with each id; and those that use an id of the same batch again, with what it stood for."""
    first: dict[str, _Event] = {}
    again = []
    for one in events:
        kept = first.setdefault(one.row.id, one)
        if kept is not one:
            again.append((one, kept.columns))
    return first, again


_COLUMNS = ("external_id", "kind", "actor", "target", "occurred_at", "mutuals", "labels")


def _write(
    events: Sequence[_Event], *, platform_id: int
) -> tuple[list[_Event], dict[str, tuple[object, ...]]]:
    """What is new, and by id what stood there already. Of two equal batches at once, one waits here for the other."""
    in_order = sorted(events, key=lambda one: one.row.id)
    written = write_rows(
        Event,
        ("platform", *_COLUMNS),
        [(platform_id, *one.columns) for one in in_order],
        on_conflict="ON CONFLICT (platform_id, external_id) DO NOTHING RETURNING external_id",
    )
    new = {external_id for (external_id,) in written}
    old = [one.row.id for one in in_order if one.row.id not in new]
    if not old:
        return in_order, {}
    columns = ("external_id", "kind", "actor_id", "target_id", "occurred_at", "mutuals", "labels")
    kept = Event.objects.filter(platform=platform_id, external_id__in=old).values_list(*columns)
    return [one for one in in_order if one.row.id in new], {str(row[0]): tuple(row) for row in kept}


def _announce(news: Sequence[_Event], *, now: datetime) -> None:
    """All that follows from news, in the transaction that keeps them."""
    with_minors = [(one, both) for one in news if (both := one.between) and any(map(_is_minor, both))]
    note_connections(
        Said(one.row.kind, two(actor.id, target.id), one.row.occurred_at, one.row.id)
        for one, (actor, target) in with_minors
    )
    _leave_unread(news, now=now)
    recent = [one for one in news if one.row.occurred_at > now - _NEWS_FOR]
    _nudge(recent, now=now)


def _leave_unread(news: Iterable[_Event], *, now: datetime) -> None:
    """Each adult whose standing may change: those with a minor on the other side, and who uploaded a listed picture."""
    unread: dict[int, bool] = {}
    for one in news:
        is_upload = one.row.kind == Event.Kind.LISTED_HASH_ATTEMPT
        subject = one.actor if is_upload else _adult_of(one)
        if subject is not None and not _is_minor(subject):
            unread[subject.id] = unread.get(subject.id, False) or is_upload
    leave_unread(unread, now=now)


def _adult_of(one: _Event) -> Who | None:
    """The adult of an adult and a minor."""
    both = one.between or ()
    adults = [side for side in both if not _is_minor(side)]
    return adults[0] if len(adults) == 1 else None


def _nudge(news: Sequence[_Event], *, now: datetime) -> None:
    """For the teens among them, and the same whoever it was: no standing is asked for here."""
    reached = _reached_by_strangers(news)
    if reached:
        nudges.services.nudge_many(account_ids=sorted(reached), kind="stranger", now=now)
    for kind, asked in _AFTER.items():
        those = {one.actor.id for one in news if one.row.kind == kind and _is_minor(one.actor)}
        if those:
            nudges.services.nudge_many(account_ids=sorted(those), kind=asked, now=now)


def _reached_by_strangers(news: Sequence[_Event]) -> set[int]:
    tries = [
        (one.actor, one.target)
        for one in news
        if one.row.kind in _TRIES_TO_REACH and one.target is not None and _is_minor(one.target)
    ]
    if not tries:
        return set()
    connected = connected_among({two(actor.id, teen.id) for actor, teen in tries})
    paired = accounts.services.pairs_of_adults(account_ids={actor.id for actor, _ in tries})
    return {
        teen.id
        for actor, teen in tries
        if two(actor.id, teen.id) not in connected and teen.id not in paired.get(actor.id, ())
    }


def _is_minor(account: Who) -> bool:
    return is_minor(account.age_band)
