from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from platforms.models import WebhookEndpoint
from platforms.services import delivery_log


class Command(BaseCommand):
    help = "Each webhook, whether it is on, and what waits or was not delivered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        rows = [_row(one) for one in delivery_log.endpoints()]
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            self.stdout.write("  ".join(f"{name} {text}" for name, text in row.items()))


def _row(endpoint: WebhookEndpoint) -> dict[str, object]:
    return {
        "id": endpoint.pk,
        "platform": endpoint.platform.slug,
        "url": endpoint.url,
        "state": endpoint.off or "on",
        "waiting": endpoint.waiting,  # type: ignore[attr-defined]  # Counted by `endpoints`.
        "given_up": endpoint.given_up,  # type: ignore[attr-defined]
    }
