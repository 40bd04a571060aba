"""The worker is killed while a try is on its way: the try left a trace, and is made again."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable

import pytest

from tests.platforms.receiver import receiver
from tests.servers import Portal, portal

pytestmark = [pytest.mark.real_servers, pytest.mark.timeout(600)]

TELL = """
from django.utils import timezone
from platforms.models import Platform
from platforms.services import enqueue
enqueue(platform_id=Platform.objects.get(slug="killed").pk, event="settings.changed", payload={}, now=timezone.now())
"""
LOOK = """
import json
from platforms.models import WebhookAttempt
print(json.dumps([[one.status, one.ended_at is None] for one in WebhookAttempt.objects.order_by("pk")]))
"""
# What the next minute would bring.
DUE = """
from django.utils import timezone
from platforms.models import WebhookDelivery
WebhookDelivery.objects.update(next_try_at=timezone.now())
"""


def attempts(running: Portal) -> list[list[object]]:
    printed = running.manage("shell", "-c", LOOK).strip().splitlines()[-1]
    return [list(row) for row in json.loads(printed)]


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_try_that_a_kill_ended_left_a_trace_and_is_made_again() -> None:
    with receiver() as server, portal() as running:
        server.is_open.clear()
        running.manage("platform_add", "Killed", "--scope", "safety", "--json")
        running.manage("webhook_add", "killed", server.url, "--json")
        running.manage("shell", "-c", TELL)
        assert server.asked.wait(60)
        worker = running.processes["worker"]
        os.kill(worker, signal.SIGKILL)
        server.is_open.set()
        assert attempts(running) == [[None, True]]
        until(lambda: running.processes["worker"] != worker)
        running.manage("shell", "-c", DUE)
        until(lambda: len(server.heard) == 2)
        until(lambda: attempts(running)[1:] == [[204, False]])
        assert len(set(server.ids)) == 1
