"""The key that signs pushes: a file outside the database, made at set-up. Without one there are no pushes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from nudges.push_post import Signer, read_key


def signer() -> Signer | None:
    path = Path(settings.VAPID_PRIVATE_KEY_FILE)
    try:
        return _read(path, path.stat().st_mtime_ns, settings.VAPID_CONTACT)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, contact: str) -> Signer:
    return Signer(key=read_key(path.read_bytes()), contact=contact)
