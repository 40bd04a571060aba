"""A new key pair for the team. Killed half-way, it goes on where it was: every case says which key sealed it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

import cases.services
from portal.key_pair import add_pair


class Command(BaseCommand):
    help = "Makes a new team key pair and seals every case key anew. A rotation that was cut short is finished instead."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if cases.services.sealed_for_another_key() == 0:
            self._make_pair()
        total = cases.services.sealed_for_another_key()
        done = left_out = 0
        for step in cases.services.seal_anew():
            done, left_out = done + step.sealed, left_out + step.shut
            self.stdout.write(f"{done} of {total} cases sealed anew.")
        if left_out:
            raise CommandError(
                f"{left_out} cases stay sealed for a key that TEAM_PRIVATE_KEY_FILE does not hold. Put it back and run this again."
            )

    def _make_pair(self) -> None:
        private = Path(str(settings.TEAM_PRIVATE_KEY_FILE).split(",", 1)[0].strip())
        add_pair(public=Path(settings.TEAM_PUBLIC_KEY_FILE), private=private)
        self.stdout.write(
            f"A new pair was made; {private} holds its private half. Keep the old one as long as you keep old backups."
        )
