from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from hashes.demo import end


class Command(BaseCommand):
    help = "Revoke the keys of the demo's platforms, which were printed."

    def handle(self, **_options: Any) -> None:
        ended = end(now=timezone.now())
        if ended:
            self.stdout.write(f"Revoked {ended} keys that were left from the demo.")
