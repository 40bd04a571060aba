from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hashes.json_lines import BenignRow, Line, benign_row_of, read_rows
from hashes.services import forget_benign, know_benign

_ROWS_AT_A_TIME = 1_000


class Command(BaseCommand):
    help = (
        "Keep fingerprints of well-known innocent pictures: a report of a picture that is like one is taken as ever "
        "and waits for a person. A line is a JSON object with algorithm (pdq, md5 or sha256) and value, and may "
        "have a name, which the desk reads. Of what is listed already and is like one, a person is asked; nothing "
        "leaves the list by itself. It is safe to run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help="A file of JSON lines, or - for standard input."
        )
        parser.add_argument("--clear", action="store_true", help="Forget those that were kept, before.")

    def handle(self, *, file: str | None, clear: bool, **_options: Any) -> None:
        if file is None and not clear:
            raise CommandError("Name a file of JSON lines, or give --clear.")
        with ExitStack() as closing:
            stream = None if file is None else _opened(file, closing)
            if clear:
                self.stdout.write(f"{forget_benign()} forgotten.")
            if stream is not None:
                self._take(stream)

    def _take(self, stream: BinaryIO) -> None:
        kept = known = refused = asked = 0
        lines = read_rows(stream, benign_row_of)
        while batch := list(islice(lines, _ROWS_AT_A_TIME)):
            rows = [line.row for line in batch if line.row]
            done = know_benign(rows=rows, on=timezone.now().date())
            kept, known, asked = kept + done.new, known + len(rows) - done.new, asked + done.asked
            refused += self._tell_of_bad(batch)
        self.stdout.write(f"{kept} kept, {known} known before, {refused} refused.")
        if asked:
            self.stdout.write(f"Listed pictures that are like them: {asked}. The desk is asked about each.")

    def _tell_of_bad(self, batch: Iterable[Line[BenignRow]]) -> int:
        bad = [line for line in batch if line.row is None]
        for line in bad:
            self.stderr.write(f"line {line.number}: {line.problem}")
        return len(bad)


def _opened(file: str, closing: ExitStack) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return closing.enter_context(Path(file).open("rb"))
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from None
