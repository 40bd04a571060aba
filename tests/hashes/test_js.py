"""Runs the tests in tests/js with node's own runner, on the pixels that Python unpacks for it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.photographs import installed

ROOT = Path(__file__).parents[2]
GOLDEN = json.loads(Path(__file__).with_name("golden_fingerprints.json").read_text(encoding="utf-8"))
NODE = shutil.which("node")
SUITES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))


@pytest.fixture(scope="module")
def pixels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The photographs as raw RGBA; only those that this machine decodes to the golden values' pixels."""
    folder = tmp_path_factory.mktemp("pixels")
    names = []
    for photograph in installed():
        picture = photograph.open()
        known = GOLDEN[photograph.name]["pixels_sha256"]
        if hashlib.sha256(np.asarray(picture).tobytes()).hexdigest() == known:
            (folder / f"{photograph.name}.rgba").write_bytes(picture.convert("RGBA").tobytes())
            names.append(photograph.name)
    (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
    # Without pictures the tests below would pass by doing nothing.
    assert len(names) > 15
    return folder


@pytest.mark.skipif(NODE is None, reason="node is not installed, so the scripts' own tests cannot run")
@pytest.mark.parametrize("suite", SUITES)
def test_the_scripts_pass_their_own_tests(suite: str, pixels: Path) -> None:
    assert NODE
    run = subprocess.run(
        [NODE, "--test", suite],
        cwd=ROOT,
        env={**os.environ, "PIXELS_DIR": str(pixels)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
