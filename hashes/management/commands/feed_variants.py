from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hashes.services import choose_variants
from platforms.services import participating


class Command(BaseCommand):
    help = "Choose whether a platform's list holds altered forms of each picture too, or originals only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="PLATFORM")
        parser.add_argument("wanted", choices=("all", "originals"))

    def handle(self, *, slug: str, wanted: str, **_options: Any) -> None:
        found = [one for one in participating(on=timezone.now().date()) if one.slug == slug]
        if not found:
            raise CommandError(f"No platform {slug} takes part; manage.py platform_list names them.")
        choose_variants(platform_id=found[0].pk, wanted=wanted == "all")
        # What a reader holds already stays with it until it reads the list anew.
        self.stdout.write(f"{slug} reads {wanted} from its next first sync on.")
