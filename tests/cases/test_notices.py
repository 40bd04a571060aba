"""A notice leaves only with everything that the law and the reporter ask for, and its times can't be bent."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from cases import notice_law, services
from cases.errors import (
    CaseIsOver,
    NotAuthorised,
    NoticeAlreadyMade,
    NoticeMovedOn,
    NoticesSwitchedOff,
    NoticeTextGone,
)
from cases.models import Case, CaseEvent, Clock, ClockRecord, Location, Notice
from cases.notice_law import Body, Signature
from cases.services import notices
from platforms.services import NewKey
from staff.services import AuditRow, User
from tests.cases.leaving import SIGNS, WHERE, made_notice, reported, told_where
from tests.cases.reporter import Reporter, fingerprint, picture
from tests.makers import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _signed_by_the_operator(settings: Settings) -> None:
    for name, value in SIGNS.items():
        setattr(settings, name, value)


@pytest.fixture
def sent(reporter: Reporter, platform: NewKey, triager: User, now: datetime) -> Notice:
    notice = made_notice(told_where(reporter, platform), platform, triager, now)
    notices.record_sent(notice=notice, by=triager, now=now)
    notice.refresh_from_db()
    return notice


def test_a_notice_has_all_four_parts(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    case = told_where(reporter, platform, subject="self_minor", threatened=True)
    body = notices.body_of(made_notice(case, platform, triager, now))
    assert notice_law.missing_parts(body) == []
    assert body.signature == Signature("Robin Hale", "Head of the hotline")
    assert list(body.where) == [WHERE]
    assert body.contact == "notices@hotline.example"
    assert any("under 18" in fact for fact in body.facts)


def test_the_platform_gets_exact_digests_and_no_hash_that_shows_outlines(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    exact, perceptual = fingerprint("sha256"), fingerprint("pdq")
    case = told_where(reporter, platform, picture(exact, perceptual))
    message = notices.message_of(notices.body_of(made_notice(case, platform, triager, now)))
    assert exact["value"] in message
    assert perceptual["value"] not in message


@pytest.mark.parametrize("part", notice_law.PARTS)
def test_a_notice_that_lacks_any_part_is_named_incomplete(part: str) -> None:
    whole: dict[str, Any] = {
        "signature": Signature("Robin Hale", ""),
        "where": ["there"],
        "statement": "in good faith",
        "contact": "a@b.example",
    }
    emptied: dict[str, Any] = {
        "signature": Signature(" ", ""),
        "identification": [],
        "statement": "",
        "contact": " ",
    }
    field = "where" if part == "identification" else part
    body = Body(
        reference="N-1", platform="Loopfeed", digests=[], facts=["a fact"], **(whole | {field: emptied[part]})
    )
    assert notice_law.missing_parts(body) == [part]


@pytest.mark.parametrize("unnamed", SIGNS)
def test_it_is_off_until_the_operator_has_named_all_three(
    settings: Settings,
    reporter: Reporter,
    platform: NewKey,
    triager: User,
    now: datetime,
    unnamed: str,
) -> None:
    setattr(settings, unnamed, "")
    case = told_where(reporter, platform)
    with pytest.raises(NoticesSwitchedOff):
        made_notice(case, platform, triager, now)
    assert not Notice.objects.exists()


def test_without_her_leave_to_sign_there_is_none(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    with pytest.raises(NotAuthorised):
        made_notice(told_where(reporter, platform, authorised=False), platform, triager, now)


def test_without_a_place_there_is_none(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    with pytest.raises(NotAuthorised):
        made_notice(reported(reporter), platform, triager, now)


def test_a_report_that_was_withdrawn_sends_none(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    case = told_where(reporter, platform)
    Case.objects.filter(pk=case.pk).update(status="withdrawn", withdrawal_effective_on=now.date())
    with pytest.raises(CaseIsOver):
        made_notice(case, platform, triager, now)


def test_a_double_click_makes_one_notice(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    case = told_where(reporter, platform)
    made_notice(case, platform, triager, now)
    with pytest.raises(NoticeAlreadyMade):
        made_notice(case, platform, triager, now)
    assert Notice.objects.count() == 1
    assert CaseEvent.objects.filter(case=case, kind="notice_made").count() == 1


def test_the_48_hours_run_from_when_it_was_sent(sent: Notice, now: datetime) -> None:
    assert sent.due_at == now + timedelta(hours=48)
    assert Clock.objects.filter(case=sent.case, kind="outcome", platform=sent.platform).exists()


def test_it_is_sent_once(sent: Notice, triager: User, now: datetime) -> None:
    with pytest.raises(NoticeMovedOn):
        notices.record_sent(notice=sent, by=triager, now=now + timedelta(hours=30))
    sent.refresh_from_db()
    assert sent.due_at == now + timedelta(hours=48)


def test_no_outcome_comes_before_it_was_sent(
    reporter: Reporter, platform: NewKey, triager: User, now: datetime
) -> None:
    notice = made_notice(told_where(reporter, platform), platform, triager, now)
    with pytest.raises(NoticeMovedOn):
        _end(notice, triager, now)
    with pytest.raises(NoticeMovedOn):
        notices.record_acknowledged(notice=notice, by=triager, now=now)


def test_the_places_go_with_the_outcome_and_only_those_of_this_platform(
    sent: Notice, triager: User, now: datetime, outsider_platform: NewKey
) -> None:
    other = Location.objects.create(
        case=sent.case, platform=outsider_platform.platform, sealed_where=b"x", told_on=now.date()
    )
    _end(sent, triager, now + timedelta(hours=5))
    assert list(Location.objects.filter(case=sent.case)) == [other]
    assert ClockRecord.objects.get(case=sent.case, kind="outcome").was_kept


@pytest.mark.parametrize(("hours", "breach"), [(48, []), (49, ["late"])])
def test_an_outcome_after_48_hours_is_a_breach(
    sent: Notice, triager: User, now: datetime, hours: int, breach: list[str]
) -> None:
    _end(sent, triager, now + timedelta(hours=hours))
    sent.refresh_from_db()
    assert sent.is_breach is bool(breach)


@pytest.mark.usefixtures("sent")
def test_the_sweep_flags_what_was_not_answered_once(now: datetime) -> None:
    assert services.flag_breaches(now=now + timedelta(hours=48)) == 0
    assert services.flag_breaches(now=now + timedelta(hours=48, seconds=1)) == 1
    assert services.flag_breaches(now=now + timedelta(hours=49)) == 0
    assert AuditRow.objects.filter(act="notice.breach").count() == 1


def test_a_silent_platform_is_late_for_the_queue_too(sent: Notice, now: datetime) -> None:
    services.sweep_clocks(now=now + timedelta(hours=49))
    sent.case.refresh_from_db()
    assert sent.case.is_overdue
    services.flag_breaches(now=now + timedelta(hours=49))
    assert CaseEvent.objects.filter(case=sent.case, kind="limit_passed").count() >= 1


def test_the_complaint_tells_the_times_and_nothing_of_her(sent: Notice, triager: User, now: datetime) -> None:
    services.flag_breaches(now=now + timedelta(days=3))
    text = notices.complaint_text(sent)
    assert "2026-11-25 09:30 UTC" in text
    assert "Loopfeed" in text
    assert WHERE not in text
    assert str(sent.case_id) not in text
    assert sent.case.selector not in text
    notices.record_complaint(notice=sent, reference="FTC 1", by=triager, now=now)
    with pytest.raises(NoticeMovedOn):
        notices.record_complaint(notice=sent, reference="FTC 2", by=triager, now=now)


def test_a_dump_reads_no_place(sent: Notice) -> None:
    assert WHERE.encode() not in bytes(sent.sealed_body)
    assert b"loopfeed.example" not in b"".join(bytes(one.sealed_where) for one in Location.objects.all())


def test_nothing_in_it_leads_back_to_the_report(sent: Notice) -> None:
    message = notices.message_of(notices.body_of(sent))
    assert str(sent.case_id) not in message
    assert sent.case.selector not in message
    assert sent.case.received_on.isoformat() not in message


def test_the_paper_and_the_message_say_the_same_and_each_reading_is_recorded(
    client: Client, sent: Notice, triager: User
) -> None:
    browser = signed_in(client, triager)
    address = f"/triage/{sent.case_id}/notices/{sent.pk}/"
    paper = browser.get(address).content.decode()
    message = json.loads(browser.get(f"{address}message.json").content)
    for told in (message["reference"], message["statement"], *message["where"], message["contact"]):
        assert told in paper
    assert AuditRow.objects.filter(act="notice.read", actor=triager).count() == 2


def test_another_cases_address_does_not_lead_to_it(
    client: Client, sent: Notice, reporter: Reporter, triager: User
) -> None:
    other = reported(reporter)
    assert signed_in(client, triager).get(f"/triage/{other.pk}/notices/{sent.pk}/").status_code == 404


def test_the_steps_are_taken_on_their_pages(
    client: Client, reporter: Reporter, platform: NewKey, triager: User
) -> None:
    case = told_where(reporter, platform)
    browser = signed_in(client, triager)
    for step, form in (
        ("make", {"platform": "loopfeed"}),
        ("{}/sent", {}),
        ("{}/acknowledged", {}),
        ("{}/outcome", {"outcome": "removed", "identical_copies": "12 removed"}),
    ):
        pk = Notice.objects.values_list("pk", flat=True).first()
        answer = browser.post(f"/triage/{case.pk}/notices/{step.format(pk)}/", form)
        assert answer.status_code == 302, step
        assert answer["Location"] == f"/triage/{case.pk}/#leaving"
    notice = Notice.objects.get()
    assert (notice.outcome, notice.identical_copies) == ("removed", "12 removed")
    assert notice.acknowledged_at is not None


def test_an_outcome_that_is_none_is_refused(client: Client, sent: Notice, triager: User) -> None:
    signed_in(client, triager).post(
        f"/triage/{sent.case_id}/notices/{sent.pk}/outcome/", {"outcome": "eaten"}
    )
    sent.refresh_from_db()
    assert sent.outcome == ""


def test_a_text_that_retention_took_says_so(sent: Notice) -> None:
    sent.sealed_body = b""
    with pytest.raises(NoticeTextGone):
        notices.body_of(sent)


def _end(notice: Notice, by: User, at: datetime) -> None:
    notices.record_outcome(notice=notice, outcome="removed", identical_copies="", by=by, now=at)
