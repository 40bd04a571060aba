from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import AddressRefused, UnknownPlatform
from platforms.management.printing import print_new_secret
from platforms.services import EVENTS, add_endpoint


class Command(BaseCommand):
    help = "Tell a platform at this address from now on. Prints its secret once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("url", metavar="URL")
        parser.add_argument(
            "--event",
            action="append",
            default=[],
            choices=EVENTS,
            dest="events",
            help="Only these; else all.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, slug: str, url: str, events: list[str], as_json: bool, **_options: Any) -> None:
        try:
            new = add_endpoint(slug=slug, url=url, events=events, now=timezone.now())
        except UnknownPlatform:
            raise CommandError(f"No platform is called {slug}. manage.py platform_list names them.") from None
        except AddressRefused as why:
            raise CommandError(f"{url} can't be called: {why}.") from None
        print_new_secret(self.stdout, new, as_json=as_json)
