from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from pytest_django import Settings

from hashes import tasks
from hashes.models import FeedChange, FeedCounter
from hashes.services import publish, withdraw_pictures
from platforms.models import WebhookMessage
from platforms.services import NewKey, add_endpoint
from tests.makers import make_picture

pytestmark = pytest.mark.django_db


def test_every_waiting_line_gets_a_number_once(now: datetime) -> None:
    make_picture()
    make_picture()
    assert publish(now=now) == 8
    assert publish(now=now) == 0
    assert list(FeedChange.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 9))
    assert FeedCounter.objects.get().last_number == 8


def test_a_batch_takes_the_oldest_lines_and_the_task_takes_all(settings: Settings, now: datetime) -> None:
    settings.PUBLISH_BATCH = 3
    make_picture()
    make_picture()
    assert publish(now=now) == 3
    first = FeedChange.objects.filter(number__isnull=False).values_list("id", flat=True)
    assert set(first) == set(FeedChange.objects.order_by("id").values_list("id", flat=True)[:3])

    assert tasks.publish_feed.name == "hashes.tasks.publish_feed"
    tasks.publish_feed()
    assert not FeedChange.objects.filter(number=None).exists()


def test_neighbouring_numbers_do_not_say_what_came_together(now: datetime) -> None:
    pictures = [make_picture() for _ in range(30)]
    publish(now=now)
    in_order = list(FeedChange.objects.order_by("number").values_list("entry__picture", flat=True))
    neighbours = sum(one == other for one, other in pairwise(in_order))
    # As they were written, 90 of 119 neighbours belong together; by chance about 3 do.
    assert neighbours < 30
    assert set(in_order) == set(pictures)


def test_an_entrys_own_lines_keep_their_order(now: datetime) -> None:
    pictures = [make_picture() for _ in range(10)]
    withdraw_pictures(picture_ids=pictures)
    publish(now=now)
    for picture in pictures:
        lines = FeedChange.objects.filter(entry__picture=picture).order_by("entry", "number")
        assert list(lines.values_list("change", flat=True)) == ["added", "withdrawn"] * 4


def test_the_stamp_is_rounded_up_and_never_goes_back(settings: Settings, now: datetime) -> None:
    settings.FEED_STAMP_SECONDS = 300
    make_picture()
    publish(now=now)
    assert set(FeedChange.objects.values_list("stamped_at", flat=True)) == {
        datetime(2026, 11, 23, 9, 35, tzinfo=UTC)
    }

    make_picture()
    publish(now=now - timedelta(hours=1))  # A worker whose clock is slow.
    assert set(FeedChange.objects.values_list("stamped_at", flat=True)) == {
        datetime(2026, 11, 23, 9, 35, tzinfo=UTC)
    }


def test_platforms_are_told_once_that_the_list_changed(platform: NewKey, now: datetime) -> None:
    add_endpoint(slug=platform.platform.slug, url="https://platform.example/hook", now=now)
    for _time in range(2):
        make_picture()
        publish(now=now)
    message = WebhookMessage.objects.get()
    latest = FeedChange.objects.latest("number").number
    assert json.loads(message.body)["data"] == {"latest_number": latest}
