from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from platforms.services import KeyState, all_keys


class Command(BaseCommand):
    help = "Name the platforms and their keys. A key itself is stored nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, as_json: bool, **_options: Any) -> None:
        keys = all_keys(now=timezone.now())
        if as_json:
            self.stdout.write(json.dumps([key._asdict() for key in keys]))
            return
        for key in keys:
            self.stdout.write(_line(key))


def _line(key: KeyState) -> str:
    if not key.prefix:
        return f"{key.platform:24} no key"
    state = key.state.replace("_", " ")
    until = f" until {key.until}" if key.until else ""
    return f"{key.platform:24} {key.prefix}.…  {state}{until}  {', '.join(key.scopes)}"
