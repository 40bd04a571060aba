"""One row of a batch of events, read without believing it. What is wrong is said as a field and a code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

KINDS = (
    "contact",
    "reply",
    "connect",
    "disconnect",
    "follow",
    "comment",
    "block",
    "report",
    "listed_hash_attempt",
)
# An upload has no other side.
ALONE = frozenset({"listed_hash_attempt"})
LABELS = ("off_platform", "secrecy", "photo_request", "gift_card")
KEPT_FOR = timedelta(days=120)
# Clocks differ.
SKEW = timedelta(minutes=5)
MOST_MUTUALS = 2**31 - 1

_ID = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,128}")


class BadRow(Exception):
    """The row is not kept; its neighbours are."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field, self.code = field, code


@dataclass(frozen=True, slots=True)
class Row:
    """An event as the platform told it, under the platform's own ids."""

    id: str
    kind: str
    actor: str
    target: str | None
    occurred_at: datetime
    mutuals: int | None
    labels: tuple[str, ...]


def read_row(raw: object, *, now: datetime) -> Row:
    """Raises BadRow."""
    if not isinstance(raw, Mapping):
        raise BadRow("", "not_an_object")
    kind = _one_of(raw, "kind", KINDS)
    actor = _name(raw, "actor")
    return Row(
        id=_name(raw, "id"),
        kind=kind,
        actor=actor,
        target=_target(raw, kind=kind, actor=actor),
        occurred_at=_time(raw, now=now),
        mutuals=_mutuals(raw.get("mutuals")),
        labels=_labels(raw.get("labels")),
    )


def _name(raw: Mapping[str, object], field: str) -> str:
    value = raw.get(field)
    if value is None:
        raise BadRow(field, "required")
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadRow(field, "invalid")
    return value


def _one_of(raw: Mapping[str, object], field: str, known: tuple[str, ...]) -> str:
    value = raw.get(field)
    if value is None:
        raise BadRow(field, "required")
    if not isinstance(value, str) or value not in known:
        raise BadRow(field, "invalid_choice")
    return value


def _target(raw: Mapping[str, object], *, kind: str, actor: str) -> str | None:
    if kind in ALONE and raw.get("target") is None:
        return None
    target = _name(raw, "target")
    if target == actor:
        raise BadRow("target", "same_as_actor")
    return target


def _time(raw: Mapping[str, object], *, now: datetime) -> datetime:
    value = raw.get("occurred_at")
    if value is None:
        raise BadRow("occurred_at", "required")
    at = _parsed(value)
    if at > now + SKEW:
        raise BadRow("occurred_at", "in_future")
    if at < now - KEPT_FOR:
        raise BadRow("occurred_at", "too_old")
    return at


def _parsed(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None:
        raise BadRow("occurred_at", "invalid")
    if at.tzinfo is None:
        raise BadRow("occurred_at", "no_offset")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise BadRow("occurred_at", "invalid") from None


def _mutuals(value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_MUTUALS:
        raise BadRow("mutuals", "invalid")
    return value


def _labels(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BadRow("labels", "not_a_list")
    if not all(isinstance(one, str) and one in LABELS for one in value):
        raise BadRow("labels", "invalid_choice")
    return tuple(sorted(set(value)))
