"""Keeps the portal's processes alive, and takes all of them along when it ends.

Knows only the standard library, starts no threads and loads no Django: it has to outlive everything else.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

LEASH = Path(__file__).with_name("leash.py")
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 10.0
# A process that lived this long was healthy; the next pause is a short one again.
HEALTHY_AFTER = 10.0
LOOK_EVERY = 0.1
GRACE = 10.0


def leashed(command: Sequence[str]) -> list[str]:
    """The command, as a child that the kernel kills when this process dies."""
    return [sys.executable, str(LEASH), str(os.getpid()), *command]


@dataclass
class Part:
    """One process of the portal: how it starts, and what became of it."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    pause: float = FIRST_PAUSE

    def start(self, environment: Mapping[str, str], now: float) -> None:
        # A group of its own: Ctrl-C in a terminal reaches the supervisor alone, which stops the rest in order.
        self.process = subprocess.Popen(leashed(self.command), env=environment, process_group=0)  # noqa: S603 - Our own commands.
        self.started_at = now

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def schedule(self, now: float) -> None:
        """Say when to start again: at once after a healthy life, later and later if it keeps dying."""
        if now - self.started_at >= HEALTHY_AFTER:
            self.pause = FIRST_PAUSE
        self.starts_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.process = None

    def signal(self, what: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(what)


@dataclass
class Supervisor:
    parts: list[Part]
    environment: Mapping[str, str]
    pids_file: Path
    say: Callable[[str], None]
    is_stopping: bool = field(default=False, init=False)

    def listen(self) -> None:
        """Stop on Ctrl-C and SIGTERM. SIGHUP too, unless somebody (nohup) asked for it to be ignored."""
        signal.signal(signal.SIGINT, self._asked_to_stop)
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._asked_to_stop)

    def run(self, *, each_look: Callable[[], None]) -> None:
        """Keep every part alive until asked to stop; then stop them all."""
        try:
            while not self.is_stopping:
                self._tend(time.monotonic())
                each_look()
                time.sleep(LOOK_EVERY)
        finally:
            self._stop()

    def _tend(self, now: float) -> None:
        for part in self.parts:
            if part.has_ended():
                self._mourn(part, now)
            if part.process is None and now >= part.starts_at:
                part.start(self.environment, now)
                self._write_pids()

    def _mourn(self, part: Part, now: float) -> None:
        code = part.process.returncode if part.process else 0
        part.schedule(now)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        self.say(f"The {part.name} {how}; starting it again.")

    def _stop(self) -> None:
        for part in self.parts:
            part.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for part in self.parts:
            self._await(part, deadline)
        self.pids_file.unlink(missing_ok=True)

    def _await(self, part: Part, deadline: float) -> None:
        if part.process is None:
            return
        try:
            part.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()

    def _write_pids(self) -> None:
        pids = {part.name: part.process.pid for part in self.parts if part.process}
        unfinished = self.pids_file.with_suffix(".new")
        unfinished.write_text(json.dumps({"supervisor": os.getpid(), **pids}))
        unfinished.replace(self.pids_file)

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_stopping = True
