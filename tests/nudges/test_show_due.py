"""What is due becomes one card, as the policy lets it, and the platform hears of it in the same breath."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import nudges.services.showing
from accounts.models import Abilities, Account
from accounts.services import AccountFacts
from nudges.models import Nudge
from nudges.services import nudge, show_due
from nudges.services.pushing import write_pushes
from nudges.services.showing import LOOK_AGAIN, settle
from tests.nudges.makers import (
    AFTERNOON,
    TIGHT,
    make_listener,
    make_shown,
    make_teen,
    make_waiting,
    the_nudge,
    told,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def girl() -> Account:
    return make_teen()


def states(teen: Account) -> list[tuple[str, str]]:
    return sorted(Nudge.objects.filter(account_id=teen.pk).values_list("kind", "state"))


def test_a_due_nudge_becomes_a_card_about_the_weightiest_settings(girl: Account) -> None:
    make_waiting(girl)
    assert show_due(now=AFTERNOON) == 1
    shown = the_nudge(girl)
    assert (shown.state, shown.shown_at) == (Nudge.State.SHOWN, AFTERNOON)
    assert shown.settings == [
        {"setting": "message", "before": "everyone", "after": "friends"},
        {"setting": "private", "before": False, "after": True},
        {"setting": "comment", "before": "everyone", "after": "friends"},
    ]


def test_what_is_not_due_waits(girl: Account) -> None:
    make_waiting(girl, due_at=AFTERNOON + timedelta(seconds=1))
    assert show_due(now=AFTERNOON) == 0
    assert states(girl) == [("stranger", "waiting")]


def test_the_platform_is_told_what_to_show_and_not_what_set_it_off(girl: Account) -> None:
    make_listener(girl.platform_id)
    make_waiting(girl)
    show_due(now=AFTERNOON)
    assert told(girl.platform_id) == [
        {
            "id": str(the_nudge(girl).pk),
            "external_id": girl.external_id,
            "key": "settings.message",
            "text": (
                "Want fewer messages from people you don't know? One tap does it. You can change it back later. "
                "Right now: Anyone can message you. After one tap: Only friends can message you. "
                "Right now: Anyone can see your posts. After one tap: Only friends can see your posts. "
                "Right now: Anyone can comment on your posts. "
                "After one tap: Only friends can comment on your posts."
            ),
            "settings": [
                {"setting": "message", "now": "everyone", "recommended": "friends"},
                {"setting": "private", "now": False, "recommended": True},
                {"setting": "comment", "now": "everyone", "recommended": "friends"},
            ],
            "url": "http://127.0.0.1:8000/teen/",
        }
    ]


def test_a_card_set_off_by_a_stranger_can_not_be_told_from_a_nightly_tip() -> None:
    """She may not have been shown the attempt, and then the card must not be the one to tell her."""
    by_stranger, by_night = make_teen(), make_teen()
    for teen, kind in ((by_stranger, "stranger"), (by_night, "below")):
        make_listener(teen.platform_id)
        make_waiting(teen, kind=kind)
    show_due(now=AFTERNOON)
    one, other = (told(teen.platform_id)[0] for teen in (by_stranger, by_night))
    own = {"id", "external_id"}
    assert {key: one[key] for key in one.keys() - own} == {key: other[key] for key in other.keys() - own}


def test_where_all_is_tight_a_stranger_sets_off_nothing_and_nothing_is_kept() -> None:
    girl = make_teen(settings=TIGHT)
    make_waiting(girl)
    show_due(now=AFTERNOON)
    assert states(girl) == []


@pytest.mark.parametrize("kind", ["after_block", "after_report"])
def test_what_she_did_is_answered_though_all_is_tight(kind: str) -> None:
    girl = make_teen(settings=TIGHT)
    make_listener(girl.platform_id)
    make_waiting(girl, kind=kind)
    show_due(now=AFTERNOON)
    assert the_nudge(girl).settings == []
    assert told(girl.platform_id)[0]["key"] == kind


def test_all_that_waits_goes_with_the_card(girl: Account) -> None:
    make_listener(girl.platform_id)
    make_waiting(girl, kind="stranger", due_at=AFTERNOON + timedelta(hours=3))
    make_waiting(girl, kind="below")
    make_waiting(girl, kind="after_block")
    show_due(now=AFTERNOON)
    assert states(girl) == [("after_block", "shown")]
    assert len(told(girl.platform_id)) == 1


def test_the_next_card_waits_until_she_answered_the_first(girl: Account) -> None:
    make_shown(girl, shown_at=AFTERNOON - DAY)
    make_waiting(girl, kind="below")
    show_due(now=AFTERNOON)
    assert states(girl) == [("below", "waiting"), ("stranger", "shown")]
    assert Nudge.objects.get(kind="below").due_at == AFTERNOON + LOOK_AGAIN


def test_what_she_just_did_takes_the_place_of_an_open_card(girl: Account) -> None:
    make_shown(girl, shown_at=AFTERNOON - DAY)
    make_waiting(girl, kind="after_report")
    show_due(now=AFTERNOON)
    assert states(girl) == [("after_report", "shown"), ("stranger", "expired")]


def test_a_card_that_she_never_saw_makes_room_after_a_week(girl: Account) -> None:
    make_shown(girl, shown_at=AFTERNOON - 7 * DAY)
    make_waiting(girl)
    show_due(now=AFTERNOON)
    assert states(girl) == [("stranger", "expired"), ("stranger", "shown")]


def test_one_teen_who_can_not_be_read_keeps_nobody_waiting(
    girl: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_teen()
    make_waiting(girl)
    make_waiting(other)

    def fail_for_her(*, teen: AccountFacts, **rest: Any) -> None:
        if teen.id == girl.pk:
            raise RuntimeError
        write_pushes(teen=teen, **rest)

    monkeypatch.setattr(nudges.services.showing, "write_pushes", fail_for_her)
    assert show_due(now=AFTERNOON) == 2
    assert show_due(now=AFTERNOON) == 0
    assert (states(girl), states(other)) == ([("stranger", "waiting")], [("stranger", "shown")])


def test_the_fourth_in_a_week_waits_for_the_week_to_end(girl: Account) -> None:
    for days in (1, 3, 5):
        make_shown(girl, shown_at=AFTERNOON - days * DAY, state=Nudge.State.APPLIED)
    waiting = make_waiting(girl)
    show_due(now=AFTERNOON)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.due_at) == (Nudge.State.WAITING, AFTERNOON + 2 * DAY)


def test_thanks_that_would_come_days_later_do_not_come(girl: Account) -> None:
    for days in (1, 2, 3):
        make_shown(girl, shown_at=AFTERNOON - days * DAY, state=Nudge.State.APPLIED)
    make_waiting(girl, kind="after_report")
    show_due(now=AFTERNOON)
    assert ("after_report", "waiting") not in states(girl)


def test_at_night_it_waits_for_the_morning(girl: Account) -> None:
    night = AFTERNOON.replace(hour=20)  # 21 o'clock in Berlin.
    waiting = make_waiting(girl, due_at=night)
    show_due(now=night)
    waiting.refresh_from_db()
    assert waiting.due_at == AFTERNOON.replace(day=25, hour=6)


def test_what_she_refused_rests_and_so_do_its_settings(girl: Account) -> None:
    make_shown(girl, shown_at=AFTERNOON - 10 * DAY, state=Nudge.State.DISMISSED)
    stranger, block = make_waiting(girl), make_waiting(girl, kind="after_block")
    show_due(now=AFTERNOON)
    block.refresh_from_db()
    assert block.advised == ["suggestions", "location", "friends_list"]
    assert not Nudge.objects.filter(pk=stranger.pk).exists()


def test_a_refused_kind_waits_until_it_may_speak_again(girl: Account) -> None:
    make_shown(girl, shown_at=AFTERNOON - 10 * DAY, state=Nudge.State.DISMISSED)
    waiting = make_waiting(girl)
    show_due(now=AFTERNOON)
    waiting.refresh_from_db()
    assert waiting.due_at == AFTERNOON + 20 * DAY + timedelta(minutes=1)


def test_who_is_of_age_by_now_is_not_nudged() -> None:
    grown = make_teen(age_band="18_20")
    make_waiting(grown)
    show_due(now=AFTERNOON)
    assert states(grown) == []


def test_only_settings_that_the_platform_has_are_spoken_of(girl: Account) -> None:
    Abilities.objects.update(settings=["location"])
    make_waiting(girl)
    show_due(now=AFTERNOON)
    assert the_nudge(girl).advised == ["location"]


def test_what_dies_half_way_is_begun_anew(girl: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    make_listener(girl.platform_id)
    make_waiting(girl)

    def die(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(nudges.services.showing, "write_pushes", die)
        with pytest.raises(KeyboardInterrupt):
            show_due(now=AFTERNOON)
    assert states(girl) == [("stranger", "waiting")]
    assert told(girl.platform_id) == []

    show_due(now=AFTERNOON)
    assert states(girl) == [("stranger", "shown")]
    assert len(told(girl.platform_id)) == 1


def test_shown_twice_it_is_shown_once(girl: Account) -> None:
    make_listener(girl.platform_id)
    make_waiting(girl)
    settle(account_id=girl.pk, now=AFTERNOON)
    settle(account_id=girl.pk, now=AFTERNOON)
    assert len(told(girl.platform_id)) == 1


def test_a_teen_costs_the_same_however_many_are_due(girl: Account) -> None:
    def cost(teens: list[Account]) -> int:
        for teen in teens:
            make_waiting(teen)
        with CaptureQueriesContext(connection) as queries:
            show_due(now=AFTERNOON)
        return len(queries)

    one = cost([girl])
    five = cost([make_teen(platform_id=girl.platform_id) for _ in range(5)])
    # The one query that finds who is due is shared.
    assert five - 1 == 5 * (one - 1)


@pytest.mark.parametrize("attempts", [1, 7])
def test_however_often_somebody_tries_she_gets_one_card(girl: Account, now: datetime, attempts: int) -> None:
    make_listener(girl.platform_id)
    for minute in range(attempts):
        nudge(account_id=girl.pk, kind="stranger", now=now + timedelta(minutes=minute))
    show_due(now=AFTERNOON + DAY)
    assert len(told(girl.platform_id)) == 1
