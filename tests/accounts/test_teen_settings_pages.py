"""A teen's settings: one tap to what is recommended, before and after, neutral words, and Undo."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Abilities, SettingChange, Wish
from accounts.services import AccountFacts, change_settings, supervision_wishes
from platforms.services import NewKey
from tests.accounts.supervising import (
    SAFE,
    WEAK,
    again,
    browser_of,
    make_guardian,
    make_teen,
    supervise,
    text_of,
)

pytestmark = pytest.mark.django_db
HOME = "/teen/settings/"


@pytest.fixture
def mia(platform: NewKey) -> AccountFacts:
    return make_teen("mia", platform_id=platform.platform.pk, settings=dict(WEAK))


@pytest.fixture
def hers(mia: AccountFacts) -> Client:
    return browser_of(mia, now=timezone.now())


def test_each_setting_says_what_it_does_what_it_is_and_what_is_recommended(hers: Client) -> None:
    text = text_of(hers.get(HOME))
    assert "Who can message you This is who can send you a message." in text
    assert "Now: Anyone Recommended: Friends only" in text


def test_one_tap_makes_all_of_it_as_recommended_and_a_second_does_nothing(
    mia: AccountFacts, hers: Client
) -> None:
    assert "Safer in one tap" in text_of(hers.get(HOME))
    for _tap in range(2):
        assert hers.post(f"{HOME}recommended/").headers["Location"] == HOME
    assert again(mia).settings == SAFE
    assert SettingChange.objects.values("together").distinct().count() == 1
    text = text_of(hers.get(HOME))
    assert "Done Private account from Off → to On" in text
    assert "as safe as we recommend" in text


def test_undo_takes_back_what_one_tap_changed_and_a_second_does_nothing(
    mia: AccountFacts, hers: Client
) -> None:
    hers.post(f"{HOME}recommended/")
    together = SettingChange.objects.first()
    assert together is not None
    for _tap in range(2):
        assert hers.post(f"{HOME}undo/{together.together}/").headers["Location"] == HOME
    assert again(mia).settings == WEAK


def test_undo_is_offered_for_what_can_be_undone_only(mia: AccountFacts, hers: Client) -> None:
    for value in ("friends", "nobody"):
        change_settings(account_id=mia.id, changes={"message": value}, by="teen", now=timezone.now())
    first, second = SettingChange.objects.order_by("pk")
    page = hers.get(HOME).content.decode()
    assert f"undo/{second.together}/" in page
    assert f"undo/{first.together}/" not in page

    stale = hers.post(f"{HOME}undo/{first.together}/")
    assert (stale.status_code, "changed this again later" in text_of(stale)) == (409, True)
    assert again(mia).settings["message"] == "nobody"


def test_what_is_too_old_or_never_was_is_told(mia: AccountFacts, hers: Client) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    old = change_settings(account_id=mia.id, changes={"message": "friends"}, by="teen", now=long_ago)
    for together in (old, uuid4()):
        answer = hers.post(f"{HOME}undo/{together}/")
        assert (answer.status_code, "undone any more" in text_of(answer)) == (
            409,
            True,
        )
    assert again(mia).settings["message"] == "friends"


def test_a_stronger_protection_needs_no_second_question(mia: AccountFacts, hers: Client) -> None:
    answer = hers.post(f"{HOME}message/", {"before": "everyone", "after": "friends"})
    assert answer.headers["Location"] == HOME
    assert again(mia).settings["message"] == "friends"
    assert "Who can message you from Anyone → to Friends only" in text_of(hers.get(HOME))


def test_a_weaker_one_is_asked_once_more_in_neutral_words(mia: AccountFacts, hers: Client) -> None:
    hers.post(f"{HOME}message/", {"before": "everyone", "after": "nobody"})
    sent = {"before": "nobody", "after": "everyone"}
    question = hers.post(f"{HOME}message/", sent)
    text = text_of(question).lower()
    assert "now nobody after anyone" in text
    assert not any(word in text for word in ("safe", "risk", "danger", "sure", "warn", "recommend", "less"))
    # Both answers look the same.
    assert question.content.decode().split("<main", 1)[1].count('class="button button--quiet"') == 3
    assert again(mia).settings["message"] == "nobody"

    for _tap in range(2):
        hers.post(f"{HOME}message/", {**sent, "confirmed": "on"})
    assert again(mia).settings["message"] == "everyone"
    assert SettingChange.objects.count() == 2


def test_a_page_from_before_another_change_is_shown_again(mia: AccountFacts, hers: Client) -> None:
    change_settings(account_id=mia.id, changes={"message": "nobody"}, by="platform", now=timezone.now())
    answer = hers.post(f"{HOME}message/", {"before": "everyone", "after": "friends", "confirmed": "on"})
    assert (answer.status_code, "changed meanwhile" in text_of(answer)) == (409, True)
    assert again(mia).settings["message"] == "nobody"


@pytest.mark.parametrize(
    "sent", [{}, {"after": "aliens"}, {"after": "on"}, {"before": "everyone", "after": "x" * 99}]
)
def test_what_is_no_choice_is_told(mia: AccountFacts, hers: Client, sent: dict[str, str]) -> None:
    answer = hers.post(f"{HOME}message/", sent)
    assert (answer.status_code, "Choose one of these" in text_of(answer)) == (400, True)
    assert again(mia).settings == WEAK


def test_a_setting_that_the_platform_lacks_is_nowhere(mia: AccountFacts, hers: Client) -> None:
    Abilities.objects.filter(platform=mia.platform_id).update(settings=["message"])
    assert "Private account" not in text_of(hers.get(HOME))
    assert hers.get(f"{HOME}private/").status_code == 404
    assert hers.post(f"{HOME}private/", {"after": "on"}).status_code == 404
    assert hers.get(f"{HOME}nonsense/").status_code == 404


def test_without_a_session_and_for_a_guardian_nothing_opens(mia: AccountFacts, client: Client) -> None:
    his = browser_of(make_guardian("dad", platform_id=mia.platform_id), now=timezone.now())
    for browser in (client, his):
        for path in (HOME, f"{HOME}message/"):
            assert browser.get(path).status_code == 403
        for path in (
            f"{HOME}recommended/",
            f"{HOME}message/",
            f"{HOME}undo/{uuid4()}/",
            f"{HOME}wishes/1/take-back/",
        ):
            assert browser.post(path, {"before": "everyone", "after": "friends"}).status_code == 403
    assert again(mia).settings == WEAK


def test_doing_takes_a_post(hers: Client) -> None:
    for path in (f"{HOME}recommended/", f"{HOME}undo/{uuid4()}/", f"{HOME}wishes/1/take-back/"):
        assert hers.get(path).status_code == 405


def test_another_teens_undo_and_wish_are_out_of_reach(mia: AccountFacts, hers: Client) -> None:
    noa = make_teen("noa", platform_id=mia.platform_id)
    theirs = change_settings(account_id=noa.id, changes={"message": "nobody"}, by="teen", now=timezone.now())
    wish = Wish.objects.create(account_id=noa.id, setting="private", wanted=False, asked_at=timezone.now())
    assert hers.post(f"{HOME}undo/{theirs}/").status_code == 409
    assert hers.post(f"{HOME}wishes/{wish.pk}/take-back/").status_code == 404
    assert again(noa).settings["message"] == "nobody"


def test_under_16_and_supervised_a_guardian_is_asked_and_she_can_take_it_back(
    mia: AccountFacts, hers: Client
) -> None:
    hers.post(f"{HOME}recommended/")
    dad = make_guardian("dad", platform_id=mia.platform_id)
    supervise(mia, dad, now=timezone.now())
    sent = {"before": "friends", "after": "everyone"}
    assert "a guardian has to say yes first" in text_of(hers.post(f"{HOME}message/", sent))

    for _tap in range(2):
        assert hers.post(f"{HOME}message/", {**sent, "confirmed": "on"}).headers["Location"] == HOME
    assert again(mia).settings["message"] == "friends"
    assert "You asked for this." in text_of(hers.get(HOME))
    wish = Wish.objects.get()
    for _tap in range(2):
        assert hers.post(f"{HOME}wishes/{wish.pk}/take-back/").headers["Location"] == HOME
    assert "You asked for this." not in text_of(hers.get(HOME))


def test_who_takes_back_what_was_answered_is_told(mia: AccountFacts, hers: Client) -> None:
    hers.post(f"{HOME}recommended/")
    dad = make_guardian("dad", platform_id=mia.platform_id)
    supervise(mia, dad, now=timezone.now())
    hers.post(f"{HOME}message/", {"before": "friends", "after": "everyone", "confirmed": "on"})
    browser_of(dad, now=timezone.now()).get("/guardian/")
    wish = Wish.objects.get()
    supervision_wishes.refuse(wish_id=wish.pk, guardian_id=dad.id, now=timezone.now())
    answer = hers.post(f"{HOME}wishes/{wish.pk}/take-back/")
    assert (answer.status_code, "A guardian said no" in text_of(answer)) == (409, True)


def test_times_are_in_her_own_zone(platform: NewKey) -> None:
    there = make_teen("noa", platform_id=platform.platform.pk, settings=dict(WEAK))
    at = timezone.now().replace(hour=23, minute=5) - timedelta(days=2)
    change_settings(account_id=there.id, changes={"message": "friends"}, by="teen", now=at)
    for zone, shown in (
        ("Asia/Tokyo", "08:05"),
        ("", "23:05"),
        ("Nowhere/Land", "23:05"),
        ("../../etc", "23:05"),
    ):
        type(SettingChange.objects.get().account).objects.filter(pk=there.id).update(time_zone=zone)
        assert shown in text_of(browser_of(there, now=timezone.now()).get(HOME)), zone
