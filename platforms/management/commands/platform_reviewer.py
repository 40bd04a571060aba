from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from platforms.errors import UnknownPlatform
from platforms.services import add_reviewer
from staff.errors import NameTaken


class Command(BaseCommand):
    help = "Let somebody of a platform's own review that platform's flags. Prints a password once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument("username", metavar="NAME")

    def handle(self, *, slug: str, username: str, **_options: Any) -> None:
        try:
            user, password = add_reviewer(slug=slug, username=username, now=timezone.now())
        except UnknownPlatform:
            raise CommandError(f"No platform is called {slug}. manage.py platform_list names them.") from None
        except NameTaken:
            raise CommandError(
                f"Somebody called {username} works here already. Choose another name."
            ) from None
        self.stdout.write(f"{user.username} reviews the flags of {slug}.")
        self.stdout.write(f"Password {password}")
        self.stdout.write("It is shown this once. The second step is set up at the first sign-in.")
