from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from hashes.json_lines import as_line
from hashes.management.bars import bar, console
from hashes.services import count_listed, export_rows

_TELL_EVERY = 1_000


class Command(BaseCommand):
    help = (
        "Write every listed fingerprint as a line of JSON. No line says which picture it is of, when it was "
        "listed or by whom. Keep the file as you keep the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="Standard output if left out.")

    def handle(self, *, file: Path | None, **_options: Any) -> None:
        if file is None:
            self._write_to(self.stdout)
            return
        try:
            with _new_file(file) as stream:
                self._write_to(stream)
        except OSError as error:
            raise CommandError(f"{file} can't be written: {error.strerror}.") from None

    def _write_to(self, stream: Any) -> None:
        told = console()
        with bar(told) as progress:
            task = progress.add_task("Writing", total=count_listed())
            written = 0
            for written, row in enumerate(export_rows(), start=1):
                stream.write(as_line(row))
                if written % _TELL_EVERY == 0:
                    progress.update(task, completed=written)
            progress.update(task, completed=written)
        told.print(f"{written} fingerprints.")


@contextmanager
def _new_file(path: Path) -> Iterator[TextIO]:
    """For nobody else's eyes, and under its name only when it is complete."""
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.unlink(missing_ok=True)
    opened = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with open(opened, "w", encoding="ascii") as stream:  # noqa: PTH123 - It has a number, and a mode from the start.
        yield stream
    unfinished.replace(path)
