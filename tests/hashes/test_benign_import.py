"""The operator's list of well-known innocent pictures."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hashes.models import Concern, KnownBenign
from hashes.services import Fingerprint, publish
from tests.hashes.guarding import MEME, SONG, asked, ended, off_by, state
from tests.makers import make_fingerprints, make_picture

pytestmark = pytest.mark.django_db


def imported(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("benign_import", *arguments, stdout=out, **options)
    return out.getvalue().strip()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows: list[Any] = [
        {"algorithm": "pdq", "value": MEME.upper(), "name": "The old meme"},
        "no",
        {"algorithm": "phash", "value": "ab" * 8},
        {"algorithm": "md5", "value": SONG},
        {"algorithm": "md5", "value": SONG[1:]},
        {"algorithm": "md5", "value": SONG, "name": "x" * 201},
        {"algorithm": "md5", "value": SONG, "name": "a\0b"},
        {"algorithm": "md5", "value": SONG, "name": ["b"]},
    ]
    path = tmp_path / "benign.jsonl"
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def test_the_operators_list_is_read_and_each_bad_row_named(file: Path) -> None:
    told = StringIO()

    assert imported(str(file), stderr=told) == "2 kept, 0 known before, 6 refused."

    assert sorted(KnownBenign.objects.values_list("algorithm", "value", "name")) == [
        ("md5", SONG, ""),
        ("pdq", MEME, "The old meme"),
    ]
    assert told.getvalue().splitlines() == [
        "line 2: no JSON object",
        "line 3: algorithm must be one of pdq, md5, sha256",
        "line 5: value must be 32 hex digits",
        *(f"line {n}: name must be a text of at most 200 printable characters" for n in (6, 7, 8)),
    ]


def test_the_list_can_be_read_again_and_cleared(file: Path) -> None:
    imported(str(file), stderr=StringIO())

    assert imported(str(file), stderr=StringIO()) == "0 kept, 2 known before, 6 refused."
    assert imported("--clear") == "2 forgotten."
    assert imported("--clear", str(file), stderr=StringIO()).startswith("0 forgotten.\n2 kept")
    with pytest.raises(CommandError):
        imported()
    with pytest.raises(CommandError):
        imported(str(file.parent / "none"))
    assert KnownBenign.objects.count() == 2


def test_what_is_listed_already_is_asked_about_and_stays(file: Path, now: datetime) -> None:
    like, exact = make_picture(*make_fingerprints(pdq=off_by(7))), make_picture(Fingerprint("md5", SONG))
    unlike = make_picture()
    publish(now=now)

    assert imported(str(file), stderr=StringIO()).splitlines()[-1] == (
        "Listed pictures that are like them: 2. The desk is asked about each."
    )

    told = {"name": "The old meme", "algorithm": "pdq", "distance": 7, "is_off": False}
    assert asked(like) == {"benign": told}
    assert asked(exact)["benign"]["distance"] == 0
    assert [state(one) for one in (like, exact, unlike)] == ["listed"] * 3
    assert asked(unlike) == {}


@pytest.mark.usefixtures("platform")
def test_whoever_imports_a_list_is_told_how_much_of_it_waits(file: Path) -> None:
    imported(str(file), stderr=StringIO())
    rows = file.with_name("list")
    rows.write_text("".join(f'{{"algorithm":"pdq","value":"{off_by(bits)}"}}\n' for bits in (1, 2, 40)))
    out = StringIO()

    call_command("list_import", str(rows), source="loopfeed", stdout=out)

    assert out.getvalue().splitlines() == [
        "1 listed, 0 known before, 0 refused.",
        "Waiting for a person at the desk, under The list: 2.",
    ]


def test_reading_the_list_again_asks_nothing_that_was_settled(file: Path, now: datetime) -> None:
    make_picture(*make_fingerprints(pdq=MEME))
    publish(now=now)
    imported(str(file), stderr=StringIO())
    ended(Concern.objects.get(), "left")

    assert "The desk is asked" not in imported(str(file), stderr=StringIO())
    assert Concern.objects.count() == 1
