"""Proof of work (altcha v2): no picture puzzle, no third party, nothing kept about who solved it.

A slow device may wait instead: the same signed challenge, sent back without a solution once the wait is over.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import time
from typing import Any

import altcha
from django.conf import settings
from django.core.cache import cache

_VALID_SECONDS = 600
_ALGORITHM = "PBKDF2/SHA-256"


def _secret() -> bytes:
    return hashlib.sha256(b"proof of work" + settings.SECRET_KEY.encode()).digest()


def challenge(*, purpose: str) -> dict[str, Any]:
    """A challenge that counts for one endpoint, once, within ten minutes."""
    made: dict[str, Any] = altcha.create_challenge(
        _ALGORITHM,
        settings.PROOF_OF_WORK_COST,
        expires_at=int(time.time()) + _VALID_SECONDS,
        data={"purpose": purpose},
        hmac_secret=_secret(),
    ).to_dict()
    return made


def is_good(header: str, *, purpose: str, client: str) -> bool:
    """Whether the header holds a solved challenge, or one whose wait is over, for this purpose and for the first time."""
    payload = _parse(header)
    if payload is None or payload.challenge.parameters.data != {"purpose": purpose}:
        return False
    result = altcha.verify_solution(payload, _secret())
    if result.expired or result.invalid_signature:
        return False
    if not result.verified and not _has_waited(payload.challenge, client=client):
        return False
    # `add` is atomic, so two requests with one proof can't both pass.
    return cache.add(f"cases:proof:{payload.challenge.signature}", 1, _VALID_SECONDS)


def _parse(header: str) -> altcha.Payload | None:
    try:
        told = json.loads(base64.b64decode(header, validate=True))
        made = altcha.Challenge.from_dict(told["challenge"])
        # Without a solution this one can't be right, so only the wait can let it through.
        solution = altcha.Solution.from_dict(told.get("solution") or {"counter": 0, "derivedKey": ""})
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return altcha.Payload(made, solution)


def _has_waited(made: altcha.Challenge, *, client: str) -> bool:
    """One wait at a time for each client: otherwise a hundred challenges could be waited out together."""
    issued = (made.parameters.expires_at or 0) - _VALID_SECONDS
    if time.time() < issued + settings.PROOF_WAIT_SECONDS:
        return False
    return cache.add(f"cases:waited:{client}", 1, settings.PROOF_WAIT_SECONDS)
