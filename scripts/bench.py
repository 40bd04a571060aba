"""`make bench`: run the benchmarks one after another, each in a process of its own so that none warms the next."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    known = benchmarks()
    chosen = [name.replace("-", "_") for name in arguments] or known
    unknown = [name for name in chosen if name not in known]
    if unknown:
        sys.stderr.write(f"No benchmark {', '.join(unknown)}. There are: {', '.join(known)}\n")
        return 2
    (ROOT / "var" / "bench").mkdir(parents=True, exist_ok=True)
    failed = [name for name in chosen if not _passes(name)]
    if failed:
        sys.stderr.write(f"\nFailed: {', '.join(failed)}\n")
    return 1 if failed else 0


def benchmarks() -> list[str]:
    """The modules that can be run; the others serve them."""
    files = sorted((ROOT / "benchmarks").glob("*.py"))
    return [file.stem for file in files if "\ndef main(" in file.read_text(encoding="utf-8")]


def _passes(name: str) -> bool:
    sys.stdout.write(f"\n=== {name.replace('_', '-')}\n")
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, check=False).returncode == 0  # noqa: S603 - Our own module.


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
