"""At the desk: what platforms are told, and mending it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from platforms.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from platforms.services import NewKey, add_platform, enqueue, tell_contacts
from platforms.services.endpoints import turn_off
from staff.services import AuditRow, User
from tests.makers import make_user, signed_in
from tests.platforms.makers import make_endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra(db: None) -> User:  # noqa: ARG001 - She stands in the database.
    return make_user("petra", role="platform_manager")


@pytest.fixture
def desk(client: Client, petra: User) -> Client:
    return signed_in(client, petra)


@pytest.fixture
def endpoint(platform: NewKey, now: datetime) -> WebhookEndpoint:
    return make_endpoint(platform.platform, now=now)


def tell(endpoint: WebhookEndpoint, now: datetime, count: int = 1) -> None:
    for number in range(count):
        enqueue(
            platform_id=endpoint.platform_id, event="settings.changed", payload={"number": number}, now=now
        )


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_endpoint_shows_what_waits_and_when_it_last_worked(
    desk: Client, endpoint: WebhookEndpoint, now: datetime
) -> None:
    tell(endpoint, now, count=3)
    first = WebhookDelivery.objects.earliest("pk")
    WebhookAttempt.objects.create(delivery=first, begun_at=now, ended_at=now, status=204)
    WebhookDelivery.objects.filter(pk=first.pk).update(state="delivered")
    shown = text_of(desk, reverse("platforms:webhooks"))
    assert "https://platform.example/hook" in shown
    assert '<td class="number">2</td>' in shown
    assert "23 Nov 2026 09:30" in shown


def test_one_that_failed_is_told_loudly_with_whom_to_call(desk: Client, now: datetime) -> None:
    quiet = add_platform(name="Quietboard", scopes=(), contact="ts@quiet.example")
    failed = make_endpoint(quiet.platform, now=now)
    turn_off(endpoint_id=failed.pk, why=WebhookEndpoint.Off.FAILING, now=now)
    shown = text_of(desk, reverse("platforms:webhooks"))
    assert 'role="alert"' in shown
    assert "Tell ts@quiet.example." in shown


def test_the_contact_is_written_to_once(desk: Client, settings: Settings, now: datetime) -> None:
    settings.EMAIL_URL, settings.MAIL_FROM = "smtp://localhost", "reclaim@example.org"
    for name, contact in (("Quietboard", "ts@quiet.example"), ("Other", "ask at the gate")):
        added = add_platform(name=name, scopes=(), contact=contact)
        failed = make_endpoint(added.platform, now=now)
        turn_off(endpoint_id=failed.pk, why=WebhookEndpoint.Off.GONE, now=now)
    assert [tell_contacts(now=now), tell_contacts(now=now)] == [1, 0]
    assert [one.to for one in mail.outbox] == [["ts@quiet.example"]]
    assert "https://platform.example/hook" in mail.outbox[0].body
    shown = text_of(desk, reverse("platforms:webhooks"))
    assert "ts@quiet.example was told by e-mail." in shown
    assert "Tell ask at the gate." in shown


def test_without_mail_nobody_is_written_to(endpoint: WebhookEndpoint, now: datetime) -> None:
    turn_off(endpoint_id=endpoint.pk, why=WebhookEndpoint.Off.GONE, now=now)
    assert tell_contacts(now=now) == 0
    assert mail.outbox == []


def test_the_log_is_paged_and_costs_the_same(
    desk: Client,
    endpoint: WebhookEndpoint,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tell(endpoint, now, count=60)
    path = reverse("platforms:webhook", args=[endpoint.pk])
    for page, count in ((path, 50), (f"{path}?before={WebhookDelivery.objects.earliest('pk').pk + 10}", 10)):
        with django_assert_num_queries(8):
            shown = text_of(desk, page)
        assert shown.count("msg_") == count


def test_the_log_can_be_narrowed(desk: Client, endpoint: WebhookEndpoint, now: datetime) -> None:
    tell(endpoint, now, count=2)
    WebhookDelivery.objects.filter(pk=WebhookDelivery.objects.earliest("pk").pk).update(state="delivered")
    path = reverse("platforms:webhook", args=[endpoint.pk])
    assert text_of(desk, f"{path}?state=delivered").count("<code>settings.changed</code>") == 1
    assert "Nothing fits." in text_of(desk, f"{path}?event=nudge.created")
    assert text_of(desk, f"{path}?state=nonsense").count("<code>settings.changed</code>") == 2


def test_one_is_sent_again_once(desk: Client, endpoint: WebhookEndpoint, now: datetime) -> None:
    tell(endpoint, now)
    WebhookDelivery.objects.update(state="delivered", tries=3)
    path = reverse("platforms:webhook_replay", args=[WebhookDelivery.objects.get().pk])
    for said in ("It is sent again, under the same id.", "It waits to be sent already."):
        assert said in desk.post(path, follow=True).content.decode()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.tries) == ("waiting", 0)
    assert AuditRow.objects.filter(act="webhook.replay").count() == 1


def test_switched_on_again_it_is_sent_what_it_missed(
    desk: Client, endpoint: WebhookEndpoint, now: datetime
) -> None:
    turn_off(endpoint_id=endpoint.pk, why=WebhookEndpoint.Off.FAILING, now=now)
    tell(endpoint, now - timedelta(days=1))
    tell(endpoint, now)
    since = {"since": "2026-11-23T09:00"}
    replay = reverse("platforms:webhook_replay_since", args=[endpoint.pk])
    assert "Switch it on first" in desk.post(replay, since, follow=True).content.decode()
    on = reverse("platforms:webhook_on", args=[endpoint.pk])
    for said in ("On again.", "It was on already."):
        assert said in desk.post(on, follow=True).content.decode()
    assert "1 message is sent again." in desk.post(replay, since, follow=True).content.decode()
    assert desk.post(replay, {"since": "yesterday"}).status_code == 400
    assert [one.act for one in AuditRow.objects.order_by("position")] == [
        "webhook.failed",
        "webhook.on",
        "webhook.replay_since",
    ]


def test_switched_off_it_is_told_nothing(desk: Client, endpoint: WebhookEndpoint, now: datetime) -> None:
    desk.post(reverse("platforms:webhook_off", args=[endpoint.pk]))
    tell(endpoint, now)
    assert not WebhookDelivery.objects.exists()


def test_due_messages_that_nobody_sends_raise_an_alarm(
    desk: Client, endpoint: WebhookEndpoint, now: datetime
) -> None:
    tell(endpoint, now)
    WebhookDelivery.objects.update(next_try_at=datetime(2020, 1, 1, tzinfo=now.tzinfo))
    assert "Look whether a worker runs." in text_of(desk, reverse("platforms:webhooks"))


def test_triage_does_not_see_them(client: Client, triager: User, endpoint: WebhookEndpoint) -> None:
    signed_in(client, triager)
    assert client.get(reverse("platforms:webhook", args=[endpoint.pk])).status_code == 403
    assert client.post(reverse("platforms:webhook_off", args=[endpoint.pk])).status_code == 403
    assert WebhookEndpoint.objects.get().off == ""


def test_there_is_no_page_of_what_there_is_not(desk: Client) -> None:
    assert desk.get(reverse("platforms:webhook", args=[77])).status_code == 404
    assert desk.post(reverse("platforms:webhook_replay", args=[77])).status_code == 404
