"""What waits for a person at the list: she reads nothing of it, and the case can't let it go."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse

import hashes.services
from cases.models import Case, Clock
from cases.services import verdicts
from hashes.json_lines import BenignRow
from hashes.models import Concern, FeedChange, Picture
from staff.services import User
from tests.cases.desk import NOW
from tests.cases.reporter import Reporter, fingerprint, picture, told

pytestmark = pytest.mark.django_db

MEME = "a5" * 32


@pytest.fixture
def meme() -> dict[str, Any]:
    """A picture that everybody knows."""
    hashes.services.know_benign(rows=[BenignRow("pdq", MEME, "The old meme")], on=date(2026, 11, 1))
    return picture(fingerprint("pdq", value=MEME))


def said(answer: HttpResponse, *, code: str = "") -> tuple[int, bytes, dict[str, str]]:
    """All that she gets, but for her code, which is another for each report."""
    body = answer.content.replace(code.encode(), b"CODE") if code else answer.content
    return answer.status_code, body, dict(answer.headers)


def all_that_she_gets(reporter: Reporter, shown: dict[str, Any], more: dict[str, Any]) -> list[Any]:
    first = reporter.report(shown)
    code = told(first)["access_code"]
    return [
        said(first, code=code),
        *map(said, (reporter.status(code), reporter.add(code, more), reporter.status(code))),
    ]


@pytest.mark.usefixtures("platform")
@pytest.mark.parametrize("batch_hours", [0, 24])
def test_her_answers_are_those_of_any_picture_that_was_not_released_yet(
    reporter: Reporter, meme: dict[str, Any], settings: Any, batch_hours: int
) -> None:
    settings.LADDER_BATCH_HOURS = batch_hours
    waits = all_that_she_gets(reporter, meme, meme)
    settings.RELEASE_AT_ONCE = False
    ordinary = all_that_she_gets(reporter, *(picture(fingerprint("pdq")) for _ in "ab"))

    assert waits == ordinary
    assert waits[0][0] == 201
    assert json.loads(waits[-1][1])["platforms"] == []
    assert {one.kind for one in Concern.objects.all()} == {"benign"}


@pytest.mark.usefixtures("platform")
def test_accepting_the_case_releases_the_others_only(
    reporter: Reporter, meme: dict[str, Any], settings: Any, triager: User
) -> None:
    settings.RELEASE_AT_ONCE = False
    reporter.code(meme, picture())

    verdicts.accept_case(case=Case.objects.get(), by=triager, now=NOW)

    assert sorted(Picture.objects.values_list("status", flat=True)) == ["listed", "waiting"]
    assert Clock.objects.filter(kind="push").count() == 1


@pytest.mark.usefixtures("platform")
def test_no_platform_is_late_with_what_it_was_never_told(
    reporter: Reporter, meme: dict[str, Any], triager: User
) -> None:
    code = reporter.code(meme)
    reporter.add(code, meme)
    case = Case.objects.get()
    verdicts.accept_case(case=case, by=triager, now=NOW)
    verdicts.decline_case(case=case, by=triager, reason="cannot_help", now=NOW)
    case.refresh_from_db()
    verdicts.reopen_case(case=case, by=triager, now=NOW)

    assert set(Picture.objects.values_list("status", flat=True)) == {"waiting"}
    assert not FeedChange.objects.exists()
    assert not Clock.objects.filter(kind="push").exists()

    reporter.add(code, picture())
    assert Clock.objects.filter(kind="push").count() == 1


def test_more_than_a_person_has_to_report_waits_for_the_desk_and_is_answered_as_ever(
    reporter: Reporter, settings: Any, triager: User
) -> None:
    settings.PICTURES_PER_CLIENT_HOUR = 4
    code = reporter.code(*(picture() for _ in range(3)))
    reporter.add(code)
    within = reporter.report()
    elsewhere = Reporter(reporter.browser, address="203.0.113.8")
    elsewhere.code()

    assert within.status_code == 201
    assert Picture.objects.filter(status="listed").count() == 5
    assert Picture.objects.filter(status="waiting").count() == 1
    assert not Concern.objects.exists()

    case = Case.objects.get(selector=told(within)["access_code"][:5])
    verdicts.accept_case(case=case, by=triager, now=NOW)

    assert set(Picture.objects.values_list("status", flat=True)) == {"listed"}
    assert Clock.objects.filter(kind="push", case=case).count() == 1


def test_what_is_added_to_a_report_counts_too(reporter: Reporter, settings: Any) -> None:
    settings.PICTURES_PER_CLIENT_HOUR = 1
    code = reporter.code()

    answer = reporter.add(code)

    assert answer.status_code == 201
    assert sorted(Picture.objects.values_list("status", flat=True)) == ["listed", "waiting"]


def test_a_disputed_picture_comes_back_under_no_new_code(reporter: Reporter) -> None:
    shown = picture(fingerprint("pdq"), fingerprint("sha256"))
    reporter.code(shown)
    first = Picture.objects.get()
    hashes.services.quarantine_pictures(picture_ids=[first.pk])
    Concern.objects.create(kind="disputed", picture=first, raised_on=date(2026, 11, 20))

    answer = reporter.report(shown, picture())

    assert answer.status_code == 201
    assert Picture.objects.get(concerns__kind="come_back").status == "waiting"
    assert Picture.objects.filter(status="listed").count() == 1
    evidence = Concern.objects.get(kind="come_back").evidence
    assert evidence == {"disputed_on": "2026-11-20", "algorithm": evidence["algorithm"], "distance": 0}
