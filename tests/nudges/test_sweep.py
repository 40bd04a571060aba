"""The nightly look: who is told of weak settings, who of a new one, and who is left in peace."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

import nudges.services.sweeping
from accounts.models import Abilities, Account
from nudges.models import Nudge, Offer
from nudges.services import forget_old, show_due, sweep
from tests.nudges.makers import AFTERNOON, LOOSE, TIGHT, make_shown, make_teen, make_waiting, the_nudge

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked(*, now: datetime = AFTERNOON) -> list[tuple[int, str]]:
    """Who is asked to be told of what by a sweep."""
    cache.clear()
    sweep(now=now)
    waiting = Nudge.objects.filter(state=Nudge.State.WAITING).order_by("account_id", "kind")
    return list(waiting.values_list("account_id", "kind"))


def test_whose_settings_are_weak_is_told_and_others_are_not() -> None:
    loose, tight = make_teen(), make_teen(settings=TIGHT)
    grown = make_teen(age_band="18_20", platform_id=loose.platform_id)
    assert asked() == [(loose.pk, "below")]
    assert {tight.pk, grown.pk} & {one.account_id for one in Nudge.objects.all()} == set()


def test_it_waits_as_long_as_what_a_stranger_sets_off() -> None:
    make_teen()
    sweep(now=AFTERNOON)
    wait = Nudge.objects.get().due_at - AFTERNOON
    assert timedelta(hours=1) <= wait <= timedelta(hours=12)


@pytest.mark.parametrize(("days", "is_told"), [(29, False), (31, True)])
def test_nobody_is_told_of_the_same_within_thirty_days(days: int, is_told: object) -> None:
    girl = make_teen()
    make_shown(girl, shown_at=AFTERNOON - days * DAY, state=Nudge.State.EXPIRED)
    assert bool(asked()) is is_told


def test_swept_twice_is_swept_once() -> None:
    girl = make_teen()
    assert asked() == asked() == [(girl.pk, "below")]


def test_a_new_setting_of_the_platform_is_told_of_once() -> None:
    girl = make_teen(settings={**TIGHT, "location": True})
    Abilities.objects.update(settings=[one for one in LOOSE if one != "location"])
    assert asked() == []

    Abilities.objects.update(settings=[*LOOSE])
    assert asked(now=AFTERNOON + DAY) == [(girl.pk, "feature")]
    show_due(now=AFTERNOON + 2 * DAY)
    assert (the_nudge(girl).state, the_nudge(girl).advised) == ("shown", ["location"])
    assert asked(now=AFTERNOON + 3 * DAY) == []


def test_what_was_new_a_month_ago_is_a_setting_like_any_other() -> None:
    girl = make_teen(settings={**TIGHT, "location": True})
    Offer.objects.create(platform_id=girl.platform_id, setting="message")
    since = AFTERNOON - 31 * DAY
    Offer.objects.create(platform_id=girl.platform_id, setting="location", new_since=since)
    assert asked() == [(girl.pk, "below")]


def test_the_first_look_at_a_platform_finds_nothing_new() -> None:
    make_teen()
    assert [kind for _who, kind in asked()] == ["below"]
    assert set(Offer.objects.values_list("new_since", flat=True)) == {None}


def test_page_by_page_nobody_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nudges.services.sweeping, "PAGE", 2)
    platform_id = make_teen().platform_id
    for _ in range(4):
        make_teen(platform_id=platform_id)
    assert len(asked()) == 5


def test_a_page_costs_the_same_however_many_are_on_it() -> None:
    platform_id = make_teen().platform_id

    def cost() -> int:
        Nudge.objects.all().delete()
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            sweep(now=AFTERNOON)
        return len(queries)

    cost()
    few = cost()
    for _ in range(5):
        make_teen(platform_id=platform_id)
    assert cost() == few


def test_a_card_that_nobody_answered_goes_after_two_weeks() -> None:
    old, young = make_teen(), make_teen()
    make_shown(old, shown_at=AFTERNOON - 14 * DAY)
    make_shown(young, shown_at=AFTERNOON - 13 * DAY)
    forget_old(now=AFTERNOON)
    assert (the_nudge(old).state, the_nudge(young).state) == ("expired", "shown")


def test_after_a_year_a_card_is_forgotten_and_what_waits_stays() -> None:
    girl: Account = make_teen()
    make_shown(girl, shown_at=AFTERNOON - 366 * DAY, state=Nudge.State.DISMISSED)
    make_shown(girl, shown_at=AFTERNOON - 364 * DAY, state=Nudge.State.DISMISSED)
    make_waiting(girl)
    forget_old(now=AFTERNOON)
    assert sorted(Nudge.objects.values_list("state", flat=True)) == ["dismissed", "waiting"]
