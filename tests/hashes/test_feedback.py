from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from hashes.errors import OutcomeDoesNotFit, ReasonDoesNotFit, UnknownEntry
from hashes.models import Entry, Feedback, FeedChange
from hashes.services import GivenFeedback, give_feedback, publish, withdraw_pictures
from platforms.services import NewKey
from tests.makers import make_picture


def say(
    platform: NewKey, entry: UUID, outcome: str, *, reason: str | None = None, count: int = 1
) -> GivenFeedback:
    return give_feedback(
        platform_id=platform.platform.pk,
        entry_id=entry,
        outcome=outcome,
        reason=reason,
        count=count,
        on=datetime(2026, 11, 23).date(),  # noqa: DTZ001 - A date has no zone.
    )


@pytest.fixture
def picture(db: None, now: datetime) -> UUID:  # noqa: ARG001 - It stands in the database.
    listed = make_picture()
    publish(now=now)
    return listed


@pytest.fixture
def entry(picture: UUID) -> UUID:
    return Entry.objects.filter(picture=picture, algorithm="pdq").get().pk


def reviewed() -> int:
    return FeedChange.objects.filter(change="reviewed", review="confirmed").count()


def test_only_news_is_kept(platform: NewKey, entry: UUID) -> None:
    assert say(platform, entry, "pending_review").is_new
    assert not say(platform, entry, "pending_review").is_new
    assert say(platform, entry, "pending_review", count=2).is_new
    assert say(platform, entry, "blocked").is_new
    assert say(platform, entry, "pending_review").is_new
    assert Feedback.objects.count() == 4


def test_platforms_speak_for_themselves(platform: NewKey, outsider_platform: NewKey, entry: UUID) -> None:
    assert say(platform, entry, "pending_review").is_new
    assert say(outsider_platform, entry, "pending_review").is_new


def test_a_block_confirms_every_living_entry_of_the_picture_once(
    platform: NewKey, outsider_platform: NewKey, picture: UUID, entry: UUID
) -> None:
    other = make_picture()
    say(platform, entry, "blocked")
    say(outsider_platform, entry, "blocked")
    assert set(Entry.objects.filter(picture=picture).values_list("review", flat=True)) == {"confirmed"}
    assert set(Entry.objects.filter(picture=other).values_list("review", flat=True)) == {"unreviewed"}
    assert reviewed() == 4


@pytest.mark.parametrize("outcome", ["pending_review", "not_blocked"])
def test_nothing_but_a_block_confirms(platform: NewKey, entry: UUID, outcome: str) -> None:
    say(platform, entry, outcome)
    assert reviewed() == 0


def test_a_block_after_the_withdrawal_is_kept_and_announces_nothing(
    platform: NewKey, picture: UUID, entry: UUID
) -> None:
    withdraw_pictures(picture_ids=[picture])
    assert say(platform, entry, "blocked").is_new
    assert reviewed() == 0


def test_a_reason_belongs_to_not_blocked_only(platform: NewKey, entry: UUID) -> None:
    with pytest.raises(ReasonDoesNotFit):
        say(platform, entry, "blocked", reason="other")
    assert say(platform, entry, "not_blocked").feedback.reason == "other"
    assert say(platform, entry, "not_blocked", reason="not_the_same").feedback.reason == "not_the_same"


def test_only_what_was_withdrawn_can_be_removed_after_its_withdrawal(
    platform: NewKey, picture: UUID, entry: UUID
) -> None:
    with pytest.raises(OutcomeDoesNotFit):
        say(platform, entry, "removed_after_withdrawal")
    withdraw_pictures(picture_ids=[picture])
    assert say(platform, entry, "removed_after_withdrawal").is_new
    assert reviewed() == 0


def test_an_entry_that_no_platform_was_told_of_is_unknown(platform: NewKey, picture: UUID) -> None:
    unnumbered = Entry.objects.filter(picture=make_picture())[0]
    held_back = Entry.objects.filter(picture=make_picture(release=False))[0]
    assert picture
    for entry in (unnumbered.pk, held_back.pk, uuid4()):
        with pytest.raises(UnknownEntry):
            say(platform, entry, "blocked")
    assert not Feedback.objects.exists()
