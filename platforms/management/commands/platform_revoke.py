from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platforms.errors import NoSuchKey, UnknownPlatform
from platforms.services import KEY_CACHE_SECONDS, revoke_keys


class Command(BaseCommand):
    help = "Revoke all keys of a platform, or the one with a certain prefix. It can't be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("--prefix", default="", help="The part of the key before its dot.")

    def handle(self, *, slug: str, prefix: str, **_options: Any) -> None:
        try:
            revoked = revoke_keys(slug=slug, prefix=prefix.partition(".")[0])
        except UnknownPlatform:
            raise CommandError(f"No platform is called {slug}. manage.py platform_list names them.") from None
        except NoSuchKey:
            raise CommandError(f"{slug} has no valid key that begins with {prefix}.") from None
        self.stdout.write(f"Keys revoked: {revoked}. Refused everywhere within {KEY_CACHE_SECONDS} seconds.")
