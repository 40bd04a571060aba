"""Which files a folder holds, and why some of them can't be looked at."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Found:
    """A regular file. Whether it changed is read off its size and time."""

    path: Path
    name: str
    size: int
    changed_ns: int

    @property
    def id(self) -> str:
        return id_of(self.name)


@dataclass(frozen=True)
class Skipped:
    name: str
    reason: str

    @property
    def id(self) -> str:
        return id_of(self.name)


def id_of(name: str) -> str:
    """What stands for a file in a report: file names can say who a person is."""
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:12]


def walk(folder: Path, *, most_bytes: int) -> Iterator[Found | Skipped]:
    """Every file below the folder, in a steady order. Nothing is opened, and linked folders are not entered."""
    unreadable: list[Skipped] = []

    def refused(error: OSError) -> None:
        unreadable.append(Skipped(_name(Path(error.filename), folder), "unreadable_folder"))

    for place, folders, names in os.walk(folder, onerror=refused):
        folders.sort()
        linked = [Path(place, name) for name in folders if Path(place, name).is_symlink()]
        yield from (Skipped(_name(path, folder), "linked_folder") for path in linked)
        for name in sorted(names):
            yield _look_at(Path(place, name), folder, most_bytes=most_bytes)
    yield from unreadable


def _look_at(path: Path, folder: Path, *, most_bytes: int) -> Found | Skipped:
    name = _name(path, folder)
    try:
        status = path.stat()
    except OSError as error:
        return Skipped(name, _why_not(path, error))
    # A pipe would be waited for without end.
    if not stat.S_ISREG(status.st_mode):
        return Skipped(name, "not_a_file")
    if status.st_size > most_bytes:
        return Skipped(name, "too_many_bytes")
    return Found(path=path, name=name, size=status.st_size, changed_ns=status.st_mtime_ns)


def _why_not(path: Path, error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "looped_link"
    return "broken_link" if path.is_symlink() else "unreadable"


def _name(path: Path, folder: Path) -> str:
    # Names that are no UTF-8 are kept in a form that can be stored and printed.
    relative = os.fsencode(path.relative_to(folder))
    return relative.decode("utf-8", errors="backslashreplace")
