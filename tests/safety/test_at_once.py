"""Two at once: with real connections, on both databases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("CI_POSTGRES", "postgres://postgres@127.0.0.1:5432")

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(280), pytest.mark.xdist_group("safety_at_once")]


def run(url: str, *arguments: str) -> str:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        capture_output=True,
        check=False,
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a migrated database of its own."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path_factory.mktemp('at-once') / 'reclaim.sqlite3'}"
        run(made, "manage.py", "migrate", "-v", "0")
        yield made
        return
    name = f"reclaim_test_{uuid4().hex[:12]}"
    server = connected()
    server.execute(f"CREATE DATABASE {name}".encode())
    try:
        run(f"{SERVER}/{name}", "manage.py", "migrate", "-v", "0")
        yield f"{SERVER}/{name}"
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        server.close()


def connected() -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"No PostgreSQL at {SERVER}: {error}")


def play(url: str, role: str) -> dict[str, Any]:
    came_of_it: dict[str, Any] = json.loads(run(url, "-m", "tests.safety.at_once", role))
    return came_of_it


def test_a_batch_that_comes_six_times_at_once_is_kept_once(url: str) -> None:
    assert play(url, "batch") == {
        "accepted": 200,
        "repeated": 1_000,
        "rejected": 0,
        "kept": 200,
        "unread": 20,
        "connections": 200,
    }


def test_two_at_once_do_not_exceed_the_days_number(url: str) -> None:
    assert play(url, "friction") == {"answers": ["deny"] * 9 + ["friction"] * 3, "counted": 3}


def test_no_event_is_missed_while_others_are_read(url: str) -> None:
    came_of_it = play(url, "folding")
    levels = came_of_it.pop("levels")
    assert came_of_it == {"has_read_all": True, "open_flags": 1, "unread": 0}
    # Each change begins where the one before ended: nobody wrote over somebody else's reading.
    assert levels[0][0] == 0
    assert levels[-1][1] == 2
    assert all(one[1] == other[0] for one, other in pairwise(levels))


@pytest.mark.parametrize("news", ["event_between", "tuned_between"])
def test_news_between_reading_and_forgetting_the_mark_stays_unread(url: str, news: str) -> None:
    assert play(url, news) == {"left_unread": 1, "has_read_all": True}
