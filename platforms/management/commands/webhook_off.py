from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import UnknownEndpoint
from platforms.services import switch_off, switch_on


class Command(BaseCommand):
    help = "Send nothing more to a webhook, or with --undo send again from now on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument("--undo", action="store_true")

    def handle(self, *, id: int, undo: bool, **_options: Any) -> None:  # noqa: A002
        change = switch_on if undo else switch_off
        try:
            change(endpoint_id=id, by=None, now=timezone.now())
        except UnknownEndpoint:
            raise CommandError(f"There is no webhook {id}. manage.py webhook_list names them.") from None
        self.stdout.write(f"Webhook {id} is {'on' if undo else 'off'}.")
        if undo:
            self.stdout.write(f"What it missed: manage.py webhook_replay {id} --since 2026-11-01T00:00")
