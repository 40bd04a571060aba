"""What goes to law enforcement: two people, no picture, a digest that holds, and a failure that can't be overlooked."""

from __future__ import annotations

import hashlib
import json
import logging
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cases import pack_paper, packs
from cases.errors import CaseIsOver, EscalationMovedOn, HoldIsAsItWas, PackGone
from cases.models import Case, CaseEvent, Escalation
from cases.packs import Pack
from cases.services import escalations, figures, leaving, legal_holds
from platforms.services import NewKey
from staff import services as staff_services
from staff.errors import MayNot, OwnActionNotReleasable
from staff.services import AuditRow, HeldAction, User
from tests.cases.leaving import WHERE, reported, told_where
from tests.cases.reporter import Reporter, fingerprint, picture
from tests.makers import make_user, signed_in

pytestmark = pytest.mark.django_db

TOLD = "A man threatens to send it to her school unless she pays by Friday."


@pytest.fixture
def second(db: None) -> User:  # noqa: ARG001 - It stands in the database.
    return make_user("linus", role="liaison")


@pytest.fixture
def asked(reporter: Reporter, triager: User, now: datetime) -> Escalation:
    return ask(reported(reporter, in_danger=True, threatened=True), triager, now)


@pytest.fixture
def released(asked: Escalation, second: User, now: datetime) -> Escalation:
    staff_services.release(held=waiting(), by=second, now=now)
    asked.refresh_from_db()
    return asked


def read_xml(written: bytes) -> ET.Element:
    return ET.fromstring(written)


def ask(case: Case, by: User, now: datetime, *, told: str = TOLD) -> Escalation:
    return escalations.ask_for_disclosure(
        case=case, incident_type="enticement", told=told, reason="urgent", is_test=False, by=by, now=now
    )


def waiting() -> HeldAction:
    return HeldAction.objects.get(kind="case.escalation", state="waiting")


def pack(**over: object) -> Pack:
    made = Pack(
        reference="E-1",
        incident_type="enticement",
        received_on="2026-11-23",
        is_urgent=True,
        is_sextortion=True,
        is_test=False,
        victim_age="13 to 15",
        reporter_is="The child made the report.",
        platforms=["Loopfeed"],
        told=TOLD,
        history=[["2026-11-23", "received"]],
        filer="Robin Hale",
        filer_contact="notices@hotline.example",
        prior_reports=["4711"],
    )
    return replace(made, **over)  # type: ignore[arg-type]  # The test names its fields.


def test_nothing_can_be_taken_out_before_a_second_person_let_it_go(
    client: Client, asked: Escalation, triager: User
) -> None:
    browser = signed_in(client, triager)
    for kind in ("xml", "json", "pdf"):
        answer = browser.get(f"/triage/{asked.case_id}/escalations/{asked.pk}/pack.{kind}")
        assert answer.status_code == 302
    assert not AuditRow.objects.filter(act="escalation.read").exists()


@pytest.mark.usefixtures("asked")
def test_the_second_person_reads_what_it_is_about() -> None:
    said = staff_services.describe(waiting())
    assert said.startswith(f"Disclose case {Case.objects.get().pk.hex[:8]} to law enforcement: Online Ent")


def test_nobody_lets_their_own_go(reporter: Reporter, second: User, now: datetime) -> None:
    ask(reported(reporter), second, now)
    with pytest.raises(OwnActionNotReleasable):
        staff_services.release(held=waiting(), by=second, now=now)
    assert Escalation.objects.get().state == "held"


def test_who_may_not_disclose_makes_no_pack(reporter: Reporter, administrator: User, now: datetime) -> None:
    with pytest.raises(MayNot):
        ask(reported(reporter), administrator, now)
    assert not Escalation.objects.exists()


def test_a_release_begins_a_year_of_preservation(released: Escalation) -> None:
    assert released.state == "released"
    assert released.preserve_until == date(2027, 11, 23)
    assert CaseEvent.objects.filter(case=released.case, kind="escalated").exists()


def test_a_year_after_a_leap_day_is_the_first_of_march() -> None:
    assert packs.preserved_until(date(2028, 2, 29)) == date(2029, 3, 1)


def test_what_is_filed_is_what_both_saw(
    client: Client, released: Escalation, second: User, now: datetime
) -> None:
    Case.objects.filter(pk=released.case_id).update(in_danger=False, threatened=False)
    browser = signed_in(client, second)
    address = f"/triage/{released.case_id}/escalations/{released.pk}"
    told = json.loads(browser.get(f"{address}/pack.json").content)
    assert told["digest"]["value"] == released.digest
    assert told["report"]["incidentSummary"]["escalateToHighPriority"]
    read = escalations.read_pack(escalation=released, by=second, now=now)
    assert hashlib.sha256(packs.canonical(read).encode()).hexdigest() == released.digest


def test_each_form_of_it_comes_and_each_taking_is_recorded(
    client: Client, released: Escalation, second: User
) -> None:
    browser = signed_in(client, second)
    address = f"/triage/{released.case_id}/escalations/{released.pk}"
    root = read_xml(browser.get(f"{address}/pack.xml").content)
    assert root.findtext("incidentSummary/incidentType") == "Online Enticement of Children for Sexual Acts"
    assert browser.get(f"{address}/pack.pdf").content.startswith(b"%PDF-")
    assert TOLD in browser.get(f"{address}/").content.decode()
    assert AuditRow.objects.filter(act="escalation.read", actor=second).count() == 3


def test_no_fingerprint_no_message_and_no_place_goes_along(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    exact = fingerprint("sha256")
    case = told_where(reporter, platform, picture(exact))
    made = ask(case, triager, now)
    written = packs.canonical(escalations.read_pack(escalation=made, by=triager, now=now))
    for kept_back in (exact["value"], WHERE, case.selector, str(case.pk)):
        assert kept_back not in written


def test_a_dump_does_not_read_what_was_told(asked: Escalation) -> None:
    assert TOLD.encode() not in bytes(asked.sealed_pack)


def test_the_children_stand_in_the_order_of_the_schema() -> None:
    root = read_xml(packs.as_xml(pack()))
    assert [child.tag for child in root] == [
        "incidentSummary",
        "internetDetails",
        "reporter",
        "personOrUserReported",
        "victim",
        "additionalInfo",
    ]
    assert [child.tag for child in root[0]] == [
        "incidentType",
        "escalateToHighPriority",
        "reportAnnotations",
        "incidentDateTime",
        "incidentDateTimeDescription",
    ]


@given(told=st.text(), platform=st.text())
def test_whatever_is_told_the_xml_and_the_json_can_be_read(told: str, platform: str) -> None:
    made = pack(told=told, platforms=[platform])
    assert read_xml(packs.as_xml(made)).tag == "report"
    assert json.loads(packs.as_json(made))["digest"]["value"] == packs.digest(made)
    assert Pack.read(packs.canonical(made)) == made


@pytest.mark.parametrize("told", ["<b>&", "line\nline", "Größe ✓ 学校", ""])
def test_whatever_is_told_there_is_a_paper(told: str) -> None:
    assert pack_paper.as_pdf(pack(told=told)) == pack_paper.as_pdf(pack(told=told))


def test_a_failure_stays_open_and_loud(
    client: Client,
    released: Escalation,
    second: User,
    senior: User,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        escalations.record_failure(escalation=released, failure="The form was down", by=second, now=now)
    assert f"escalation {released.pk} could not be filed" in caplog.text
    assert [one.pk for one in leaving.desk_summary(released.case).failures] == [released.pk]
    assert figures.dashboard(now=now).failed_escalations == 1
    page = signed_in(client, senior).get("/triage/dashboard/").content.decode()
    assert f"/triage/{released.case_id}/escalations/{released.pk}/" in page

    escalations.record_filed(escalation=released, report_number="CT-1", by=second, now=now)
    released.refresh_from_db()
    assert (released.state, released.report_number, released.failure) == ("filed", "CT-1", "")
    assert figures.dashboard(now=now).failed_escalations == 0


def test_it_is_filed_once(released: Escalation, second: User, now: datetime) -> None:
    escalations.record_filed(escalation=released, report_number="CT-1", by=second, now=now)
    with pytest.raises(EscalationMovedOn):
        escalations.record_filed(escalation=released, report_number="CT-2", by=second, now=now)
    with pytest.raises(EscalationMovedOn):
        escalations.record_failure(escalation=released, failure="late", by=second, now=now)
    released.refresh_from_db()
    assert released.report_number == "CT-1"


def test_nothing_is_filed_that_was_not_let_go(asked: Escalation, triager: User, now: datetime) -> None:
    with pytest.raises(EscalationMovedOn):
        escalations.record_filed(escalation=asked, report_number="CT-1", by=triager, now=now)


def test_a_refused_pack_is_shown_as_refused(asked: Escalation, second: User, now: datetime) -> None:
    staff_services.refuse(held=waiting(), by=second, now=now)
    (shown,) = leaving.desk_summary(asked.case).escalations
    assert shown.was_refused
    assert not shown.waits


def test_a_later_pack_names_the_earlier_reports(
    released: Escalation, triager: User, second: User, now: datetime
) -> None:
    escalations.record_filed(escalation=released, report_number="CT-1", by=second, now=now)
    later = ask(released.case, triager, now)
    read = escalations.read_pack(escalation=later, by=triager, now=now)
    assert list(read.prior_reports) == ["CT-1"]


def test_a_declined_report_is_not_disclosed(reporter: Reporter, triager: User, now: datetime) -> None:
    case = reported(reporter)
    Case.objects.filter(pk=case.pk).update(status="declined")
    with pytest.raises(CaseIsOver):
        ask(case, triager, now)


def test_a_pack_that_is_gone_says_so(asked: Escalation, triager: User, now: datetime) -> None:
    asked.sealed_pack = b""
    with pytest.raises(PackGone):
        escalations.read_pack(escalation=asked, by=triager, now=now)


def test_the_form_keeps_what_was_typed_when_something_is_missing(
    client: Client, reporter: Reporter, triager: User
) -> None:
    case = reported(reporter)
    answer = signed_in(client, triager).post(
        f"/triage/{case.pk}/escalations/ask/", {"incident_type": "enticement", "told": TOLD}
    )
    assert answer.status_code == 422
    assert TOLD in answer.content.decode()
    assert not Escalation.objects.exists()


def test_a_legal_hold_takes_two_people_and_so_does_its_end(
    reporter: Reporter, senior: User, second: User, now: datetime
) -> None:
    case = reported(reporter)
    held = legal_holds.ask_for_hold(case=case, reason="court order", by=senior, now=now)
    assert not Case.objects.get().legal_hold
    staff_services.release(held=held, by=second, now=now)
    assert Case.objects.get().legal_hold
    with pytest.raises(HoldIsAsItWas):
        legal_holds.ask_for_hold(case=case, reason="again", by=senior, now=now)

    end = legal_holds.ask_for_end(case=case, reason="over", by=second, now=now)
    with pytest.raises(OwnActionNotReleasable):
        staff_services.release(held=end, by=second, now=now)
    staff_services.release(held=end, by=senior, now=now)
    assert not Case.objects.get().legal_hold


def test_a_triager_asks_for_no_legal_hold(client: Client, reporter: Reporter, triager: User) -> None:
    case = reported(reporter)
    answer = signed_in(client, triager).post(f"/triage/{case.pk}/legal-hold/", {"reason": "x"})
    assert answer.status_code == 403
    assert not HeldAction.objects.exists()
