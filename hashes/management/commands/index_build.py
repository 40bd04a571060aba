from __future__ import annotations

import faulthandler
import os
import sys
import threading
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from hashes.services import build_index, index_folder, which_list
from hashes.store import Store

# Of a builder that stands still for so long nothing comes any more. One step of a very long list takes minutes.
_STUCK_AFTER_SECONDS = 1_800


class Command(BaseCommand):
    help = (
        "Bring the files up to date that matching looks into. The portal does so by itself; run it by hand "
        "before a long list's first start, so that nobody waits."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", type=UUID, help="Only if it is this list's database.")
        parser.add_argument("--lock", type=int, help="The open file that holds the lock, from who starts it.")

    def handle(self, *, list: UUID | None, lock: int | None, **_options: Any) -> None:  # noqa: A002 - As the option is called.
        list_id = list or which_list()[0]
        if list_id is None:
            self.stdout.write("The list is empty: there is nothing to build.")
            return
        if lock is None:
            self._take_lock(list_id)
            on_progress = _nothing
        else:
            threading.Thread(target=_end_with_input, daemon=True).start()
            on_progress = _end_if_stuck
        # Matching goes first.
        os.nice(10)
        try:
            number = build_index(root=index_folder(), list_id=list_id, on_progress=on_progress)
        except OSError as error:
            raise CommandError(f"{index_folder()} can't be written: {error.strerror}.") from None
        self.stdout.write(f"The index is as of number {number}.")

    def _take_lock(self, list_id: UUID) -> None:
        try:
            # Held until this process ends.
            held = Store(index_folder(), list_id).lock()
        except OSError as error:
            raise CommandError(f"{index_folder()} can't be written: {error.strerror}.") from None
        if held is None:
            raise CommandError("Another process builds the index already.")


def _end_with_input() -> None:
    """Whoever started this holds the other end, and it closes with that process, however that ends."""
    # Not by `sys.stdin`: a thread that waits in there, and holds its lock, makes the interpreter abort at its end.
    while os.read(sys.stdin.fileno(), 4_096):
        pass
    os._exit(1)


def _end_if_stuck() -> None:
    """With its lock, so that somebody else can build. Asked again at each step, because a long list may take long."""
    faulthandler.dump_traceback_later(_STUCK_AFTER_SECONDS, exit=True)


def _nothing() -> None:
    """Whoever started it by hand sees whether it goes on."""
