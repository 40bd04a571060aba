"""What is found far more often than others is marked to be checked first, and a person is called; nothing leaves the list."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from hashes.models import Concern, Entry, FeedChange, MatchCount, Picture
from hashes.services import (
    Fingerprint,
    GivenFeedback,
    Query,
    counting,
    forget_counts,
    give_feedback,
    look_for_floods,
    match,
    note_found,
    publish,
    quarantine_pictures,
    trust_again,
)
from platforms.services import NewKey
from tests.makers import make_fingerprints, make_picture, make_platform

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, 17, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(NOW)


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_counts", counting._Counts())


def found(picture: UUID, count: int, *, by: NewKey, on: date = TODAY) -> None:
    MatchCount.objects.create(picture_id=picture, platform=by.platform, counted_on=on, count=count)


def usually(count: int, *, by: NewKey, pictures: int = 300) -> None:
    """Yesterday's finds of many others."""
    many = Picture.objects.bulk_create(Picture(kind="image", status="listed") for _ in range(pictures))
    MatchCount.objects.bulk_create(
        MatchCount(picture=one, platform=by.platform, counted_on=TODAY - timedelta(days=1), count=count)
        for one in many
    )
    cache.clear()


def reviews(picture: UUID) -> set[str]:
    return set(Entry.objects.filter(picture=picture).values_list("review", flat=True))


def reviewed(picture: UUID) -> int:
    return FeedChange.objects.filter(entry__picture=picture, change="reviewed").count()


def evidence(picture: UUID) -> dict[str, Any]:
    told: dict[str, Any] = Concern.objects.get(picture=picture, ended_on=None).evidence
    return told


def left() -> None:
    Concern.objects.filter(ended_on=None).update(ended_on=TODAY, ending="left")


def total(picture: UUID) -> int:
    return sum(MatchCount.objects.filter(picture=picture).values_list("count", flat=True))


def test_a_flood_is_marked_and_a_person_called_once(platform: NewKey) -> None:
    usually(3, by=platform)
    picture, ordinary = make_picture(), make_picture()
    found(picture, 5_000, by=platform)
    found(ordinary, 49, by=platform)

    assert [look_for_floods(now=NOW) for _ in "ab"] == [1, 0]

    assert (reviews(picture), reviews(ordinary)) == ({"check_first"}, {"unreviewed"})
    assert reviewed(picture) == Entry.objects.filter(picture=picture, status="listed").count() == 4
    told = evidence(picture)
    assert told.pop("usual") == 2.9
    assert told == {"count": 5_000, "platforms": ["loopfeed"], "kind": "image"}
    assert Concern.objects.get().kind == "flood"


def test_nothing_leaves_the_list_because_of_volume(platform: NewKey) -> None:
    picture = make_picture()
    found(picture, 10_000_000, by=platform)
    look_for_floods(now=NOW)
    assert Picture.objects.get(pk=picture).status == "listed"
    assert not FeedChange.objects.filter(change="withdrawn").exists()


def test_what_a_platform_confirmed_stays_so_and_a_person_is_called_all_the_same(platform: NewKey) -> None:
    picture = make_picture()
    Entry.objects.filter(picture=picture).update(review="confirmed")
    found(picture, 5_000, by=platform)

    assert look_for_floods(now=NOW) == 1

    assert reviews(picture) == {"confirmed"}
    assert reviewed(picture) == 0
    assert evidence(picture)["count"] == 5_000


def test_a_small_platforms_flood_is_not_lost_in_a_large_ones_day(platform: NewKey) -> None:
    usually(2_000, by=platform)
    small = make_platform("Tiny")
    usually(2, by=small)
    picture = make_picture()
    found(picture, 900, by=small)
    found(picture, 2_500, by=platform)

    look_for_floods(now=NOW)

    assert evidence(picture)["platforms"] == ["tiny"]
    assert evidence(picture)["count"] == 900


def test_many_platforms_together_are_a_flood_too() -> None:
    picture = make_picture()
    for number in range(40):
        found(picture, 10, by=make_platform(f"Place {number}"))

    assert look_for_floods(now=NOW) == 1
    assert evidence(picture)["count"] == 400
    assert len(evidence(picture)["platforms"]) == 40


def test_a_busy_platforms_normal_day_is_no_flood(platform: NewKey) -> None:
    usually(800, by=platform)
    pictures = [make_picture() for _ in range(5)]
    for number, picture in enumerate(pictures):
        found(picture, 500 + 400 * number, by=platform)

    assert look_for_floods(now=NOW) == 0


def test_the_first_day_of_a_busy_platform_is_no_flood_of_all_its_pictures(platform: NewKey) -> None:
    for number in range(60):
        found(make_picture(Fingerprint("md5", f"{number:032x}")), 300 + number, by=platform)

    assert look_for_floods(now=NOW) == 0


def test_videos_are_compared_with_videos(platform: NewKey) -> None:
    usually(2_000, by=platform)
    video = Picture.objects.create(kind="video", status="listed")
    found(video.pk, 900, by=platform)

    assert look_for_floods(now=NOW) == 1
    assert evidence(video.pk)["kind"] == "video"


def test_what_a_person_left_is_not_asked_again_unless_it_grows(platform: NewKey) -> None:
    picture = make_picture()
    found(picture, 1_000, by=platform)
    look_for_floods(now=NOW)
    left()

    for count, then in ((3_000, 0), (3_001, 1)):
        MatchCount.objects.update(count=count)
        assert look_for_floods(now=NOW) == then

    left()
    found(picture, 3_001, by=platform, on=TODAY + timedelta(days=1))
    assert look_for_floods(now=NOW + timedelta(days=1)) == 0


def test_what_was_found_as_often_on_other_days_is_not_sudden(platform: NewKey) -> None:
    picture = make_picture()
    for days in range(1, 6):
        found(picture, 700, by=platform, on=TODAY - timedelta(days=days))
    found(picture, 2_000, by=platform)

    assert look_for_floods(now=NOW) == 0
    MatchCount.objects.filter(counted_on=TODAY).update(count=2_101)
    assert look_for_floods(now=NOW) == 1


def test_what_is_off_the_list_is_left_alone(platform: NewKey) -> None:
    picture = make_picture()
    found(picture, 5_000, by=platform)
    quarantine_pictures(picture_ids=[picture])

    assert look_for_floods(now=NOW) == 0
    assert not Concern.objects.exists()


def test_a_quiet_sweep_asks_the_database_once(platform: NewKey) -> None:
    found(make_picture(), 49, by=platform)
    with CaptureQueriesContext(connection) as asked:
        look_for_floods(now=NOW)
    assert len(asked) == 1


def test_who_left_it_as_it_is_can_have_it_trusted_again(platform: NewKey) -> None:
    picture, confirmed = make_picture(), make_picture()
    Entry.objects.filter(picture=confirmed).update(review="confirmed")
    found(picture, 5_000, by=platform)
    look_for_floods(now=NOW)

    assert trust_again(picture_ids=[picture, confirmed]) == [picture]
    assert trust_again(picture_ids=[picture, confirmed]) == []

    assert (reviews(picture), reviews(confirmed)) == ({"unreviewed"}, {"confirmed"})
    assert (
        FeedChange.objects.filter(entry__picture=picture, review="unreviewed", change="reviewed").count() == 4
    )


def test_a_block_confirms_what_was_marked(platform: NewKey) -> None:
    picture = make_picture()
    publish(now=NOW)
    found(picture, 5_000, by=platform)
    look_for_floods(now=NOW)
    said(platform, picture, "blocked")
    assert reviews(picture) == {"confirmed"}


def test_matches_are_counted_by_picture_and_day(platform: NewKey) -> None:
    value = "a5" * 32
    near = (
        Fingerprint("pdq", f"{int(value, 16) ^ bit:064x}", quality=90, variant=name) for bit, name in VARIANTS
    )
    one = make_picture(*make_fingerprints(pdq=value), *near)
    twin = make_picture(*make_fingerprints(pdq=value))
    other = make_picture()
    publish(now=NOW)

    asked = [Query("pdq", value)] * 30 + [Query("pdq", "00" * 32)]
    for _ in "ab":
        match(platform_id=platform.platform.pk, queries=asked, with_entries=False)
    counting.write_counts()

    assert [total(picture) for picture in (one, twin, other)] == [60, 60, 0]
    assert set(MatchCount.objects.values_list("counted_on", "platform")) == {(TODAY, platform.platform.pk)}


VARIANTS = ((1, "flip-h"), (2, "flip-v"), (4, "rotate-90"))


def entry_of(picture: UUID) -> UUID:
    return Entry.objects.filter(picture=picture, status="listed").order_by("pk")[0].pk


def test_counts_are_written_together_and_not_at_every_match(platform: NewKey) -> None:
    picture = make_picture()
    entry, by = entry_of(picture), platform.platform.pk
    note_found(platform_id=by, entries=[entry])
    with CaptureQueriesContext(connection) as asked:
        for _ in range(50):
            note_found(platform_id=by, entries=[entry])
    assert (len(asked), total(picture)) == (0, 1)

    note_found(platform_id=by, entries=[uuid4() for _ in range(counting.WRITE_AT_ONCE)])
    assert total(picture) == 51


def test_counts_are_written_after_a_while(platform: NewKey, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_picture()
    entry, by = entry_of(picture), platform.platform.pk
    note_found(platform_id=by, entries=[entry])
    note_found(platform_id=by, entries=[entry])
    later = time.monotonic() + counting.WRITE_EVERY_SECONDS
    monkeypatch.setattr(time, "monotonic", lambda: later)
    note_found(platform_id=by, entries=[entry])
    assert total(picture) == 3


def test_a_match_is_answered_though_its_count_can_not_be_kept(
    platform: NewKey, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_counts: object) -> None:
        raise DatabaseError("The server went away.")

    monkeypatch.setattr(counting, "_add", fails)
    note_found(platform_id=platform.platform.pk, entries=[entry_of(make_picture())])
    assert "1 counts of finds were lost" in caplog.text


def said(platform: NewKey, picture: UUID, outcome: str, *, count: int = 1) -> GivenFeedback:
    return give_feedback(
        platform_id=platform.platform.pk,
        entry_id=entry_of(picture),
        outcome=outcome,
        reason=None,
        count=count,
        on=TODAY,
    )


def test_what_platforms_say_is_counted_once(
    platform: NewKey, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    picture = make_picture()
    publish(now=NOW)
    counted = []
    for outcome, count in (
        ("pending_review", 5),
        ("pending_review", 8),
        ("blocked", 8),
        ("not_blocked", 3),
        ("blocked", 10),
        ("blocked", 10),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            said(platform, picture, outcome, count=count)
        counting.write_counts()
        counted.append(total(picture))
    assert counted == [5, 8, 8, 8, 10, 10]


def test_what_was_removed_after_a_withdrawal_is_no_find(
    platform: NewKey, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    picture = make_picture()
    publish(now=NOW)
    entry = entry_of(picture)
    quarantine_pictures(picture_ids=[picture])
    with django_capture_on_commit_callbacks(execute=True):
        give_feedback(
            platform_id=platform.platform.pk,
            entry_id=entry,
            outcome="removed_after_withdrawal",
            reason=None,
            count=900,
            on=TODAY,
        )
    counting.write_counts()
    assert total(picture) == 0


def test_old_counts_are_forgotten(platform: NewKey) -> None:
    picture = make_picture()
    for days in (0, 28, 29, 60):
        found(picture, 1, by=platform, on=TODAY - timedelta(days=days))

    assert forget_counts(now=NOW) == 2
    assert MatchCount.objects.count() == 2
