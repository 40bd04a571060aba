"""Make `.venv` hold what a requirements file pins, then become a program of it.

Run with the system's Python: `python3 scripts/environment.py demo -- -m portal.run`. Knows only the standard library.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
OLDEST = (3, 11)
# What a file includes through `-r`, so that a larger installation serves the smaller ones too.
INCLUDES = {
    "base": ("base",),
    "prod": ("base", "prod"),
    "demo": ("base", "demo"),
    "test": ("base", "demo", "test"),
    "peers": ("base", "demo", "test", "peers"),
}
# References for tests that come as source only: Meta's PDQ, and what opens a sealed push.
FROM_SOURCE = "pdqhash,http-ece"
TOLD_EVERY = 20
LINES_OF_A_FAILURE = 15


def main(arguments: list[str]) -> int:
    _leash().end_with_maker()
    name, *rest = arguments
    try:
        provide(_buildable(name))
    except EnvironmentFailed as failure:
        sys.stderr.write(f"\n{failure}\n")
        return 1
    if rest[:1] == ["--"]:
        os.execv(PYTHON, [str(PYTHON), *rest[1:]])  # noqa: S606 - Becomes a program of the environment.
    return 0


class EnvironmentFailed(Exception):
    """The environment could not be made; the text says what to do."""


def provide(name: str) -> None:
    """Install what the file pins, unless exactly that is there already."""
    with _alone():
        if digest(name) in installed():
            return
        _require_python()
        _make_venv()
        try:
            _install(name)
        except EnvironmentFailed:
            if name != "peers":
                raise
            _do_without_peers()


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def installed() -> set[str]:
    """The digests of the files that were installed to the end; a broken stamp counts as none."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return set()
    return set(stamp["digests"]) if stamp.get("python") == _python_version() else set()


def _python_version() -> str:
    """The environment's own Python, or nothing if it does not start (the system's was replaced, say)."""
    try:
        said = subprocess.run([PYTHON, "-V"], capture_output=True, text=True, check=False)  # noqa: S603 - Our own interpreter.
    except OSError:
        return ""
    return said.stdout.strip()


def _require_python() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        raise EnvironmentFailed(
            f"Reclaim needs Python 3.11 or newer; `{sys.executable}` is {found}. Name another: make PYTHON=python3.12 ..."
        )


def _make_venv() -> None:
    # What was installed is not known from here on, until the new stamp is written at the very end.
    STAMP.unlink(missing_ok=True)
    if _run([str(PYTHON), "-m", "pip", "--version"], quiet=True):
        return
    _say(f"Making the environment in {VENV} ...")
    if not _run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise EnvironmentFailed(
            "Python's venv module does not work here. On Debian: apt-get install python3-venv"
        )


def _install(name: str) -> None:
    requirements = ROOT / "requirements" / f"{name}.txt"
    count = sum(1 for line in requirements.read_text().splitlines() if line[:1].isalnum())
    _say(f"Installing {count} pinned packages (requirements/{name}.txt); only the first time takes long ...")
    began = time.monotonic()
    # Everything is pinned with its hashes, so there is nothing to resolve and nothing to build.
    options = ["--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check"]
    options += ["--only-binary", ":all:", *(["--no-binary", FROM_SOURCE] if name == "peers" else [])]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements)]
    with _Pip(ROOT / "var" / "install.log", count=count) as pip:
        if not _run(command, heard=pip.says):
            raise EnvironmentFailed(pip.failure())
    _write_stamp(name)
    _say(f"Installed in {time.monotonic() - began:.0f} s.")


class _Pip:
    """Keeps all that pip says in a file, and tells how far it is."""

    def __init__(self, path: Path, *, count: int) -> None:
        self.path = path
        self.count = count
        self.fetched = 0
        self.last: deque[str] = deque(maxlen=LINES_OF_A_FAILURE)

    def __enter__(self) -> _Pip:
        self.file = self.path.open("w", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def says(self, line: str) -> None:
        self.file.write(line)
        self.last.append(line)
        if line.startswith("Collecting "):
            self.fetched += 1
            if self.fetched % TOLD_EVERY == 0:
                _say(f"  {self.fetched} of {self.count} packages ...")
        elif line.startswith("Installing collected packages"):
            _say("  Unpacking them ...")

    def failure(self) -> str:
        said = "".join(f"  {line}" for line in self.last)
        return (
            f"{said}\nThe packages could not be installed; pip says why above, and all that it said is in {self.path}. "
            "Then run the same command again."
        )


def _do_without_peers() -> None:
    _install("test")
    # Remembered as done, so that not every command tries again; a new environment does.
    _write_stamp("peers")
    _say(
        "Meta's own PDQ could not be built here: the comparison with it is skipped; the golden values still hold."
    )


def _write_stamp(name: str) -> None:
    stamp = {"python": _python_version(), "digests": [digest(part) for part in INCLUDES[name]]}
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(stamp))
    unfinished.replace(STAMP)


def _buildable(name: str) -> str:
    """`peers` where its source can be compiled, else what it adds to."""
    if name != "peers" or digest("peers") in installed() or _can_compile():
        return name
    _say(
        "No g++ with Python's headers here: the comparison with Meta's own PDQ is skipped; the golden values still hold."
    )
    return "test"


def _can_compile() -> bool:
    return bool(shutil.which("g++")) and (Path(sysconfig.get_path("include")) / "Python.h").exists()


def _run(command: list[str], *, quiet: bool = False, heard: Callable[[str], None] | None = None) -> bool:
    """Run it as a child that ends when this process does. What it says is shown, or heard line by line, or dropped."""
    leashed = [sys.executable, str(ROOT / "portal" / "leash.py"), str(os.getpid()), *command]
    if heard is not None:
        return _run_heard(leashed, heard)
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(leashed, stdout=output, stderr=output, check=False).returncode == 0  # noqa: S603 - Our own commands.


def _run_heard(command: list[str], heard: Callable[[str], None]) -> bool:
    # One pipe for both: the order in which things were said explains a failure.
    with subprocess.Popen(  # noqa: S603 - Our own commands.
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as child:
        for line in child.stdout or ():
            heard(line)
    return child.returncode == 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class _alone:  # noqa: N801 - Reads as `with _alone():`.
    """Two commands at once: the second waits until the first has installed."""

    def __enter__(self) -> None:
        (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
        self.lock = (ROOT / "var" / "environment.lock").open("w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.lock.close()


def _leash() -> ModuleType:
    """The one module shared with the portal, loaded by its place: the package itself is not importable yet."""
    spec = importlib.util.spec_from_file_location("leash", ROOT / "portal" / "leash.py")
    if spec is None or spec.loader is None:
        raise EnvironmentFailed("portal/leash.py is missing; the checkout is not whole.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
