"""The portal's own settings with secrets that exist only in tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="reclaim-tests-"))
os.environ.setdefault("SECRET_KEY", "only-in-tests-" + "x" * 50)
os.environ.setdefault("ACCESS_CODE_PEPPER", "11" * 32)

from portal.settings import *  # noqa: F403 - The variables above must be set before the settings read them.

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
FEED_STAMP_SECONDS = 1
VAR_DIR = Path(os.environ["VAR_DIR"])
