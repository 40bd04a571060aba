"""The team's key pair as files. The private half is always written first, so that a crash never leaves a public key alone."""

from __future__ import annotations

import base64
from pathlib import Path

from nacl.public import PrivateKey

from portal.secrets_file import write_private

OWN_NAME = "team.key"


class NoKeyInFile(ValueError):
    """The file of private keys holds something else."""


def ensure_pair(*, public: Path, private: Path) -> bool:
    """Make what is missing. True if something was."""
    if public.exists():
        return False
    file = private / OWN_NAME if private.is_dir() else private
    key = _first_of(file) if file.exists() else PrivateKey.generate()
    if not file.exists():
        _write_private(file, [_text(bytes(key))])
    _write_public(public, key)
    return True


def add_pair(*, public: Path, private: Path) -> str:
    """A new pair beside the old private keys, which old backups and cases still need. Gives the new public half."""
    key = PrivateKey.generate()
    text = _text(bytes(key))
    if private.is_dir():
        _write_private(private / f"team-{_text(bytes(key.public_key))[:8].translate(_NAME)}.key", [text])
    else:
        _write_private(private, [text, *(private.read_text().split() if private.exists() else [])])
    _write_public(public, key)
    return _text(bytes(key.public_key))


_NAME = str.maketrans("/+=", "___")


def _first_of(file: Path) -> PrivateKey:
    try:
        return PrivateKey(base64.b64decode(file.read_text().split()[0], validate=True))
    except (ValueError, IndexError, TypeError) as error:
        raise NoKeyInFile(
            f"{file} holds no key. Put the right one back; a new one opens no old report."
        ) from error


def _write_private(file: Path, keys: list[str]) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, "\n".join(keys) + "\n")


def _write_public(file: Path, key: PrivateKey) -> None:
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.write_text(_text(bytes(key.public_key)))
    unfinished.replace(file)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()
