"""The team's key pair: what reports wrap for the hotline is opened with the private half, which is in no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.key_pair import NoKeyInFile, ensure_pair


class Command(BaseCommand):
    help = "Makes the team's key pair if there is none, and prints where it is."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        public = Path(settings.TEAM_PUBLIC_KEY_FILE)
        private = Path(str(settings.TEAM_PRIVATE_KEY_FILE).split(",", 1)[0].strip())
        try:
            is_made = ensure_pair(public=public, private=private)
        except NoKeyInFile as error:
            raise CommandError(str(error)) from error
        if is_made:
            self.stdout.write(f"Public key {public}; keep the private one safe and apart: {private}")
