from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.test import Client
from nacl.public import PrivateKey
from pytest_django.fixtures import Settings

from cases import code_keys
from tests.cases.reporter import Reporter


@pytest.fixture(autouse=True)
def team_key(settings: Settings, tmp_path: Path) -> PrivateKey:
    """The team's private key, which stands outside the database."""
    key = PrivateKey.generate()
    settings.TEAM_PUBLIC_KEY_FILE = tmp_path / "team.pub"
    settings.TEAM_PUBLIC_KEY_FILE.write_text(base64.b64encode(bytes(key.public_key)).decode())
    settings.TEAM_PRIVATE_KEY_FILE = tmp_path / "team.key"
    settings.TEAM_PRIVATE_KEY_FILE.write_text(base64.b64encode(bytes(key)).decode())
    return key


@pytest.fixture(autouse=True)
def _cheap_derivation(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as ever, with 1 MiB: these tests open hundreds of cases. What is about its cost asks for the real one."""
    if "real_derivation" not in request.keywords:
        monkeypatch.setattr(code_keys, "MEMORY", 1_024)


@pytest.fixture
def reporter(db: None) -> Reporter:  # noqa: ARG001 - She writes to the database.
    """No account, no cookie, no name."""
    return Reporter(Client())
