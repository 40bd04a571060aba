"""A scan looks at several files at once and tells of them in their order."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import cast

import pytest

from hashes.fingerprints import Fingerprint
from hashes.scan import scanning
from hashes.scan.client import PortalClient
from hashes.scan.looking import Looked
from hashes.scan.scanning import Report, Scan
from hashes.scan.state import State
from hashes.scan.walking import Found

NAMES = [f"{number:02}.jpg" for number in range(24)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "uploads"
    made.mkdir()
    for name in NAMES:
        (made / name).write_bytes(name.encode())
    return made


def test_files_are_looked_at_together_and_told_in_order(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = threading.Barrier(2)

    def looking(found: Found) -> Looked:
        together.wait(timeout=60)  # Nobody gets on who is alone.
        return Looked((Fingerprint("md5", found.name),))

    monkeypatch.setattr(scanning, "look_at", looking)
    with State(tmp_path / "state.sqlite3") as state:
        scan = Scan(client=cast("PortalClient", None), state=state, at_once=2)
        told = list(scan._looks(folder, Report()))
        assert [found.name for found, _ in told] == NAMES
        assert [one.looked.fingerprints[0].value for _, one in told] == NAMES

        monkeypatch.setattr(scanning, "look_at", None)  # All are remembered.
        assert list(scan._looks(folder, Report())) == told


def test_whoever_stops_asking_stops_the_looking(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    def looking(found: Found) -> Looked:
        looked_at.append(found.name)
        return Looked(())

    monkeypatch.setattr(scanning, "look_at", looking)
    with State(tmp_path / "state.sqlite3") as state:
        scan = Scan(client=cast("PortalClient", None), state=state, at_once=2)
        looks = scan._looks(folder, Report())
        next(looks)
        looks.close()
    assert NAMES[0] in looked_at
    assert len(looked_at) <= 2 * scanning.LOOK_AHEAD + 1
