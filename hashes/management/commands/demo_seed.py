from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from hashes.demo import seed


class Command(BaseCommand):
    help = "Make the demo's platforms, keys and pictures, where they are missing."

    def handle(self, **_options: Any) -> None:
        for line in seed(folder=Path(settings.VAR_DIR) / "demo", now=timezone.now()):
            self.stdout.write(line)
