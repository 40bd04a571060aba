"""Whoever may decide hears that the list asks for a look, and mail says nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from pytest_django.fixtures import Settings

from hashes import services
from hashes.models import Concern
from staff.services import User
from tests.hashes.disputing import TODAY
from tests.makers import make_picture, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_URL, settings.MAIL_FROM = "smtp://mail.example", "reclaim@example.org"
    settings.STAFF_URL = "https://staff.example.org"


@pytest.fixture
def people(triager: User, senior: User, auditor: User, outsider: User) -> None:
    for one in (triager, senior, auditor, outsider):
        one.email = f"{one.username}@example.org"
        one.save()
    make_user("nomail", role="triager")
    make_user("gone", role="triager")
    User.objects.filter(username="gone").update(is_active=False, email="gone@example.org")


def ask() -> None:
    services.raise_concern(kind="disputed", on=TODAY, evidence={"count": 7}, picture_id=make_picture())


@pytest.mark.usefixtures("people")
def test_who_may_decide_is_written_to_once(now: datetime) -> None:
    assert services.tell_staff(now=now) == 0
    ask()
    ask()
    assert [services.tell_staff(now=now), services.tell_staff(now=now)] == [2, 0]
    assert [one.to for one in mail.outbox] == [["tessa@example.org"], ["sena@example.org"]]
    assert set(Concern.objects.values_list("told_on", flat=True)) == {now.date()}


@pytest.mark.usefixtures("people")
def test_mail_names_nothing_but_the_page(now: datetime) -> None:
    ask()
    services.tell_staff(now=now)
    told = mail.outbox[0]
    assert told.subject == "The list asks for a look"
    assert "https://staff.example.org/staff/list/\n" in str(told.body)
    concern = Concern.objects.get()
    for secret in (str(concern.picture_id), "disputed", "minor", "nude"):
        assert secret not in f"{told.subject}{told.body}"


@pytest.mark.usefixtures("people")
def test_a_flood_of_concerns_is_no_flood_of_mail(now: datetime) -> None:
    ask()
    assert services.tell_staff(now=now) == 2
    ask()
    assert services.tell_staff(now=now) == 0
    cache.clear()
    assert services.tell_staff(now=now) == 2


@pytest.mark.usefixtures("people")
def test_what_could_not_be_sent_is_sent_later(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ask()

    def refuse(*_arguments: Any) -> int:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        assert services.tell_staff(now=now) == 0
    assert Concern.objects.get().told_on is None
    assert services.tell_staff(now=now) == 2


@pytest.mark.usefixtures("people")
def test_without_mail_the_top_of_the_page_says_it(
    settings: Settings, now: datetime, senior: User, auditor: User
) -> None:
    settings.EMAIL_URL = ""
    ask()
    assert services.tell_staff(now=now) == 0
    assert mail.outbox == []
    assert "for you" in entry_of_the_list(senior)
    # Who only looks has nothing to do there.
    assert "for you" not in entry_of_the_list(auditor)


def entry_of_the_list(user: User) -> str:
    page = signed_in(Client(), user).get("/triage/held/").content.decode()
    return page.partition('<a href="/staff/list/"')[2].partition("</li>")[0]
