from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platforms.errors import UnknownPlatform
from platforms.services import KEY_CACHE_SECONDS, end_platform


class Command(BaseCommand):
    help = "End a platform's part in it: reporters see it no more, and its keys are revoked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")

    def handle(self, *, slug: str, **_options: Any) -> None:
        try:
            revoked = end_platform(slug=slug)
        except UnknownPlatform:
            raise CommandError(f"No platform is called {slug}. manage.py platform_list names them.") from None
        self.stdout.write(f"{slug} takes part no more.")
        self.stdout.write(f"Keys revoked: {revoked}. Refused everywhere within {KEY_CACHE_SECONDS} seconds.")
        self.stdout.write(f"With a new agreement: manage.py platform_rotate {slug} --expires-on 2027-11-01")
