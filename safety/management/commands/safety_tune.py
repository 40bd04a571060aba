from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import platforms.services
from safety.errors import BadTuning
from safety.services import tune
from safety.tuning import BOUNDS, DEFAULTS


def change(text: str) -> tuple[str, float]:
    name, _is, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise ArgumentTypeError("a name and a number, such as restrict=0.8") from None


class Command(BaseCommand):
    help = "Tune the rules' numbers for a platform, within bounds; without changes, print them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", metavar="SLUG")
        parser.add_argument(
            "--set", action="append", type=change, default=[], dest="sets", metavar="NAME=NUMBER"
        )
        parser.add_argument("--reset", action="append", default=[], dest="resets", metavar="NAME")

    def handle(self, *, slug: str, sets: list[tuple[str, float]], resets: list[str], **_options: Any) -> None:
        changes: dict[str, float | None] = {**dict(sets), **dict.fromkeys(resets)}
        now = timezone.now()
        try:
            tuned = tune(platform_id=self._platform(slug), changes=changes, by=None, now=now)
        except BadTuning as wrong:
            raise CommandError(wrong.remedy) from None
        for name, (low, high) in BOUNDS.items():
            mark = "*" if name in tuned else " "
            self.stdout.write(f"{mark} {name:16} {tuned.get(name, DEFAULTS[name]):8g}   {low:g} to {high:g}")

    def _platform(self, slug: str) -> int:
        taking_part = platforms.services.with_scope(scopes=("safety",), on=timezone.now().date())
        found = [one.platform.pk for one in taking_part if one.platform.slug == slug]
        if not found:
            raise CommandError(
                f"No platform with the scope safety is called {slug}. manage.py platform_list names them."
            )
        return found[0]
