"""What a platform is answered, from what it told of its members."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import Account
from nudges.models import Nudge
from platforms.services import NewKey
from safety.answers import ACTIONS, REACHING
from safety.models import Answer, Standing
from safety.questions import Asked
from safety.services import Decision, decide, take_events
from safety.services.allow_ids import is_ours
from tests.makers import make_platform
from tests.safety.makers import event, make_account, make_pair, make_standing

pytestmark = pytest.mark.django_db


def ask(
    chatter: NewKey, now: datetime, *questions: tuple[str, str, str], connected: bool | None = False
) -> list[Decision]:
    asked = [Asked(action, actor, target, connected) for action, actor, target in questions]
    return decide(platform_id=chatter.platform.pk, questions=asked, now=now)


def words(chatter: NewKey, now: datetime, *questions: tuple[str, str, str], **over: bool | None) -> list[str]:
    return [one.decision for one in ask(chatter, now, *questions, **over)]


@pytest.mark.usefixtures("adult", "teen", "older_teen")
def test_answers_come_in_order(chatter: NewKey, now: datetime) -> None:
    given = words(
        chatter,
        now,
        ("message", "adult", "teen"),
        ("message", "adult", "older-teen"),
        ("recommend", "adult", "teen"),
        ("message", "teen", "adult"),
        ("message", "adult", "nobody"),
        ("comment", "nobody", "teen"),
        ("message", "nobody", "adult"),
    )
    assert given == ["deny", "notice", "allow", "allow", "deny", "notice", "allow"]


@pytest.mark.usefixtures("adult", "teen")
def test_what_is_shown_to_whom(chatter: NewKey, now: datetime) -> None:
    denied, noticed, allowed = ask(
        chatter, now, ("message", "adult", "teen"), ("comment", "adult", "teen"), ("search", "adult", "teen")
    )
    assert denied.to_actor is not None
    assert denied.to_actor.text == "You can't message this account."
    assert denied.to_target is None
    assert noticed.to_actor is None
    assert noticed.to_target is not None
    assert (allowed.to_actor, allowed.to_target) == (None, None)


def test_a_connection_is_what_the_platform_says_else_what_events_said(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    question = ("message", "adult", "teen")
    assert words(chatter, now, question, connected=None) == ["deny"]
    take_events(platform_id=chatter.platform.pk, rows=[event(teen, adult, "connect")], now=now)
    assert words(chatter, now, question, connected=None) == ["allow"]
    assert words(chatter, now, question, connected=False) == ["deny"]
    assert words(chatter, now, ("message", "adult", "nobody"), connected=True) == ["allow"]


def test_a_verified_pair_is_let_through_and_nobody_else(
    chatter: NewKey, adult: Account, teen: Account, older_teen: Account, now: datetime
) -> None:
    make_pair(teen, adult)
    make_standing(adult, 2, now=now)
    assert words(chatter, now, ("message", "adult", "teen"), ("message", "adult", "older-teen")) == [
        "allow",
        "deny",
    ]
    assert words(chatter, now, ("recommend", "teen", "adult"), ("recommend", "older-teen", "adult")) == [
        "allow",
        "deny",
    ]
    assert older_teen.pk


@pytest.mark.usefixtures("teen")
def test_a_minor_is_never_limited(chatter: NewKey, older_teen: Account, now: datetime) -> None:
    make_standing(older_teen, 2, now=now)
    assert words(chatter, now, ("comment", "older-teen", "teen")) == ["notice"]


@pytest.mark.usefixtures("older_teen")
def test_under_friction_three_minors_a_day(chatter: NewKey, adult: Account, now: datetime) -> None:
    make_standing(adult, 1, now=now)
    others = [make_account(chatter.platform, "16_17").external_id for _ in range(3)]
    first = ("message", "adult", "older-teen")
    assert words(chatter, now, first, ("follow", "adult", "older-teen"), first) == ["friction"] * 3
    batch = [("message", "adult", other) for other in others]
    assert words(chatter, now, *batch) == ["friction", "friction", "deny"]
    # Whom he reached already today he may go on with; tomorrow is another day.
    assert words(chatter, now, first, batch[2]) == ["friction", "deny"]
    assert words(chatter, now + timedelta(days=1), batch[2]) == ["friction"]
    # Whom nobody told of can't be counted.
    assert words(chatter, now + timedelta(days=1), ("comment", "adult", "nobody")) == ["deny"]


def test_answers_other_than_allow_are_kept(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    make_standing(adult, 2, now=now, version=7)
    denied, allowed = ask(chatter, now, ("comment", "adult", "teen"), ("comment", "teen", "adult"))
    kept = Answer.objects.get()
    assert str(kept.pk) == denied.decision_id
    assert (kept.platform, kept.actor, kept.target) == (chatter.platform, adult, teen)
    assert (kept.action, kept.decision, kept.cause) == ("comment", "deny", "restricted")
    assert (kept.standing_version, kept.rule_version, kept.at) == (7, "test", now)
    assert allowed.decision_id.startswith("a.7.")


@pytest.mark.usefixtures("adult", "teen")
def test_an_allow_is_not_kept_but_its_id_can_be_believed(chatter: NewKey, now: datetime) -> None:
    (allowed,) = ask(chatter, now, ("search", "adult", "teen"))
    assert not Answer.objects.exists()
    question: dict[str, Any] = {
        "platform_id": chatter.platform.pk,
        "action": "search",
        "actor": "adult",
        "target": "teen",
    }
    assert is_ours(allowed.decision_id, **question)
    for over in ({"platform_id": 0}, {"action": "message"}, {"actor": "teen"}, {"target": "adult"}):
        assert not is_ours(allowed.decision_id, **question | over)
    kind, version, at, signature = allowed.decision_id.split(".")
    for forged in (
        "",
        "a.1",
        f"{kind}.{version}1.{at}.{signature}",
        f"{kind}.{version}.{at}0.{signature}",
        f"a.0.{'9' * 30}.x",
    ):
        assert not is_ours(forged, **question)


@pytest.mark.parametrize("action", sorted(REACHING))
@pytest.mark.parametrize("level", range(4))
def test_whoever_tries_to_reach_a_teen_she_is_nudged_delivered_or_not(
    chatter: NewKey, adult: Account, teen: Account, now: datetime, action: str, level: int
) -> None:
    make_standing(adult, level, now=now)
    ask(chatter, now, (action, "adult", "teen"))
    assert list(Nudge.objects.values_list("account", "kind")) == [(teen.pk, "stranger")]


def test_nobody_is_nudged_for_being_shown_or_by_those_she_knows(
    chatter: NewKey, adult: Account, teen: Account, now: datetime
) -> None:
    showing = sorted(set(ACTIONS) - REACHING)
    ask(chatter, now, *((action, "adult", "teen") for action in showing), ("message", "teen", "adult"))
    ask(chatter, now, ("message", "adult", "teen"), connected=True)
    make_pair(teen, adult)
    ask(chatter, now, ("message", "adult", "teen"))
    assert not Nudge.objects.exists()


@pytest.mark.usefixtures("teen")
def test_each_platform_asks_about_its_own(adult: Account, now: datetime) -> None:
    make_standing(adult, 2, now=now)
    elsewhere = make_platform("Elsewhere", scopes=("safety",))
    assert words(elsewhere, now, ("comment", "adult", "teen")) == ["notice"]  # Strangers to us, there.
    assert Answer.objects.get().actor is None


@pytest.mark.usefixtures("teen")
def test_what_was_committed_is_in_the_answer(chatter: NewKey, adult: Account, now: datetime) -> None:
    """No worker has run: the decision itself reads what is unread."""
    teens = [make_account(chatter.platform, "13_15", community=f"c{n}") for n in range(12)]
    rows = [event(adult, one) for one in teens] + [
        event(one, adult, "report", occurred_at="2026-11-23T09:10:00Z") for one in teens
    ]
    assert words(chatter, now, ("comment", "adult", "teen")) == ["notice"]
    assert take_events(platform_id=chatter.platform.pk, rows=rows, now=now).accepted == 24
    assert words(chatter, now, ("comment", "adult", "teen")) == ["deny"]
    assert Standing.objects.get().level == 2


@pytest.mark.usefixtures("teen")
def test_a_level_that_time_ended_is_not_answered_from(chatter: NewKey, adult: Account, now: datetime) -> None:
    make_standing(adult, 2, now=now - timedelta(days=40), stands_until=now)
    assert words(chatter, now, ("comment", "adult", "teen")) == ["notice"]
    standing = Standing.objects.get()
    assert (standing.level, standing.version) == (0, 2)


def test_a_thousand_questions_take_as_many_queries_as_ten(
    chatter: NewKey, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    adults = [make_account(chatter.platform, "21_plus") for _ in range(40)]
    teens = [make_account(chatter.platform, "16_17") for _ in range(25)]
    for place, one in enumerate(adults):
        make_standing(one, place % 3, now=now)
    every = [("message", one.external_id, other.external_id) for one in adults for other in teens]
    counts = []
    for questions in (every[::100], every):
        with CaptureQueriesContext(connection) as caught:
            assert len(words(chatter, now, *questions, connected=None)) == len(questions)
        # SQLite takes few values a statement, so there what is written is counted apart.
        counts.append(sum(not one["sql"].startswith("INSERT") for one in caught.captured_queries))
        Nudge.objects.all().delete()
    assert counts[0] == counts[1] <= 9
    with django_assert_num_queries(2):
        ask(chatter, now, every[0], connected=True)
