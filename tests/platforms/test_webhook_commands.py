from __future__ import annotations

import json
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from platforms.models import WebhookDelivery, WebhookEndpoint
from platforms.services import NewKey, enqueue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("platform")]
HOOK = "https://platform.example/hook"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def listed() -> dict[str, object]:
    (row,) = json.loads(run("webhook_list", "--json"))
    return dict(row)


def test_a_webhook_is_added_with_a_secret_that_is_shown_once() -> None:
    printed = json.loads(run("webhook_add", "loopfeed", HOOK, "--event", "list.changed", "--json"))
    assert printed["secret"].startswith("whsec_")
    assert WebhookEndpoint.objects.get(pk=printed["webhook"]).events == ["list.changed"]
    assert listed()["state"] == "on"
    assert "shown this once" in run("webhook_add", "loopfeed", HOOK)


def test_a_new_secret_is_another() -> None:
    first = json.loads(run("webhook_add", "loopfeed", HOOK, "--json"))
    second = json.loads(run("webhook_rotate", str(first["webhook"]), "--json"))
    assert second["secret"] != first["secret"]


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.example/hook",
        "ftp://platform.example/hook",
        "https:///hook",
        "https://name:word@platform.example/",
        "https://platform.example/#part",
        "https://plätform.example/",
        "https://platform.example:99999/",
        "https://platform.example/a b",
        "hook",
    ],
)
def test_an_address_that_can_not_be_called_is_refused(url: str) -> None:
    with pytest.raises(CommandError, match="can't be called"):
        run("webhook_add", "loopfeed", url)
    assert not WebhookEndpoint.objects.exists()


def test_the_operator_can_let_a_host_of_their_own_be_called(settings: Settings) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = ["chat.internal"]
    run("webhook_add", "loopfeed", "http://chat.internal:8080/hook")
    assert WebhookEndpoint.objects.exists()


def test_off_and_on_again_and_what_it_missed(platform: NewKey, now: datetime) -> None:
    number = str(json.loads(run("webhook_add", "loopfeed", HOOK, "--json"))["webhook"])
    enqueue(platform_id=platform.platform.pk, event="list.changed", payload={}, now=now)
    run("webhook_off", number)
    assert listed() == {**listed(), "state": "by_platform", "given_up": 1}
    with pytest.raises(CommandError, match="is off"):
        run("webhook_replay", number, "--since", "2026-11-01T00:00")
    run("webhook_off", number, "--undo")
    assert "1 message" in run("webhook_replay", number, "--since", "2026-11-01T00:00")
    assert WebhookDelivery.objects.get().state == "waiting"


def test_what_does_not_exist_is_told() -> None:
    with pytest.raises(CommandError, match="platform_list"):
        run("webhook_add", "nowhere", HOOK)
    for command in (
        ("webhook_rotate", "7"),
        ("webhook_off", "7"),
        ("webhook_replay", "7", "--since", "2026-11-01"),
    ):
        with pytest.raises(CommandError, match="webhook_list"):
            run(*command)
