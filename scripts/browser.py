"""`make browser`: find a Chromium for the browser tests; where it may, get one; else say how."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Each way to get one, and when it can be tried: as root on Debian, else Playwright's own into the home folder.
WAYS = (
    (
        "apt-get install -y --no-install-recommends chromium",
        lambda: os.geteuid() == 0 and shutil.which("apt-get"),
    ),
    (f"{sys.executable} -m playwright install chromium", lambda: True),
)


def main() -> int:
    if found := browser():
        sys.stdout.write(f"The browser tests use {found}\n")
        return 0
    for command, is_possible in WAYS:
        if is_possible() and _try(command) and browser():
            sys.stdout.write(f"The browser tests use {browser()}\n")
            return 0
    ways = "\n".join(f"  {command}" for command, _ in WAYS)
    sys.stderr.write(f"No Chromium or Chrome could be got here. Get one in one of these ways:\n{ways}\n")
    return 1


def browser() -> str:
    """What is on the PATH, else Playwright's own."""
    on_path = next(filter(None, map(shutil.which, NAMES)), "")
    if on_path:
        return on_path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else ""


def _try(command: str) -> bool:
    sys.stdout.write(f"Trying: {command}\n")
    sys.stdout.flush()
    return subprocess.run(command.split(), check=False).returncode == 0  # noqa: S603 - One of the commands above.


if __name__ == "__main__":
    sys.exit(main())
