"""The list by the million: a file in, a file out."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
from collections.abc import Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from hashes.json_lines import ListRow, read_lines
from hashes.management.commands import list_import
from hashes.models import Entry, FeedChange, Picture
from hashes.services import bulk, bulk_rows, export_rows, import_rows, publish, withdraw_pictures
from platforms.services import NewKey
from tests.databases import BOTH, finished, own_database
from tests.makers import make_picture, make_platform

PDQ, MD5 = "ab" * 32, "cd" * 16


def imported(file: Path, source: str = "loopfeed") -> str:
    out = StringIO()
    call_command("list_import", str(file), source=source, stdout=out)
    return out.getvalue().strip()


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows))
    return path


def many(count: int) -> list[dict[str, str]]:
    return [{"algorithm": "pdq", "value": f"{number:064x}"} for number in range(count)]


def listed() -> list[tuple[Any, ...]]:
    fields = ("picture__kind", "algorithm", "value", "review", "picture__source__slug", "status", "variant")
    return sorted(Entry.objects.values_list(*fields))


def test_rows_are_listed_under_the_platforms_name_and_announced(
    platform: NewKey, tmp_path: Path, now: Any
) -> None:
    file = written(
        tmp_path / "list",
        {"algorithm": "pdq", "value": PDQ.upper()},
        {"kind": "video", "algorithm": "md5", "value": MD5, "review": "confirmed", "more": "is ignored"},
    )
    assert imported(file) == "2 listed, 0 known before, 0 refused."
    assert listed() == [
        ("image", "pdq", PDQ, "unreviewed", platform.platform.slug, "listed", "original"),
        ("video", "md5", MD5, "confirmed", platform.platform.slug, "listed", "original"),
    ]
    assert Picture.objects.filter(status="listed").count() == 2
    assert publish(now=now) == 2
    told = FeedChange.objects.values_list("change", "entry__value", "review", "number")
    assert {row[:3] for row in told} == {("added", PDQ, "unreviewed"), ("added", MD5, "confirmed")}


@pytest.mark.usefixtures("platform")
def test_each_bad_line_is_named_and_the_rest_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(
        tmp_path / "list",
        {"algorithm": "pdq", "value": PDQ},
        "not JSON",
        "",
        "[]",
        {"algorithm": "pdq", "value": PDQ[1:]},
        {"algorithm": "sha512", "value": PDQ},
        {"algorithm": "md5", "value": MD5, "kind": "song"},
        {"algorithm": "md5", "value": MD5, "review": "sure"},
        {"algorithm": "pdq", "value": PDQ, "kind": "video"},
        {"algorithm": ["pdq"], "value": 7},
        '{"algorithm": "md5", "value": "' + "0" * 30_000 + '"}',
        "[" * 5_000,
        {"algorithm": "md5", "value": MD5},
    )
    with pytest.raises(CommandError, match="10 lines were refused") as ended:
        imported(file)
    assert ended.value.returncode == 2
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("line ")]
    assert told == [
        "line 2: no JSON object",
        "line 4: no JSON object",
        "line 5: value must be 64 hex digits",
        "line 6: algorithm must be one of pdq, phash, md5, sha256",
        "line 7: kind must be one of image, video",
        "line 8: review must be one of unreviewed, confirmed, check_first",
        "line 9: algorithm of a video must be md5 or sha256",
        "line 10: algorithm must be one of pdq, phash, md5, sha256",
        "line 11: the line is too long",
        "line 12: no JSON object",
    ]
    assert {row[:3] for row in listed()} == {("image", "pdq", PDQ), ("image", "md5", MD5)}


@pytest.mark.usefixtures("platform")
def test_importing_again_lists_nothing_twice(tmp_path: Path) -> None:
    file = written(tmp_path / "list", *many(7), *many(3))
    assert imported(file) == "7 listed, 3 known before, 0 refused."
    assert imported(file) == "0 listed, 10 known before, 0 refused."
    make_platform("Elsewhere")
    assert imported(file, "elsewhere").startswith("7 listed")
    assert Entry.objects.count() == FeedChange.objects.count() == 14


@pytest.mark.usefixtures("platform")
def test_the_same_digits_of_another_kind_are_another_row(tmp_path: Path) -> None:
    both = [{"kind": kind, "algorithm": "md5", "value": MD5} for kind in ("image", "video")]
    assert imported(written(tmp_path / "list", both[0])).startswith("1 listed")
    assert imported(written(tmp_path / "list", *both)).startswith("1 listed, 1 known")


@pytest.mark.usefixtures("platform")
def test_what_was_withdrawn_since_stays_withdrawn(tmp_path: Path) -> None:
    file = written(tmp_path / "list", *many(2))
    imported(file)
    withdraw_pictures(picture_ids=Picture.objects.values_list("pk", flat=True)[:1])
    assert imported(file) == "0 listed, 2 known before, 0 refused."
    assert sorted(Entry.objects.values_list("status", flat=True)) == ["listed", "withdrawn"]


@pytest.mark.usefixtures("platform")
def test_one_that_breaks_off_keeps_whole_batches_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "list", *many(10))
    monkeypatch.setattr(list_import, "BATCH", 4)
    stored: list[Any] = []

    def breaking(kind: Any, names: Sequence[str], rows: Any) -> None:
        stored.append(kind)
        if len(stored) == 6:  # The second batch's last table.
            raise DatabaseError("The server went away.")
        bulk_rows.store(kind, names, rows)

    monkeypatch.setattr(bulk, "store", breaking)
    with pytest.raises(DatabaseError):
        imported(file)
    assert Picture.objects.count() == Entry.objects.count() == FeedChange.objects.count() == 4
    monkeypatch.undo()
    assert imported(file) == "6 listed, 4 known before, 0 refused."


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize(("file", "source"), [("there is none", "loopfeed"), ("", "nobody")])
def test_a_missing_file_or_platform_is_said(tmp_path: Path, file: str, source: str) -> None:
    path = tmp_path / file if file else written(tmp_path / "list", *many(1))
    with pytest.raises(CommandError):
        imported(path, source)
    assert not Entry.objects.exists()


def test_the_last_line_needs_no_end_and_long_ones_keep_the_count() -> None:
    row = json.dumps({"algorithm": "md5", "value": MD5}).encode()
    content = b"x" * 25_000 + b"\n" + row + b"\r\n\n" + b"y" * 10_000 + b"\n" + row
    lines = list(read_lines(BytesIO(content)))
    assert [(line.number, bool(line.row)) for line in lines] == [
        (1, False),
        (2, True),
        (4, False),
        (5, True),
    ]
    assert sum(line.size for line in lines) == len(content) - 1  # The empty line.


def test_what_is_exported_can_be_imported(platform: NewKey, tmp_path: Path) -> None:
    one = make_picture()
    make_picture(release=False)
    withdraw_pictures(picture_ids=[make_picture()])
    rows = {ListRow("video", "md5", MD5, "confirmed"), ListRow("image", "pdq", PDQ)}
    import_rows(platform_id=platform.platform.pk, rows=list(rows))
    file = tmp_path / "list"
    call_command("list_export", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {*lines[0]} == {"kind", "algorithm", "value", "review"}
    own = {ListRow("image", *row) for row in _of(one)}
    assert {ListRow(**line) for line in lines} == rows | own
    assert [*tmp_path.iterdir()] == [file]

    make_platform("Elsewhere")
    assert imported(file, "elsewhere") == "6 listed, 0 known before, 0 refused."


def test_an_export_stands_in_the_order_of_random_ids(platform: NewKey) -> None:
    assert platform
    for _ in range(5):
        make_picture()
    in_order = Entry.objects.order_by("pk").values_list("value", flat=True)
    assert [row.value for row in export_rows()] == list(in_order)


def test_an_export_goes_to_standard_output(platform: NewKey) -> None:
    import_rows(platform_id=platform.platform.pk, rows=[ListRow("image", "pdq", PDQ)])
    out = StringIO()
    call_command("list_export", stdout=out)
    assert json.loads(out.getvalue())["value"] == PDQ


def test_a_place_that_cant_be_written_is_said(db: None, tmp_path: Path) -> None:  # noqa: ARG001 - The list is empty.
    with pytest.raises(CommandError):
        call_command("list_export", str(tmp_path / "no" / "list"))


def _of(picture: UUID) -> list[tuple[str, str, str]]:
    return list(Entry.objects.filter(picture=picture).values_list("algorithm", "value", "review"))


@pytest.mark.parametrize("kind", BOTH)
def test_two_imports_at_once_list_each_row_once(kind: str, tmp_path: Path) -> None:
    file = written(tmp_path / "list", *many(6_000))
    with own_database(kind, folder=tmp_path) as database:
        database.run("platform_add", "Loopfeed", "--scope", "feed")
        both = [database.start("manage.py", "list_import", str(file), "--source", "loopfeed") for _ in "ab"]
        told = [finished(one).split() for one in both]
        assert sum(int(words[0]) for words in told) == 6_000
        assert sum(int(words[2]) for words in told) == 6_000
        database.run("list_export", str(tmp_path / "out"))
    assert len((tmp_path / "out").read_text().splitlines()) == 6_000


def test_an_import_ends_when_told_to_while_its_other_end_is_silent(tmp_path: Path) -> None:
    with own_database("sqlite", folder=tmp_path) as database:
        database.run("platform_add", "Loopfeed", "--scope", "feed")
        importing = database.start(
            "manage.py", "list_import", "-", "--source", "loopfeed", stdin=subprocess.PIPE
        )
        assert importing.stdin is not None
        # More than a pipe holds: once it is written, somebody reads.
        importing.stdin.write("".join(f"{json.dumps(row)}\n" for row in many(2_000)))
        importing.stdin.flush()
        try:
            importing.send_signal(signal.SIGINT)
            assert importing.wait(timeout=30) != 0
        finally:
            importing.kill()
            importing.communicate()
