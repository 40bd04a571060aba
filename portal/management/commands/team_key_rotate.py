"""A new key pair for the team. Killed half-way, it goes on where it was: every case says which key sealed it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import cases.services
from portal.key_pair import add_pair


class Command(BaseCommand):
    help = "Makes a new team key pair and seals every case key anew. A rotation that was cut short is finished instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--finish", action="store_true", help="Make no pair; only seal what still waits.")

    def handle(self, *_args: Any, finish: bool, **_options: Any) -> None:
        if not finish and cases.services.sealed_for_another_key() == 0:
            self._make_pair()
        total, done = cases.services.sealed_for_another_key(), 0
        for sealed in cases.services.seal_anew():
            done += sealed
            self.stdout.write(f"{done} of {max(total, done)} cases sealed anew.")
        left = cases.services.shut_for_everybody()
        if left:
            raise CommandError(
                f"{left} cases stay sealed for a key that TEAM_PRIVATE_KEY_FILE does not hold. Put it back and run this again."
            )
        if not finish:
            self.stdout.write(
                "A report that was being handed in at this moment may still come sealed for the old key."
                " In a minute, run this once more with --finish."
            )

    def _make_pair(self) -> None:
        private = Path(str(settings.TEAM_PRIVATE_KEY_FILE).split(",", 1)[0].strip())
        add_pair(public=Path(settings.TEAM_PUBLIC_KEY_FILE), private=private)
        self.stdout.write(
            f"A new pair was made; {private} holds its private half. Keep the old one as long as you keep old backups."
        )
