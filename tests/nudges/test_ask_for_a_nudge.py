"""Asking for a nudge: cheap, once while one waits, late where the hour could tell something, and blind to who tried."""

from __future__ import annotations

import inspect
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import Account
from nudges.models import Nudge
from nudges.services import banner, nudge, nudge_many
from tests.nudges.makers import make_teen, the_nudge

pytestmark = pytest.mark.django_db


@pytest.fixture
def girl() -> Account:
    return make_teen()


@pytest.mark.parametrize("kind", Nudge.Kind.values)
def test_a_nudge_waits(girl: Account, now: datetime, kind: str) -> None:
    nudge(account_id=girl.pk, kind=kind, now=now)
    waiting = the_nudge(girl)
    assert (waiting.kind, waiting.state, waiting.settings) == (kind, Nudge.State.WAITING, [])


@pytest.mark.parametrize("kind", ["stranger", "below", "feature"])
def test_it_waits_between_one_and_twelve_hours_and_never_the_same(now: datetime, kind: str) -> None:
    teens = [make_teen().pk for _ in range(20)]
    nudge_many(account_ids=teens, kind=kind, now=now)
    delays = {one.due_at - now for one in Nudge.objects.all()}
    assert len(delays) == 20
    assert min(delays) >= timedelta(hours=1)
    assert max(delays) <= timedelta(hours=12)


@pytest.mark.parametrize("kind", ["after_block", "after_report"])
def test_what_she_did_herself_is_answered_at_once(girl: Account, now: datetime, kind: str) -> None:
    nudge(account_id=girl.pk, kind=kind, now=now)
    assert the_nudge(girl).due_at == now


def test_in_the_demo_nothing_waits(girl: Account, now: datetime, settings: Settings) -> None:
    settings.NUDGE_DELAY_HOURS = 0
    nudge(account_id=girl.pk, kind="stranger", now=now)
    assert the_nudge(girl).due_at == now


def test_an_operator_may_shorten_the_wait(girl: Account, now: datetime, settings: Settings) -> None:
    settings.NUDGE_DELAY_HOURS = 1
    nudge(account_id=girl.pk, kind="stranger", now=now)
    assert the_nudge(girl).due_at == now + timedelta(hours=1)


def test_a_second_attempt_is_part_of_the_nudge_that_waits(girl: Account, now: datetime) -> None:
    nudge(account_id=girl.pk, kind="stranger", now=now)
    due_at = the_nudge(girl).due_at
    cache.clear()
    nudge(account_id=girl.pk, kind="stranger", now=now + timedelta(minutes=50))
    assert the_nudge(girl).due_at == due_at


def test_after_it_was_shown_an_attempt_asks_for_another(girl: Account, now: datetime) -> None:
    nudge(account_id=girl.pk, kind="stranger", now=now)
    Nudge.objects.update(state=Nudge.State.SHOWN, shown_at=now)
    cache.clear()
    nudge(account_id=girl.pk, kind="stranger", now=now + timedelta(hours=13))
    assert Nudge.objects.filter(state=Nudge.State.WAITING).count() == 1


def test_it_costs_one_write_and_a_repeat_costs_none(
    girl: Account, now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with CaptureQueriesContext(connection) as first, django_capture_on_commit_callbacks(execute=True):
        nudge(account_id=girl.pk, kind="stranger", now=now)
    with CaptureQueriesContext(connection) as second:
        nudge(account_id=girl.pk, kind="stranger", now=now)
    assert [query["sql"].split()[0] for query in first.captured_queries] == ["INSERT"]
    assert second.captured_queries == []


def test_a_thousand_cost_one_write(now: datetime) -> None:
    platform_id = make_teen().platform_id
    teens = [make_teen(platform_id=platform_id).pk for _ in range(30)]
    with CaptureQueriesContext(connection) as queries:
        nudge_many(account_ids=[*teens, *teens], kind="stranger", now=now)
    assert len(queries.captured_queries) == 1
    assert Nudge.objects.count() == 30


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_can_be_asked_for_again(now: datetime) -> None:
    girl = make_teen()
    with transaction.atomic():
        nudge(account_id=girl.pk, kind="stranger", now=now)
        transaction.set_rollback(True)
    nudge(account_id=girl.pk, kind="stranger", now=now)
    assert the_nudge(girl).state == Nudge.State.WAITING


def test_a_kind_that_nobody_knows_is_refused(girl: Account, now: datetime) -> None:
    with pytest.raises(ValueError, match="flagged"):
        nudge(account_id=girl.pk, kind="flagged", now=now)


def test_who_tried_can_not_be_told() -> None:
    """No argument takes an adult or a standing, so nothing that follows can depend on one."""
    assert set(inspect.signature(nudge).parameters) == {"account_id", "kind", "now"}
    assert set(inspect.signature(nudge_many).parameters) == {"account_ids", "kind", "now"}
    assert set(inspect.signature(banner).parameters) == {"locale"}
    assert {field.name for field in Nudge._meta.get_fields() if field.is_relation} == {"account", "pushes"}


@pytest.mark.parametrize("locale", ["en", "en_GB", "EN-us", "", "xx", "??", "tlh-Latn-x-long-one"])
def test_the_banner_has_words_in_any_language(locale: str) -> None:
    said = banner(locale=locale)
    assert said.key == "banner.stranger"
    assert "You don't have to reply." in said.text
