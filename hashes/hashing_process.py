"""The process that opens pictures of strangers. It can write no file, grows to a limit, and is told no secret.

Run by `hashes.hashing_apart`. On its standard input come pictures, each after its length in four bytes; on its
standard output goes one line of JSON a picture.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from dataclasses import astuple
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from hashes.errors import NotAPicture, PictureCutOff, PictureTooLarge
from hashes.hashing import fingerprint_file

READY = b"ready\n"
LENGTH_BYTES = 4
# The picture in up to six layers of four bytes, and half a gigabyte for threads of decoders and their tables.
_BYTES_A_PIXEL = 24
_BYTES_BESIDE = 1 << 29
_MEMORY = Path("/proc/self/statm")


def main() -> None:
    most_pixels = int(sys.argv[1])
    # A Ctrl-C is for the parent. This process ends when its input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _warm_up()
    _give_up_what_is_not_needed(most_pixels)
    asked, answered = sys.stdin.buffer, sys.stdout.buffer
    _write(answered, READY)
    while (content := _next(asked)) is not None:
        _write(answered, json.dumps(_looked(content, most_pixels)).encode() + b"\n")


def _looked(content: bytes, most_pixels: int) -> dict[str, object]:
    try:
        found = fingerprint_file(content, most_pixels=most_pixels)
    except (NotAPicture, PictureCutOff, PictureTooLarge) as problem:
        return {"problem": type(problem).__name__}
    except (MemoryError, RecursionError):
        return {"problem": PictureTooLarge.__name__}
    return {"fingerprints": [astuple(one) for one in found]}


def _warm_up() -> None:
    """Compile what is compiled and open what is opened while it still may be."""
    kept = BytesIO()
    Image.effect_noise((64, 64), 64).convert("RGB").save(kept, "PNG")
    fingerprint_file(kept.getvalue())


def _give_up_what_is_not_needed(most_pixels: int) -> None:
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limit, (0, 0))
    if _MEMORY.exists():
        used = int(_MEMORY.read_text().split()[5]) * resource.getpagesize()
        most = used + _BYTES_BESIDE + most_pixels * _BYTES_A_PIXEL
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _next(asked: BinaryIO) -> bytes | None:
    length = asked.read(LENGTH_BYTES)
    if len(length) < LENGTH_BYTES:
        return None
    content = asked.read(int.from_bytes(length, "big"))
    return content if len(content) == int.from_bytes(length, "big") else None


def _write(answered: BinaryIO, line: bytes) -> None:
    answered.write(line)
    answered.flush()


if __name__ == "__main__":
    main()
