from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Supervision
from safety.demo import MEMBERS, links, seed
from safety.models import Event
from tests.makers import make_platform

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connection_stays")]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SITE_URL = settings.MEMBER_URL = "http://testserver"
    key = make_platform("Loopfeed", scopes=("safety",)).key
    (tmp_path / "keys.json").write_text(json.dumps({"loopfeed": key}))
    return tmp_path


def test_the_demo_is_made_once_and_leads_to_everybodys_page(folder: Path) -> None:
    first = list(seed(folder=folder, now=datetime.now(UTC)))
    assert "292 members" in first[0]
    assert Event.objects.count() > 2_000
    assert Supervision.objects.filter(state="active").count() == 1
    before = Event.objects.count(), Account.objects.count()
    assert list(seed(folder=folder, now=datetime.now(UTC))) == first
    assert (Event.objects.count(), Account.objects.count()) == before
    kept = json.loads((folder / "members.json").read_text())
    assert set(kept) == set(MEMBERS)
    assert "/guardian/enter/" in kept["guardian"]
    assert links(folder=folder)["teen"] != kept["teen"]


def test_without_a_key_nothing_is_invented(tmp_path: Path) -> None:
    assert "has no key" in next(iter(seed(folder=tmp_path, now=datetime.now(UTC))))
    assert not Account.objects.exists()


def test_a_real_portal_invents_nobody(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_members")
