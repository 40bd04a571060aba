"""Prints the page of roles and actions for the documentation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from staff.roles_page import page


class Command(BaseCommand):
    help = "Prints docs/roles.md as staff/policy.py has it now."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(page(), ending="")
