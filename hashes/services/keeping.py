"""This process sees to it that the index on disk is not far behind: it starts who builds it."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from hashes.store import Store

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[2]
# After a build that failed: a full disk may be helped.
_AGAIN_AFTER_SECONDS = 300.0


def folder() -> Path:
    """Where the files are; each list has a folder of its own in it."""
    return Path(settings.VAR_DIR) / "index"


class Builder:
    """At most one on this machine: the lock goes to the process that builds, and ends with it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0
        self._was_told = False

    @property
    def is_usable(self) -> bool:
        """The last build, if there was one, could be written."""
        return time.monotonic() >= self._not_before

    def start(self, list_id: UUID) -> None:
        """Unless one builds already, here or in another process."""
        if self.is_at_work() or not self.is_usable:
            return
        try:
            lock = Store(folder(), list_id).lock()
        except OSError:
            self._give_up_for_now()
            return
        if lock is None:
            return
        try:
            self._process = _started(list_id, lock)
        except OSError:
            # Too many processes, or too little memory.
            self._give_up_for_now()
        finally:
            # What was started holds it too.
            os.close(lock)

    def is_at_work(self) -> bool:
        """Whether the process that this one started goes on."""
        if self._process is None:
            return False
        ended = self._process.poll()
        if ended is None:
            return True
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None
        if ended:
            self._give_up_for_now()
        return False

    def _give_up_for_now(self) -> None:
        self._not_before = time.monotonic() + _AGAIN_AFTER_SECONDS
        if not self._was_told:
            _log.warning("the index can't be built in VAR_DIR; matching works from memory")
        self._was_told = True


def is_built_by_anybody(list_id: UUID) -> bool:
    try:
        lock = Store(folder(), list_id).lock()
    except OSError:
        return False
    if lock is None:
        return True
    os.close(lock)
    return False


def _started(list_id: UUID, lock: int) -> subprocess.Popen[bytes]:
    # The settings were looked at, and what is wrong with them told, before.
    command = [sys.executable, "manage.py", "index_build", "--skip-checks"]
    command += ["--list", str(list_id), "--lock", str(lock)]
    # It ends when its input does: with this process, however that ends.
    return subprocess.Popen(  # noqa: S603 - Our own command.
        command,
        cwd=_ROOT,
        env={**os.environ, "VAR_DIR": str(settings.VAR_DIR)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=(lock,),
        start_new_session=True,
    )
