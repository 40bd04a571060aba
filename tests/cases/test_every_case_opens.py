"""Every case of the demo, which is in every state there is, by every role, at every address: something is always answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from cases import services
from cases.demo import play
from cases.demo_fates import FATES
from cases.demo_reports import REPORTS
from cases.leaving_urls import urlpatterns as leaving
from cases.models import Case, Clock
from cases.services import links
from cases.talk_urls import urlpatterns as talk
from cases.triage_urls import urlpatterns as triage
from staff.policy import ROLES
from staff.services import User
from tests.cases.desk import make_cast
from tests.cases.reporter import Reporter
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db
DESK = ("triager", "senior", "liaison")
# What any of the forms asks for; each takes its own.
FILLED_IN = {
    "reason": "not_intimate",
    "why": "the school called",
    "hours": "2",
    "to": "role:senior",
    "text": "You did the right thing.",
    "key": "k" * 32,
    "platform": "loopfeed",
    "outcome": "removed",
    "reference": "R-1",
    "report_number": "4711",
    "failure": "the line was dead",
    "incident_type": "enticement",
    "told": "He wants money.",
    "active": "1",
}
# In order: a page that shows nothing of a case would hide the fault.
ANSWERS = {"GET": {200, 302, 405}, "POST": {200, 302, 403, 405, 409, 422}}


@pytest.fixture
def codes(settings: Settings) -> list[str]:
    """The demo is played; these of its cases' codes are handed out."""
    return [code for _fate, code in play(cast=make_cast(settings), now=timezone.now(), workers=1)]


@pytest.fixture
def cases(codes: list[str]) -> list[Case]:
    assert codes
    return list(Case.objects.all())


def somebody(role: str) -> Client:
    user = User.objects.filter(role=role).first() or make_user(role or "nobody", role=role)
    return signed_in(Client(), user)


def one_of_each(cases: list[Case]) -> list[Case]:
    """One case of each status, with and without what else a page shows."""
    seen = {
        (
            case.status,
            case.awaits_reporter,
            case.legal_hold,
            case.withdrawal_effective_on is None,
            case.notices.exists(),
            case.escalations.exists(),
        ): case
        for case in cases
    }
    return list(seen.values())


def routes() -> list[str]:
    return [str(one.pattern) for one in [*triage, *talk, *leaving] if isinstance(one, URLPattern)]


def addresses(case: Case) -> Iterator[str]:
    """Each address below a case, for each picture, message, notice and pack that it has."""
    there: dict[str, Sequence[object]] = {
        "picture_id": links.picture_ids(case),
        "message_id": list(case.messages.values_list("pk", flat=True)),
        "notices": list(case.notices.values_list("pk", flat=True)),
        "escalations": list(case.escalations.values_list("pk", flat=True)),
    }
    for route in routes():
        below = f"/{re.sub(r'<uuid:case_id>', str(case.pk), route)}"
        of = next((name for name in there if name in below), "")
        if "<" not in below:
            yield below
        else:
            yield from (re.sub(r"<\w+:\w+>", str(pk), below) for pk in there[of])


def test_the_demo_has_every_state_that_is_walked(cases: list[Case]) -> None:
    assert len(cases) == len(REPORTS) >= 40
    assert {case.status for case in cases} == set(Case.Status.values)
    assert {one.fate for one in REPORTS} == set(FATES)
    walked = Counter(route.partition("/<uuid:case_id>/")[2] for route in routes())
    assert len(walked) > 35


@pytest.mark.parametrize("role", DESK)
def test_every_address_of_every_case_answers(cases: list[Case], role: str) -> None:
    client = somebody(role)
    # A senior does almost everything, so the others see each state once.
    walked = cases if role == "senior" else one_of_each(cases)
    seen = 0
    for case in walked:
        for address in addresses(case):
            for method in ("GET", "POST"):
                # Each finds the case as the demo left it.
                with transaction.atomic():
                    answer = (
                        client.generic(method, address)
                        if method == "GET"
                        else client.post(address, FILLED_IN)
                    )
                    transaction.set_rollback(True)
                assert answer.status_code in ANSWERS[method], (method, address, answer.status_code)
                seen += 1
    assert len(walked) > 7
    assert seen > 40 * len(walked)


def test_every_case_opens_however_its_clocks_stand(cases: list[Case]) -> None:
    client, now = somebody("senior"), timezone.now()
    for left in (timedelta(days=-40), timedelta(hours=-1), timedelta(seconds=30), timedelta(days=40)):
        Clock.objects.update(due_at=now + left, is_broken=abs(left) > timedelta(days=1))
        assert client.get("/triage/").status_code == 200
        for case in cases:
            assert client.get(f"/triage/{case.pk}/").status_code == 200, (case, left)


def test_every_page_opens_with_everything_in_it(cases: list[Case]) -> None:
    states = ("", "asked", *Case.Status.values)
    pages = [
        *(f"{reverse('triage:queue')}?state={state}" for state in states),
        *(f"{reverse('triage:queue')}?clock={kind}" for kind in ("late", *Clock.Kind.values)),
        *(f"{reverse('triage:queue')}?assignee={who}" for who in ("me", "role", "nobody", "triager")),
        *(
            reverse(name)
            for name in ("triage:next", "staff:held", "staff:audit", "staff:people", "figures:dashboard")
        ),
    ]
    for role in (*ROLES, ""):
        client = somebody(role)
        for page in pages:
            assert client.get(page).status_code in {200, 302, 403}, (role, page)
    assert Client().get("/transparency/").status_code == 200
    assert cases


def test_every_code_that_is_handed_out_shows_its_report(codes: list[str], reporter: Reporter) -> None:
    for code in codes:
        assert reporter.status(code).status_code == 200
    Clock.objects.update(due_at=timezone.now() - timedelta(days=9))
    services.sweep_clocks(now=timezone.now())
    for code in codes:
        assert reporter.status(code).status_code == 200
