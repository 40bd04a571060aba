"""The words of settings and supervision: for somebody of eleven, without blame, and no pressure either way."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.services import AccountFacts, change_settings, supervision_invitations, supervision_seen
from accounts.services import supervision_course as course
from cases import tone
from platforms.services import NewKey
from portal.help_lines import help_lines
from tests.accounts.supervising import browser_of, make_guardian, make_teen, supervise
from tests.cases.page_source import Source

pytestmark = pytest.mark.django_db
# School years, as for reporters' pages.
YEARS = 5.0
_SPOKEN = {"p", "li", "h1", "h2", "h3", "dt", "dd", "label", "summary"}
TEENS = (
    "/teen/settings/",
    "/teen/settings/message/",
    "/teen/supervision/",
    "/teen/supervision/{asked}/agree/",
    "/teen/supervision/{lasting}/end/",
)


@pytest.fixture(autouse=True)
def _few_help_lines(settings: Settings, tmp_path: Path) -> None:
    """Names of help lines in thirty languages aren't ours to simplify."""
    elsewhere = json.dumps({"countries": help_lines()[-1:]})
    settings.HELP_LINES_FILE = tmp_path / "help.json"
    settings.HELP_LINES_FILE.write_text(elsewhere)


@pytest.fixture
def dad(platform: NewKey) -> AccountFacts:
    return make_guardian("dad", platform_id=platform.platform.pk)


def spoken(body: bytes) -> str:
    page = Source(body.decode().split("<main", 1)[1].split("</main>", 1)[0])
    texts = [" ".join(element.text.split()) for element in page.elements if element.name in _SPOKEN]
    return " ".join(text if text.endswith((".", "!", "?", ":")) else f"{text}." for text in texts if text)


@pytest.mark.parametrize("age_band", ["13_15", "16_17"])
def test_a_teens_pages_are_for_somebody_of_eleven(dad: AccountFacts, age_band: str) -> None:
    mia = make_teen("mia", platform_id=dad.platform_id, age_band=age_band)
    now = timezone.now()
    lasting = supervise(mia, dad, now=now)
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    supervision_seen.show_to_guardian(guardian_id=dad.id, now=now)
    course.pause(supervision_id=lasting.pk, teen_id=mia.id, now=now)
    mum = make_guardian("mum", platform_id=dad.platform_id)
    code = supervision_invitations.code_of(supervision_invitations.invite(account_id=mum.id, now=now))
    asked = supervision_invitations.take_code(account_id=mia.id, text=code, now=now)
    hers = browser_of(mia, now=now)
    for path in TEENS if age_band == "16_17" else TEENS[:-1]:
        answer = hers.get(path.format(asked=asked.pk, lasting=lasting.pk))
        assert answer.status_code == 200, path
        text = spoken(answer.content)
        assert tone.school_years(text) < YEARS, (path, text)
        assert not re.search(r"\b(should have|your fault that|must not|careless|trouble)\b", text.lower()), (
            path
        )


def test_a_guardians_page_is_plain_too(dad: AccountFacts) -> None:
    mia, now = make_teen("mia", platform_id=dad.platform_id), timezone.now()
    supervise(mia, dad, now=now)
    change_settings(account_id=mia.id, changes={"message": "everyone"}, by="teen", now=now)
    text = spoken(browser_of(dad, now=now).get("/guardian/").content)
    assert tone.school_years(text) < YEARS + 1, text
    assert not re.search(r"\b(control|monitor|track|watch over|spy|danger)\b", text.lower())
