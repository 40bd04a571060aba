"""The real thing for tests: the supervisor with web and worker in a folder of its own, and a real browser.

`with portal(DEMO="0", SURFACES="takedown") as running:` starts it on a free port and waits for /readyz; keywords are
environment variables. `running.url`, `.var` (VAR_DIR), `.env`, `.manage("platform_add", "Loopfeed", "--json")` -> what
it printed, `.processes` -> {"supervisor": pid, "web": pid, "worker": pid}, `.log()` -> all that was printed.

Fixtures for every test: `portal_server` (one demo portal a session: look, but expect the rows of other tests),
`chromium` (a browser, one a session) and `page` (a fresh page of a fresh context, 390 by 844, as a phone's).
Tests that use them must carry `pytest.mark.real_servers`, which opens the sockets that other tests have shut.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT = 90.0
STOP_TIMEOUT = 20.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# The first is for root, who may not use the sandbox; the others keep the browser from calling its maker.
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]
# What a developer's shell may hold and a test must not inherit.
_OWN_VARIABLES = (
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "SITE_URL",
    "STAFF_URL",
    "MEMBER_URL",
    "SURFACES",
)


@dataclass
class Portal:
    """A running portal."""

    url: str
    var: Path
    env: dict[str, str]
    supervisor: subprocess.Popen[bytes]

    @property
    def processes(self) -> dict[str, int]:
        """The process ids by name, as the supervisor last wrote them down."""
        return dict(json.loads((self.var / "processes.json").read_text()))

    def manage(self, *arguments: str) -> str:
        """What `manage.py` prints, run with the same settings."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (
            f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def log(self) -> str:
        return (self.var / "portal.log").read_text()

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - Ours.
            return bool(answer.status == 200)
        return False

    def start(self) -> None:
        """Start the supervisor (again) and wait until the portal answers."""
        self.supervisor = _supervisor(self.env, self.var)
        self.wait()

    def wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not self.is_ready():
            assert self.supervisor.poll() is None, f"The portal did not start:\n{self.log()}"
            assert time.monotonic() < deadline, f"The portal was not ready in time:\n{self.log()}"
            time.sleep(0.1)

    def stop(self) -> None:
        self.supervisor.send_signal(signal.SIGTERM)
        try:
            self.supervisor.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.supervisor.kill()
            self.supervisor.wait()
            raise


@contextlib.contextmanager
def portal(**variables: str) -> Iterator[Portal]:
    """A portal of its own, gone without a trace afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="reclaim-portal-"))
    port = free_port()
    env = {name: value for name, value in os.environ.items() if name not in _OWN_VARIABLES}
    # The tests' own settings and secrets stay out: this is a portal as an operator starts it.
    for name in ("DJANGO_SETTINGS_MODULE", "SECRET_KEY", "ACCESS_CODE_PEPPER", "RECLAIM_MAKER"):
        env.pop(name, None)
    env |= {
        "VAR_DIR": str(folder),
        "PORT": str(port),
        "DEMO": "1",
        "DEMO_CASES": "0",
        "DEMO_MEMBERS": "0",
        "PYTHONWARNINGS": "default",
        **variables,
    }
    running = Portal(f"http://127.0.0.1:{port}", folder, env, _supervisor(env, folder))
    try:
        running.wait()
        yield running
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _supervisor(env: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    # If the tests are killed, the portal goes with them.
    env = env | {"RECLAIM_MAKER": str(os.getpid())}
    with (folder / "portal.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "portal.run"], cwd=ROOT, env=env, stdout=log, stderr=log
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def portal_server() -> Iterator[Portal]:
    with portal() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=_browser_path(playwright.chromium.executable_path), args=BROWSER_FLAGS
        )


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    # Still pages: what moves would be measured on its way.
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def _browser_path(playwrights_own: str) -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and Path(playwrights_own).exists():
        found = playwrights_own
    if found is None:
        missing = "No Chromium or Chrome here; `make browser` says how to get one."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found
