"""`make lint` and `make fix`: every check that needs no running portal. All are run, so that one look shows all that is wrong."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from nacl.public import PrivateKey
from py_vapid import Vapid02

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="reclaim-lint-") as folder:
        _make_keys(Path(folder))
        production = _production(Path(folder))
        if "--fix" in arguments:
            return _run_all(_fixes(), production)
        return _run_all(_checks(Path(folder)), production)


def _make_keys(folder: Path) -> None:
    signing = Vapid02()
    signing.generate_keys()
    (folder / "push.key").write_bytes(signing.private_pem())
    key = PrivateKey.generate()
    for name, half in (("team.key", bytes(key)), ("team.pub", bytes(key.public_key))):
        (folder / name).write_text(base64.b64encode(half).decode())


def _fixes() -> dict[str, tuple[str, ...]]:
    return {
        "ruff check --fix": (_bin("ruff"), "check", "--fix", "."),
        "ruff format": (_bin("ruff"), "format", "."),
        "djade": (_bin("djade"), "--target-version", "5.2", *_templates()),
    }


def _checks(folder: Path) -> dict[str, tuple[str, ...]]:
    return {
        "ruff check": (_bin("ruff"), "check", "."),
        "ruff format": (_bin("ruff"), "format", "--check", "--quiet", "."),
        "mypy": (_bin("mypy"), "."),
        "import-linter": (_bin("lint-imports"),),
        "architecture": (PYTHON, "-m", "pytest", "-q", "-p", "no:randomly", "tests/architecture"),
        "djade": (_bin("djade"), "--check", "--target-version", "5.2", *_templates()),
        "makemigrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
        "check --deploy": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
        "openapi": (
            *MANAGE,
            "spectacular",
            "--validate",
            "--fail-on-warn",
            "--file",
            str(folder / "api.yml"),
        ),
    }


def _run_all(commands: Mapping[str, tuple[str, ...]], environment: Mapping[str, str]) -> int:
    failed = [name for name, command in commands.items() if not _passes(name, command, environment)]
    sys.stdout.write(f"\nFailed: {', '.join(failed)}\n" if failed else "\nAll of it passed.\n")
    return 1 if failed else 0


def _passes(name: str, command: tuple[str, ...], environment: Mapping[str, str]) -> bool:
    began = time.monotonic()
    # Tests choose settings of their own.
    given = None if name == "architecture" else environment
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)  # noqa: S603 - The commands above.
    passed = done.returncode == 0
    sys.stdout.write(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - began:.1f} s)\n")
    if not passed:
        sys.stdout.write(f"{done.stdout}{done.stderr}\n")
    sys.stdout.flush()
    return passed


def _production(var: Path) -> dict[str, str]:
    """The settings of a real portal: what `check --deploy` looks at must be what an operator runs."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "VAR_DIR": str(var),
        "SECRET_KEY": secrets.token_hex(32),
        "ACCESS_CODE_PEPPER": secrets.token_hex(32),
        "SITE_URL": "https://reclaim.example",
        "STAFF_URL": "https://staff.reclaim.example",
        "MEMBER_URL": "https://teens.reclaim.example",
        "DATABASE_URL": "postgres://reclaim@127.0.0.1:1/reclaim",
        "CELERY_BROKER_URL": "amqp://127.0.0.1:1//",
        "CACHE_URL": "redis://127.0.0.1:1/0",
        "BEHIND_PROXY": "1",
        "WEB_CONCURRENCY": "4",
    }


def _bin(name: str) -> str:
    return str(BIN / name)


def _templates() -> list[str]:
    """Ours alone: what is installed stands in folders whose names begin with a dot."""
    folders = [folder for folder in ROOT.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    pages = [path for folder in folders for path in folder.glob("**/*.html") if "templates" in path.parts]
    return sorted(map(str, [*pages, *(ROOT / "templates").glob("**/*.txt")]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
