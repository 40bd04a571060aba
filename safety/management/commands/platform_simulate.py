from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from safety.living import living
from safety.playing import Platform, Played, PortalRefused, Tell, play_live, play_month


class Command(BaseCommand):
    help = "Play an invented platform's traffic against the API: its members, a month of events, then live questions."
    # It speaks to a portal by HTTP and needs nothing of this one.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", required=True, help="The portal, such as https://reclaim.example.org")
        parser.add_argument(
            "--key",
            default=os.environ.get("PLATFORM_KEY", ""),
            help="A platform's key with the scope safety. Or in PLATFORM_KEY, where other users don't see it.",
        )
        parser.add_argument("--questions", type=int, default=200, help="How many live decisions to ask for.")
        parser.add_argument("--seed", type=int, default=7, help="Another number plays other traffic.")
        parser.add_argument("--live-only", action="store_true", help="Leave out the members and the month.")

    def handle(self, *, url: str, key: str, **options: Any) -> None:
        if not key:
            raise CommandError("Give a platform's key: --key, or PLATFORM_KEY in the environment.")
        if options["questions"] < 0:
            raise CommandError("--questions is a number from 0.")
        platform = Platform(url=url, key=key)
        try:
            played = self._play(platform, **options)
        except PortalRefused as reason:
            raise CommandError(
                f"{reason}\nRun it again when that is mended: nothing is counted twice."
            ) from reason
        finally:
            platform.close()
        with (console := Console(width=80)).capture() as printed:
            console.print(_table(played))
        self.stdout.write(printed.get())
        for one in played.rejected[:5]:
            self.stdout.write(f"Rejected: {one}")

    def _play(self, platform: Platform, *, seed: int, questions: int, live_only: bool, **_: Any) -> Played:
        with _progress(Console(stderr=True)) as progress:
            tell = _teller(progress)
            # Since midnight, so that another run on the same day repeats the month instead of doubling it.
            midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
            world = living(now=midnight, seed=seed)
            played = Played() if live_only else play_month(platform=platform, world=world, tell=tell)
            play_live(
                platform=platform, seed=seed, count=questions, clock=timezone.now, played=played, tell=tell
            )
        return played


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _teller(progress: Progress) -> Tell:
    bars: dict[str, TaskID] = {}

    def tell(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = progress.add_task(what, total=total)
        progress.update(bars[what], completed=done)

    return tell


def _table(played: Played) -> Table:
    table = Table("What", "Answer", "How many")
    for what in ("accounts", "events"):
        for answer, counted in (("accepted", played.accepted), ("repeated", played.repeated)):
            table.add_row(what, answer, str(counted[what]))
        table.add_row(what, "rejected", str(sum(one["of"] == what for one in played.rejected)))
    for (action, decision), count in sorted(played.decisions.items()):
        table.add_row(action, decision, str(count))
    return table
