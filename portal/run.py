"""`make run`: prepare what is missing, start web and worker, say where everything is, keep it alive."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from portal.leash import MAKER, Maker, end_with_maker
from portal.secrets_file import ensure_secrets
from portal.supervisor import Part, Supervisor, leashed

ROOT = Path(__file__).resolve().parent.parent
FALSE = {"0", "false", "no", "off", ""}
ASK_TIMEOUT = 2.0
LOOK_FOR_READY_EVERY = 0.3
PORT_TRIES = 10
PORT_PAUSE = 0.2


class CannotStart(Exception):
    """Something outside is in the way; the text says what to do."""


def main() -> int:
    # The database, logs and keys are for this user's eyes only.
    os.umask(0o077)
    end_with_maker()
    try:
        start(dict(os.environ))
    except CannotStart as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    return 0


def start(environment: dict[str, str]) -> None:
    var = Path(environment.setdefault("VAR_DIR", str(ROOT / "var"))).resolve()
    # Who is followed is this process's affair; what it starts follows it.
    environment.pop(MAKER, None)
    port = _port(environment)
    # What follows is read by a person, who is told what matters in words.
    environment.setdefault("LOG_LEVEL", "WARNING")
    ensure_secrets(var)
    supervisor = Supervisor(
        parts=[
            Part("web", [sys.executable, "-m", "gunicorn", "-c", "python:portal.web", "portal.wsgi"]),
            # The settings were looked at, and what is wrong with them told, before.
            Part("worker", [sys.executable, "manage.py", "worker", "--skip-checks"]),
        ],
        environment=environment,
        pids_file=var / "processes.json",
        say=say,
    )
    with _only_one(var):
        _require_free(port)
        supervisor.listen()
        _prepare(environment)
        welcome, maker = Welcome(port=port, var=var, environment=environment), Maker()

        def look() -> None:
            welcome.when_ready()
            supervisor.is_stopping |= maker.was_interrupted()

        supervisor.run(each_look=look)
    say("Stopped. Everything is kept in " + str(var))


def is_demo(environment: Mapping[str, str]) -> bool:
    return environment.get("DEMO", "").lower() not in FALSE


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _port(environment: Mapping[str, str]) -> int:
    text = environment.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise CannotStart(
            f"PORT is {text!r}, which is no port. Give a number from 1 to 65535: make run PORT=8001"
        )
    return int(text)


@contextlib.contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Hold VAR_DIR for this process. The lock ends with the process, however it ends."""
    with (var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"A portal runs on {var} already. Stop it, or give this one a VAR_DIR of its own."
            ) from None
        yield


def _require_free(port: int) -> None:
    """What a killed portal held is free a moment later; what somebody else holds is not."""
    for _ in range(PORT_TRIES):
        problem = _why_not_free(port)
        if problem is None:
            return
        time.sleep(PORT_PAUSE)
    raise CannotStart(
        f"Port {port} on 127.0.0.1 is not to be had ({problem}). "
        f"Stop what uses it, or take another: make run PORT={port + 1 if port < 65_535 else 8000}"
    )


def _why_not_free(port: int) -> str | None:
    with socket.socket() as probe:
        # As gunicorn does: a port whose last connections are only fading is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror or str(error)
    return None


def _prepare(environment: Mapping[str, str]) -> None:
    """Check the settings, migrate, make keys and demo data: in a process of its own, so that this one stays small."""
    command = leashed([sys.executable, "manage.py", "prepare"])
    prepared = subprocess.run(command, env=environment, cwd=ROOT, check=False)  # noqa: S603 - Our own command.
    if prepared.returncode != 0:
        raise CannotStart("The portal was not started; the reason stands above.")


class Welcome:
    """Says once, when the portal answers, where everything is."""

    def __init__(self, *, port: int, var: Path, environment: Mapping[str, str]) -> None:
        self.here = f"http://127.0.0.1:{port}"
        self.url = (environment.get("SITE_URL") or self.here).rstrip("/")
        self.staff_url = (environment.get("STAFF_URL") or self.url).rstrip("/")
        self.var = var
        self.demo = is_demo(environment)
        self.takes_reports = _opens("takedown", environment)
        self.keeps_teens_safe = _opens("safety", environment)
        self.prefix = _prefix(var=var, environment=environment)
        self.was_said = False
        self.next_look = 0.0

    def when_ready(self) -> None:
        if self.was_said or time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK_FOR_READY_EVERY
        if _answers(f"{self.here}/readyz"):
            self.was_said = True
            say("\n".join(self.lines()))

    def lines(self) -> list[str]:
        return [
            "",
            "Reclaim is ready.",
            *(self._report_lines() if self.takes_reports else ()),
            *((f"  The desk            {self.staff_url}/triage/",) if self.takes_reports else ()),
            *((f"  Flags to review     {self.staff_url}/review/",) if self.keeps_teens_safe else ()),
            f"  Running the machine {self.staff_url}/admin/",
            f"  API for platforms   {self.url}/api/v1/docs/",
            *(self._demo_lines() if self.demo else self._real_lines()),
            f"  Everything is kept in {self.var}. Ctrl-C stops it.",
            "",
        ]

    def _report_lines(self) -> list[str]:
        return [
            f"  Report a picture    {self.url}/report/",
            f"  Follow a report     {self.url}/status/",
        ]

    def _demo_lines(self) -> list[str]:
        folder = self.var / "demo"
        staff = _read(folder / "staff.json")
        return [
            "",
            "This is a demo: withdrawals and the steps she sees take effect at once (all delays and LADDER_BATCH_HOURS are 0).",
            f"  Sign in at the desk as triager, senior, liaison, platform_manager, safety_reviewer, auditor or administrator; as {staff.get('username', '')} at /admin/.",
            f"  Password of all     {staff.get('password', '')}",
            f"  App's key of all    {staff.get('totp_secret', '')} (type it into an authenticator app)",
            f"  Or the code now     {self.prefix}DEMO=1 .venv/bin/python manage.py demo_code",
            *(f"  Key of {name:<12} {key}" for name, key in _read(folder / "keys.json").items()),
            *(f"  {what:<19} {folder / name}" for what, name in _FOLDERS if (folder / name).is_dir()),
            *(self._member_lines(folder) if self.keeps_teens_safe else ()),
            f"  {self.prefix}DEMO=0 make run starts without demo data and with the real delays.",
        ]

    def _member_lines(self, folder: Path) -> list[str]:
        links = _read(folder / "members.json")
        if not links:
            return []
        return [
            *(f"  Be the {who:<12} {url}" for who, url in links.items()),
            f"  Each opens once, for ten minutes. Others: {self.prefix}DEMO=1 .venv/bin/python manage.py demo_members --links",
            f"  Play more traffic   {self.prefix}.venv/bin/python manage.py platform_simulate --live-only --url {self.url} --key KEY",
        ]

    def _real_lines(self) -> list[str]:
        return [
            "",
            "Without demo data, with the real delays. DEMO=0 shares VAR_DIR with the demo; give VAR_DIR to keep them apart.",
            f"  First sign-in       {self.prefix}.venv/bin/python manage.py createsuperuser",
            f"  A platform          {self.prefix}.venv/bin/python manage.py platform_add NAME --scope feed --scope match --scope feedback",
        ]


_FOLDERS = (("Pictures to report", "pictures"), ("A platform's uploads", "uploads"))


def _opens(surface: str, environment: Mapping[str, str]) -> bool:
    surfaces = environment.get("SURFACES") or "takedown,safety"
    return surface in {name.strip() for name in surfaces.split(",")}


def _prefix(*, var: Path, environment: Mapping[str, str]) -> str:
    """What a command in another terminal needs to reach this portal and no other."""
    variables = {"DATABASE_URL": _without_password(environment.get("DATABASE_URL", ""))}
    if var != ROOT / "var":
        variables = {"VAR_DIR": str(var), **variables}
    return "".join(f"{name}={shlex.quote(value)} " for name, value in variables.items() if value)


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":PASSWORD@", 1) if password else url


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        return {}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ASK_TIMEOUT) as answer:  # noqa: S310 - Our own address.
            return bool(answer.status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
