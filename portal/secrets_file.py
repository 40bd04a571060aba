"""VAR_DIR/secrets.env: secrets that `make run` makes once. An operator's real variables win over the file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "ACCESS_CODE_PEPPER")


def ensure_secrets(var: Path) -> None:
    """Add the secrets that are missing; what stands there is never replaced, because codes depend on the pepper."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = var / "secrets.env"
    lines = path.read_text().splitlines() if path.exists() else []
    known = {line.partition("=")[0] for line in lines}
    missing = [f"{name}={secrets.token_hex(32)}" for name in NAMES if name not in known]
    if missing:
        write_private(path, "\n".join([*lines, *missing]) + "\n")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
