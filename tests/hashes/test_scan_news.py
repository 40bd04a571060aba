"""A scan that compares what it remembers with the list's news says what a scan without a memory says."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashes.fingerprints import Fingerprint
from hashes.hashing import fingerprint_file
from hashes.index import RADIUS
from hashes.models import Entry, FeedChange, FeedCounter
from hashes.perceptual import distance
from hashes.scan import news, scanning, state
from hashes.scan.client import Answer, PortalClient
from hashes.scan.news import Kept, NewHit, News
from hashes.scan.state import State
from hashes.services import publish, withdraw_pictures
from hashes.services.listing import announce
from platforms.services import NewKey
from tests.makers import make_picture, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_in_this_process")]
PORTAL = "http://127.0.0.1:8000"
TOLD = ("scanned", "matched", "review", "skipped", "files")


@pytest.fixture
def reader() -> NewKey:
    """Whoever says what was done changes the list, and the second scan would see another one."""
    return make_platform("Reader", scopes=("feed", "match"))


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    for number in range(6):
        draw(folder / f"{number}.png", seed=number)
    return folder


def draw(path: Path, *, seed: int) -> None:
    coarse = np.random.default_rng(seed).integers(0, 256, (12, 12), np.uint8)
    Image.fromarray(coarse).resize((70, 60), Image.Resampling.BICUBIC).save(path)


def scan(folder: Path, key: NewKey, memory: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "platform_scan", str(folder), "--url", PORTAL, "--key", key.key, "--state", str(memory),
        "--json", "--paths", *options, stdout=out,
    )  # fmt: skip
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def altered(value: str, bits: int, chance: random.Random) -> str:
    flips = sum(1 << bit for bit in chance.sample(range(4 * len(value)), bits))
    return f"{int(value, 16) ^ flips:0{len(value)}x}"


class World:
    """The uploads and the list, which both change."""

    def __init__(self, uploads: Path, seed: int) -> None:
        self.uploads = uploads
        self.chance = random.Random(seed)  # noqa: S311 - It decides what a test does.

    def change(self) -> None:
        for _ in range(self.chance.randint(0, 3)):
            self.chance.choice(
                (self._list, self._list, self._review, self._withdraw, self._upload, self._remove)
            )()

    def _list(self) -> None:
        """Something near to a file, or as far as is just too far."""
        file = self.chance.choice(sorted(self.uploads.iterdir()))
        one = self.chance.choice(fingerprint_file(file))
        bits = (
            self.chance.choice((0, RADIUS[one.algorithm], RADIUS[one.algorithm] + 1))
            if one.algorithm in RADIUS
            else 0
        )
        make_picture(Fingerprint(one.algorithm, altered(one.value, bits, self.chance), 100))

    def _review(self) -> None:
        for entry in self._some(Entry.objects.listed()):
            entry.review = self.chance.choice(Entry.Review.values)
            entry.save(update_fields=["review"])
            announce(FeedChange.Change.REVIEWED, [entry])

    def _withdraw(self) -> None:
        withdraw_pictures(picture_ids=[entry.picture_id for entry in self._some(Entry.objects.listed())])

    def _upload(self) -> None:
        draw(self.uploads / f"{self.chance.randint(0, 8)}.png", seed=self.chance.randint(0, 99))

    def _remove(self) -> None:
        files = sorted(self.uploads.iterdir())
        if len(files) > 2:
            self.chance.choice(files).unlink()

    def _some(self, rows: Any) -> list[Any]:
        found: list[Model] = list(rows.order_by("pk"))
        return [self.chance.choice(found)] if found else []


@pytest.mark.parametrize("seed", range(6))
def test_it_reports_what_a_scan_without_a_memory_reports(
    seed: int, reader: NewKey, uploads: Path, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "COMPARED_AT_A_TIME", 2)
    world, verdicts = World(uploads, seed), set()
    for step in range(12):
        world.change()
        publish(now=now)
        known, anew = (
            scan(uploads, reader, tmp_path / "kept"),
            scan(uploads, reader, tmp_path / f"new-{step}"),
        )
        assert {name: known[name] for name in TOLD} == {name: anew[name] for name in TOLD}
        verdicts |= {one["verdict"] for one in known["files"]}
    assert verdicts >= {"match", "none"}


def test_only_new_and_changed_files_are_asked_about(
    reader: NewKey, uploads: Path, tmp_path: Path, now: datetime
) -> None:
    memory = tmp_path / "kept"
    assert scan(uploads, reader, memory)["asked"] == 6
    make_picture(*fingerprint_file(uploads / "3.png"))
    publish(now=now)
    draw(uploads / "5.png", seed=50)
    draw(uploads / "6.png", seed=6)
    again = scan(uploads, reader, memory)
    assert (again["asked"], again["matched"]) == (2, 1)
    assert scan(uploads, reader, memory)["asked"] == 0
    assert scan(uploads, reader, memory, "--all")["asked"] == 7


def test_without_the_list_every_file_is_asked_about_each_time(uploads: Path, tmp_path: Path) -> None:
    asker = make_platform("Asker", scopes=("match",))
    for _ in range(2):
        document = scan(uploads, asker, tmp_path / "kept")
        assert document["asked"] == 6
        assert "every file was asked about" in str(document["notes"])


def answering(change: Callable[[Answer], Answer]) -> Callable[..., Answer]:
    asked = PortalClient.match

    def match(client: PortalClient, fingerprints: Any) -> Answer:
        return change(asked(client, fingerprints))

    return match


@pytest.mark.parametrize("through", [0, 1])
def test_a_portal_whose_index_is_behind_its_list_hides_nothing(
    through: int,
    reader: NewKey, uploads: Path, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    make_picture(*fingerprint_file(uploads / "3.png"))
    publish(now=now)

    def knew_less(answer: Answer) -> Answer:
        blank: dict[str, Any] = {"verdict": "none", "review": None, "matches": []}
        return Answer([blank for _ in answer.results], through)

    if through:
        make_picture()  # What it does know.
    monkeypatch.setattr(PortalClient, "match", answering(knew_less))
    found = scan(uploads, reader, tmp_path / "kept")
    # The one number that it claims to know is one of this picture's entries; the others are compared here.
    assert found["matched"] == 1


def test_what_is_listed_while_it_asks_is_told_at_once(
    reader: NewKey, uploads: Path, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listing_more(answer: Answer) -> Answer:
        make_picture(*fingerprint_file(uploads / "3.png"))
        publish(now=now)
        return answer

    monkeypatch.setattr(PortalClient, "match", answering(listing_more))
    assert scan(uploads, reader, tmp_path / "kept")["matched"] == 1


def test_another_list_is_asked_anew(reader: NewKey, uploads: Path, tmp_path: Path, now: datetime) -> None:
    picture = make_picture(*fingerprint_file(uploads / "3.png"))
    publish(now=now)
    assert scan(uploads, reader, tmp_path / "kept")["matched"] == 1
    withdraw_pictures(picture_ids=[picture])
    # As after a backup from before: numbers begin again.
    FeedChange.objects.all().delete()
    FeedCounter.objects.update(last_number=0)
    document = scan(uploads, reader, tmp_path / "kept")
    assert (document["asked"], document["matched"]) == (6, 0)


def test_a_list_that_is_replaced_while_it_asks_stops_it(
    reader: NewKey, uploads: Path, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_picture()
    publish(now=now)

    def replaced(answer: Answer) -> Answer:
        FeedChange.objects.all().delete()
        FeedCounter.objects.update(last_number=0)
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(PortalClient, "match", answering(replaced))
        with pytest.raises(CommandError, match="another list"):
            scan(uploads, reader, tmp_path / "kept")
    assert scan(uploads, reader, tmp_path / "kept")["asked"] == 6


def test_the_memory_of_an_older_version_keeps_what_was_said(
    uploads: Path, tmp_path: Path, now: datetime
) -> None:
    reader, memory = make_platform(scopes=("feed", "match", "feedback")), tmp_path / "kept"
    make_picture(*fingerprint_file(uploads / "3.png"))
    publish(now=now)
    assert scan(uploads, reader, memory)["feedback"]["sent"] > 0
    as_it_was = sqlite3.connect(memory)
    as_it_was.executescript(
        "ALTER TABLE files DROP COLUMN through; DROP INDEX listed_number; DROP TABLE hits;"
        "ALTER TABLE listed DROP COLUMN number; PRAGMA user_version = 0;"
    )
    as_it_was.close()
    document = scan(uploads, reader, memory)
    assert (document["asked"], document["matched"], document["feedback"]["sent"]) == (6, 1, 0)


def test_a_memory_from_before_frames_were_looked_into_hashes_anew(
    reader: NewKey, uploads: Path, tmp_path: Path
) -> None:
    memory = tmp_path / "kept"
    scan(uploads, reader, memory)
    with closing(sqlite3.connect(memory)) as as_it_was:
        as_it_was.executescript("PRAGMA user_version = 2;")
    assert scan(uploads, reader, memory)["asked"] == 6
    assert scan(uploads, reader, memory)["asked"] == 0


def test_of_two_scans_that_begin_at_once_one_brings_an_older_memory_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's pages would be dropped by the one that looked before it."""
    memory = tmp_path / "kept"
    with State(memory):
        pass
    asked: list[int] = []

    def nobody_else_writes(_database: sqlite3.Connection) -> int:
        other = sqlite3.connect(memory, timeout=0.1)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        asked.append(1)
        return 0

    monkeypatch.setattr(state, "_version", nobody_else_writes)
    with State(memory):
        assert asked


VALUES = st.integers(0, 2**64 - 1).map(lambda bits: f"{bits:016x}")


@pytest.mark.parametrize("tables_from", [0, 10**9])
@given(listed=st.lists(VALUES, max_size=12), held=st.lists(VALUES, max_size=12), near=st.integers(0, 11))
def test_news_are_compared_with_each_kept_hash(
    tables_from: int, listed: list[str], held: list[str], near: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(news, "_TABLES_FROM", tables_from)
        listed += [f"{int(value, 16) ^ ((1 << near) - 1):016x}" for value in held]
        files = [Kept(f"{number}", (Fingerprint("phash", value),)) for number, value in enumerate(held)]
        found = News(news.Entry(f"{number}", "phash", value) for number, value in enumerate(listed))
        assert sorted(found.in_files(files)) == sorted(
            NewHit(file.name, f"{number}", far)
            for file in files
            for number, value in enumerate(listed)
            if (far := distance(file.fingerprints[0].value, value)) <= RADIUS["phash"]
        )
