"""A limit can't be read off: not by the teen, not by the adult, given what is delivered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from accounts.models import Account
from nudges.models import Nudge
from platforms.services import NewKey
from safety.answers import ACTIONS, REACHING
from safety.models import Standing
from safety.questions import Asked
from safety.services import Decision, decide, drain, take_events
from tests.safety.makers import event, make_account, make_standing

pytestmark = pytest.mark.django_db

BANDS = ("13_15", "16_17")


def ask(chatter: NewKey, action: str, actor: Account, target: Account, now: datetime) -> Decision:
    asked = Asked(action, actor.external_id, target.external_id, connected=False)
    return decide(platform_id=chatter.platform.pk, questions=[asked], now=now)[0]


def cards(teen: Account) -> list[tuple[object, ...]]:
    """Everything that a card could be made from, without ids and the random part of the delay."""
    return list(
        Nudge.objects.filter(account=teen)
        .order_by("kind")
        .values_list("kind", "state", "settings", "shown_at")
    )


def adults_at(chatter: NewKey, now: datetime, levels: Iterable[int] = range(4)) -> list[Account]:
    made = []
    for level in levels:
        adult = make_account(chatter.platform, "21_plus")
        if level:
            make_standing(adult, level, now=now)
        made.append(adult)
    return made


@pytest.mark.parametrize("action", sorted(REACHING))
@pytest.mark.parametrize("band", BANDS)
def test_the_teen_sees_the_same_for_any_stranger(
    chatter: NewKey, now: datetime, action: str, band: str
) -> None:
    """A classmate's sister, an unknown adult, one under friction: the same notice, and the same card for all."""
    strangers = [make_account(chatter.platform, "16_17"), *adults_at(chatter, now)]
    notices, seen = set(), []
    for stranger in strangers:
        teen = make_account(chatter.platform, band)
        answer = ask(chatter, action, stranger, teen, now)
        if answer.decision in {"notice", "friction"}:
            notices.add(answer.to_target)
        else:
            assert answer.to_target is None
        seen.append(cards(teen))
    assert len(notices) <= 1
    assert seen == [[("stranger", "waiting", seen[0][0][2], None)]] * len(strangers)


@pytest.mark.parametrize("action", sorted(REACHING))
def test_a_delay_does_not_depend_on_who_tried(chatter: NewKey, now: datetime, action: str) -> None:
    for adult in adults_at(chatter, now):
        teen = make_account(chatter.platform, "13_15")
        ask(chatter, action, adult, teen, now)
        due = Nudge.objects.get(account=teen).due_at - now
        assert timedelta(hours=1) <= due <= timedelta(hours=12)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_adult_reads_the_same_at_each_denial(chatter: NewKey, now: datetime, action: str) -> None:
    """Denied because she is under 16, or because he is limited, a little or much."""
    told = set()
    for adult in adults_at(chatter, now):
        for band in BANDS:
            answer = ask(chatter, action, adult, make_account(chatter.platform, band), now)
            if answer.decision == "deny":
                told.add((answer.to_actor, answer.to_target, answer.ttl, len(answer.decision_id)))
            else:
                assert answer.to_actor is None
    stranger = make_account(chatter.platform, "16_17")
    other = ask(chatter, action, stranger, make_account(chatter.platform, "under_13"), now)
    if other.decision == "deny":
        told.add((other.to_actor, other.to_target, other.ttl, len(other.decision_id)))
    assert len(told) == 1


def test_the_same_messages_delivered_leave_the_same_behind(chatter: NewKey, now: datetime) -> None:
    """Two teens, each written to by an adult and answering. One adult was flagged for what he did to others."""
    plain, flagged = (make_account(chatter.platform, "21_plus") for _ in range(2))
    victims = [make_account(chatter.platform, "13_15", community=f"c{n}") for n in range(12)]
    reports = [event(flagged, one, occurred_at="2026-11-20T09:00:00Z") for one in victims]
    reports += [event(one, flagged, "report", occurred_at="2026-11-20T12:00:00Z") for one in victims]
    take_events(platform_id=chatter.platform.pk, rows=reports, now=now)
    drain(now=now)
    assert Standing.objects.get(account=flagged).level == 2

    left = []
    for adult in (plain, flagged):
        teen = make_account(chatter.platform, "16_17")
        rows = [event(adult, teen), event(teen, adult, "reply"), event(adult, teen, "comment")]
        take_events(platform_id=chatter.platform.pk, rows=rows, now=now)
        ask(chatter, "message", adult, teen, now)
        drain(now=now)
        left.append((cards(teen), Account.objects.values("settings", "settings_version").get(pk=teen.pk)))
    assert left[0] == left[1]
