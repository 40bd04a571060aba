"""What stands between a checkout and a running portal. Each step may be repeated, so a crash in between costs nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Checks the settings, brings the database up to date, and makes the keys and the demo's data that are missing."

    # They are run below: one of them asks for the key that is made first.
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        call_command("team_key", stdout=self.stdout)
        call_command("push_key", stdout=self.stdout)
        self.check()
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO:
            call_command("demo_staff", stdout=self.stdout)
            call_command("demo_seed", stdout=self.stdout)
            if settings.DEMO_CASES:
                call_command("demo_cases", stdout=self.stdout)
            if settings.DEMO_MEMBERS and "safety" in settings.SURFACES:
                call_command("demo_members", stdout=self.stdout)
        else:
            # The same folder may have been a demo before, and the demo's sign-ins were printed.
            call_command("demo_end", stdout=self.stdout)
            call_command("demo_staff", "--end", stdout=self.stdout)
