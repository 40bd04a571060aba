from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import AgreementOver, NothingToRotate, UnknownPlatform
from platforms.management.arguments import day, hours
from platforms.management.printing import print_new_key
from platforms.models import PlatformKey
from platforms.services import rotate_key


class Command(BaseCommand):
    help = "Print a new key for a platform. Its old keys end after the overlap."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--overlap-hours", type=hours, default=timedelta(hours=24), dest="overlap")
        parser.add_argument(
            "--expires-on",
            type=day,
            help="The last day of a new agreement, needed where the old one is over.",
        )
        parser.add_argument(
            "--scope",
            action="append",
            choices=PlatformKey.Scope.values,
            default=[],
            dest="more",
            help="What the new key may do besides; give it again for each scope.",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self,
        *,
        slug: str,
        overlap: timedelta,
        expires_on: date | None,
        more: list[str],
        as_json: bool,
        **_options: Any,
    ) -> None:
        try:
            new = rotate_key(slug=slug, overlap=overlap, expires_on=expires_on, more=more, now=timezone.now())
        except UnknownPlatform:
            raise CommandError(f"No platform is called {slug}. manage.py platform_list names them.") from None
        except AgreementOver as over:
            raise CommandError(
                f"The agreement with {slug} ended{over}, so a key would open nothing. "
                f"With a new one: manage.py platform_rotate {slug} --expires-on 2027-11-01"
            ) from None
        except NothingToRotate:
            raise CommandError(f"{slug} never had a key whose scopes a new one could take over.") from None
        print_new_key(self.stdout, new, as_json=as_json)
