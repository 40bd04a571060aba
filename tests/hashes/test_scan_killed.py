"""A scan that is killed at any place goes on there: real processes against a real portal."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashes.hashing import fingerprint_file
from tests.servers import ROOT, Portal, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(600)]
FILES = 12

# The command as it is, in small steps, and ended by the system at the given one.
KILLED = """
import os, signal, sys
from django.core.management import execute_from_command_line
from hashes.scan import scanning
from hashes.scan.state import State

step, place = sys.argv.pop(1), int(sys.argv.pop(1))
scanning.MATCH_BATCH, scanning.COMPARED_AT_A_TIME = 4, 1
done, passed = getattr(State, step), 0

def counted(*arguments, **named):
    global passed
    if (passed := passed + 1) > place:
        os.kill(os.getpid(), signal.SIGKILL)
    return done(*arguments, **named)

setattr(State, step, counted)
execute_from_command_line(sys.argv)
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Portal]:
    with portal(DEMO="0") as started:
        yield started


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    for number in range(FILES):
        coarse = np.random.default_rng(number).integers(0, 256, (12, 12), np.uint8)
        Image.fromarray(coarse).resize((70, 60), Image.Resampling.BICUBIC).save(folder / f"{number:02}.png")
    return folder


def command(running: Portal, uploads: Path, key: str, memory: Path) -> list[str]:
    where = ["--url", running.url, "--key", key, "--state", str(memory)]
    return ["platform_scan", str(uploads), *where, "--json", "--paths"]


def scan(running: Portal, *arguments: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(running.manage(*command(running, *arguments)))
    return document


def kill(running: Portal, step: str, place: int, *arguments: Any) -> None:
    killed = [sys.executable, "-c", KILLED, step, str(place), *command(running, *arguments)]
    env = running.env | {"DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(killed, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def list_files(running: Portal, files: list[Path], slug: str) -> None:
    """As what the platform itself brought, each by a hash that is a few bits away."""
    lines = []
    for file in files:
        [value] = [one.value for one in fingerprint_file(file) if one.algorithm == "pdq"]
        lines.append(json.dumps({"algorithm": "pdq", "value": f"{int(value, 16) ^ 0b1011:064x}"}))
    path = running.var / "list.jsonl"
    path.write_text("\n".join(lines))
    running.manage("list_import", str(path), "--source", slug)
    waiting = "from hashes.models import FeedChange; print(FeedChange.objects.filter(number=None).count())"
    while running.manage("shell", "-v", "0", "-c", waiting).strip() != "0":
        time.sleep(0.5)


def test_it_goes_on_where_it_was_killed(running: Portal, uploads: Path, tmp_path: Path) -> None:
    added = json.loads(
        running.manage("platform_add", "Reader", "--scope", "feed", "--scope", "match", "--json")
    )
    key, memory = added["key"], tmp_path / "kept.sqlite3"
    files = sorted(uploads.iterdir())
    kill(running, "remember", 5, uploads, key, memory)
    kill(running, "compared", 3, uploads, key, memory)
    first = scan(running, uploads, key, memory)
    assert (first["scanned"], first["matched"]) == (FILES, 0)
    # Each question held one file: four were asked before the first kill, three before the second.
    assert first["asked"] == FILES - 4 - 3

    list_files(running, files[2:7], "reader")
    kill(running, "follow", 0, uploads, key, memory)
    kill(running, "compared", 4, uploads, key, memory)
    after = scan(running, uploads, key, memory)
    assert after["asked"] == 0
    assert {one["file"] for one in after["files"] if one["verdict"] == "match"} == {
        one.name for one in files[2:7]
    }
    assert after["files"] == scan(running, uploads, key, tmp_path / "new.sqlite3")["files"]
