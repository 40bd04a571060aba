"""The ids of answers that are not kept: signed, so that an id can be believed when somebody asks about it later."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "safety.allow"
_SIGNED_BYTES = 16


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an id stands for: the question, and the version of the standing that it was answered from."""

    platform_id: int
    action: str
    actor: str
    target: str
    version: int
    at: datetime


def allow_id(allowed: Allowed) -> str:
    """`a.VERSION.SECONDS.SIGNATURE`"""
    return f"a.{allowed.version}.{_seconds(allowed.at)}.{_signature(allowed)}"


def is_ours(given: str, *, platform_id: int, action: str, actor: str, target: str) -> bool:
    """Was this question answered with `allow` under this id?"""
    parts = given.split(".")
    if len(parts) != 4 or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return False
    try:
        at = datetime.fromtimestamp(int(parts[2]), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return False
    allowed = Allowed(platform_id, action, actor, target, int(parts[1]), at)
    return constant_time_compare(given, allow_id(allowed))


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _signature(allowed: Allowed) -> str:
    said = "\0".join(
        (
            str(allowed.platform_id),
            allowed.action,
            allowed.actor,
            allowed.target,
            str(allowed.version),
            str(_seconds(allowed.at)),
        )
    )
    digest = salted_hmac(_SALT, said, algorithm="sha256").digest()[:_SIGNED_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
