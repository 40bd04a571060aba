"""Under 16 a guardian agrees before protection is taken away; of two guardians one answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from accounts.errors import NoSuchWish, WishMovedOn
from accounts.models import SettingChange, Supervision, Wish
from accounts.services import AccountFacts, change_settings, supervision_seen, supervision_wishes, undo
from accounts.services import supervision_course as course
from accounts.services.supervision import needs_approval
from platforms.services import NewKey
from tests.accounts.supervising import again, grow_up, make_guardian, make_teen, supervise

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=platform.platform.pk)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=platform.platform.pk)


@pytest.fixture
def lasting(mia: AccountFacts, dad: AccountFacts, now: datetime) -> Supervision:
    return supervise(mia, dad, now=now)


def ask(teen: AccountFacts, now: datetime, changes: Mapping[str, object] | None = None) -> Wish:
    change_settings(account_id=teen.id, changes=changes or {"message": "everyone"}, by="teen", now=now)
    return Wish.objects.filter(account=teen.id).latest("pk")


def shown_to(guardian: AccountFacts, now: datetime) -> list[int]:
    """They look at their page; gives the wishes on it."""
    shown = supervision_seen.show_to_guardian(guardian_id=guardian.id, now=now)
    return [wish.id for teen in shown for wish in teen.wishes]


@pytest.mark.parametrize("age_band", ["under_13", "13_15"])
def test_under_16_only_what_takes_protection_away_is_asked_for(
    mia: AccountFacts, lasting: Supervision, age_band: str
) -> None:
    grow_up(mia, age_band)
    wanted = {"message": "everyone", "private": True, "comment": "nobody", "location": True}
    assert needs_approval(account=again(mia), changes=wanted) == {"message", "location"}
    assert lasting.paused_at is None


def test_from_16_and_without_a_guardian_nothing_is_asked_for(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    grow_up(mia, "16_17")
    assert needs_approval(account=again(mia), changes={"message": "everyone"}) == frozenset()
    grow_up(mia, "13_15")
    course.end_by_guardian(supervision_id=lasting.pk, guardian_id=dad.id, now=now)
    assert needs_approval(account=again(mia), changes={"message": "everyone"}) == frozenset()


def test_what_protects_is_done_and_the_rest_is_asked_for(
    mia: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    ask(mia, now, {"message": "everyone", "comment": "nobody"})
    assert again(mia).settings["comment"] == "nobody"
    assert again(mia).settings["message"] == "friends"
    assert Wish.objects.get().setting == "message"
    assert lasting.teen_id == mia.id


def test_a_yes_changes_the_setting_in_the_same_moment(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    wish = ask(mia, now)
    assert shown_to(dad, now) == [wish.pk]
    supervision_wishes.approve(wish_id=wish.pk, guardian_id=dad.id, now=now + LATER)

    assert again(mia).settings["message"] == "everyone"
    assert SettingChange.objects.get().by == "guardian"
    assert [one.state for one in supervision_wishes.of_teen(teen_id=mia.id, now=now)] == ["approved"]
    assert shown_to(dad, now + LATER) == []
    assert lasting.guardian_id == dad.id


def test_a_no_changes_nothing_and_is_told(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    wish = ask(mia, now)
    shown_to(dad, now)
    supervision_wishes.refuse(wish_id=wish.pk, guardian_id=dad.id, now=now)
    assert again(mia).settings["message"] == "friends"
    assert [one.state for one in supervision_wishes.of_teen(teen_id=mia.id, now=now)] == ["refused"]
    assert lasting.guardian_id == dad.id


def test_of_two_guardians_one_answers(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    mum = make_guardian("mum", platform_id=mia.platform_id)
    supervise(mia, mum, now=now)
    wish = ask(mia, now)
    assert shown_to(dad, now) == shown_to(mum, now) == [wish.pk]

    supervision_wishes.refuse(wish_id=wish.pk, guardian_id=dad.id, now=now)
    with pytest.raises(WishMovedOn):
        supervision_wishes.approve(wish_id=wish.pk, guardian_id=mum.id, now=now)
    wish.refresh_from_db()
    assert (wish.state, wish.decided_by_id) == ("refused", dad.id)
    assert again(mia).settings["message"] == "friends"
    assert lasting.guardian_id == dad.id


def test_who_was_not_shown_a_wish_cannot_answer_it(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    wish = ask(mia, now)
    mum = make_guardian("mum", platform_id=mia.platform_id)
    for stranger in (mum, mia, dad):
        for verb in (supervision_wishes.approve, supervision_wishes.refuse):
            with pytest.raises(NoSuchWish):
                verb(wish_id=wish.pk, guardian_id=stranger.id, now=now)
    assert lasting.guardian_id == dad.id


def test_who_is_no_guardian_any_more_answers_nothing(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    supervise(mia, make_guardian("mum", platform_id=mia.platform_id), now=now)
    wish = ask(mia, now)
    shown_to(dad, now)
    course.end_by_guardian(supervision_id=lasting.pk, guardian_id=dad.id, now=now)
    with pytest.raises(NoSuchWish):
        supervision_wishes.approve(wish_id=wish.pk, guardian_id=dad.id, now=now)


def test_the_same_wish_twice_is_one_and_another_takes_its_place(
    mia: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    first = ask(mia, now)
    assert ask(mia, now).pk == first.pk
    second = ask(mia, now, {"message": "friends_of_friends"})
    first.refresh_from_db()
    assert (first.state, second.state, second.wanted) == ("taken_back", "waiting", "friends_of_friends")
    assert lasting.teen_id == mia.id


def test_a_stale_page_cannot_say_yes_to_another_wish(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    first = ask(mia, now, {"message": "friends_of_friends"})
    shown_to(dad, now)
    ask(mia, now, {"message": "everyone"})
    with pytest.raises(WishMovedOn):
        supervision_wishes.approve(wish_id=first.pk, guardian_id=dad.id, now=now)
    assert again(mia).settings["message"] == "friends"
    assert lasting.guardian_id == dad.id


def test_a_teen_takes_it_back(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    wish = ask(mia, now)
    shown_to(dad, now)
    for _tap in range(2):
        supervision_wishes.take_back(wish_id=wish.pk, teen_id=mia.id, now=now)
    with pytest.raises(WishMovedOn):
        supervision_wishes.approve(wish_id=wish.pk, guardian_id=dad.id, now=now)
    assert supervision_wishes.of_teen(teen_id=mia.id, now=now) == []
    assert lasting.guardian_id == dad.id


def test_nobody_takes_back_what_is_not_theirs_or_was_answered(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    wish = ask(mia, now)
    shown_to(dad, now)
    with pytest.raises(NoSuchWish):
        supervision_wishes.take_back(wish_id=wish.pk, teen_id=dad.id, now=now)
    supervision_wishes.refuse(wish_id=wish.pk, guardian_id=dad.id, now=now)
    with pytest.raises(WishMovedOn):
        supervision_wishes.take_back(wish_id=wish.pk, teen_id=mia.id, now=now)
    assert lasting.guardian_id == dad.id


def test_in_a_pause_new_wishes_wait_and_are_shown_when_it_ends(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now)
    wish = ask(mia, now)
    assert shown_to(dad, now) == []
    with pytest.raises(NoSuchWish):
        supervision_wishes.approve(wish_id=wish.pk, guardian_id=dad.id, now=now)

    course.resume(supervision_id=lasting.pk, teen_id=mia.id)
    assert shown_to(dad, now) == [wish.pk]


def test_a_wish_that_was_shown_before_a_pause_is_answered_as_always(
    mia: AccountFacts, dad: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    wish = ask(mia, now)
    shown_to(dad, now)
    course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now)
    supervision_wishes.approve(wish_id=wish.pk, guardian_id=dad.id, now=now + LATER)

    [shown] = supervision_seen.show_to_guardian(guardian_id=dad.id, now=now + LATER)
    assert [line.kind for line in shown.lines[:2]] == ["answer", "change"]
    assert next(one.value for one in shown.settings if one.label == "Who can message your teen") == "Anyone"
    assert shown.wishes == []


def test_undo_of_what_protects_is_asked_for_too(
    mia: AccountFacts, lasting: Supervision, now: datetime
) -> None:
    together = change_settings(account_id=mia.id, changes={"message": "nobody"}, by="teen", now=now)
    undo(account_id=mia.id, together=together, by="teen", now=now)
    assert again(mia).settings["message"] == "nobody"
    assert Wish.objects.get().wanted == "friends"
    assert lasting.teen_id == mia.id


def test_a_new_beginning_starts_without_old_wishes(
    mia: AccountFacts, dad: AccountFacts, now: datetime
) -> None:
    left_over = Wish.objects.create(account_id=mia.id, setting="message", wanted="everyone", asked_at=now)
    supervise(mia, dad, now=now)
    left_over.refresh_from_db()
    assert left_over.state == "taken_back"
