"""Walks the audit chain from its first row to its end. What this printed, kept elsewhere, shows a chain that was made anew."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.services import auditing
from staff.services.audit import end_of_chain, verify_chain


class Command(BaseCommand):
    help = (
        "Names the first row of the audit chain that is not as it was written; exits with 1 if there is one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--kept",
            metavar="POSITION:HASH",
            help="What an earlier run printed. A chain that was written anew as a whole holds together, but not with this.",
        )

    def handle(self, *_args: Any, kept: str | None = None, **_options: Any) -> None:
        broken = verify_chain()
        if broken is not None:
            raise CommandError(f"The audit chain is broken at row {broken}: {auditing.told(broken)}")
        if kept and not _still_holds(kept):
            raise CommandError(
                f"The audit chain is not the one of which {kept} was kept: it was written anew."
            )
        position, last = end_of_chain()
        self.stdout.write(
            f"{position} rows, and each is as it was written. Keep this elsewhere: {position}:{last}"
        )


def _still_holds(kept: str) -> bool:
    position, _, known = kept.partition(":")
    if not position.isdigit():
        raise CommandError("--kept is POSITION:HASH, as an earlier run printed it.")
    return auditing.hash_at(int(position)) == known
