"""A picture in, a verdict out, and nothing kept."""

from __future__ import annotations

import logging
import os
import pickle
import secrets
import stat
import struct
import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache, caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from PIL import Image
from pytest_django import Settings
from structlog.stdlib import ProcessorFormatter

from hashes.hashing import fingerprint_file
from hashes.index import Hit
from hashes.models import Entry
from hashes.services import MatchResult, matching_media, publish
from platforms.services import NewKey
from portal.logs import logging_config
from tests.makers import client_of, make_picture, make_platform
from tests.photographs import PHOTOGRAPHS

MATCH_MEDIA = "/api/v1/match/media/"
FLOWER = PHOTOGRAPHS[1]


def as_form(platform: NewKey, content: bytes, **extra: Any) -> Any:
    sent = {"media": SimpleUploadedFile("x.jpg", content, "image/jpeg")}
    return client_of(platform.key).post(MATCH_MEDIA, sent, format="multipart", **extra)


def as_body(platform: NewKey, content: bytes, content_type: str = "image/jpeg") -> Any:
    return client_of(platform.key).post(MATCH_MEDIA, content, content_type=content_type)


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that says it is so large, whatever its rows hold."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def icon(content: bytes) -> bytes:
    """A small icon, as it says, that holds this picture."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(content), 22) + content


@pytest.fixture
def listed_flower(db: None, now: datetime) -> None:  # noqa: ARG001 - It stands in the database.
    make_picture(*fingerprint_file(FLOWER.read_bytes()))
    publish(now=now)


@pytest.mark.usefixtures("listed_flower")
@pytest.mark.parametrize("sent", [as_form, as_body])
def test_a_listed_picture_is_found_in_a_form_and_in_a_body(platform: NewKey, sent: Any) -> None:
    answer = sent(platform, FLOWER.read_bytes())
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["verdict"], said["review"]) == ("match", "unreviewed")
    assert said["algorithms"] == ["md5", "pdq", "phash", "sha256"]
    entries = {str(pk) for pk in Entry.objects.values_list("pk", flat=True)}
    assert {hit["entry"] for hit in said["matches"]} == entries
    assert {hit["distance"] for hit in said["matches"]} == {0}
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("listed_flower")
def test_a_key_without_the_list_gets_no_entries() -> None:
    answer = as_body(make_platform("Chatterbox", scopes=("match",)), FLOWER.read_bytes())
    assert answer.json() == {
        "verdict": "match",
        "review": "unreviewed",
        "algorithms": ["md5", "pdq", "phash", "sha256"],
    }


@pytest.mark.usefixtures("listed_flower")
def test_a_smaller_copy_matches_and_another_picture_does_not(platform: NewKey) -> None:
    smaller = BytesIO()
    FLOWER.open().resize((320, 213)).save(smaller, "JPEG", quality=70)
    assert as_body(platform, smaller.getvalue()).json()["verdict"] == "match"
    other = as_body(platform, PHOTOGRAPHS[0].read_bytes()).json()
    assert (other["verdict"], other["review"], other["matches"]) == ("none", None, [])


def test_a_picture_without_detail_is_compared_exactly(platform: NewKey) -> None:
    blank = BytesIO()
    Image.new("RGB", (200, 200), "white").save(blank, "PNG")
    assert as_body(platform, blank.getvalue(), "image/png").json()["algorithms"] == ["md5", "sha256"]


@pytest.mark.parametrize("sent", [as_form, as_body])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"nothing of a picture", "not_a_picture"),
        (FLOWER.read_bytes()[:-40_000], "cut_off"),
        (png(60_000, 60_000, bytes(1_000)), "too_many_pixels"),
        (png(9_000, 9_000, bytes(1_000)), "too_many_pixels"),
        (icon(png(60_000, 60_000, bytes(1_000))), "too_many_pixels"),
        (png(900, 900, bytes(1_000)), "cut_off"),
        (b"", "required"),
    ],
)
def test_what_cant_be_hashed_is_refused_with_a_reason(
    platform: NewKey, sent: Any, content: bytes, code: str
) -> None:
    answer = sent(platform, content)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("media", code)
    assert error["detail"].count(".") >= 1


@pytest.mark.parametrize("sent", [as_form, as_body])
def test_too_many_bytes_are_refused(platform: NewKey, settings: Settings, sent: Any) -> None:
    settings.MATCH_MEDIA_MAX_BYTES = len(FLOWER.read_bytes())
    assert sent(platform, FLOWER.read_bytes()).status_code == 200
    settings.MATCH_MEDIA_MAX_BYTES -= 1
    answer = sent(platform, FLOWER.read_bytes())
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["field"] == "media"


@pytest.mark.parametrize("content_type", ["application/json", "video/mp4", "text/plain"])
def test_what_is_no_picture_by_its_type_is_refused(platform: NewKey, content_type: str) -> None:
    answer = as_body(platform, b"{}", content_type)
    assert answer.status_code == 415
    assert answer.json()["errors"][0]["field"] == "Content-Type"


def test_a_form_without_the_field_names_it(platform: NewKey) -> None:
    for form in ({}, {"media": "text"}, {"picture": SimpleUploadedFile("x.jpg", b"x")}):
        answer = client_of(platform.key).post(MATCH_MEDIA, form, format="multipart")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "media")


def test_a_broken_form_is_a_problem(platform: NewKey) -> None:
    answer = as_body(platform, b"--nothing", "multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert as_body(platform, b"x", "multipart/form-data").status_code == 400


def test_who_may_ask(outsider_platform: NewKey, platform: NewKey) -> None:
    assert as_body(outsider_platform, FLOWER.read_bytes()).status_code == 403
    assert client_of("nobody").post(MATCH_MEDIA, b"", content_type="image/png").status_code == 401
    assert client_of(platform.key).get(MATCH_MEDIA).status_code == 405


def test_nobody_waits_for_ever(platform: NewKey, settings: Settings) -> None:
    """A place for one, and it is taken."""
    settings.MATCH_MEDIA_SECONDS = 0
    settings.MATCH_MEDIA_MAX_PIXELS = 49_000_000  # Hashers of this test's own.
    hashers = matching_media._hashers(settings.MATCH_MEDIA_AT_ONCE, settings.MATCH_MEDIA_MAX_PIXELS)
    places = [hashers._places.acquire() for _ in range(settings.MATCH_MEDIA_AT_ONCE)]
    try:
        answer = as_body(platform, FLOWER.read_bytes())
    finally:
        for _ in places:
            hashers._places.release()
        hashers.close()
    assert (answer.status_code, answer["Retry-After"]) == (429, "1")


def test_a_key_has_a_quota_of_pictures(platform: NewKey, settings: Settings, now: datetime) -> None:
    settings.MATCH_MEDIA_PER_MINUTE = 2
    blank = BytesIO()
    Image.new("RGB", (8, 8), "white").save(blank, "PNG")
    with time_machine.travel(now, tick=False):
        refused = as_body(platform, b"", "image/png")
        assert (refused.status_code, "RateLimit" in refused.headers) == (400, False)
        for left in (1, 0):
            answer = as_body(platform, blank.getvalue(), "image/png")
            assert answer["RateLimit-Policy"] == '"pictures";q=2;w=60;qu="request"'
            assert (answer.status_code, answer["RateLimit"]) == (200, f'"pictures";r={left};t=43')
        answer = as_body(platform, blank.getvalue(), "image/png")
        assert (answer.status_code, answer["Retry-After"]) == (429, "43")
        assert answer.json()["status"] == 429
        assert as_body(make_platform("Elsewhere"), blank.getvalue(), "image/png").status_code == 200


def test_a_hint_at_what_is_confirmed_confirms_nothing_else() -> None:
    unsure, confirmed, nothing = (
        MatchResult("match", "unreviewed", ()),
        MatchResult("review", "confirmed", ()),
        MatchResult("none", None, ()),
    )
    for results in ([unsure, confirmed, nothing], [confirmed, nothing, unsure]):
        both = matching_media.folded(results, with_entries=False)
        assert both == MatchResult("match", "unreviewed", None)
    assert matching_media.folded([], with_entries=True) == MatchResult("none", None, ())


def test_an_entry_that_is_found_twice_is_told_once_and_nearest(now: datetime) -> None:
    entry = Entry().pk
    far, near = Hit(entry, "pdq", 9, "unreviewed"), Hit(entry, "pdq", 2, "unreviewed")
    results = [MatchResult("match", "unreviewed", (hit,)) for hit in (far, near)]
    assert now
    assert matching_media.folded(results, with_entries=True).hits == (near,)


# What is looked for after, and while, a picture went through.
MARKER = secrets.token_bytes(24)
_written: list[str] = []
_watching = threading.Event()


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching.is_set() or event not in {"open", "tempfile.mkstemp"}:
        return
    if event == "tempfile.mkstemp" or _is_written(*arguments[:2]):
        _written.append(str(arguments[0]))


def _is_written(opened: object, mode: object) -> bool:
    return isinstance(mode, str) and bool(set(mode) & set("wax+")) and not _is_pipe(opened)


def _is_pipe(opened: object) -> bool:
    """What holds the builder of the index alive may be opened at any time, and is no file."""
    return isinstance(opened, int) and stat.S_ISFIFO(os.fstat(opened).st_mode)


@pytest.fixture
def written() -> Iterator[list[str]]:
    """Every file that this process opens for writing, also those that are deleted right after."""
    if not getattr(sys, "_watched_by_reclaim", False):
        sys.addaudithook(_watch)
        sys._watched_by_reclaim = True  # type: ignore[attr-defined]  # A hook can't be taken away, so it is added once.
    _written.clear()
    _watching.set()
    yield _written
    _watching.clear()


def marked_picture() -> bytes:
    """Larger than what Django keeps in memory, and with bytes that are nowhere else."""
    noise = Image.effect_noise((1_800, 1_800), 90)
    kept = BytesIO()
    noise.convert("RGB").save(kept, "JPEG", quality=98, comment=MARKER)
    return kept.getvalue()


def everything_stored() -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - Our own tables.
            rows += cursor.fetchall()
    return repr(rows)


def everything_cached() -> str:
    """Each thing as it is kept, which is pickled."""
    stored: dict[str, bytes] = caches["default"]._cache  # type: ignore[attr-defined]  # Local memory's.
    return repr([(name, pickle.loads(kept)) for name, kept in stored.items()])  # noqa: S301 - Our own.


def files_with_marker(*folders: Path) -> list[Path]:
    return [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and MARKER in path.read_bytes()
    ]


@pytest.mark.parametrize("sent", [as_form, as_body])
def test_a_picture_leaves_nothing_behind(
    platform: NewKey,
    settings: Settings,
    tmp_path: Path,
    written: list[str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    sent: Any,
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    content = marked_picture()
    assert len(content) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    prints = {one.value for one in fingerprint_file(content)}
    written.clear()  # Capturing opened files of its own.
    with caplog.at_level("DEBUG"):
        answer = sent(platform, content)
        assert answer.status_code == 200, answer.content

    told = capfd.readouterr()
    said = (
        caplog.text
        + told.out
        + told.err
        + everything_stored()
        + everything_cached()
        + answer.content.decode()
    )
    for secret in (repr(MARKER)[2:-1], MARKER.hex(), *prints):
        assert secret not in said
    assert [one for one in written if "sqlite" not in one] == []
    assert files_with_marker(tmp_path, Path(settings.VAR_DIR)) == []


def test_a_file_opened_by_its_number_would_be_seen(written: list[str], tmp_path: Path) -> None:
    """So that the test above can fail; a pipe to another process is no file."""
    reading, writing = os.pipe()
    for end, mode in ((reading, "rb"), (writing, "wb")):
        with os.fdopen(end, mode):
            pass
    assert written == []
    with os.fdopen(os.open(tmp_path / "kept", os.O_CREAT | os.O_WRONLY), "wb") as kept:
        assert written == [str(kept.fileno())]


def test_what_is_cached_would_be_seen() -> None:
    """So that the test above can fail."""
    cache.set("kept", MARKER)
    assert repr(MARKER)[2:-1] in everything_cached()


def test_djangos_own_way_would_have_written_it(
    written: list[str], tmp_path: Path, settings: Settings
) -> None:
    """So that the test above can fail."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    form = {"media": SimpleUploadedFile("x.jpg", marked_picture(), "image/jpeg")}
    request: HttpRequest = RequestFactory().post(MATCH_MEDIA, form)
    with request.FILES["media"]:  # type: ignore[union-attr]  # One file.
        assert any(str(tmp_path) in one for one in written)
    assert files_with_marker(tmp_path) == []


def test_an_error_inside_tells_nothing_of_the_picture(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError(MARKER)

    monkeypatch.setattr(matching_media, "match", broken)
    client = client_of(platform.key)
    client.raise_request_exception = False
    answer = client.post(MATCH_MEDIA, marked_picture(), content_type="image/jpeg")
    assert answer.status_code == 500
    written = "".join(_as_production_writes(record) for record in caplog.records)
    assert "builtins.RuntimeError" in written
    for place in (answer.content.decode(), written, everything_stored(), everything_cached()):
        assert repr(MARKER)[2:-1] not in place
        assert "jpg" not in place
    assert files_with_marker(Path(settings.VAR_DIR)) == []


def _as_production_writes(record: logging.LogRecord) -> str:
    described = logging_config()["formatters"]["json"]
    formatter = ProcessorFormatter(**{name: value for name, value in described.items() if name != "()"})
    return formatter.format(record)
