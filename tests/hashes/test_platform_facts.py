from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from hashes.models import Entry
from hashes.services import (
    PlatformFacts,
    give_feedback,
    match,
    platform_facts,
    publish,
    read_feed,
    withdraw_pictures,
)
from platforms.models import Platform
from platforms.services import NewKey, revoke_keys
from tests.makers import make_picture, make_platform

DAY = date(2026, 11, 23)


@pytest.fixture
def pictures(db: None, now: datetime) -> list[UUID]:  # noqa: ARG001 - They stand in the database.
    listed = [make_picture(), make_picture()]
    publish(now=now)
    return listed


def facts(pictures: list[UUID]) -> PlatformFacts:
    (only,) = platform_facts(picture_ids=pictures, on=DAY)
    return only


def ask(platform: NewKey, after: int) -> None:
    read_feed(platform_id=platform.platform.pk, after=after, limit=1)


def say(platform: NewKey, picture: UUID, algorithm: str, outcome: str, reason: str | None = None) -> None:
    entry = Entry.objects.get(picture=picture, algorithm=algorithm)
    give_feedback(
        platform_id=platform.platform.pk, entry_id=entry.pk, outcome=outcome, reason=reason, count=1, on=DAY
    )


def test_a_platform_collects_then_follows_then_knows_of_the_withdrawal(
    platform: NewKey, pictures: list[UUID], now: datetime
) -> None:
    assert facts(pictures) == PlatformFacts(
        platform_id=platform.platform.pk,
        name="Loopfeed",
        slug="loopfeed",
        collected=False,
        followed=False,
        matched=False,
        withdrawal_collected=False,
        outcomes=(),
    )
    ask(platform, after=7)
    assert not facts(pictures).collected
    ask(platform, after=8)
    assert (facts(pictures).collected, facts(pictures).followed) == (True, False)
    ask(platform, after=8)
    assert facts(pictures).followed

    withdraw_pictures(picture_ids=pictures)
    ask(platform, after=16)
    assert not facts(pictures).withdrawal_collected
    publish(now=now)
    ask(platform, after=15)
    assert not facts(pictures).withdrawal_collected
    ask(platform, after=16)
    assert facts(pictures).withdrawal_collected


def test_nothing_is_collected_while_one_line_waits_for_its_number(
    platform: NewKey, pictures: list[UUID]
) -> None:
    ask(platform, after=8)
    assert not facts([*pictures, make_picture()]).collected


def test_other_pictures_numbers_prove_nothing(platform: NewKey, pictures: list[UUID], now: datetime) -> None:
    ask(platform, after=8)
    later = make_picture()
    publish(now=now)
    assert facts(pictures).collected
    assert not facts([later]).collected


def test_a_platform_that_only_asks_for_matches_proves_by_asking(pictures: list[UUID], now: datetime) -> None:
    asker = make_platform("Chatterbox", scopes=("match",))
    match(platform_id=asker.platform.pk, queries=[], with_entries=False)
    assert (facts(pictures).matched, facts(pictures).collected) == (True, False)

    withdraw_pictures(picture_ids=pictures)
    publish(now=now)
    assert not facts(pictures).withdrawal_collected
    match(platform_id=asker.platform.pk, queries=[], with_entries=False)
    assert facts(pictures).withdrawal_collected


def test_a_reader_of_the_list_does_not_prove_a_withdrawal_by_asking_for_matches(
    platform: NewKey, pictures: list[UUID], now: datetime
) -> None:
    withdraw_pictures(picture_ids=pictures)
    publish(now=now)
    match(platform_id=platform.platform.pk, queries=[], with_entries=False)
    assert not facts(pictures).withdrawal_collected


def test_outcomes_are_the_newest_of_each_entry_folded_to_the_picture(
    platform: NewKey, pictures: list[UUID]
) -> None:
    first, second = pictures
    say(platform, first, "pdq", "pending_review")
    say(platform, first, "pdq", "not_blocked", "not_the_same")
    assert facts(pictures).outcomes == ((first, "not_blocked", "not_the_same"),)
    say(platform, first, "md5", "blocked")
    say(platform, first, "sha256", "not_blocked", "allowed_here")
    say(platform, second, "pdq", "pending_review")
    assert set(facts(pictures).outcomes) == {(first, "blocked", ""), (second, "pending_review", "")}


@pytest.mark.usefixtures("outsider_platform")
def test_only_who_participates_with_a_valid_key_of_the_list_counts(
    platform: NewKey, pictures: list[UUID]
) -> None:
    make_platform("Submitter", scopes=("submit", "feedback"))
    revoked = make_platform("Gone")
    revoke_keys(slug=revoked.platform.slug)
    lapsed = make_platform("Lapsed")
    Platform.objects.filter(pk=lapsed.platform.pk).update(expires_on=DAY - timedelta(days=1))
    assert [one.name for one in platform_facts(picture_ids=pictures, on=DAY)] == [platform.platform.name]


@pytest.mark.parametrize("more", [0, 5])
def test_the_number_of_queries_is_constant(
    more: int, platform: NewKey, pictures: list[UUID], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked_about = [*pictures, *(make_picture() for _ in range(more))]
    for number in range(more):
        make_platform(f"Platform {number}")
    say(platform, pictures[0], "pdq", "blocked")
    with django_assert_num_queries(5):
        assert len(platform_facts(picture_ids=asked_about, on=DAY)) == 1 + more
