"""A migrated database of its own for what several real processes or connections do at once. The suite's stays out of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[1]
SERVER = os.environ.get("CI_POSTGRES", "postgres://postgres@127.0.0.1:5432")
BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@dataclass(frozen=True)
class OwnDatabase:
    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def start(self, *arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
        environment = {**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str) -> str:
        return finished(self.start("manage.py", *arguments))


def finished(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    return out


@contextmanager
def own_database(kind: str, *, folder: Path) -> Iterator[OwnDatabase]:
    if kind == "sqlite":
        yield _migrated(OwnDatabase(f"sqlite:///{folder / 'own.sqlite3'}"))
        return
    server = _connected()
    name = f"reclaim_test_{uuid4().hex[:12]}"
    server.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield _migrated(OwnDatabase(f"{SERVER}/{name}"))
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        server.close()


def _migrated(made: OwnDatabase) -> OwnDatabase:
    made.run("migrate", "-v", "0")
    return made


def _connected() -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"No PostgreSQL at {SERVER}: {error}")
