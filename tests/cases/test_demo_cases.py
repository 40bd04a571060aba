"""The demo shows every state, by the real services, and comes once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from cases.demo import play
from cases.demo_fates import FATES, Cast
from cases.demo_reports import REPORTS
from cases.models import Case, Claim, ClockRecord, Escalation, Message, Note, Notice
from cases.services import case_keys, figures, open_case, transparency
from hashes.models import Concern
from staff.services import HeldAction, User, verify_chain
from tests.cases.desk import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings: Settings, tmp_path: Path) -> Cast:
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    return make_cast(settings)


def seed() -> list[dict[str, Any]]:
    call_command("demo_cases", verbosity=0)
    codes: list[dict[str, Any]] = json.loads((settings.VAR_DIR / "demo" / "cases.json").read_text())
    return codes


def test_every_fate_is_there_and_every_one_is_told() -> None:
    assert {one.fate for one in REPORTS} == set(FATES)
    assert 38 <= len(REPORTS) <= 50


@pytest.mark.usefixtures("cast")
def test_the_desk_shows_every_state() -> None:
    seed()
    assert Case.objects.count() == len(REPORTS)
    assert set(Case.objects.values_list("status", flat=True)) == set(Case.Status.values)
    assert set(Escalation.objects.values_list("state", flat=True)) == set(Escalation.State.values)
    assert {one.is_breach for one in Notice.objects.all()} == {True, False}
    assert Notice.objects.filter(sent_at=None).exists()
    assert Notice.objects.exclude(outcome="").exists()
    kinds = Counter(HeldAction.objects.filter(state="waiting").values_list("kind", flat=True))
    assert set(kinds) == {"case.escalation", "case.decline_threat", "case.legal_hold"}
    assert Claim.objects.filter(held_until__isnull=False, role="").exists()
    assert Claim.objects.filter(role="liaison").exists()
    assert Note.objects.exists()
    # One for the list's desk, taken off by what both platforms say.
    assert Concern.objects.get().kind == "disputed"
    assert Message.objects.filter(sender="desk").exists()
    assert ClockRecord.objects.filter(kind="outcome").count() >= 10
    assert verify_chain() is None


@pytest.mark.usefixtures("cast")
def test_it_comes_once_and_a_code_that_is_handed_out_opens_its_case() -> None:
    first = seed()
    assert seed() == first
    assert Case.objects.count() == len(REPORTS)
    for one in first:
        opened = open_case(code=one["code"], client="somebody", has_proof=False)
        written = opened.case.messages.filter(sender="reporter").first()
        assert written is not None
        assert case_keys.open_sealed(bytes(written.sealed_text), case_key=opened.case_key)


def test_nothing_is_later_than_now_and_the_figures_have_something_to_show(cast: Cast, now: datetime) -> None:
    play(cast=cast, now=now, workers=1)
    assert not Case.objects.filter(received_on__gt=now.date()).exists()
    assert not Note.objects.filter(written_at__gt=now).exists()
    assert not Notice.objects.filter(made_at__gt=now).exists()
    seen = figures.dashboard(now=now)
    assert seen.failed_escalations == 1
    assert seen.breaches == 1
    assert not seen.answers.is_empty
    assert {one.username for one in seen.people} >= {"triager"}
    (told,) = (one for one in transparency.public_figures().platforms if one.name == "Loopfeed")
    assert told.median_hours is not None


def test_outside_of_the_demo_there_is_none(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_cases")
    assert not Case.objects.exists()


@pytest.mark.usefixtures("cast")
def test_without_its_people_it_says_what_to_run() -> None:
    User.objects.all().delete()
    with pytest.raises(CommandError, match="demo_staff"):
        call_command("demo_cases")
