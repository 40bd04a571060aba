"""The case page says what can leave, and what stands in the way."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from cases.models import Case
from platforms.services import NewKey
from staff.services import User
from tests.cases.leaving import SIGNS, reported, told_where
from tests.cases.reporter import Reporter
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def _signed_by_the_operator(settings: Settings) -> None:
    for name, value in SIGNS.items():
        setattr(settings, name, value)


def leaving(client: Client, case: Case, by: User) -> str:
    page = signed_in(client, by).get(f"/triage/{case.pk}/").content.decode()
    return page[page.index('id="leaving"') :]


def test_it_says_that_notices_are_off(client: Client, reporter: Reporter, triager: User) -> None:
    page = leaving(client, reported(reporter), triager)
    assert "Notices are off." in page
    assert "/notices/make/" not in page


@pytest.mark.usefixtures("_signed_by_the_operator")
def test_it_says_that_no_place_was_named(client: Client, reporter: Reporter, triager: User) -> None:
    page = leaving(client, reported(reporter), triager)
    assert "The reporter has not said where the picture is." in page
    assert "/notices/make/" not in page


@pytest.mark.usefixtures("_signed_by_the_operator")
def test_without_leave_to_sign_there_is_no_button(
    client: Client, reporter: Reporter, platform: NewKey, triager: User
) -> None:
    page = leaving(client, told_where(reporter, platform, authorised=False), triager)
    assert "we may not sign" in page
    assert "/notices/make/" not in page


@pytest.mark.usefixtures("_signed_by_the_operator")
def test_with_both_there_is_one_and_the_place_stays_shut(
    client: Client, reporter: Reporter, platform: NewKey, triager: User
) -> None:
    page = leaving(client, told_where(reporter, platform), triager)
    assert "Write the notice to Loopfeed" in page
    assert "loopfeed.example" not in page


def test_it_says_when_the_words_go(client: Client, reporter: Reporter, triager: User) -> None:
    case = reported(reporter)
    assert "90 days after the report is over" in leaving(client, case, triager)
    Case.objects.filter(pk=case.pk).update(status="closed", closed_on=date(2026, 11, 1))
    assert "deleted on 30 Jan 2027" in leaving(client, case, triager)
    Case.objects.filter(pk=case.pk).update(legal_hold=True)
    assert "Nothing of this case is deleted." in leaving(client, case, triager)


def test_only_who_may_asks_for_a_legal_hold(
    client: Client, reporter: Reporter, triager: User, senior: User
) -> None:
    case = reported(reporter)
    assert "/legal-hold/" not in leaving(client, case, triager)
    assert "/legal-hold/" in leaving(client, case, senior)
