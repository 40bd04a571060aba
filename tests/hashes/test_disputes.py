"""What the list does when platforms say that a picture is not what it claims."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from django.utils import timezone

from hashes import disputing, services
from hashes.models import Concern, Entry, FeedChange, Picture
from platforms.models import Platform
from platforms.services import NewKey
from staff.services import User
from tests.hashes.disputing import dispute, entry_of, make_listed, make_operator, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop() -> NewKey:
    return make_operator("Loopfeed", operator="Loop Inc.")


@pytest.fixture
def chatter() -> NewKey:
    return make_operator("Chatterbox", operator="Chatter Ltd")


@pytest.fixture
def picture() -> UUID:
    return make_listed()


def status(picture: UUID) -> str:
    return Picture.objects.get(pk=picture).status


def reviews(picture: UUID) -> set[str]:
    return set(Entry.objects.filter(picture=picture).values_list("review", flat=True))


def told(picture: UUID) -> list[tuple[str, str]]:
    """The lines of the feed about its PDQ."""
    lines = FeedChange.objects.filter(entry__picture=picture, entry__algorithm="pdq").order_by("id")
    return list(lines.values_list("change", "review"))


def test_one_platform_makes_others_check_first_and_takes_nothing_off(loop: NewKey, picture: UUID) -> None:
    dispute(loop, picture)
    dispute(loop, picture, algorithm="md5")
    assert status(picture) == "listed"
    assert told(picture) == [("added", "unreviewed"), ("reviewed", "check_first")]
    assert reviews(picture) == {"check_first"}
    assert not Concern.objects.exists()


def test_two_of_different_operators_take_it_off_and_call_a_person(
    loop: NewKey, chatter: NewKey, picture: UUID
) -> None:
    other = make_listed()
    dispute(loop, picture)
    dispute(chatter, picture, algorithm="md5")
    assert status(picture) == "quarantined"
    assert told(picture)[-1] == ("withdrawn", "check_first")
    assert (status(other), reviews(other)) == ("listed", {"unreviewed"})
    concern = Concern.objects.get()
    assert (concern.kind, concern.picture_id) == ("disputed", picture)
    assert concern.evidence == {
        "platforms": ["loopfeed", "chatterbox"],
        "operators": ["Loop Inc.", "Chatter Ltd"],
        "days": ["2026-11-23", "2026-11-23"],
        "is_off": True,
    }


def test_the_same_said_twice_is_one_word(loop: NewKey, picture: UUID) -> None:
    assert dispute(loop, picture).is_new
    assert not dispute(loop, picture).is_new
    assert status(picture) == "listed"


def test_two_of_one_operator_are_one(loop: NewKey, picture: UUID) -> None:
    dispute(loop, picture)
    dispute(make_operator("Loopfeed Kids", operator="  LOOP inc. "), picture)
    assert status(picture) == "listed"


def test_who_has_left_is_not_counted(loop: NewKey, chatter: NewKey, picture: UUID) -> None:
    dispute(loop, picture)
    Platform.objects.filter(pk=loop.platform.pk).update(is_active=False)
    dispute(chatter, picture)
    assert status(picture) == "listed"


@pytest.mark.parametrize("reason", ["not_the_same", "allowed_here", "other"])
def test_no_other_reason_takes_anything_off(
    loop: NewKey, chatter: NewKey, picture: UUID, reason: str
) -> None:
    for platform in (loop, chatter):
        say(platform, picture, "not_blocked", reason=reason)
    assert status(picture) == "listed"
    assert reviews(picture) == {"unreviewed"}


def test_what_somebody_confirmed_stays_and_a_person_is_called(
    loop: NewKey, chatter: NewKey, picture: UUID
) -> None:
    say(make_operator("Third"), picture, "blocked")
    dispute(loop, picture)
    dispute(chatter, picture)
    assert status(picture) == "listed"
    assert reviews(picture) == {"confirmed"}
    assert Concern.objects.get().evidence["is_off"] is False


def test_a_block_after_a_dispute_confirms(loop: NewKey, chatter: NewKey, picture: UUID) -> None:
    dispute(loop, picture)
    say(chatter, picture, "blocked")
    assert reviews(picture) == {"confirmed"}
    assert status(picture) == "listed"


def test_a_confirmation_that_was_taken_back_asks_to_check_first(loop: NewKey, picture: UUID) -> None:
    say(loop, picture, "blocked")
    dispute(loop, picture)
    assert told(picture)[1:] == [("reviewed", "confirmed"), ("reviewed", "check_first")]


def test_whoever_brought_it_is_none_of_the_two(loop: NewKey, chatter: NewKey, picture: UUID) -> None:
    Picture.objects.filter(pk=picture).update(source=loop.platform.pk)
    dispute(loop, picture)
    dispute(chatter, picture)
    assert status(picture) == "listed"
    dispute(make_operator("Third"), picture)
    assert status(picture) == "quarantined"


def test_who_disputes_everything_takes_off_no_more(
    loop: NewKey, chatter: NewKey, picture: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disputing, "MOST_A_DAY", 1)
    first = make_listed()
    for one in (first, picture):
        dispute(loop, one)
    dispute(chatter, picture)
    assert status(picture) == "listed"
    assert reviews(picture) == {"check_first"}
    assert Concern.objects.get().evidence["is_off"] is False


def test_what_two_people_put_back_goes_by_new_words_only(
    loop: NewKey, chatter: NewKey, picture: UUID, triager: User, now: datetime
) -> None:
    dispute(loop, picture)
    dispute(chatter, picture)
    old = set(Entry.objects.values_list("pk", flat=True))
    assert services.put_back(picture_id=picture, by=triager, now=now)
    services.publish(now=timezone.now())
    assert status(picture) == "listed"
    assert told(picture)[-1] == ("added", "check_first")
    back = set(Entry.objects.listed().values_list("pk", flat=True))
    assert len(back) == 4
    assert not back & old
    assert Concern.objects.get().ending == "listed"

    dispute(loop, picture)
    assert status(picture) == "listed"
    dispute(chatter, picture)
    assert status(picture) == "quarantined"
    assert Concern.objects.filter(ended_on=None).count() == 1


def test_a_word_about_the_old_entries_disputes_nothing_that_was_put_back(
    loop: NewKey, chatter: NewKey, picture: UUID, triager: User, now: datetime
) -> None:
    entry = entry_of(picture)
    dispute(loop, picture)
    dispute(chatter, picture)
    services.put_back(picture_id=picture, by=triager, now=now)
    for platform in (loop, chatter):
        assert not services.give_feedback(
            platform_id=platform.platform.pk,
            entry_id=entry,
            outcome="not_blocked",
            reason="not_what_it_claims",
            count=1,
            on=now.date(),
        ).is_new
    assert status(picture) == "listed"


def test_what_was_blocked_while_it_was_away_comes_back_confirmed(
    loop: NewKey, chatter: NewKey, picture: UUID, triager: User, now: datetime
) -> None:
    dispute(loop, picture)
    dispute(chatter, picture)
    say(make_operator("Third"), picture, "blocked")
    assert status(picture) == "quarantined"
    services.put_back(picture_id=picture, by=triager, now=now)
    assert told(picture)[-2:] == [("withdrawn", "check_first"), ("added", "confirmed")]


def test_a_withdrawn_picture_is_not_disputed(loop: NewKey, chatter: NewKey, picture: UUID) -> None:
    dispute(loop, picture)
    services.withdraw_pictures(picture_ids=[picture])
    dispute(chatter, picture)
    assert status(picture) == "withdrawn"
    assert not Concern.objects.exists()
