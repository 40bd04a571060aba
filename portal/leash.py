"""End with the process that started this one, even when that was killed with -9.

Imported, or run in front of a command: `python portal/leash.py PARENT_PID COMMAND...`. Knows only the standard library.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
MAKER = "RECLAIM_MAKER"


def end_with(parent: int, *, by: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel for a signal when the parent dies. Only Linux can; elsewhere this does nothing."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    # The parent may have died before the kernel was told; then nobody would send the signal.
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def end_with_maker() -> None:
    """Stop politely when the `make` that started this is gone. Started by anything else, there is nothing to follow."""
    maker = os.environ.get(MAKER, "")
    if maker.isdigit():
        end_with(int(maker), by=signal.SIGTERM)


class Maker:
    """The `make` that started this. Interrupted alone, without its children, it waits for them and says nothing.

    But it drops its handler for the signal when it takes it, and that can be seen.
    """

    def __init__(self) -> None:
        self.pid = os.environ.get(MAKER, "")
        self.did_listen = self._listens()

    def was_interrupted(self) -> bool:
        return self.did_listen and not self._listens()

    def _listens(self) -> bool:
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123 - No pathlib: this starts often.
                caught = next(line.split()[1] for line in status if line.startswith("SigCgt:"))
        except (OSError, StopIteration):
            return False
        return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - Becomes the command it was given.
