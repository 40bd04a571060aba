from __future__ import annotations

import hashlib
import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from hashes.scan.client import PortalClient
from hashes.scan.errors import ScanStopped
from hashes.scan.printing import json_of, table_of
from hashes.scan.scanning import Report, Scan
from hashes.scan.state import State
from hashes.scan.walking import walk

POLICY = """\
What it does: hashes every picture and video in FOLDER on this machine, asks the portal about the hashes,
and says what was done. It takes nothing away by itself: your people look at the files that it lists.

A `match` is said to be `blocked`, and a `review` to be `pending_review`. `blocked` makes the picture
`confirmed` for every platform, so run it like this only if your people look at each file that it lists.
If nobody does, give --review-only: then only what a reviewer somewhere has `confirmed` already is said to
be blocked, and everything else is `pending_review`.

It opens no file for showing, copies none, and prints ids instead of names unless --paths is given. Run it
again at any time: it goes on where it was. It opens and asks about new and changed files only, and compares
the others here with what is new on the list. --all asks about every file anew.

The key needs the scope match. With feed it also keeps a copy of the list and, with feedback, says what
was done; without them it says that this was skipped, and without feed every file is asked about each time. The key may stand in PLATFORM_KEY instead of --key,
where other users of this machine don't see it.
"""


class _Formatter(DjangoHelpFormatter, RawDescriptionHelpFormatter):
    """Django's order of options, and the text in its own lines."""


class Command(BaseCommand):
    help = "Look for listed pictures among a platform's uploads."
    # It speaks to a portal by HTTP and needs nothing of this one.
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=POLICY, formatter_class=_Formatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="FOLDER", type=Path)
        parser.add_argument("--url", required=True, help="The portal, such as https://reclaim.example.org")
        parser.add_argument("--key", default=os.environ.get("PLATFORM_KEY", ""), help="This platform's key.")
        parser.add_argument(
            "--review-only", action="store_true", help="Say `blocked` only of what is `confirmed`."
        )
        parser.add_argument("--paths", action="store_true", help="Print file names instead of ids.")
        parser.add_argument("--state", type=Path, help="Where the scan remembers what it did.")
        parser.add_argument(
            "--all", action="store_true", dest="ask_all", help="Ask anew about files that did not change."
        )
        parser.add_argument("--most-megabytes", type=int, default=2_048, help="Skip larger files.")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, folder: Path, as_json: bool, paths: bool, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        if not options["key"]:
            raise CommandError("Give this platform's key: --key, or PLATFORM_KEY in the environment.")
        try:
            report = self._scan(folder.resolve(), **options)
        except ScanStopped as stopped:
            raise CommandError(f"The scan stopped: {stopped}.") from None
        except KeyboardInterrupt:
            raise CommandError("The scan was stopped. Run it again to go on.", returncode=130) from None
        self.stdout.write(_printed(report, as_json=as_json, paths=paths))

    def _scan(
        self,
        folder: Path,
        *,
        url: str,
        key: str,
        review_only: bool,
        ask_all: bool,
        state: Path | None,
        most_megabytes: int,
        **_options: Any,
    ) -> Report:
        most_bytes = most_megabytes << 20
        console = Console(stderr=True, markup=False)
        client = PortalClient(url=url, key=key, tell=console.print)
        files = sum(1 for _ in walk(folder, most_bytes=most_bytes))
        with State(state or default_state(folder, url)) as memory, _progress(console) as progress:
            task = progress.add_task("Scanning", total=files)
            scan = Scan(
                client=client,
                state=memory,
                review_only=review_only,
                ask_all=ask_all,
                most_bytes=most_bytes,
                on_file=lambda: progress.advance(task),
            )
            try:
                return scan.run(folder)
            finally:
                client.close()


def default_state(folder: Path, url: str) -> Path:
    name = hashlib.sha256(f"{folder}\n{url.rstrip('/')}".encode(errors="surrogateescape")).hexdigest()[:16]
    return Path(settings.VAR_DIR) / "scan" / f"{name}.sqlite3"


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def _printed(report: Report, *, as_json: bool, paths: bool) -> str:
    return json_of(report, paths=paths) if as_json else table_of(report, paths=paths)
