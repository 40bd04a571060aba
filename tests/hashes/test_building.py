"""Whatever is listed, reviewed, withdrawn, built and opened in between: a match says what comparing says."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from hashes.errors import ListNotReady
from hashes.index import RADIUS, Listed
from hashes.models import Entry, FeedChange, FeedCounter
from hashes.services import (
    Fingerprint,
    Query,
    build_index,
    building,
    feed_lines,
    following,
    give_feedback,
    index_folder,
    keeping,
    match,
    publish,
    withdraw_pictures,
)
from hashes.store import Store
from platforms.services import NewKey
from tests.hashes.test_index import ALGORITHMS, BruteForce, a_value, near
from tests.makers import client_of, make_picture

NOW = datetime(2026, 11, 23, 9, 30, 17, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(following, "_follower", [following._Follower()])
        yield


def list_id() -> UUID:
    return FeedCounter.objects.get().list_id


def stamp() -> object:
    return Store(index_folder(), list_id()).stamp()


def build(*, checkpoint_lines: int = 1_000_000) -> int:
    return build_index(root=index_folder(), list_id=list_id(), checkpoint_lines=checkpoint_lines)


def start_process_anew() -> None:
    following._follower[0] = following._Follower()


def brute_force() -> BruteForce:
    compared = BruteForce()
    for lines in feed_lines.lines(after=0, through=10**9):
        compared.apply(lines)
    return compared


def require_exact(platform: NewKey, *, bits: int = 3, seed: int = 1) -> None:
    following.look_at_once()
    queries = [
        Query(algorithm, near(a_value(algorithm, value), bits if algorithm in RADIUS else 0, seed))
        for algorithm in ALGORITHMS
        for value in range(4)
    ]
    compared = brute_force()
    answers = match(platform_id=platform.platform.pk, queries=queries, with_entries=True)
    for query, answer in zip(queries, answers, strict=True):
        assert list(answer.hits or ()) == compared.find(algorithm=query.algorithm, value=query.value)


def list_picture(value: int, bits: int, seed: int) -> UUID:
    return make_picture(
        *(
            Fingerprint(one, near(a_value(one, value), bits if one in RADIUS else 0, seed), 90)
            for one in ALGORITHMS
        )
    )


happenings = st.lists(
    st.tuples(
        st.sampled_from(["list", "list", "list", "withdraw", "confirm", "number", "build", "start anew"]),
        st.integers(0, 3),
        st.integers(0, 40),
        st.integers(0, 10**6),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=happenings, bits=st.integers(0, 40))
def test_a_match_says_what_comparing_one_by_one_says(
    platform: NewKey, steps: list[tuple[str, int, int, int]], bits: int
) -> None:
    with transaction.atomic():
        start_process_anew()
        pictures = [list_picture(0, 0, 0)]
        publish(now=NOW)
        for what, value, far, seed in steps:
            if what == "list":
                pictures.append(list_picture(value, far, seed))
            else:
                happen(what, platform, pictures[seed % len(pictures)])
            if what in {"number", "build", "start anew"}:
                require_exact(platform, bits=bits, seed=seed)
        publish(now=NOW)
        require_exact(platform, bits=bits)
        transaction.set_rollback(True)


def happen(what: str, platform: NewKey, picture: UUID) -> None:
    if what == "withdraw":
        withdraw_pictures(picture_ids=[picture])
    elif what == "confirm":
        confirm(platform, picture)
    elif what == "number":
        publish(now=NOW)
    elif what == "build":
        build(checkpoint_lines=7)
    else:
        start_process_anew()


def confirm(platform: NewKey, picture: UUID) -> None:
    told = FeedChange.objects.filter(entry__picture=picture, number__isnull=False).first()
    if told:
        give_feedback(
            platform_id=platform.platform.pk,
            entry_id=told.entry_id,
            outcome="blocked",
            reason=None,
            count=1,
            on=date(2026, 11, 23),
        )


def test_a_process_that_starts_reads_what_is_newer_than_the_files_and_nothing_else(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in range(3):
        list_picture(value, 0, 0)
    publish(now=NOW)
    built = build()
    list_picture(3, 0, 0)
    publish(now=NOW)
    read: list[Listed] = []
    lines = feed_lines.lines

    def counted(*, after: int, through: int) -> Iterator[list[Listed]]:
        for some in lines(after=after, through=through):
            read.extend(some)
            yield some

    start_process_anew()
    monkeypatch.setattr(feed_lines, "lines", counted)
    assert following.current_index().number == built + 4
    assert [line.number for line in read] == list(range(built + 1, built + 5))
    monkeypatch.undo()
    require_exact(platform)


def test_a_process_goes_over_to_newer_files_and_forgets_what_it_kept_in_memory(platform: NewKey) -> None:
    for value in range(4):
        list_picture(value, 0, 0)
    publish(now=NOW)
    before = following.current_index()
    assert not list(before.segments())
    build()
    following.look_at_once()
    after = following.current_index()
    assert after is not before
    assert after.lines_read == 0
    assert sum(map(len, after.segments())) == before.rows == 16
    require_exact(platform)


def test_who_matches_while_newer_files_come_in_always_finds_what_was_there(platform: NewKey) -> None:
    first = list_picture(0, 0, 0)
    publish(now=NOW)
    following.current_index()
    follower, failures, done = following._follower[0], [], threading.Event()
    entries = set(Entry.objects.filter(picture=first).values_list("pk", flat=True))

    def look() -> None:
        while not done.is_set():
            # As another thread's request has it, without a look of its own.
            found = {
                hit.entry
                for one in ALGORITHMS
                for hit in follower.index.find(algorithm=one, value=a_value(one, 0))
            }
            if not entries <= found:
                failures.append(found)

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    for turn in range(1, 12):
        list_picture(turn % 4, 5, turn)
        publish(now=NOW)
        build()
        require_exact(platform)
    done.set()
    for looker in lookers:
        looker.join()
    assert failures == []


def test_damaged_files_are_passed_over_and_built_anew(platform: NewKey) -> None:
    for value in range(4):
        list_picture(value, 0, 0)
    publish(now=NOW)
    build()
    rows = next((index_folder() / str(list_id())).glob("pdq-*-rows"))
    rows.write_bytes(rows.read_bytes()[:-8])
    start_process_anew()
    require_exact(platform)
    assert not list(following.current_index().segments())
    build()
    require_exact(platform)
    assert list(following.current_index().segments())


def test_a_restored_backup_is_noticed_although_its_numbers_went_on_beyond_the_files(platform: NewKey) -> None:
    list_picture(0, 0, 0)
    publish(now=NOW)
    backup = FeedCounter.objects.get().last_number
    list_picture(1, 0, 0)
    publish(now=NOW)
    build()
    following.current_index()
    # As the backup was, and then other pictures came.
    FeedChange.objects.filter(number__gt=backup).delete()
    FeedCounter.objects.update(last_number=backup)
    for value in (2, 3):
        list_picture(value, 0, 0)
        publish(now=NOW)
    # The process that ran on, one that starts, and what is built from then on.
    require_exact(platform)
    start_process_anew()
    require_exact(platform)
    build()
    start_process_anew()
    require_exact(platform)
    assert list(following.current_index().segments())


def test_another_list_has_files_of_its_own(platform: NewKey) -> None:
    list_picture(0, 0, 0)
    publish(now=NOW)
    before = list_id()
    build()
    FeedCounter.objects.update(list_id=uuid4())
    start_process_anew()
    require_exact(platform)
    assert not list(following.current_index().segments())
    assert build_index(root=index_folder(), list_id=before) == 0


def test_where_nothing_can_be_written_matching_works_from_memory_and_says_so_once(
    platform: NewKey, caplog: pytest.LogCaptureFixture
) -> None:
    # A file where the folder would be: root may write wherever modes forbid it.
    index_folder().write_text("in the way")
    follower = following._follower[0] = following._Follower(build_at=3, far=5)
    for value in range(4):
        list_picture(value, 0, 0)
        publish(now=NOW)
        require_exact(platform)
    assert not follower.builder.is_usable
    assert caplog.text.count("works from memory") == 1


def test_a_list_that_is_far_ahead_is_waited_for_and_then_whoever_asks_is_told_to_come_again(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in range(4):
        list_picture(value, 0, 0)
    publish(now=NOW)
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 0.0)
    follower = following._follower[0] = following._Follower(build_at=3, far=5)
    # Somebody on this machine builds.
    lock = Store(index_folder(), list_id()).lock()
    assert lock is not None
    with pytest.raises(ListNotReady):
        following.current_index()
    assert follower.index.number == 0
    build()
    os.close(lock)
    monkeypatch.undo()
    follower.builder._not_before = float("inf")
    require_exact(platform)
    assert list(following.current_index().segments())


def test_a_builder_that_cant_be_started_leaves_the_lock_to_others(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_processes(*_arguments: Any) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(keeping, "_started", no_more_processes)
    follower = following._follower[0] = following._Follower(build_at=1, far=2)
    for value in range(4):
        list_picture(value, 0, 0)
    publish(now=NOW)
    require_exact(platform)
    assert not follower.builder.is_usable
    assert not keeping.is_built_by_anybody(list_id())


def test_a_builder_that_stands_still_ends() -> None:
    """In a process of its own, because it ends the process."""
    program = (
        "import time; from hashes.management.commands import index_build as command\n"
        "command._STUCK_AFTER_SECONDS = 0.2; command._end_if_stuck(); time.sleep(60)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    ran = "import django; django.setup(); " + program
    done = subprocess.run(
        [sys.executable, "-c", ran], env=environment, capture_output=True, text=True, timeout=50, check=False
    )
    assert (done.returncode, "Timeout" in done.stderr) == (1, True)


def test_what_was_published_during_the_wait_is_no_damage(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for value in range(4):
        list_picture(value, 0, 0)
    publish(now=NOW)
    follower = following._follower[0] = following._Follower(build_at=3, far=2)

    def meanwhile(_list: UUID) -> None:
        list_picture(5, 0, 0)
        publish(now=NOW)
        build()

    monkeypatch.setattr(follower, "_wait_for_builder", meanwhile)
    require_exact(platform)
    assert list(follower.index.segments())
    assert "can't be used" not in caplog.text


def test_a_platform_that_asks_too_early_is_told_when_to_ask_again(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_picture(0, 0, 0)
    publish(now=NOW)
    monkeypatch.setattr(following, "PATIENCE_SECONDS", 0.0)
    following._follower[0] = following._Follower(far=1)
    lock = Store(index_folder(), list_id()).lock()
    assert lock is not None
    body = {"hashes": [{"algorithm": "pdq", "value": a_value("pdq", 0)}]}
    refused = client_of(platform.key).post("/api/v1/match/", body, format="json")
    assert (refused.status_code, refused["Retry-After"]) == (503, "2")
    assert refused["Content-Type"] == "application/problem+json"
    os.close(lock)
    build()
    assert client_of(platform.key).post("/api/v1/match/", body, format="json").status_code == 200


def test_a_list_of_which_all_is_withdrawn_is_not_read_from_its_beginning(platform: NewKey) -> None:
    pictures = [list_picture(value, 0, 0) for value in range(4)]
    publish(now=NOW)
    build()
    withdraw_pictures(picture_ids=pictures)
    publish(now=NOW)
    number = build()
    store = Store(index_folder(), list_id())
    begun = building._begun(store, through=number)
    assert (begun.number, begun.rows, list(begun.segments())) == (number, 0, [])
    start_process_anew()
    require_exact(platform)
    assert following.current_index().lines_read == 0
