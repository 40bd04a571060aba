"""For the machine's owner: the first administrator, who adds everybody else at the desk."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff.errors import NameTaken
from staff.policy import ROLES
from staff.services import people


class Command(BaseCommand):
    help = "Adds somebody who works here and prints a password to change; the second factor is set up at the first sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--role", choices=ROLES, required=True)

    def handle(self, *_args: Any, name: str, role: str, **_options: Any) -> None:
        try:
            _user, password = people.add_person(username=name, role=role, by=None, now=timezone.now())
        except NameTaken:
            raise CommandError(f"Somebody called {name} works here already.") from None
        self.stdout.write(password)
