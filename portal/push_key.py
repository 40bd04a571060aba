"""The key that signs pushes to teens' browsers, as a file. Made once: a new one ends what they had turned on."""

from __future__ import annotations

from pathlib import Path

from py_vapid import Vapid02

from portal.secrets_file import write_private


def ensure_push_key(file: Path) -> bool:
    """Make it if it is missing. True if it was."""
    if file.exists():
        return False
    key = Vapid02()
    key.generate_keys()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, key.private_pem().decode())
    return True
