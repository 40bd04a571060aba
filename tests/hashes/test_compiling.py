"""Where compiled code is kept, so that no request waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hashes import multi_index
from hashes.compiling import keep_compiled_in

ROOT = Path(__file__).resolve().parents[2]


def test_beside_the_code_where_that_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    keep_compiled_in(Path("/nowhere"))
    assert "NUMBA_CACHE_DIR" not in os.environ


def test_elsewhere_where_the_code_is_read_only_unless_the_operator_chose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Root may write anywhere, so the answer is the kernel's for somebody else.
    monkeypatch.setattr("hashes.compiling.os.access", lambda *_: False)
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    keep_compiled_in(Path("/var/reclaim/numba"))
    assert os.environ["NUMBA_CACHE_DIR"] == "/var/reclaim/numba"
    keep_compiled_in(Path("/another"))
    assert os.environ["NUMBA_CACHE_DIR"] == "/var/reclaim/numba"


@pytest.mark.skipif(not multi_index.COMPILED, reason="numba is not installed: nothing is compiled")
@pytest.mark.parametrize(("surfaces", "expected"), [("takedown,safety", "True"), ("safety", "False")])
def test_the_web_loads_what_is_compiled_before_it_forks(surfaces: str, expected: str) -> None:
    script = (
        "import sys; from portal import web; before = 'numba' in sys.modules;"
        "web.when_ready(None); print(not before and 'numba' in sys.modules)"
    )
    environment = {**os.environ, "SURFACES": surfaces}
    run = [sys.executable, "-c", script]
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected
