"""The secrets that live outside the database, and the gate in front of the expensive derivation."""

from __future__ import annotations

from django.conf import settings

from cases import code_keys
from cases.code_keys import Root
from cases.fair_gate import FairGate

# Two derivations take 128 MiB and both cores of a small machine.
_gate = FairGate(places=2, line=4)


def pepper() -> bytes:
    return bytes.fromhex(settings.ACCESS_CODE_PEPPER)


def derive_root(*, code: str, salt: bytes, client: str) -> Root:
    """Raises LineTooLong if this client has too many requests waiting."""
    with _gate.turn(client):
        return code_keys.derive_root(code=code, salt=salt)


def digest(*, purpose: str, message: str) -> str:
    return code_keys.keyed_digest(pepper=pepper(), purpose=purpose, message=message.encode()).hex()
