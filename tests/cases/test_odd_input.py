"""Whatever is typed into an address or a form of the desk: it is answered, with nothing worse than a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from cases.models import Case, Escalation, Message, Notice
from cases.services import escalations, links
from platforms.services import NewKey
from staff.models import HeldAction
from staff.services import User
from tests.cases.leaving import SIGNS, WHERE, made_notice
from tests.cases.reporter import Reporter
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db
# What an address is filled in with.
Words = dict[str, object]

ODD = (
    "",
    "a\0b",
    "-1",
    "9" * 30,
    "9" * 5_000,
    "1e400",
    "²٣",
    "x" * 20_000,
    "\ufeff\u202e\U0010ffff",
    "<script>alert(1)</script>",
    "0001-01-01",
    "9999-12-31",
    "1.99999999999999999999.20260101.00000000000000000000000000000000",
    "person:\0",
    "role:administrator",
)
# What each form sends when it is filled in well; one field after the other is filled in oddly.
READ: dict[str, dict[str, str]] = {
    "triage:queue": dict.fromkeys(
        ("state", "risk", "platform", "clock", "assignee", "language", "after", "find"), ""
    ),
    "triage:next": {"not": ""},
    "staff:audit": dict.fromkeys(("who", "act", "on", "first", "last", "before"), ""),
    "figures:transparency": {"format": ""},
    "account_login": {"next": ""},
}
SENT: dict[str, dict[str, str]] = {
    "triage:accept_many": {"case": ""},
    "triage:preview_close": {"case": ""},
    "triage:still_here": {"active": "1"},
    "triage:hold": {"hours": "4", "reason": "school"},
    "triage:hand_over": {"to": "role:senior", "reason": "late"},
    "triage:note": {"text": "scared"},
    "triage:accept": {"seen": "", "next": ""},
    "triage:decline": {"reason": "not_intimate", "why": "a drawing", "seen": ""},
    "triage:break_glass": {"why": "the school called", "seen": ""},
    "triage:quarantine": {"seen": ""},
    "triage:restore": {"why": "a mistake"},
    "talk:write": {"text": "Hello.", "template": "", "key": "k" * 22, "anyway": "on", "asks": "on"},
    "talk:check": {"text": "Hello."},
    "talk:reveal": {"seen": ""},
    "leaving:make_notice": {"platform": "loopfeed"},
    "leaving:notice_outcome": {"outcome": "removed", "identical_copies": "none"},
    "leaving:complaint_made": {"reference": "R1"},
    "leaving:ask_for_disclosure": {"incident_type": "enticement", "told": "He pays.", "reason": "now"},
    "leaving:filed": {"report_number": "1"},
    "leaving:filing_failed": {"failure": "no net"},
    "leaving:begin_hold": {"reason": "a court asks"},
    "staff:held_refuse": {"seen": ""},
    "staff:audit_export": dict.fromkeys(("who", "act", "on", "first", "last", "before"), ""),
    "staff:person_add": {"username": "new", "role": "triager"},
    "staff:person_role": {"role": "triager"},
    "mfa_reauthenticate": {"code": "000000", "next": ""},
    "account_change_password": {"oldpassword": "x", "password1": "y", "password2": "z"},
}
_ROLES = {"staff:audit": "auditor", "staff:audit_export": "auditor"} | dict.fromkeys(
    ("staff:person_add", "staff:person_role"), "administrator"
)
BODIES = (
    (b"reason=\xff\xfe&why=%ff%00", "application/x-www-form-urlencoded"),
    (b"reason=x", "application/x-www-form-urlencoded; charset=no-such"),
    (b"&".join(b"case=%d" % number for number in range(1_001)), "application/x-www-form-urlencoded"),
    (b"x" * 1_000_001, "application/x-www-form-urlencoded"),
    (b"--b\r\nContent-Disposition: form-data", "multipart/form-data; boundary=b"),
    (b"not multipart", "multipart/form-data"),
    (b"{", "application/json"),
)


@pytest.fixture
def words(reporter: Reporter, platform: NewKey, triager: User, settings: Settings) -> dict[str, Words]:
    """What stands in the addresses: a case of which everything is there."""
    for name, value in SIGNS.items():
        setattr(settings, name, value)
    now = timezone.now()
    code = reporter.code(in_danger=True, threatened=True)
    reporter.write(code, "He is outside.")
    reporter.tell(code, {"platform": "loopfeed", "where": WHERE}, authorised=True)
    case = Case.objects.get(selector=code[:5])
    made_notice(case, platform, triager, now)
    escalations.ask_for_disclosure(
        case=case, incident_type="enticement", told="x", reason="now", is_test=True, by=triager, now=now
    )
    about: Words = {"case_id": case.pk}
    return {
        "picture_id": about | {"picture_id": links.picture_ids(case)[0]},
        "message_id": about | {"message_id": Message.objects.get().pk},
        "notice": about | {"pk": Notice.objects.get().pk},
        "escalation": about | {"pk": Escalation.objects.get().pk},
        "held": {"pk": HeldAction.objects.get().pk},
        "person": {"pk": triager.pk},
        "case": about,
    }


_STANDS_FOR = {
    "triage:quarantine": "picture_id",
    "triage:restore": "picture_id",
    "talk:reveal": "message_id",
    "leaving:notice_outcome": "notice",
    "leaving:complaint_made": "notice",
    "leaving:filed": "escalation",
    "leaving:filing_failed": "escalation",
    "staff:held_refuse": "held",
    "staff:person_role": "person",
    "triage:accept_many": "",
    "triage:preview_close": "",
}


def _address(name: str, words: dict[str, Words]) -> str:
    of_a_case = "case" if name.startswith(("triage:", "talk:", "leaving:")) else ""
    return reverse(name, kwargs=words.get(_STANDS_FOR.get(name, of_a_case), {}))


@contextmanager
def _nothing_kept() -> Iterator[None]:
    """As if it had not been sent, so that the next one meets the same case."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _answered(answer: Any) -> int:
    """Its status, once all of it was read."""
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def _someone(name: str) -> Client:
    return signed_in(Client(), make_user("someone", role=_ROLES.get(name, "senior")))


@pytest.mark.parametrize("name", READ)
def test_an_odd_address_is_answered(name: str) -> None:
    client, address = _someone(name), reverse(name)
    for field, filled_in in READ[name].items():
        for odd in ODD:
            answer = client.get(address, READ[name] | {field: odd})
            assert _answered(answer) < 500, (field, odd[:20], filled_in)


@pytest.mark.parametrize("name", SENT)
def test_an_odd_form_is_answered(name: str, words: dict[str, Words]) -> None:
    client, address = _someone(name), _address(name, words)
    for field in SENT[name]:
        for odd in ODD:
            with _nothing_kept():
                status = _answered(client.post(address, SENT[name] | {field: odd}))
            assert status < 500, (field, odd[:20])


@pytest.mark.parametrize("name", SENT)
def test_a_body_that_is_no_form_is_answered(name: str, words: dict[str, Words]) -> None:
    client, address = _someone(name), _address(name, words)
    for body, content_type in BODIES:
        with _nothing_kept():
            status = _answered(client.generic("POST", address, body, content_type=content_type))
        assert status < 500, (body[:20], content_type)


@pytest.mark.parametrize(
    "path",
    [
        "/triage/held/{}/release/",
        "/triage/{case}/notices/{}/",
        "/triage/{case}/escalations/{}/filed/",
        "/triage/{case}/messages/{}/reveal/",
        "/staff/people/{}/close/",
        "/staff/second-step/passkeys/{}/remove/",
        "/triage/held/²/release/",
        "/triage/%ff%fe/",
        "/triage/%00/",
    ],
)
@pytest.mark.usefixtures("words")
def test_a_number_that_nothing_has_is_not_found(path: str) -> None:
    role = "administrator" if "people" in path else "senior"
    client = signed_in(Client(), make_user("someone", role=role))
    case = Case.objects.get()
    for number in ("0", "9" * 19, "9" * 40, "9" * 5_000):
        address = path.format(number, case=case.pk)
        answers = {client.get(address).status_code, client.post(address).status_code}
        assert answers <= {302, 404, 405}, (address[:60], answers)


def test_what_was_typed_comes_back_as_text(reporter: Reporter) -> None:
    script = "<script>alert(1)</script>"
    client = _someone("staff:audit")
    for name in ("staff:audit", "account_login"):
        page = client.get(reverse(name), {"act": script, "on": script, "next": script}).content.decode()
        assert script not in page
    case = Case.objects.get(selector=reporter.code()[:5])
    senior = signed_in(Client(), make_user("sena", role="senior"))
    senior.post(f"/triage/{case.pk}/claim/")
    senior.post(f"/triage/{case.pk}/hold/", {"hours": "2", "reason": script})
    senior.post(f"/triage/{case.pk}/notes/", {"text": script})
    senior.post(f"/triage/{case.pk}/break-glass/", {"why": script})
    for address in (f"/triage/{case.pk}/", "/triage/", "/triage/held/"):
        page = senior.get(address).content.decode()
        assert script not in page
        assert "&lt;script&gt;" in page, address
