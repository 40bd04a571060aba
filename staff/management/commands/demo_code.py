"""What the authenticator app of the demo's people shows now, for who has no app at hand."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Prints the code that signs the demo's people in now."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo (DEMO is off).")
        kept = Path(settings.VAR_DIR) / "demo" / "staff.json"
        if not kept.exists():
            raise CommandError("There are no people to try the demo with yet: make run makes them.")
        secret = json.loads(kept.read_text())["totp_secret"]
        counter = int(time.time()) // settings.MFA_TOTP_PERIOD
        self.stdout.write(format_hotp_value(hotp_value(secret, counter)))
