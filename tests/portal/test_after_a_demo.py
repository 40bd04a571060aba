from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from platforms.services import add_platform, credential
from staff.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_keys(settings: Any, tmp_path: Path) -> list[str]:
    """What a demo leaves behind."""
    settings.VAR_DIR, settings.DEMO = tmp_path, True
    call_command("demo_seed", verbosity=0)
    call_command("demo_staff")
    return list(json.loads((tmp_path / "demo" / "keys.json").read_text()).values())


def _end() -> None:
    call_command("demo_end")
    call_command("demo_staff", "--end")


def test_what_the_demo_printed_opens_nothing_afterwards(demo_keys: list[str]) -> None:
    _end()

    assert not any(credential(key=key, now=timezone.now()) for key in demo_keys)
    assert not User.objects.filter(is_active=True).exists()


@pytest.mark.usefixtures("demo_keys")
def test_an_operators_own_platform_stays() -> None:
    own = add_platform(name="Ours", scopes=("feed",), operator="We")

    _end()

    assert credential(key=own.key, now=timezone.now())


@pytest.mark.usefixtures("demo_keys")
def test_the_demo_can_come_back(settings: Any) -> None:
    _end()

    call_command("demo_seed", verbosity=0)
    call_command("demo_staff")

    keys = json.loads((settings.VAR_DIR / "demo" / "keys.json").read_text()).values()
    assert all(credential(key=key, now=timezone.now()) for key in keys)
    assert User.objects.get(username="demo").is_active
