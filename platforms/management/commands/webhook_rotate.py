from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import UnknownEndpoint
from platforms.management.arguments import hours
from platforms.management.printing import print_new_secret
from platforms.services import rotate_secret


class Command(BaseCommand):
    help = "Print a new secret for a webhook. Everything is signed with both until the overlap ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, metavar="ID")
        parser.add_argument("--overlap-hours", type=hours, default=timedelta(hours=24), dest="overlap")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, id: int, overlap: timedelta, as_json: bool, **_options: Any) -> None:  # noqa: A002
        try:
            new = rotate_secret(endpoint_id=id, overlap=overlap, now=timezone.now())
        except UnknownEndpoint:
            raise CommandError(f"There is no webhook {id}. manage.py webhook_list names them.") from None
        print_new_secret(self.stdout, new, as_json=as_json)
