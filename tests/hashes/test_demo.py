from __future__ import annotations

import json
import stat
from datetime import datetime
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image
from pytest_django import Settings

from hashes import variants
from hashes.demo_pictures import UPLOADS
from hashes.perceptual import distance, pdq
from platforms.models import Platform, PlatformKey
from platforms.services import credential

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path / "demo"


def seed() -> str:
    out = StringIO()
    call_command("demo_seed", stdout=out)
    return out.getvalue()


def test_a_platform_that_was_ended_stays_ended(demo: Path) -> None:
    seed()
    call_command("platform_end", "chatterbox", stdout=StringIO())
    assert "chatterbox" not in seed()
    assert set(json.loads((demo / "keys.json").read_text())) == {"loopfeed"}
    assert not Platform.objects.get(slug="chatterbox").is_active


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(path) as picture:
        return np.asarray(picture)


def test_seeding_makes_platforms_keys_and_pictures_and_again_changes_nothing(
    demo: Path, now: datetime
) -> None:
    told = seed()
    keys = json.loads((demo / "keys.json").read_text())
    before = {path: path.stat().st_mtime_ns for path in demo.rglob("*")}
    assert seed() == told
    assert {path: path.stat().st_mtime_ns for path in demo.rglob("*")} == before

    assert stat.S_IMODE((demo / "keys.json").stat().st_mode) == 0o600
    scopes = {slug: credential(key=key, now=now) for slug, key in keys.items()}
    assert {slug: caller and set(caller.scopes) for slug, caller in scopes.items()} == {
        "loopfeed": {"feed", "match", "feedback", "safety"},
        "chatterbox": {"feed", "match"},
    }
    assert len(list((demo / "pictures").iterdir())) == 3
    assert {path.name for path in (demo / "uploads").iterdir()} == set(UPLOADS)
    assert not any(key in told for key in keys.values())


def test_lost_keys_are_replaced(demo: Path, now: datetime) -> None:
    seed()
    old = json.loads((demo / "keys.json").read_text())
    (demo / "keys.json").unlink()
    seed()
    new = json.loads((demo / "keys.json").read_text())
    assert all(credential(key=key, now=now) for key in new.values())
    assert set(old.values()).isdisjoint(new.values())
    assert (Platform.objects.count(), PlatformKey.objects.count()) == (2, 4)


def test_a_fresh_database_with_an_old_folder_gets_keys_that_work(demo: Path, now: datetime) -> None:
    seed()
    Platform.objects.all().delete()
    seed()
    keys = json.loads((demo / "keys.json").read_text())
    assert all(credential(key=key, now=now) for key in keys.values())


def test_every_copy_is_found_by_its_variants_and_no_other_picture_is(demo: Path) -> None:
    seed()
    listed = []
    for original in sorted((demo / "pictures").iterdir()):
        picture = pixels(original)
        forms = [picture, *(variants.applied(one, picture) for one in variants.VARIANTS)]
        listed += [pdq(form).value for form in forms]
    for name, upload in UPLOADS.items():
        asked = pdq(pixels(demo / "uploads" / name))
        nearest = min(distance(asked.value, value) for value in listed)
        assert asked.quality >= 50
        assert (nearest <= 31) == (upload.told != "another picture"), (name, nearest)
