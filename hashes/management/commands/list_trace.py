from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hashes.services import trace


class Command(BaseCommand):
    help = "Look through a leaked list for canaries, and say whose list it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="Any text: JSON, XML, CSV, one hash a line."
        )

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                traced = trace(lines)
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}") from None
        for one in traced:
            self.stdout.write(f"{one.platform}: {one.found} of its {one.of} canaries")
        if not traced:
            self.stdout.write("No canary of any platform. A list that was shortened may have lost them.")
