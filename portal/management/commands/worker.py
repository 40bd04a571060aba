"""The worker and its clock in one process: `memory://` is a broker that lives in one process only."""

from __future__ import annotations

import os
import warnings
from typing import Any

from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready
from django.core.management.base import BaseCommand, CommandParser

from portal.celery import app


class Command(BaseCommand):
    help = "Runs the worker together with the clock that wakes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--concurrency", type=int, default=4, help="How many tasks run at once (threads)."
        )

    def handle(self, *_args: Any, concurrency: int, **_options: Any) -> None:
        # Celery fears pickled messages under root; this portal's are JSON, and a container's only user is often root.
        warnings.simplefilter("ignore", SecurityWarning)
        worker_ready.connect(_start_clock, weak=False)
        # Threads: a forked pool could not share the memory broker, and what it forks would outlive a kill.
        worker = app.Worker(
            pool="threads",
            concurrency=concurrency,
            hostname=f"reclaim-{os.getpid()}@%h",
            without_gossip=True,
            without_mingle=True,
            quiet=True,
        )
        worker.start()
        raise SystemExit(worker.exitcode)


def _start_clock(**_: Any) -> None:
    clock = EmbeddedService(app, thread=True, scheduler_cls="celery.beat.Scheduler")
    run = clock.run

    def run_or_end() -> None:
        # Without its clock the worker would look alive and do nothing; the supervisor starts it again.
        try:
            run()
        finally:
            os._exit(1)

    clock.run = run_or_end
    clock.start()
