"""Compiled code is made once a version and kept, so that no request waits for it."""

from __future__ import annotations

import os
from pathlib import Path


def keep_compiled_in(folder: Path) -> None:
    """Say where to, before numba is imported. Beside the code is best; a checkout may be read-only."""
    if not os.access(Path(__file__).parent, os.W_OK):
        os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
