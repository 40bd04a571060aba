"""What a link of the audit chain is made of. Facts in, hash out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

FIRST = "0" * 64


@dataclass(frozen=True)
class Link:
    """All that the hash of a row covers."""

    position: int
    at: str
    actor: int | None
    act: str
    object_kind: str
    object_id: str
    detail: dict[str, object]
    previous_hash: str

    def hash(self) -> str:
        """SHA-256 of the row and of the hash before it, as JSON that has only one spelling."""
        spelled = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(spelled.encode()).hexdigest()


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def plain(detail: Mapping[str, object]) -> dict[str, object]:
    """What every database gives back as it was put in: numbers that are not whole become text."""
    return {str(name): _plain(value) for name, value in detail.items()}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in value]
    return str(value)
