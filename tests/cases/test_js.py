"""Runs the tests in tests/js/cases with node's own runner, and holds two scripts against other people's code."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import altcha
import pytest
import segno

from cases import access_code

ROOT = Path(__file__).parents[2]
JS = ROOT / "tests" / "js" / "cases"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None, reason="node is not installed, so the scripts' own tests cannot run"
)


def _codes() -> list[str]:
    return ["ABCDE-FGHJK-MNPQR-STVWX"] + [
        "-".join("".join(secrets.choice(access_code.ALPHABET) for _ in range(5)) for _ in range(4))
        for _ in range(19)
    ]


def _drawn_elsewhere(text: str) -> dict[str, Any]:
    code = segno.make(text, version=2, error="q", mode="alphanumeric", mask=0, boost_error=False, micro=False)
    return {"text": text, "rows": [list(row) for row in code.matrix]}


def _pad_to_the_byte(buffer: Any, version: int, length: int) -> None:  # noqa: ARG001 - segno's signature.
    buffer.extend([0] * (-length % 8))


@pytest.fixture
def qr_codes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The same texts as another encoder draws them: version 2, level Q, mask 0."""
    shorter = [_drawn_elsewhere(code[:length]) for code in _codes() for length in (12, 21, 22)]
    # Where the text ends at a byte, as that of a code does, segno adds a byte that the standard does not ask for.
    monkeypatch.setattr(segno.encoder, "write_padding_bits", _pad_to_the_byte)
    file = tmp_path / "codes.json"
    file.write_text(json.dumps(shorter + [_drawn_elsewhere(code) for code in _codes()]))
    return file


@pytest.mark.parametrize("suite", sorted(path.name for path in JS.glob("*.test.mjs")))
def test_the_scripts_pass_their_own_tests(suite: str, qr_codes: Path) -> None:
    assert NODE
    run = subprocess.run(
        [NODE, "--test", suite],
        cwd=JS,
        env={**os.environ, "QR_CODES": str(qr_codes)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("prefix", ["00", "0"])
def test_the_server_takes_the_browsers_proof_of_work(prefix: str) -> None:
    assert NODE
    made = altcha.create_challenge(
        "PBKDF2/SHA-256",
        50,
        key_prefix=prefix,
        expires_at=int(time.time()) + 600,
        data={"purpose": "report"},
        hmac_secret="only in tests",
    )
    header = subprocess.run(
        [NODE, JS / "solve.mjs"],
        input=json.dumps(made.to_dict()),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert altcha.verify_solution(header, "only in tests").verified
