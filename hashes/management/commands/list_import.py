from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from hashes.json_lines import Line, ListRow, read_lines
from hashes.management.bars import bar, console
from hashes.services import import_rows, tell_the_planner
from platforms.services import participating

# Each batch is a transaction: a run that is cut short has listed whole batches, and the next one goes on.
BATCH = 10_000


class Command(BaseCommand):
    help = (
        "List fingerprints from a file under a platform's name. A line is a JSON object with algorithm and "
        "value, and may have kind (image or video) and review. What was listed before is passed over, so it is "
        "safe to run again. SUBMIT_HASHES_PER_HOUR is no limit here: whoever runs the machine may add any number."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="A file of JSON lines, or - for standard input.")
        parser.add_argument(
            "--source", required=True, metavar="PLATFORM", help="Whose fingerprints they are."
        )

    def handle(self, *, file: str, source: str, **_options: Any) -> None:
        platform_id = _platform(source)
        with ExitStack() as closing:
            stream, size = _opened(file, closing)
            told = console()
            listed = waiting = known = refused = 0
            progress = closing.enter_context(bar(told))
            task = progress.add_task("Listing", total=size)
            batches = _batches(read_lines(stream))
            if size is not None:
                # A thread that waits for a silent program would have to be waited for too.
                batches = _ahead(batches)
            for number, batch in enumerate(batches, start=1):
                rows = [line.row for line in batch if line.row]
                new = import_rows(platform_id=platform_id, rows=rows)
                listed, waiting = listed + new.new - new.waiting, waiting + new.waiting
                known += len(rows) - new.new
                if _has_doubled(number):
                    tell_the_planner()
                refused += _tell_of_bad(batch, told)
                progress.advance(task, sum(line.size for line in batch))
        self.stdout.write(f"{listed} listed, {known} known before, {refused} refused.")
        if waiting:
            self.stdout.write(f"Waiting for a person at the desk, under The list: {waiting}.")
        if refused:
            raise CommandError(
                f"{refused} lines were refused, as named above; all others were taken.", returncode=2
            )


def _platform(slug: str) -> int:
    found = [one for one in participating(on=timezone.now().date()) if one.slug == slug]
    if not found:
        raise CommandError(f"No platform {slug} takes part; manage.py platform_list names them.")
    return found[0].pk


def _opened(file: str, closing: ExitStack) -> tuple[BinaryIO, int | None]:
    if file == "-":
        return sys.stdin.buffer, None
    try:
        return closing.enter_context(Path(file).open("rb")), Path(file).stat().st_size
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from None


def _batches(lines: Iterable[Line[ListRow]]) -> Iterator[list[Line[ListRow]]]:
    left = iter(lines)
    while batch := list(islice(left, BATCH)):
        yield batch


def _ahead(batches: Iterator[list[Line[ListRow]]]) -> Iterator[list[Line[ListRow]]]:
    """The next one is read while the database takes this one."""
    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(next, batches, None)
        while batch := reading.result():
            reading = reader.submit(next, batches, None)
            yield batch


def _has_doubled(number: int) -> bool:
    """At each power of two: often enough for a list that grows from nothing, and soon hardly ever."""
    return number & (number - 1) == 0


def _tell_of_bad(batch: Iterable[Line[ListRow]], told: Console) -> int:
    bad = [line for line in batch if line.row is None]
    for line in bad:
        told.print(f"line {line.number}: {line.problem}")
    return len(bad)
