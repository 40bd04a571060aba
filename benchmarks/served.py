"""The portal as production runs it, for benchmarks that ask it: gunicorn, a database of its own, the shared cache.

`POSTGRES` names the server, where the database is made and dropped; without one it is SQLite. `REDIS` names the cache.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psycopg

from benchmarks.bench import ROOT
from tests.servers import free_port

SERVER = os.environ.get("POSTGRES", "postgres://postgres@127.0.0.1:5432")
REDIS = os.environ.get("REDIS", "redis://127.0.0.1:6379/9")


class Web(NamedTuple):
    port: int
    pid: int


@contextlib.contextmanager
def database(folder: str) -> Iterator[str]:
    name = f"reclaim_bench_{uuid4().hex[:8]}"
    try:
        server = psycopg.connect(f"{SERVER}/postgres", autocommit=True)
    except psycopg.OperationalError:
        say("No PostgreSQL there, so it is SQLite.")
        yield f"sqlite:///{folder}/reclaim.sqlite3"
        return
    with server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield f"{SERVER}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def environment(url: str, folder: str, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "VAR_DIR": folder,
        "DJANGO_SETTINGS_MODULE": "benchmarks.bare_settings",
        "SECRET_KEY": "only-in-benchmarks-" + "x" * 50,
        "ACCESS_CODE_PEPPER": "11" * 32,
        "CACHE_URL": REDIS,
        **more,
    }


def manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def portal(env: dict[str, str], application: str) -> Iterator[Web]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web", application]
    with (Path(env["VAR_DIR"]) / "web.log").open("ab") as log:
        web = subprocess.Popen(command, cwd=ROOT, env={**env, "PORT": str(port)}, stdout=log, stderr=log)
        try:
            _wait(port, web)
            yield Web(port, web.pid)
        finally:
            web.terminate()
            web.wait(30)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _wait(port: int, web: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert web.poll() is None, "The web server did not start."
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2),
        ):
            return
        time.sleep(0.2)
    raise AssertionError("The web server did not answer.")
