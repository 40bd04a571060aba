"""What is told arrives, at least once, signed; what can't be told ends after a day."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks.webhooks import Webhook

from platforms.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from platforms.posting import Outcome
from platforms.retrying import wait_after
from platforms.services import (
    NewKey,
    NewSecret,
    add_endpoint,
    claim,
    enqueue,
    replay,
    replay_since,
    rotate_secret,
    send_due,
    settle,
    switch_on,
)
from staff.services import verify_chain
from tests.platforms.receiver import Receiver, receiver

pytestmark = [pytest.mark.django_db, pytest.mark.real_servers, pytest.mark.usefixtures("hook")]


@pytest.fixture
def server(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    with receiver() as running:
        yield running


@pytest.fixture
def hook(server: Receiver, platform: NewKey, now: datetime) -> NewSecret:
    return add_endpoint(slug=platform.platform.slug, url=server.url, now=now)


class _Opener(threading.Thread):
    """Lets the slow one answer once the quick one has heard all of its own."""

    def __init__(self, slow: Receiver, quick: Receiver) -> None:
        super().__init__(daemon=True)
        self.slow, self.quick, self.heard_before = slow, quick, 0

    def run(self) -> None:
        self.slow.asked.wait(30)
        while len(self.quick.heard) < 3:
            self.quick.asked.wait(30)
        self.heard_before = len(self.quick.heard)
        self.slow.is_open.set()


class Hours:
    """A clock that the test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Hours:
    return Hours(now)


def tell(platform: NewKey, now: datetime, **payload: object) -> None:
    enqueue(platform_id=platform.platform.pk, event="settings.changed", payload=payload, now=now)


def signature(secret: str, headers: dict[str, str], body: str) -> str:
    """By the standard's text, with nothing of the library that signs."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    return "v1," + base64.b64encode(hmac.new(key, told.encode(), hashlib.sha256).digest()).decode()


def test_it_arrives_signed_as_the_standard_says(
    platform: NewKey, server: Receiver, hook: NewSecret, clock: Hours
) -> None:
    clock.now = timezone.now()
    tell(platform, clock.now, external_id="ä-1")
    assert send_due(clock=clock) == 1
    heard = server.heard[0]
    assert json.loads(heard.body)["data"] == {"external_id": "ä-1"}
    assert heard.headers["webhook-signature"] == signature(hook.secret, heard.headers, heard.body)
    assert Webhook(hook.secret).verify(heard.body, heard.headers)["type"] == "settings.changed"
    assert WebhookDelivery.objects.get().state == "delivered"
    assert WebhookAttempt.objects.get().status == 204
    assert send_due(clock=clock) == 0


def test_while_a_secret_is_replaced_both_sign(
    platform: NewKey, server: Receiver, hook: NewSecret, clock: Hours
) -> None:
    fresh = rotate_secret(endpoint_id=hook.endpoint.pk, overlap=timedelta(hours=1), now=clock.now)
    tell(platform, clock.now)
    send_due(clock=clock)
    clock.now += timedelta(hours=1)
    tell(platform, clock.now)
    send_due(clock=clock)
    during, after = (set(one.headers["webhook-signature"].split()) for one in server.heard)
    expected = [
        [signature(one, heard.headers, heard.body) for one in (fresh.secret, hook.secret)]
        for heard in server.heard
    ]
    assert during == set(expected[0])
    assert after == {expected[1][0]}


def test_secrets_are_kept_encrypted(hook: NewSecret) -> None:
    kept = WebhookEndpoint.objects.get().secret
    assert hook.secret not in kept
    assert hook.secret.removeprefix("whsec_") not in kept


def test_what_happened_first_is_told_first(platform: NewKey, server: Receiver, clock: Hours) -> None:
    for number in range(5):
        tell(platform, clock.now, number=number)
    assert send_due(clock=clock) == 5
    assert [json.loads(one.body)["data"]["number"] for one in server.heard] == [0, 1, 2, 3, 4]


def test_what_failed_is_told_again_under_the_same_id_with_the_same_body(
    platform: NewKey, server: Receiver, clock: Hours
) -> None:
    server.answers = [500, 302]
    tell(platform, clock.now)
    for wait in (timedelta(), timedelta(seconds=6), timedelta(minutes=6)):
        clock.now += wait
        send_due(clock=clock)
    assert len(server.heard) == 3
    assert len({one.body for one in server.heard}) == len(set(server.ids)) == 1
    assert len({one.headers["webhook-timestamp"] for one in server.heard}) == 3
    statuses = WebhookAttempt.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [500, 302, 204]


def test_the_waits_add_up_to_a_day_and_grow() -> None:
    for chance in (0.0, 1.0):
        waits = [wait_after(tries, chance=chance) for tries in range(1, 8)]
        assert wait_after(8, chance=chance) is None
        told = [one for one in waits if one is not None]
        assert told == sorted(told)
        assert timedelta(hours=23) < sum(told, timedelta()) < timedelta(hours=27)


def fail_for_a_day(clock: Hours) -> None:
    for _try in range(12):
        send_due(clock=clock)
        clock.now += timedelta(hours=9)


def test_an_endpoint_that_fails_for_a_day_is_switched_off_and_misses_nothing(
    platform: NewKey, server: Receiver, clock: Hours, now: datetime
) -> None:
    server.answers = [503] * 100
    tell(platform, clock.now, number=1)
    fail_for_a_day(clock)
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.off == "failing"
    assert WebhookDelivery.objects.get().state == "given_up"
    tried = len(server.heard)
    assert tried == 8
    tell(platform, clock.now, number=2)
    assert send_due(clock=clock) == 0
    server.answers.clear()
    assert switch_on(endpoint_id=endpoint.pk, by=None, now=clock.now)
    assert replay_since(endpoint_id=endpoint.pk, since=now, by=None, now=clock.now) == 2
    send_due(clock=clock)
    assert [json.loads(one.body)["data"]["number"] for one in server.heard[tried:]] == [1, 2]
    assert verify_chain() is None


def test_one_message_that_it_can_not_take_does_not_switch_it_off(platform: NewKey, clock: Hours) -> None:
    tell(platform, clock.now, number="bad")
    tell(platform, clock.now, number="good")
    while WebhookDelivery.objects.filter(state="waiting").exists():
        for claimed in claim(limit=1, now=clock.now):
            status = 422 if "bad" in claimed.post.body else 204
            settle(claimed=claimed, outcome=Outcome(status=status), now=clock.now)
        clock.now += timedelta(minutes=1)
    states = WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["given_up", "delivered"]
    assert WebhookEndpoint.objects.get().off == ""


def test_one_that_says_that_it_is_gone_is_switched_off_at_once(
    platform: NewKey, server: Receiver, clock: Hours
) -> None:
    server.answers = [410]
    tell(platform, clock.now)
    tell(platform, clock.now)
    assert send_due(clock=clock) == 1
    assert WebhookEndpoint.objects.get().off == "gone"
    assert {one.state for one in WebhookDelivery.objects.all()} == {"given_up"}


def test_one_that_leads_inside_is_switched_off_without_a_call(
    platform: NewKey, server: Receiver, clock: Hours, settings: Settings
) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = []
    tell(platform, clock.now)
    send_due(clock=clock)
    assert server.heard == []
    assert WebhookEndpoint.objects.get().off == "forbidden"
    assert WebhookAttempt.objects.get().problem == "address_not_allowed"


def test_two_workers_do_not_make_the_same_try(platform: NewKey, now: datetime) -> None:
    tell(platform, now)
    assert len(claim(limit=5, now=now)) == 1
    assert claim(limit=5, now=now) == []


def test_a_try_whose_worker_died_left_a_trace_and_is_made_again(platform: NewKey, clock: Hours) -> None:
    tell(platform, clock.now)
    claim(limit=1, now=clock.now)  # Here the worker dies.
    assert WebhookAttempt.objects.get().ended_at is None
    assert send_due(clock=clock) == 0
    clock.now += timedelta(minutes=2)
    assert send_due(clock=clock) == 1
    assert WebhookDelivery.objects.get().state == "delivered"
    assert WebhookAttempt.objects.count() == 2


def test_a_slow_endpoint_holds_nobody_up(
    platform: NewKey, outsider_platform: NewKey, server: Receiver, clock: Hours
) -> None:
    server.is_open.clear()
    with receiver() as quick:
        add_endpoint(slug=outsider_platform.platform.slug, url=quick.url, now=clock.now)
        tell(platform, clock.now)
        for _one in range(3):
            tell(outsider_platform, clock.now)
        # The slow one is let go by what the quick one hears: if it held anybody up, neither would end.
        opener = _Opener(server, quick)
        opener.start()
        assert send_due(clock=clock) == 4
        opener.join()
        assert opener.heard_before == 3


def test_replayed_it_comes_again_under_its_id(platform: NewKey, server: Receiver, clock: Hours) -> None:
    tell(platform, clock.now)
    send_due(clock=clock)
    delivery = WebhookDelivery.objects.get()
    assert replay(delivery=delivery, by=None, now=clock.now)
    assert not replay(delivery=delivery, by=None, now=clock.now)
    send_due(clock=clock)
    assert len(server.ids) == 2
    assert len(set(server.ids)) == 1


def test_a_lost_key_switches_off_instead_of_signing_with_nothing(
    platform: NewKey, server: Receiver, clock: Hours, settings: Settings
) -> None:
    settings.SECRET_KEY = "another-" + "y" * 50
    tell(platform, clock.now)
    assert send_due(clock=clock) == 0
    assert server.heard == []
    assert WebhookEndpoint.objects.get().off == "failing"
    assert WebhookAttempt.objects.get().problem == "secret_lost"
