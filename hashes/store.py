"""The index on disk: segments that are never changed, and one manifest that names those which count.

A manifest is the list exactly as of one number of the feed. What it names was written and synced before it, so a
crash at any moment leaves the last manifest and everything it names. What none names is left over, and is removed by
whoever builds next. Only one builds at a time on a machine.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hashes.multi_index import COMPILED
from hashes.segments import Segment, layout

# Another one is written whenever files of before can't be read as they are.
_FORMAT = 1
_MANIFEST = "manifest.json"
_SEAL = "seal.json"
_LOCK = "lock"
_BOOT = Path("/proc/sys/kernel/random/boot_id")
# Another list's files are left alone for so long: several portals may share the folder.
_OTHERS_KEPT_SECONDS = 24 * 3600
_TRIES = 5

# One of the last lines that were read: number, change and entry. Who restores a backup finds others there.
Witness = tuple[int, str, str]
Stamp = tuple[int, int, int]


class Damaged(Exception):
    """What lies on disk can't be used; it has to be built anew from the database."""


class Stored(NamedTuple):
    """What a manifest says."""

    number: int
    witnesses: list[Witness]
    segments: dict[str, list[Segment]]


class Store:
    def __init__(self, root: Path, list_id: UUID) -> None:
        self._root = root
        self._folder = root / str(list_id)
        self._list_id = str(list_id)

    def stamp(self) -> Stamp | None:
        """Changes with the manifest; none where there is no manifest."""
        try:
            found = (self._folder / _MANIFEST).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def open(self) -> Stored | None:
        """Raises Damaged. None where nothing was ever stored."""
        for _ in range(_TRIES):
            manifest = self._manifest()
            if manifest is None:
                return None
            try:
                return self._opened(manifest)
            except FileNotFoundError:
                # A newer manifest came in between, and what only the older one named is gone.
                continue
            except (OSError, ValueError, KeyError, TypeError) as problem:
                raise Damaged(str(problem)) from None
        raise Damaged("files are missing")

    def save(self, segments: Iterable[Segment], *, number: int, witnesses: Sequence[Witness]) -> None:
        """Only who holds the lock may. Raises OSError, and then everything is as it was."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = {
            "format": _FORMAT,
            "list": self._list_id,
            "number": number,
            "witnesses": witnesses,
            "segments": [self._stored(segment) for segment in segments],
        }
        _sync_folder(self._folder)
        _replace(self._folder / _MANIFEST, {**manifest, "check": _check_of(manifest)})
        _sync_folder(self._folder)
        self._seal(_files_of(manifest))
        self.clean()

    def clean(self) -> None:
        """Remove what no manifest names. Who has it mapped keeps it."""
        try:
            manifest = self._manifest() or {"segments": []}
        except Damaged:
            manifest = {"segments": []}
        named = {_MANIFEST, _SEAL, *_files_of(manifest)}
        for path in self._folder.glob("*"):
            if path.name not in named:
                path.unlink(missing_ok=True)
        for other in self._root.glob("*/"):
            if other != self._folder and _age(other) > _OTHERS_KEPT_SECONDS:
                shutil.rmtree(other, ignore_errors=True)

    def lock(self) -> int | None:
        """An open file that holds the lock, also for whoever inherits it; none where somebody else builds.

        Raises OSError where nothing can be written.
        """
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(self._root / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(number)
            return None
        return number

    def _manifest(self) -> dict[str, Any] | None:
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as problem:
            raise Damaged(str(problem)) from None
        if not isinstance(manifest, dict) or manifest.pop("check", None) != _check_of(manifest):
            raise Damaged("the manifest is not as it was written")
        if (manifest["format"], manifest["list"]) != (_FORMAT, self._list_id):
            raise Damaged("the manifest is of another version or list")
        return manifest

    def _opened(self, manifest: Mapping[str, Any]) -> Stored:
        if self._sealed() != self._seen(_files_of(manifest)):
            self._verify(manifest)
            self._seal(_files_of(manifest))
        segments: dict[str, list[Segment]] = {}
        for stored in manifest["segments"]:
            segment = Segment.of(stored["algorithm"], self._mapped(stored["arrays"]))
            if COMPILED and segment.has_tables and stored["layout"] != layout():
                raise Damaged("the tables are laid out as another version does")
            segment.stored = stored
            segments.setdefault(segment.algorithm, []).append(segment)
        return Stored(manifest["number"], [tuple(one) for one in manifest["witnesses"]], segments)

    def _mapped(self, arrays: Mapping[str, Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
        return {name: _map(self._folder, name, about) for name, about in arrays.items()}

    def _stored(self, segment: Segment) -> dict[str, Any]:
        before = segment.stored["arrays"] if segment.stored else {}
        name = f"{segment.algorithm}-{secrets.token_hex(8)}"
        arrays = {
            kind: before[kind]
            if kind in before and (kind != "reviews" or not segment.is_changed)
            else _written(self._folder / f"{name}-{kind}", array)
            for kind, array in segment.arrays().items()
        }
        known = segment.stored["layout"] if segment.stored else layout() if segment.has_tables else None
        return {"algorithm": segment.algorithm, "arrays": arrays, "layout": known}

    def _verify(self, manifest: Mapping[str, Any]) -> None:
        """Read everything once. A lookup in damaged tables could answer wrongly, or worse."""
        for name, about in _files_of(manifest).items():
            array = _map(self._folder, name, about)
            if zlib.crc32(_bytes_of(array)) != about["check"]:
                raise Damaged(f"{name} is not as it was written")

    def _seal(self, names: Iterable[str]) -> None:
        """These files are as they were written, until one of them is written to or the machine starts anew."""
        try:
            _replace(self._folder / _SEAL, self._seen(names))
        except OSError:
            # Then every process reads them once for itself.
            return

    def _sealed(self) -> object:
        try:
            return json.loads((self._folder / _SEAL).read_bytes())
        except (OSError, ValueError):
            return None

    def _seen(self, names: Iterable[str]) -> dict[str, Any]:
        found = {name: (self._folder / name).stat() for name in names}
        files = {name: [one.st_ino, one.st_size, one.st_ctime_ns] for name, one in found.items()}
        return {"boot": _BOOT.read_text() if _BOOT.exists() else "", "files": files}


def _files_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {about["file"]: about for one in manifest["segments"] for about in one["arrays"].values()}


def _map(folder: Path, name: str, about: Mapping[str, Any]) -> NDArray[Any]:
    path, kind, shape = folder / about["file"], np.dtype(about["kind"]), tuple(about["shape"])
    size = int(np.prod(shape)) * kind.itemsize
    if path.stat().st_size != size:
        raise Damaged(f"{about['file']} has not the size that it was written with")
    if not size:
        return np.empty(shape, kind)
    # What a process writes to reviews stays its own, a page at a time.
    mapped = np.memmap(path, kind, "c" if name == "reviews" else "r", shape=shape)
    return np.asarray(mapped)


def _written(path: Path, array: NDArray[Any]) -> dict[str, Any]:
    check = 0
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:  # noqa: PTH123 - It has a number, and a mode from the start.
        for some in _pieces_of(_bytes_of(array)):
            check = zlib.crc32(some, check)
            stream.write(some)
        stream.flush()
        os.fsync(stream.fileno())
    return {"file": path.name, "kind": array.dtype.str, "shape": list(array.shape), "check": check}


def _bytes_of(array: NDArray[Any]) -> memoryview:
    return memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


def _pieces_of(content: memoryview) -> Iterator[memoryview]:
    # A single call writes no more than two gigabytes.
    for first in range(0, len(content), 1 << 26):
        yield content[first : first + (1 << 26)]


def _replace(path: Path, content: Mapping[str, Any]) -> None:
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:  # noqa: PTH123 - As above.
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _check_of(manifest: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps(manifest, sort_keys=True).encode())


def _age(folder: Path) -> float:
    return time.time() - folder.stat().st_mtime
