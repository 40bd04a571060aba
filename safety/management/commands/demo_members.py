from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from safety.demo import links, seed
from safety.playing import PortalRefused


class Command(BaseCommand):
    help = "Makes the demo's members and a month of what happened between them, where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--links", action="store_true", help="Print fresh links to members' pages instead."
        )

    def handle(self, *, links: bool, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO is off): invented members would stand among real ones.")
        folder = Path(settings.VAR_DIR) / "demo"
        try:
            self._print_links(folder) if links else self._seed(folder)
        except PortalRefused as reason:
            raise CommandError(str(reason)) from reason

    def _seed(self, folder: Path) -> None:
        for line in seed(folder=folder, now=timezone.now()):
            self.stdout.write(line)

    def _print_links(self, folder: Path) -> None:
        for who, url in links(folder=folder).items():
            self.stdout.write(f"{who:<10} {url}")
