from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cases import services
from cases.models import Case, Clock
from cases.services import clock_words
from staff.services import User
from tests.cases.reporter import Reporter
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [kind for kind in Clock.Kind if kind != Clock.Kind.LADDER])
@pytest.mark.parametrize("hours", [-30, 1, 30])
def test_each_kind_is_told_before_and_after_it_is_due(reporter: Reporter, kind: str, hours: int) -> None:
    reporter.code()
    now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    clock = Clock(case=Case.objects.get(), kind=kind, due_at=now + timedelta(hours=hours))

    told = clock_words.time_left(clock, now=now)

    assert told.name != kind
    assert told.words


def test_the_case_page_opens_whatever_clock_is_next(
    client: Client, reporter: Reporter, triager: User
) -> None:
    reporter.code()
    case = Case.objects.get()
    # Drawn at random, the daily batch may come before every limit.
    Clock.objects.filter(kind="ladder").update(due_at=timezone.now())

    assert signed_in(client, triager).get(f"/triage/{case.pk}/").status_code == 200
    assert client.get("/triage/").status_code == 200


def test_a_case_whose_withdrawal_waits_says_so(client: Client, reporter: Reporter, triager: User) -> None:
    reporter.withdraw(reporter.code())
    services.sweep_clocks(now=timezone.now())

    page = signed_in(client, triager).get(f"/triage/{Case.objects.get().pk}/")

    assert page.status_code == 200
    assert "Withdrawal" in page.content.decode()
