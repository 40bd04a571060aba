"""Pictures of strangers are opened in processes of their own, which can be stopped at any moment.

A decoder can hang, crash or ask for all memory there is, and a thread can't be stopped. Each process serves one
picture after the other, and the next one is a new one if it had to be killed.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, Any, cast

from hashes.errors import (
    HashingBusy,
    HashingDied,
    HashingTookTooLong,
    NotAPicture,
    PictureCutOff,
    PictureTooLarge,
)
from hashes.fingerprints import Fingerprint

_PROBLEMS = {kind.__name__: kind for kind in (NotAPicture, PictureCutOff, PictureTooLarge)}
_ROOT = Path(__file__).parents[1]
_LENGTH_BYTES = 4
# Importing what hashes, and compiling it the first time ever.
_SECONDS_TO_START = 120.0


class Hashers:
    """A few processes, started when they are first needed."""

    def __init__(self, *, at_once: int, most_pixels: int) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._most_pixels = most_pixels
        self._idle: list[_Hasher] = []
        atexit.register(self.close)

    def fingerprints(self, content: bytes, *, seconds: float) -> list[Fingerprint]:
        """As `hashing.fingerprint_file`.

        Raises NotAPicture, PictureCutOff, PictureTooLarge, HashingTookTooLong, HashingDied, HashingBusy.
        """
        with self._place(seconds):
            hasher = self._take()
            answer = hasher.ask(content, seconds=seconds)
            self._idle.append(hasher)
        if "problem" in answer:
            raise _PROBLEMS[answer["problem"]]
        return [Fingerprint(*one) for one in answer["fingerprints"]]

    def close(self) -> None:
        while self._idle:
            self._idle.pop().end()
        atexit.unregister(self.close)

    @contextlib.contextmanager
    def _place(self, seconds: float) -> Iterator[None]:
        if not self._places.acquire(timeout=seconds):
            raise HashingBusy
        try:
            yield
        finally:
            self._places.release()

    def _take(self) -> _Hasher:
        while self._idle:
            hasher = self._idle.pop()
            if hasher.lives():
                return hasher
            hasher.end()
        return _Hasher(self._most_pixels)


class _Hasher:
    """One process. Whatever goes wrong with it, it is ended and not used again."""

    def __init__(self, most_pixels: int) -> None:
        command = [sys.executable, "-m", "hashes.hashing_process", str(most_pixels)]
        # No environment: what is in ours, passwords and keys, is none of its business.
        self._process = Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={})  # noqa: S603 - Our own module.
        try:
            self._answer_to(b"", seconds=_SECONDS_TO_START)
        except (HashingDied, HashingTookTooLong):
            # No picture was sent yet, so none is to blame.
            raise HashingBusy from None

    def ask(self, content: bytes, *, seconds: float) -> dict[str, Any]:
        line = self._answer_to(len(content).to_bytes(_LENGTH_BYTES, "big") + content, seconds=seconds)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def lives(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._process.kill()
        # A picture that was on its way to it may still be in the pipe's buffer.
        with contextlib.suppress(BrokenPipeError):
            cast("IO[bytes]", self._process.stdin).close()
        cast("IO[bytes]", self._process.stdout).close()
        self._process.wait()

    def _answer_to(self, sent: bytes, *, seconds: float) -> bytes:
        is_late = threading.Event()
        timer = threading.Timer(seconds, self._stop, args=(is_late,))
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(sent)
        finally:
            timer.cancel()
        if not line.endswith(b"\n") or is_late.is_set():
            self.end()
            raise HashingTookTooLong if is_late.is_set() else HashingDied
        return line

    def _stop(self, is_late: threading.Event) -> None:
        is_late.set()
        self._process.kill()

    def _exchange(self, sent: bytes) -> bytes:
        try:
            asked = cast("IO[bytes]", self._process.stdin)
            asked.write(sent)
            asked.flush()
            return cast("IO[bytes]", self._process.stdout).readline()
        except BrokenPipeError:
            return b""
