"""Builds that are killed, several at once, and processes that go over to what others built: real ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import BOTH, OwnDatabase, finished, own_database

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(200)]


@pytest.fixture(params=BOTH)
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OwnDatabase]:
    monkeypatch.setitem(os.environ, "VAR_DIR", str(tmp_path))
    with own_database(request.param, folder=tmp_path) as made:
        yield made


def play(database: OwnDatabase, role: str, *arguments: str) -> int:
    return int(finished(database.start("-m", "tests.hashes.index_load", role, *arguments)))


def test_a_build_that_is_killed_anywhere_loses_nothing_and_leaves_nothing(
    database: OwnDatabase, tmp_path: Path
) -> None:
    different = play(database, "kill", "7", "25")
    # Otherwise none of them was killed between two checkpoints, or all before the first.
    assert different > 2
    folder = next(path for path in (tmp_path / "index").iterdir() if path.is_dir())
    manifest = (folder / "manifest.json").read_text()
    left = [path.name for path in folder.iterdir() if path.name not in manifest]
    assert sorted(left) == ["manifest.json", "seal.json"]


def test_a_process_has_files_built_and_goes_over_to_them_and_another_begins_with_them(
    database: OwnDatabase,
) -> None:
    followed = play(database, "follow")
    assert play(database, "wait") == followed


def test_a_process_that_begins_far_behind_has_the_list_read_for_it(database: OwnDatabase) -> None:
    database.run(
        "shell",
        "-v",
        "0",
        "-c",
        "from django.utils import timezone; from hashes.services import publish;"
        "from tests.makers import make_picture; [make_picture() for _ in range(20)]; publish(now=timezone.now())",
    )
    assert play(database, "wait") == 80
