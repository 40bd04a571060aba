"""What happened and that it is to be told are written together."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from platforms.models import Membership, WebhookDelivery, WebhookMessage
from platforms.services import NewKey, add_member, announce, end_platform, enqueue, membership_of
from tests.makers import make_platform, make_user
from tests.platforms.makers import make_endpoint

pytestmark = pytest.mark.django_db


def told(platform: NewKey, now: datetime, event: str = "settings.changed", **payload: object) -> None:
    enqueue(platform_id=platform.platform.pk, event=event, payload=payload, now=now)


def test_a_message_waits_for_each_endpoint_that_wants_it(platform: NewKey, now: datetime) -> None:
    wants_all = make_endpoint(platform.platform, now=now)
    wants_it = make_endpoint(platform.platform, now=now, events=["settings.changed"])
    make_endpoint(platform.platform, now=now, events=["nudge.created"])
    told(platform, now, external_id="a-1")
    message = WebhookMessage.objects.get()
    assert json.loads(message.body) == {
        "type": "settings.changed",
        "timestamp": "2026-11-23T09:30:17+00:00",
        "data": {"external_id": "a-1"},
    }
    waiting = WebhookDelivery.objects.filter(state="waiting", next_try_at=now)
    assert {one.endpoint_id for one in waiting} == {wants_all.pk, wants_it.pk}


def test_without_an_endpoint_nothing_is_written(
    platform: NewKey, outsider_platform: NewKey, now: datetime
) -> None:
    make_endpoint(outsider_platform.platform, now=now)
    make_endpoint(platform.platform, now=now, off="by_platform")
    told(platform, now)
    assert not WebhookMessage.objects.exists()


def test_a_platform_that_takes_part_no_more_is_told_nothing(platform: NewKey, now: datetime) -> None:
    make_endpoint(platform.platform, now=now)
    end_platform(slug="loopfeed")
    told(platform, now)
    assert not WebhookMessage.objects.exists()


def test_an_endpoint_that_failed_keeps_what_it_missed(platform: NewKey, now: datetime) -> None:
    make_endpoint(platform.platform, now=now, off="failing")
    told(platform, now)
    assert WebhookDelivery.objects.get().state == "given_up"


def test_what_is_taken_back_is_not_told(platform: NewKey, now: datetime) -> None:
    make_endpoint(platform.platform, now=now)

    with transaction.atomic():
        told(platform, now)
        transaction.set_rollback(True)
    assert not WebhookMessage.objects.exists()


def test_all_who_read_the_list_are_told_once_while_it_waits(
    platform: NewKey, outsider_platform: NewKey, now: datetime
) -> None:
    make_endpoint(platform.platform, now=now)
    make_endpoint(outsider_platform.platform, now=now)
    for number in (3, 8):
        announce(scope="feed", event="list.changed", payload={"latest_number": number}, now=now)
    message = WebhookMessage.objects.get()
    assert message.platform == platform.platform
    assert json.loads(message.body)["data"] == {"latest_number": 8}


def test_what_was_sent_once_is_never_changed(platform: NewKey, now: datetime) -> None:
    make_endpoint(platform.platform, now=now)
    announce(scope="feed", event="list.changed", payload={"latest_number": 3}, now=now)
    WebhookDelivery.objects.update(tries=1)
    later = now + timedelta(seconds=9)
    announce(scope="feed", event="list.changed", payload={"latest_number": 8}, now=later)
    bodies = WebhookMessage.objects.order_by("made_at").values_list("body", flat=True)
    assert [json.loads(body)["data"]["latest_number"] for body in bodies] == [3, 8]


def test_a_reviewer_belongs_to_one_platform_or_to_the_operator(platform: NewKey) -> None:
    reviewer, other = make_user("rosa", role="safety_reviewer"), make_platform("Other")
    assert membership_of(user_id=reviewer.pk) is None
    for one in (platform, other):
        add_member(user=reviewer, platform_id=one.platform.pk)
        assert membership_of(user_id=reviewer.pk) == one.platform.pk
    assert Membership.objects.count() == 1
