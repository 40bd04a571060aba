from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import UnknownEndpoint
from platforms.management.arguments import moment
from platforms.models import WebhookEndpoint
from platforms.services import replay_since


class Command(BaseCommand):
    help = "Send again all that a webhook was to be told since a time, each under its old id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument("--since", type=moment, required=True, help="UTC, such as 2026-11-01T00:00")

    def handle(self, *, id: int, since: datetime, **_options: Any) -> None:  # noqa: A002
        try:
            count = replay_since(endpoint_id=id, since=since, by=None, now=timezone.now())
        except UnknownEndpoint:
            raise CommandError(f"There is no webhook {id}. manage.py webhook_list names them.") from None
        if WebhookEndpoint.objects.exclude(off="").filter(pk=id).exists():
            raise CommandError(f"Webhook {id} is off. First: manage.py webhook_off {id} --undo")
        self.stdout.write(f"{count} messages are sent again.")
