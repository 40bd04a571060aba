"""The team's private keys: files outside the database, each with one key a line, in base64."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from cases import code_keys


def key_files() -> list[Path]:
    """What TEAM_PRIVATE_KEY_FILE names: a file, several separated by commas, or a folder of them."""
    named = [Path(name.strip()) for name in str(settings.TEAM_PRIVATE_KEY_FILE).split(",") if name.strip()]
    return [file for path in named for file in (sorted(path.glob("*.key")) if path.is_dir() else [path])]


def private_keys() -> dict[str, bytes]:
    """By the id of the public half. Read anew each time, so that a key taken away is gone at once."""
    return {
        code_keys.key_id(code_keys.public_half(key)): key
        for file in key_files()
        if file.is_file()
        for key in _keys_in(file)
    }


def _keys_in(file: Path) -> Iterator[bytes]:
    for line in file.read_text().split():
        try:
            key = base64.b64decode(line, validate=True)
        except ValueError:
            continue
        if len(key) == 32:
            yield key


def public_key() -> bytes:
    """Read anew each time: beside a derivation it costs nothing, and a new key holds at once."""
    return base64.b64decode(settings.TEAM_PUBLIC_KEY_FILE.read_text().strip(), validate=True)
