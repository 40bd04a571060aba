from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageOps

from hashes.demo_pictures import CAT, COFFEE, FLOWER, Photo
from hashes.fingerprints import Fingerprint
from hashes.hashing import exact_hashes, fingerprint_file
from hashes.models import Canary, Entry, Feedback, FeedCounter, Reader
from hashes.scan import looking, scanning
from hashes.scan.looking import Looked, look_at
from hashes.scan.walking import Found
from hashes.services import give_feedback, publish, withdraw_pictures
from platforms.services import NewKey
from tests.hashes.encodings import bomb
from tests.makers import make_picture, make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal_in_this_process")]
PORTAL = "http://127.0.0.1:8000"


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "inside").mkdir(parents=True)
    save(CAT, folder / "cat.jpg")
    save(COFFEE, folder / "inside" / "coffee.jpg")
    return folder


def save(photo: Photo, path: Path) -> None:
    photo.open().save(path, "JPEG", quality=70)


@pytest.fixture
def listed_cat(db: None, tmp_path: Path, now: datetime) -> UUID:  # noqa: ARG001 - It stands in the database.
    """The list holds another encoding of the cat, so that only its looks match."""
    path = tmp_path / "original.png"
    CAT.open().save(path)
    picture = make_picture(*fingerprint_file(path))
    publish(now=now)
    return picture


def scan(folder: Path, platform: NewKey, *options: str) -> str:
    out = StringIO()
    call_command("platform_scan", str(folder), "--url", PORTAL, "--key", platform.key, *options, stdout=out)
    return out.getvalue()


def scan_as_json(folder: Path, platform: NewKey, *options: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(scan(folder, platform, "--json", "--paths", *options))
    return document


def verdicts(document: dict[str, object]) -> dict[str, str]:
    return {one["file"]: one["verdict"] for one in document["files"]}  # type: ignore[attr-defined]  # JSON.


def reasons(document: dict[str, object]) -> dict[str, str]:
    return {one["file"]: one["reason"] for one in document["skipped"]}  # type: ignore[attr-defined]  # JSON.


@pytest.mark.usefixtures("listed_cat")
def test_a_copy_is_found_blocked_and_told(platform: NewKey, uploads: Path) -> None:
    document = scan_as_json(uploads, platform)
    assert verdicts(document) == {"cat.jpg": "match", "inside/coffee.jpg": "none"}
    assert (document["scanned"], document["matched"], document["review"]) == (2, 1, 0)
    told = Feedback.objects.get()
    assert (told.outcome, told.count, told.entry.algorithm) == ("blocked", 1, "pdq")


@pytest.mark.usefixtures("listed_cat")
def test_the_scan_proves_that_the_list_was_collected_and_followed(platform: NewKey, uploads: Path) -> None:
    last = FeedCounter.objects.get().last_number
    scan(uploads, platform)
    reader = Reader.objects.get()
    assert (reader.collected_through, reader.matched_through) == (last + 4, last)
    scan(uploads, platform)
    reader.refresh_from_db()
    assert reader.followed_through == last + 4


@pytest.mark.usefixtures("listed_cat")
def test_with_review_only_everything_waits_for_a_person(platform: NewKey, uploads: Path) -> None:
    assert scan_as_json(uploads, platform, "--review-only")["matched"] == 1
    assert set(Feedback.objects.values_list("outcome", flat=True)) == {"pending_review"}


def test_with_review_only_a_picture_that_a_person_confirmed_is_blocked(
    platform: NewKey, outsider_platform: NewKey, uploads: Path, listed_cat: UUID, now: datetime
) -> None:
    entry = Entry.objects.get(picture=listed_cat, algorithm="pdq")
    give_feedback(
        platform_id=outsider_platform.platform.pk,
        entry_id=entry.pk,
        outcome="blocked",
        reason=None,
        count=1,
        on=now.date(),
    )
    publish(now=now)
    scan(uploads, platform, "--review-only")
    assert Feedback.objects.get(platform=platform.platform).outcome == "blocked"


@pytest.mark.usefixtures("listed_cat")
def test_who_says_blocked_is_told_to_look(platform: NewKey, uploads: Path) -> None:
    assert "Look at each" not in scan(uploads, platform, "--review-only")
    printed = scan(uploads, platform)
    assert "Look at each" in "".join(printed.splitlines()[-2:])
    assert "confirmed for every platform" in printed
    assert "--review-only" in printed
    assert "Look at each" in str(scan_as_json(uploads, platform)["notes"])


def test_what_only_looks_alike_waits_for_a_person(platform: NewKey, uploads: Path, now: datetime) -> None:
    phash = next(one for one in fingerprint_file(uploads / "cat.jpg") if one.algorithm == "phash")
    make_picture(phash)
    publish(now=now)
    document = scan_as_json(uploads, platform)
    assert verdicts(document)["cat.jpg"] == "review"
    assert Feedback.objects.get().outcome == "pending_review"


@pytest.mark.usefixtures("listed_cat")
def test_two_copies_are_counted(platform: NewKey, uploads: Path) -> None:
    save(CAT, uploads / "again.jpg")
    scan(uploads, platform)
    assert Feedback.objects.get().count == 2


def test_a_withdrawn_picture_is_let_go_and_told(
    platform: NewKey, uploads: Path, listed_cat: UUID, now: datetime
) -> None:
    scan(uploads, platform)
    withdraw_pictures(picture_ids=[listed_cat])
    publish(now=now)
    for _ in range(2):
        assert verdicts(scan_as_json(uploads, platform))["cat.jpg"] == "none"
    outcomes = Feedback.objects.order_by("id").values_list("outcome", flat=True)
    assert list(outcomes) == ["blocked", "removed_after_withdrawal"]


def test_that_a_withdrawal_was_followed_is_counted_apart(
    platform: NewKey, uploads: Path, listed_cat: UUID, now: datetime
) -> None:
    assert scan_as_json(uploads, platform)["feedback"] == {"sent": 1, "withdrawals": 0, "refused": 0}
    withdraw_pictures(picture_ids=[listed_cat])
    publish(now=now)
    other_memory = ("--state", str(uploads.parent / "other.sqlite3"))
    assert scan_as_json(uploads, platform)["feedback"] == {"sent": 0, "withdrawals": 1, "refused": 0}
    printed = " ".join(scan(uploads, platform, *other_memory).split())
    assert "withdrawals confirmed: 0" in printed
    assert "Look at each" not in printed


@pytest.mark.usefixtures("listed_cat")
def test_without_the_scope_feed_files_are_matched_and_feedback_is_skipped_aloud(uploads: Path) -> None:
    document = scan_as_json(uploads, make_platform("Asker", scopes=("match", "feedback")))
    assert document["matched"] == 1
    assert "feed" in str(document["notes"])
    assert not Feedback.objects.exists()


@pytest.mark.usefixtures("listed_cat")
def test_without_the_scope_feedback_it_says_so(uploads: Path) -> None:
    document = scan_as_json(uploads, make_platform("Reader", scopes=("match", "feed")))
    assert document["matched"] == 1
    assert "feedback" in str(document["notes"])


def test_a_key_without_match_and_a_wrong_key_stop_it_with_a_clear_word(
    platform: NewKey, uploads: Path
) -> None:
    with pytest.raises(CommandError, match="lacks the scope match"):
        scan(uploads, make_platform("Reader", scopes=("feed",)))
    with pytest.raises(CommandError, match="refuses this key"):
        call_command("platform_scan", str(uploads), "--url", PORTAL, "--key", platform.key[:-1])


def test_what_can_not_be_looked_at_is_named_and_the_scan_goes_on(platform: NewKey, uploads: Path) -> None:
    (uploads / "text.jpg").write_text("not a picture")
    (uploads / "empty.jpg").touch()
    (uploads / "cut.jpg").write_bytes((uploads / "cat.jpg").read_bytes()[:3_000])
    (uploads / "bomb.png").write_bytes(bomb(20_000, 20_000))
    (uploads / "broken.jpg").symlink_to("nowhere")
    (uploads / "loop.jpg").symlink_to("loop.jpg")
    (uploads / "round").symlink_to(uploads)
    os.mkfifo(uploads / "pipe.jpg")
    with (uploads / "huge.mp4").open("wb") as huge:
        huge.truncate(5 << 20)  # Sparse: it takes no room.
    document = scan_as_json(uploads, platform, "--most-megabytes", "4")
    assert reasons(document) == {
        "text.jpg": "not_a_picture",
        "empty.jpg": "not_a_picture",
        "cut.jpg": "damaged",
        "bomb.png": "too_many_pixels",
        "broken.jpg": "broken_link",
        "loop.jpg": "looped_link",
        "round": "linked_folder",
        "pipe.jpg": "not_a_file",
        "huge.mp4": "too_many_bytes",
    }
    assert set(verdicts(document)) == {"cat.jpg", "inside/coffee.jpg"}


def test_an_unreadable_folder_and_file_are_named(
    platform: NewKey, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may read everything, so the refusal is the one that the system would give others.
    scandir = os.scandir

    def scandir_refused(path: str) -> object:
        if Path(path).name == "inside":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    def reading_refused(path: Path) -> list[Fingerprint]:
        if path.name == "secret.jpg":
            raise PermissionError(13, "Permission denied", str(path))
        return fingerprint_file(path)

    (uploads / "secret.jpg").write_bytes(b"x")
    monkeypatch.setattr(os, "scandir", scandir_refused)
    monkeypatch.setattr(looking, "fingerprint_file", reading_refused)
    document = scan_as_json(uploads, platform)
    assert reasons(document) == {"inside": "unreadable_folder", "secret.jpg": "unreadable"}
    assert set(verdicts(document)) == {"cat.jpg"}


def test_what_can_not_be_decoded_is_still_found_by_its_very_bytes(
    platform: NewKey, uploads: Path, now: datetime
) -> None:
    (uploads / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(200))
    (uploads / "clip.mp4").write_bytes(b"a film" * 1_000)
    for name in ("photo.heic", "clip.mp4"):
        make_picture(*exact_hashes(uploads / name))
    publish(now=now)
    document = scan_as_json(uploads, platform)
    assert (verdicts(document)["photo.heic"], verdicts(document)["clip.mp4"]) == ("match", "match")
    assert reasons(document) == {"photo.heic": "not_a_picture"}


@pytest.mark.usefixtures("listed_cat")
def test_a_turned_photo_is_found_both_ways(platform: NewKey, uploads: Path) -> None:
    orientation = Image.Exif()
    orientation[0x0112] = 6
    picture = CAT.open()
    picture.save(uploads / "as_stored.jpg", exif=orientation)
    picture.rotate(90, expand=True).save(uploads / "upright.jpg", exif=orientation)
    found = verdicts(scan_as_json(uploads, platform))
    assert (found["as_stored.jpg"], found["upright.jpg"]) == ("match", "match")


def test_names_are_printed_only_when_asked_for(platform: NewKey, uploads: Path) -> None:
    (uploads / "anna-smith.jpg").write_text("not a picture")
    for printed in (scan(uploads, platform), scan(uploads, platform, "--json")):
        assert "anna" not in printed
        assert "cat" not in printed
    assert "anna-smith.jpg" in scan(uploads, platform, "--paths")


def test_strange_names_are_shown_harmlessly(platform: NewKey, uploads: Path) -> None:
    Path(os.fsdecode(os.fsencode(uploads) + b"/\xff.jpg")).write_text("no picture")
    (uploads / "\x1b[31m[bold]:smile:.jpg").write_text("no picture")
    table, document = scan(uploads, platform, "--paths"), scan_as_json(uploads, platform)
    assert "\x1b" not in table
    assert "[31m[bold]:smile:.jpg" in table
    assert set(reasons(document)) == {"\\xff.jpg", "\x1b[31m[bold]:smile:.jpg"}


def test_a_memory_that_can_not_be_used_is_named(platform: NewKey, uploads: Path, tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_text("no database, and long enough to be read as one")
    for state in (tmp_path / "state.sqlite3", uploads / "cat.jpg" / "state.sqlite3"):
        with pytest.raises(CommandError, match="remembers"):
            scan(uploads, platform, "--state", str(state))


def noting(names: list[str]) -> Callable[[Found], Looked]:
    """Look at a file as ever, and note that it was looked at."""

    def look(found: Found) -> Looked:
        names.append(found.name)
        return look_at(found)

    return look


def test_only_changed_files_are_hashed_again(
    platform: NewKey, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(scanning, "look_at", noting(hashed))
    scan(uploads, platform)
    scan(uploads, platform)
    assert hashed == ["cat.jpg", "inside/coffee.jpg"]
    save(FLOWER, uploads / "cat.jpg")
    scan(uploads, platform)
    assert hashed[2:] == ["cat.jpg"]


def test_a_scan_that_was_killed_goes_on_where_it_was(
    platform: NewKey, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed_at_the_second(found: Found) -> Looked:
        if found.name != "cat.jpg":
            raise KeyboardInterrupt
        return look_at(found)

    monkeypatch.setattr(scanning, "look_at", killed_at_the_second)
    with pytest.raises(CommandError, match="Run it again") as stopped:
        scan(uploads, platform)
    assert stopped.value.returncode == 130
    hashed: list[str] = []
    monkeypatch.setattr(scanning, "look_at", noting(hashed))
    assert scan_as_json(uploads, platform)["scanned"] == 2
    assert hashed == ["inside/coffee.jpg"]


@pytest.mark.usefixtures("listed_cat")
def test_the_scan_keeps_a_true_copy_of_the_list_and_starts_again_on_another(
    platform: NewKey, uploads: Path, tmp_path: Path
) -> None:
    state = tmp_path / "state.sqlite3"
    scan(uploads, platform, "--state", str(state))
    assert state.stat().st_mode & 0o777 == 0o600
    assert copy_in(state) == {str(one.pk) for one in (*Entry.objects.all(), *Canary.objects.all())}
    with sqlite3.connect(state) as memory:
        memory.execute("UPDATE position SET after = 999")
    memory.close()
    scan(uploads, platform, "--state", str(state))
    assert copy_in(state) == {str(one.pk) for one in (*Entry.objects.all(), *Canary.objects.all())}


def copy_in(state: Path) -> set[str]:
    memory = sqlite3.connect(state)
    rows = memory.execute("SELECT entry FROM listed").fetchall()
    memory.close()
    return {row[0] for row in rows}


def test_more_files_than_fit_into_one_question_are_asked_about_in_several(
    platform: NewKey, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "MATCH_BATCH", 5)
    save(FLOWER, uploads / "flower.jpg")
    ImageOps.mirror(CAT.open()).save(uploads / "mirrored.jpg")
    assert scan_as_json(uploads, platform)["scanned"] == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("nowhere", "--url", PORTAL, "--key", "x"),
        (".", "--url", PORTAL, "--key", ""),
        (".", "--url", "http://portal.example", "--key", "x"),
        (".", "--url", "portal.example", "--key", "x"),
        (".", "--url", "http://", "--key", "x"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("platform_scan", *arguments)
