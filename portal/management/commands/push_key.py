"""The key that signs pushes: their receivers know by it that it is still us."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.push_key import ensure_push_key


class Command(BaseCommand):
    help = "Makes the key that signs pushes to teens' browsers if there is none, and prints where it is."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        file = Path(settings.VAPID_PRIVATE_KEY_FILE)
        if ensure_push_key(file):
            self.stdout.write(f"Key for pushes {file}; a new one would end what teens had turned on.")
